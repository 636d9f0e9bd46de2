"""The button of a case by which a customer's refusal is entered, or that it is over."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.access import Action, Identity, can
from db.cases.queries.case import CaseView
from db.safekeeping.queries.consent import CustomerConsent, customer_consent
from db.safekeeping.services.consent import enter_consent
from pages.ui.kit import wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, number


def button(who: Identity, view: CaseView) -> None:
    """For those who may amend; what was entered is in the audit log."""
    if not can(who, Action.AMEND) or view.own:
        return
    with wiring.reading() as session:
        consent = customer_consent(session, who, view.inspection_id)
    words = _opening() if consent.refuses else _closing()
    name = "consent" if consent.refuses else "refusal"
    with st.popover(words.button, icon=words.icon, key=f"{name}_{view.inspection_id}"):
        st.markdown(words.outcome)
        of_customer = _of_customer(view, consent)
        if st.button(words.confirm, key=f"{name}_now", type="primary"):
            with change(words.done) as session:
                enter_consent(
                    session,
                    who=who,
                    inspection_id=view.inspection_id,
                    agrees=consent.refuses,
                    of_customer=of_customer,
                    now=wiring.now(),
                )


class _Words(NamedTuple):
    button: str
    icon: str
    outcome: str
    confirm: str
    done: str


def _closing() -> _Words:
    return _Words(
        button=_("Customer refuses"),
        icon=":material/do_not_touch:",
        outcome=_(
            "From now on nobody reads, hears, prints, teaches or searches it, whatever was drawn,"
            " scored or collected before. Score and figures stay."
        ),
        confirm=_("Close the record"),
        done=_("Closed: the customer refuses."),
    )


def _opening() -> _Words:
    return _Words(
        button=_("Customer agrees again"),
        icon=":material/lock_open:",
        outcome=_("Everything that was closed by the refusal is open again as it was."),
        confirm=_("Open the record"),
        done=_("Open again: the customer agrees."),
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
