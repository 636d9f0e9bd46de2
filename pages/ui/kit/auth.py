"""Who is looking: identity comes from the cookie and the session table, at every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

import streamlit as st

from core.access import Action, Identity, can, require
from core.errors import CodesWanted
from db.sign_in.services import login_sessions
from db.sign_in.services.failed_sign_ins import SignInRefused
from db.sign_in.services.login_sessions import Live
from pages.ui.kit import modules, wiring
from pages.ui.kit.messages import _, sentence

COOKIE = "qi_session"
_OWNER = "_owner"
_CODE_SET_UP = "/account/second-factor"
_of_run: ContextVar[Live | None] = ContextVar("session_of_run", default=None)


def cookie_name(name: str) -> str:
    """A cookie's name; over https no other site of the same domain can set it."""
    return f"__Host-{name}" if wiring.settings().secure_cookies else name


def code_set_up(next_path: str = "") -> str:
    """The address where one-time codes are set up, with the path to go to afterwards."""
    return f"{_CODE_SET_UP}?next={quote(next_path)}" if next_path else _CODE_SET_UP


def session_token() -> str | None:
    """The browser's session token; the cookie is HttpOnly, only the server sees it."""
    return st.context.cookies.get(cookie_name(COOKIE))


@contextmanager
def one_run() -> Iterator[Identity | None]:
    """Look once for a whole run of the portal's script; a fragment rerun alone looks anew."""
    live = _arrived()
    token = _of_run.set(live)
    try:
        yield live.who if live else None
    finally:
        _of_run.reset(token)


def session_of_run() -> Live | None:
    """The session that the present run of the portal's script looked up."""
    return _of_run.get()


def current_user() -> Identity | None:
    """The signed-in person, or None when the session is over."""
    live = _of_run.get() or _arrived()
    return live.who if live else None


def current_session(*, is_use: bool = True) -> Live | None:
    """The session in force; being used keeps it from ending as idle."""
    token, now = session_token(), wiring.now()
    if not token:
        return None
    with wiring.reading() as session:
        live = login_sessions.live_session(session, wiring.settings(), token, now=now)
    if live and live.is_untouched and is_use:
        with wiring.transaction() as session:
            login_sessions.touch(session, token, now=now)
    return live


def guard(action: Action | None = None) -> Identity:
    """Begin of every page: the person, or a way to sign in, or a plain refusal."""
    who = current_user()
    if who is None:
        st.info(_("You are signed out."), icon=":material/lock:")
        st.link_button(_("Sign in"), "/login", type="primary")
        st.stop()
    if who.owes_codes:
        _ask_for_codes(who)
        st.stop()
    if action is not None and not can(who, action):
        st.warning(_("Your role does not permit this."), icon=":material/block:")
        st.stop()
    return who


def acting(action: Action) -> Identity | None:
    """The person a callback acts for, as it runs before its page's guard; None if not permitted."""
    who = current_user()
    return who if who and can(who, action) else None


def asking_again(action: Action) -> Callable[[], Identity]:
    """Identifies the person as a download is made, after its button was drawn and without a rerun.

    No cookie can be read then, so it is the session of the page that has to be in force.

    Raises:
        SignInRefused: it is over; NotAllowed: the role does not permit the action any more.
    """
    token = session_token() or ""

    def identify() -> Identity:
        with wiring.reading() as session:
            who = login_sessions.identify(session, wiring.settings(), token, now=wiring.now())
            if who is None:
                raise SignInRefused("You are signed out.")
            require(who, action)
        return who

    return identify


def link_token(token: str) -> str:
    """The proof that a person began on their own page to link an account."""
    return wiring.keys().digest("link account", token)


def leave_if_over() -> None:
    """Begin of a fragment that reads no person's data: it reruns alone, without the page's guard.

    A fragment that looks by itself every few seconds is no use of the session.
    """
    live = current_session(is_use=False)
    if live is None or live.who.owes_codes:
        st.rerun(scope="app")


def sign_out_button() -> None:
    """A button that ends the session and leads the browser to the login page."""
    if not st.button(_("Sign out"), icon=":material/logout:", key="sign_out"):
        return
    if token := session_token():
        with wiring.transaction() as session:
            login_sessions.sign_out(session, token, now=wiring.now())
    st.html(modules.tag("kit/leave.js"), unsafe_allow_javascript=True)
    st.stop()


def _arrived() -> Live | None:
    """The session in force; what another person left behind in this browser is gone then."""
    live = current_session()
    owner = live.who.user_id if live else None
    if st.session_state.get(_OWNER) not in (None, owner):
        st.session_state.clear()
    st.session_state[_OWNER] = owner
    return live


def _ask_for_codes(who: Identity) -> None:
    st.warning(sentence(CodesWanted(who.language)), icon=":material/phonelink_lock:")
    with st.container(horizontal=True):
        st.link_button(_("Set up one-time codes"), code_set_up(), type="primary")
        sign_out_button()
