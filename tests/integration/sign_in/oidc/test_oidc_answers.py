"""Which answers of an identity provider are taken: forged, old or foreign ones are not."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from pages.ui.kit import wiring
from pages.web import cookies
from tests.support.sign_in.oidc import consent, refused, sign_in, to_provider

FAILED = "did not work"


def test_an_answer_this_browser_did_not_ask_for_is_refused(browser):
    back = consent(to_provider(browser), "s-dana")
    browser.cookies.clear()  # as when somebody else's answer is slipped in
    assert refused(browser.get(back), FAILED)


def test_an_answer_works_once(browser):
    back = consent(to_provider(browser), "s-dana")
    assert browser.get(back).status_code == 303
    browser.cookies.delete(cookies.SESSION)
    assert refused(browser.get(back), FAILED)


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied"]
)
def test_an_invented_answer_is_refused(browser, query):
    to_provider(browser)
    assert refused(browser.get(f"/oidc/callback{query}"), FAILED)


def test_the_wrong_proof_key_is_refused(browser, monkeypatch):
    """A stolen code is worth nothing without the browser's own proof key."""
    stolen = consent(to_provider(browser), "s-dana")
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    state = parse_qs(urlsplit(to_provider(browser)).query)["state"][0]
    assert refused(browser.get(f"/oidc/callback?code={code}&state={state}"), FAILED)


NOW = int(time.time())


@pytest.mark.parametrize(
    "how",
    [
        {"set": {"nonce": "another"}},
        {"drop": ["nonce"]},
        {"set": {"aud": "another-client"}},
        {"set": {"aud": ["portal", "another"], "azp": "another"}},
        {"drop": ["aud"]},
        {"set": {"iss": "https://evil.example"}},
        {"set": {"exp": NOW - 120}},
        {"drop": ["exp"]},
        {"set": {"iat": NOW + 3600}},
        {"drop": ["sub"]},
        {"forge": True},
    ],
    ids=lambda how: re.sub(r"\d", "", str(how)),  # no time: every process names it the same
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(browser, provider, how):
    provider.tamper(**how)
    assert refused(sign_in(browser, "s-dana"), FAILED)


def test_a_token_within_the_clocks_leeway_is_taken(browser, provider):
    provider.tamper(set={"exp": int(time.time()) - 30})
    assert sign_in(browser, "s-dana").status_code == 303


def test_a_provider_that_is_down_says_so_plainly(browser, wired, monkeypatch):
    monkeypatch.setenv("OIDC_ISSUER", "http://localhost:9")
    wiring.settings.cache_clear()
    assert refused(browser.get("/oidc/start"), FAILED)
