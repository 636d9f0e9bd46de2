"""What an administrator can do about a person's sign-in: a link for a new password, codes off."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.people.queries.people import UserRow
from db.sign_in.queries.accounts import uses_codes
from db.sign_in.services import accounts, second_factor
from pages.ui.kit import wiring
from pages.ui.kit.actions import change
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, show_error


def ways_in(who: Identity, row: UserRow) -> None:
    with wiring.reading() as session:
        has_codes = uses_codes(session, who, row.id)
    with st.container(horizontal=True):
        wants_link = st.button(
            _("Make a link for a new password"),
            icon=":material/key:",
            key=f"password_link_{row.id}",
            disabled=not row.active,
        )
        wants_no_codes = has_codes and st.button(
            _("Switch one-time codes off"), icon=":material/lock_open:", key=f"no_codes_{row.id}"
        )
    if wants_link:
        _show_link(who, row)
    if wants_no_codes:
        with change(_("Saved.")) as session:
            second_factor.remove_for(session, who=who, user_id=row.id, now=wiring.now())


def _show_link(who: Identity, row: UserRow) -> None:
    """Once: it is stored nowhere."""
    try:
        with wiring.transaction() as session:
            key = accounts.give_password_link(session, who=who, user_id=row.id, now=wiring.now())
    except PortalError as error:
        show_error(error)
        return
    st.info(
        _(
            "Give this link to {name}. It works once, within three days.",
            name=escape_markdown(row.name),
        ),
        icon=":material/key:",
    )
    st.code(f"{wiring.settings().address}/password?key={key}", language=None)
