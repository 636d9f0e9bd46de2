"""The button of a case by which a customer's refusal is entered, or that it is over."""

from __future__ import annotations

import streamlit as st

from core.access import Action, Identity, can
from db.cases.queries.case import CaseView
from db.safekeeping.queries.consent import CustomerConsent, customer_consent
from db.safekeeping.services.consent import enter_consent, enter_refusal
from pages.ui.kit import wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, number


def button(who: Identity, view: CaseView) -> None:
    """For those who may amend; what was entered is in the audit log."""
    if not can(who, Action.AMEND) or view.own:
        return
    with wiring.reading() as session:
        consent = customer_consent(session, who, view.inspection_id)
    if consent.refuses:
        _opening(who, view, consent)
    else:
        _closing(who, view, consent)


def _closing(who: Identity, view: CaseView, consent: CustomerConsent) -> None:
    with st.popover(
        _("Customer refuses"), icon=":material/do_not_touch:", key=f"refusal_{view.inspection_id}"
    ):
        st.markdown(
            _(
                "From now on nobody reads, hears, prints, teaches or searches it, whatever was"
                " drawn, scored or collected before. Score and figures stay."
            )
        )
        of_customer = _of_customer(view, consent)
        if st.button(_("Close the record"), key="refusal_now", type="primary"):
            with change(_("Closed: the customer refuses.")) as session:
                enter_refusal(
                    session,
                    who=who,
                    inspection_id=view.inspection_id,
                    of_customer=of_customer,
                    now=wiring.now(),
                )


def _opening(who: Identity, view: CaseView, consent: CustomerConsent) -> None:
    with st.popover(
        _("Customer agrees again"), icon=":material/lock_open:", key=f"consent_{view.inspection_id}"
    ):
        st.markdown(_("Everything that was closed by the refusal is open again as it was."))
        of_customer = _of_customer(view, consent)
        if st.button(_("Open the record"), key="consent_now", type="primary"):
            with change(_("Open again: the customer agrees.")) as session:
                enter_consent(
                    session,
                    who=who,
                    inspection_id=view.inspection_id,
                    of_customer=of_customer,
                    now=wiring.now(),
                )


def _of_customer(view: CaseView, consent: CustomerConsent) -> bool:
    """Whether all encounters of the customer are meant; asked where there are several."""
    if consent.encounters == 1:
        return False
    label = _(
        "All {count} encounters of this customer, not this one alone",
        count=number(consent.encounters, 0),
    )
    return st.checkbox(label, key=f"of_customer_{view.inspection_id}")
