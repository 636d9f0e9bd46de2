"""Certificates: the link to one's own, looking one up by its number, and what stands on paper."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.training.queries.certificates import CertificateView, certificate_by_number
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, in_markdown, number, show_error

_ADDRESS = "/training/certificate/{id}"


def certificate_link(certificate_id: int) -> None:
    st.link_button(
        _("Certificate"),
        _ADDRESS.format(id=certificate_id),
        icon=":material/workspace_premium:",
    )


def look_up(who: Identity) -> None:
    """Whether a certificate that somebody shows is one of this portal."""
    with st.expander(_("Check a certificate"), icon=":material/verified:"):
        typed = st.text_input(
            _("Number of the certificate"),
            placeholder="000012-ABCD-EFGH-JKLM",
            max_chars=40,
            key="certificate_number",
        )
        if not typed.strip():
            st.caption(_("The number stands at the foot of the certificate."))
            return
        try:
            with wiring.reading() as session:
                view = certificate_by_number(session, who, typed)
        except PortalError as error:
            show_error(error)
            return
        st.success(_found(view), icon=":material/verified:")
        if view.may_print:
            certificate_link(view.id)


def certificate_page(view: CertificateView, printed: str) -> dict[str, Any]:
    """What the template needs.

    Args:
        printed: when, as the reader writes it.
    """
    facts = [
        (_("Passed on"), day(view.passed_on)),
        (_("Result"), f"{number(view.score, 0)} %"),
        (_("Version of the course"), str(view.version)),
        (_("Valid until"), day(view.valid_until) if view.valid_until else _("without limit")),
        (_("Staff number"), view.staff_no),
    ]
    return {
        "title": _("Certificate"),
        "name": view.name,
        "sentence": _("has passed the exam of the course"),
        "course": view.course,
        "facts": [{"name": name, "value": value} for name, value in facts if value],
        "number": _("Number {number}", number=view.number),
        "check": _("Whoever sees training in this portal can check the number under Courses."),
        "footer": _("Printed {moment}", moment=printed),
        "print": _("Print"),
    }


def _found(view: CertificateView) -> str:
    until = day(view.valid_until) if view.valid_until else _("without limit")
    return in_markdown(
        "Genuine: {name} passed “{course}”, version {version}, on {day} with {score} %."
        " Valid until: {until}.",
        name=view.name,
        course=view.course,
        version=view.version,
        day=day(view.passed_on),
        score=number(view.score, 0),
        until=until,
    )
