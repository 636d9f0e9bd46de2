"""Who is looking: identity comes from the cookie and the session table, at every run."""

from __future__ import annotations

import streamlit as st

from core.access import Action, Identity, can
from db.services import auth
from pages.ui import wiring
from pages.ui.messages import _

_COOKIE = "qi_session"
_OWNER = "_owner"


def session_token() -> str | None:
    """The browser's session token; the cookie is HttpOnly, only the server sees it."""
    return st.context.cookies.get(_COOKIE)


def current_user() -> Identity | None:
    """The signed-in person, or None when the session is over.

    A browser session that another person left behind starts empty.
    """
    token = session_token()
    if not token:
        return None
    with wiring.reading() as session:
        who = auth.identify(session, wiring.settings(), token, now=wiring.now())
    owner = who.user_id if who else None
    if st.session_state.get(_OWNER) not in (None, owner):
        st.session_state.clear()
    st.session_state[_OWNER] = owner
    return who


def guard(action: Action | None = None) -> Identity:
    """Begin of every page: the person, or a way to sign in, or a plain refusal."""
    who = current_user()
    if who is None:
        st.info(_("You are signed out."), icon=":material/lock:")
        st.link_button(_("Sign in"), "/login", type="primary")
        st.stop()
    if action is not None and not can(who, action):
        st.warning(_("Your role does not permit this."), icon=":material/block:")
        st.stop()
    return who


def sign_out() -> None:
    """End the session; the browser is then led to the login page."""
    if token := session_token():
        with wiring.transaction() as session:
            auth.sign_out(session, token, now=wiring.now())
