"""What changed about a person's sign-in: told until it is acknowledged, and listed for good."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from db.sign_in.queries.sign_in_events import SignInEvent, own_events, unread_events
from db.sign_in.services.sign_in_news import News, acknowledge
from pages.ui.kit import wiring
from pages.ui.kit.auth import current_session, session_of_run
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment
from pages.ui.kit.tables import show_table
from pages.ui.safekeeping.audit_terms import action_names

_TOLD_AT_ONCE = 5
_COUNTED = 99
_LISTED = 30


def unread() -> tuple[News, list[SignInEvent]] | None:
    """What has happened and is not acknowledged; without news it asks the database nothing."""
    live = session_of_run()
    if live is None or live.news is None or set(live.news) == {live.created_at}:
        return None
    with wiring.reading() as session:
        events = unread_events(
            session, live.who, live.news, session_id=live.session_id, limit=_COUNTED
        )
    return (live.news, events) if events else None


def listed(who: Identity) -> None:
    """The newest sign-ins and changes of one's own."""
    with wiring.reading() as session:
        events = own_events(session, who, limit=_LISTED)
    with st.container(border=True):
        st.subheader(_("Your sign-ins and what changed about them"), anchor=False)
        if not events:
            st.write(_("Nothing yet."))
            return
        table = {
            _("Time"): [moment(event.at, reader_zone()) for event in events],
            _("What"): [_what(event) for event in events],
        }
        show_table(pd.DataFrame(table), key="own_sign_ins")


def show(news: News, events: list[SignInEvent]) -> None:
    """The newest of these events, and a button that acknowledges all of them."""
    with st.container(border=True, key="sign_in_news"):
        st.markdown(f":material/shield_person: **{_('About your sign-in')}**")
        lines = [
            f"{moment(event.at, reader_zone())} · {_what(event)}"
            for event in events[:_TOLD_AT_ONCE]
        ]
        if len(events) > _TOLD_AT_ONCE:
            lines.append(_("Earlier ones stand under My account."))
        st.text("\n".join(lines))
        st.caption(_("Was one of these not you? Change your password and tell an administrator."))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("I have read this"),
                icon=":material/check:",
                key="sign_in_news_read",
                on_click=partial(_acknowledge, news),
            )
            st.page_link("account.py", label=_("My account"), icon=":material/account_circle:")


def _what(event: SignInEvent) -> str:
    words = action_names()[event.action]
    ways = {"password+code": _("with a one-time code"), "oidc": _("through your organisation")}
    if event.method in ways:
        words = f"{words} ({ways[event.method]})"
    return _("{what}, by {name}", what=words, name=escape_markdown(event.by)) if event.by else words


def _acknowledge(news: News) -> None:
    live = current_session()
    if live is None or not can(live.who, Action.MANAGE_OWN_ACCOUNT):
        return
    with wiring.transaction() as session:
        acknowledge(session, who=live.who, until=news.until, session_id=live.session_id)
