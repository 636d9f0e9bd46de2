"""A person asks for their data: give it out, or erase it."""

from __future__ import annotations

import json

import streamlit as st

from core.access import Action, Identity
from core.errors import PortalError
from db.safekeeping import erasure_traces
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import Erased, erase_customer, erase_staff
from db.store.session import Session
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, flash, language, plural, show_error, use_language

_FORM = "person_request"


def requests(who: Identity) -> None:
    """Who asks, why, and what is to be done."""
    with st.container(width=560):
        kinds = {"customer": _("Customer"), "staff": _("Member of staff")}
        kind = str(
            st.segmented_control(
                _("Who asks"),
                list(kinds),
                default="customer",
                format_func=kinds.__getitem__,
                required=True,
                key="person_kind",
            )
        )
        label = (
            _("Customer's reference, as in the imports")
            if kind == "customer"
            else _("Staff number")
        )
        reference = st.text_input(label, key="person_reference", max_chars=200)
        reason = st.text_input(
            _("Reason, such as the letter and its date"),
            key=typed_words.field_key(_FORM, "reason"),
            max_chars=500,
        )
        complete = bool(reference.strip() and reason.strip())
        with st.container(horizontal=True):
            if st.button(_("Gather the data"), disabled=not complete, icon=":material/folder_zip:"):
                _gather(who, kind, reference, reason)
            if st.button(_("Erase"), disabled=not complete, icon=":material/delete_forever:"):
                dialog = st.dialog(_("Erase a person's data?"))(_confirm)
                dialog(language(), (kind, reference, reason))
        if not complete:
            st.caption(_("Fill in both fields."))


def _gather(who: Identity, kind: str, reference: str, reason: str) -> None:
    try:
        with wiring.transaction() as session:
            if kind == "customer":
                disclosure = disclose_customer(
                    session,
                    wiring.keys(),
                    who=who,
                    reference=reference,
                    reason=reason,
                    now=wiring.now(),
                )
            else:
                disclosure = disclose_staff(
                    session, who=who, staff_no=reference, reason=reason, now=wiring.now()
                )
    except PortalError as error:
        show_error(error)
        return
    st.download_button(
        _("Download as JSON"),
        json.dumps(disclosure, ensure_ascii=False, indent=1),
        "person.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
        type="primary",
    )


def _confirm(spoken: str, request: tuple[str, str, str]) -> None:
    use_language(spoken)  # a fragment runs without the page around it
    who = guard(Action.KEEP_DATA)
    st.write(
        _(
            "Transcripts, recordings, notes and names of this person are removed for good. Scores"
            " and figures stay. This cannot be taken back."
        )
    )
    if not st.button(_("Erase for good"), type="primary", icon=":material/delete_forever:"):
        return
    try:
        with wiring.transaction() as session:
            erasure_traces.burn(session)
            erased = _erased(session, who, *request)
    except PortalError as error:
        show_error(error)
        return
    erasure_traces.remove(wiring.engine(), wiring.settings(), erased, now=wiring.now())
    typed_words.saved(_FORM)
    flash(
        plural(
            "Erased, with {count} encounter.",
            "Erased, with {count} encounters.",
            erased.encounters,
        )
    )
    st.rerun()


def _erased(session: Session, who: Identity, kind: str, reference: str, reason: str) -> Erased:
    keys, now = wiring.keys(), wiring.now()
    if kind == "customer":
        return erase_customer(session, keys, who=who, reference=reference, reason=reason, now=now)
    return erase_staff(session, keys, who=who, staff_no=reference, reason=reason, now=now)
