"""The parts of the account page: the password, one-time codes, where one is signed in."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from core.access import Action, Identity
from db.sign_in.queries import accounts as reads
from db.sign_in.queries.accounts import OpenSession, OwnAccount
from db.sign_in.services import accounts
from pages.ui.kit import wiring
from pages.ui.kit.auth import acting, current_session, link_token, session_token
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, flash, moment, plural
from pages.ui.kit.terms import role_name

# In this order: each also names those below it.
_PROGRAMS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "MicroMessenger": "WeChat",
    "Line/": "LINE",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def person(who: Identity) -> None:
    roles = ", ".join(role_name(role) for role in sorted(who.roles))
    st.text(
        _(
            "{name}, user name {username}: {roles}",
            name=who.name,
            username=who.username,
            roles=roles,
        )
    )


def password(account: OwnAccount) -> None:
    with st.container(border=True):
        st.subheader(_("Password"), anchor=False)
        if not account.has_password:
            st.write(_("You have none: you sign in through your organisation."))
            return
        if account.password_changed_at:
            st.write(_("Set on {time}.", time=_moment(account.password_changed_at)))
        st.link_button(_("Change the password"), "/account/password", icon=":material/key:")


def second_factor(account: OwnAccount) -> None:
    with st.container(border=True):
        st.subheader(_("One-time codes"), anchor=False)
        if account.codes_left is None:
            st.write(
                _(
                    "Off. Switched on, your phone makes a code that is asked for beside the "
                    "password."
                )
            )
            st.link_button(
                _("Set up one-time codes"),
                "/account/second-factor",
                icon=":material/phonelink_lock:",
            )
            return
        st.write(_("On."))
        st.write(
            plural(
                "{count} recovery code is left.",
                "{count} recovery codes are left.",
                account.codes_left,
            )
        )
        if account.demands_codes:
            st.caption(_("Your role must use one-time codes, so they stay on."))
            return
        st.link_button(
            _("Switch one-time codes off"), "/account/no-second-factor", icon=":material/lock_open:"
        )


def organisation(account: OwnAccount) -> None:
    """The identity provider, where there is one."""
    if not wiring.settings().oidc_issuer:
        return
    with st.container(border=True):
        st.subheader(_("Sign-in through your organisation"), anchor=False)
        if account.is_linked:
            st.write(_("Linked with this account."))
            return
        st.write(_("Not linked with this account yet."))
        key = link_token(session_token() or "")
        st.link_button(_("Link the two"), f"/oidc/start?link={key}", icon=":material/link:")


def sessions(who: Identity) -> None:
    """Where the person is signed in, each with a way to end it."""
    live, now = current_session(), wiring.now()
    with wiring.reading() as session:
        rows = reads.open_sessions(session, wiring.settings(), who, now=now)
    here = live.session_id if live else 0
    with st.container(border=True):
        st.subheader(_("Where you are signed in"), anchor=False)
        for row in rows:
            _session(row, is_here=row.id == here)
        if len(rows) > 1:
            st.button(
                _("Sign out everywhere else"),
                icon=":material/logout:",
                key="end_others",
                on_click=partial(_end_others, here),
            )


def _session(row: OpenSession, *, is_here: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"session_{row.id}"):
        name = browser_name(row.browser) or _("Unknown browser")
        where = f"{name} · {row.address}" if row.address else name
        used = _("This browser") if is_here else _("Last used {time}", time=_moment(row.seen_at))
        since = _("signed in {time}", time=_moment(row.created_at))
        with st.container(width="stretch", gap=None):
            st.text(where)
            st.caption(f"{used} · {since}")
        if not is_here:
            st.button(_("Sign out there"), key=f"end_{row.id}", on_click=partial(_end, row.id))


def _end(session_id: int) -> None:
    who = acting(Action.MANAGE_OWN_ACCOUNT)
    if who is None:
        return
    with wiring.transaction() as session:
        accounts.end_session(session, who=who, session_id=session_id, now=wiring.now())
    flash(_("Signed out there."))


def _end_others(keep: int) -> None:
    who = acting(Action.MANAGE_OWN_ACCOUNT)
    if who is None:
        return
    with wiring.transaction() as session:
        accounts.end_other_sessions(session, who=who, keep=keep, now=wiring.now())
    flash(_("Signed out everywhere else."))


def _moment(instant: datetime) -> str:
    return moment(instant, reader_zone())


def browser_name(user_agent: str) -> str:
    """Such as "Firefox · Windows"; empty when it says nothing known."""
    words = (_first(_PROGRAMS, user_agent), _first(_SYSTEMS, user_agent))
    return " · ".join(word for word in words if word)


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for sign, name in names.items() if sign in user_agent), "")
