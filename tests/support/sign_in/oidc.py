"""Signing in through an identity provider, as a browser does it."""

from __future__ import annotations

import httpx2

from db.sign_in.services import login_sessions
from pages.ui.kit import wiring
from pages.ui.kit.auth import COOKIE

PORTAL = "http://localhost:8501"


def to_provider(browser, query=""):
    """The provider's address that the portal leads to."""
    answer = browser.get(f"/oidc/start{query}")
    assert answer.status_code == 302
    return answer.headers["location"]


def consent(address, subject):
    """The person signs in there; gives the path and query that leads back."""
    answer = httpx2.post(address, data={"sub": subject})
    back = answer.headers["location"]
    assert back.startswith(f"{PORTAL}/oidc/callback?")
    return back.removeprefix(PORTAL)


def sign_in(browser, subject, query=""):
    return browser.get(consent(to_provider(browser, query), subject))


def who(browser):
    token = browser.cookies.get(COOKIE)
    if not token:
        return None
    with wiring.reading() as session:
        return login_sessions.identify(session, wiring.settings(), token, now=wiring.now())


def refused(answer, text):
    assert answer.status_code == 401
    assert text in answer.text
    assert COOKIE not in answer.cookies
    return True
