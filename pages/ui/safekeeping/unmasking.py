"""The button of a case that shows what was masked, for a purpose."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from db.cases.queries.case import CaseView
from db.safekeeping.services.unmasking import ClearValue, unmask
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, language, show_error, use_language
from pages.ui.kit.tables import show_table


def button(who: Identity, view: CaseView) -> None:
    """For those who may; what they see and what for is in the audit log."""
    if can(who, Action.UNMASK) and st.button(
        _("Show personal data"), icon=":material/visibility_lock:", type="tertiary"
    ):
        st.dialog(_("Show personal data"))(_dialog)(language(), view.inspection_id)


def _dialog(spoken: str, inspection_id: int) -> None:
    use_language(spoken)  # a fragment runs without the page around it
    who = guard(Action.UNMASK)
    st.caption(_("Your name, the time and the purpose are kept in the audit log."))
    form = f"unmask_{inspection_id}"
    with st.form("unmask", border=False):
        purpose = st.text_input(
            _("What is it for?"), key=typed_words.field_key(form, "purpose"), max_chars=300
        )
        is_sent = st.form_submit_button(_("Show"), type="primary")
    if not is_sent:
        return
    try:
        with wiring.transaction() as session:
            clear_values = unmask(
                session,
                wiring.keys(),
                who=who,
                inspection_id=inspection_id,
                purpose=purpose,
                now=wiring.now(),
            )
    except PortalError as error:
        show_error(error)
        return
    typed_words.saved(form)
    if clear_values:
        show_table(_table(clear_values))
    else:
        st.info(_("Nothing is masked in this encounter."))


def _table(clear_values: tuple[ClearValue, ...]) -> pd.DataFrame:
    kinds = kind_names()
    return pd.DataFrame(
        {
            _("Where"): [
                _("Turn {number}", number=value.position) if value.position else value.field
                for value in clear_values
            ],
            _("Kind"): [kinds.get(value.kind, value.kind) for value in clear_values],
            _("Value"): [value.text for value in clear_values],
        }
    )


def kind_names() -> dict[str, str]:
    return {
        "email": _("E-mail address"),
        "id_card": _("Identity card"),
        "tw_id": _("Identity number"),
        "hk_id": _("Identity number"),
        "ticket": _("Ticket"),
        "locator": _("Booking or order"),
        "bank_card": _("Bank card"),
        "passport": _("Passport"),
        "permit": _("Permit or visa"),
        "phone": _("Telephone"),
        "name": _("Name"),
        "account": _("Messenger account"),
        "address": _("Address"),
        "bag": _("Baggage tag"),
        "birth": _("Date of birth"),
        "card_code": _("Card security code"),
        "card_expiry": _("Card expiry"),
        "code": _("One-time code"),
        "digits": _("Dictated or last digits"),
        "member": _("Membership number"),
        "plate": _("Number plate"),
    }
