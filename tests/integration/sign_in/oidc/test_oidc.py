"""Signing in through a real identity provider on this machine."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from core.access import Role
from db.people.models import User
from db.sign_in.models import ExternalAccount
from db.sign_in.services import login_sessions
from db.store.models import AuditEvent
from pages.ui.kit import wiring
from pages.ui.kit.auth import link_token
from pages.web import cookies
from tests.factories import identity, make_user
from tests.support.sign_in.oidc import PORTAL, refused, sign_in, to_provider, who
from tests.support.sign_in.sessions import session_token


def test_the_login_page_leads_to_the_provider_only_where_there_is_one(browser, monkeypatch):
    assert "/oidc/start?next=/" in browser.get("/login").text
    monkeypatch.delenv("OIDC_ISSUER")
    wiring.settings.cache_clear()
    assert "/oidc/start" not in browser.get("/login").text
    assert browser.get("/oidc/start").headers["location"] == "/login"
    assert browser.get("/oidc/callback").headers["location"] == "/login"


def test_the_way_there_carries_state_nonce_and_a_proof_key(browser):
    asked = parse_qs(urlsplit(to_provider(browser)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{PORTAL}/oidc/callback"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)


def test_a_known_person_gets_the_same_session_as_after_a_local_sign_in(browser):
    answer = sign_in(browser, "s-dana", "?next=/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert (who(browser).username, who(browser).roles) == ("dana", {Role.TRAINER})
    cookie = next(c for c in browser.cookies.jar if c.name == cookies.SESSION)
    assert cookie.has_nonstandard_attr("HttpOnly")


def test_whoever_came_once_is_known_by_the_subject_not_by_the_name(browser, wired):
    sign_in(browser, "s-dana")
    with wired.transaction() as session:
        user = session.scalars(select(User).where(User.username == "dana")).one()
        user.username = "dana.wu"
    sign_in(browser, "s-dana")
    assert who(browser).username == "dana.wu"


def test_every_sign_in_gives_a_new_token_and_ends_the_one_before(browser, wired):
    sign_in(browser, "s-dana")
    first = browser.cookies[cookies.SESSION]
    sign_in(browser, "s-dana")
    assert browser.cookies[cookies.SESSION] != first
    with wiring.reading() as session:
        assert login_sessions.identify(session, wiring.settings(), first, now=wiring.now()) is None


def test_a_stranger_gets_no_account(browser, wired):
    assert refused(sign_in(browser, "s-erin"), "Nobody here has the account erin.")
    assert refused(sign_in(browser, "s-bare"), "Nobody here has the account")


def test_nobody_takes_over_an_account_with_a_password_by_its_name(browser, wired):
    assert refused(sign_in(browser, "s-alice"), "The account alice has its own sign-in.")
    with wired.reading() as session:
        assert session.scalars(select(ExternalAccount.id)).all() == []


def test_a_closed_account_stays_closed(browser, wired):
    sign_in(browser, "s-dana")
    with wired.transaction() as session:
        session.scalars(select(User).where(User.username == "dana")).one().active = False
    assert refused(sign_in(browser, "s-dana"), "Nobody here has the account dana.")


def test_a_role_in_the_claims_makes_an_account(browser, mapped):
    sign_in(browser, "s-erin")
    assert (who(browser).username, who(browser).roles) == ("erin", {Role.INSPECTOR})


def test_roles_follow_the_claims_where_the_mapping_speaks_of_them(browser, mapped):
    sign_in(browser, "s-erin")
    with mapped.transaction() as session:
        make_user(session, "frank", Role.TRAINER)
        user = session.scalars(select(User).where(User.username == "erin")).one()
        user.roles[0].role = Role.QUALITY_MANAGER  # somebody changed it by hand
    sign_in(browser, "s-erin")
    assert who(browser).roles == {Role.INSPECTOR}
    with mapped.reading() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
        assert identity(session, "frank").roles == {Role.TRAINER}
    assert actions.count("change_access") == 2


def test_a_role_the_mapping_does_not_name_is_left_alone(browser, mapped):
    sign_in(browser, "s-dana")
    assert who(browser).roles == {Role.TRAINER}


def test_who_lost_every_role_is_kept_out(browser, mapped, provider):
    sign_in(browser, "s-erin")
    provider.tamper(set={"groups": []})
    assert refused(sign_in(browser, "s-erin"), "Your account has no role.")


def test_an_own_account_is_linked_while_signed_in_to_both(browser, wired):
    with wired.transaction() as session:
        token = session_token(session, "alice", now=wiring.now())
    browser.cookies.set(cookies.SESSION, token)
    answer = sign_in(browser, "s-alice", f"?link={link_token(token)}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    browser.cookies.clear()
    sign_in(browser, "s-alice")
    assert who(browser).username == "alice"


def test_another_site_cannot_start_a_link(browser, wired):
    with wired.transaction() as session:
        token = session_token(session, "alice", now=wiring.now())
    browser.cookies.set(cookies.SESSION, token)
    assert refused(sign_in(browser, "s-alice", "?link=guessed"), "has its own sign-in")


# What must not work


def test_where_to_go_next_is_never_another_site(browser):
    answer = sign_in(browser, "s-dana", "?next=https://evil.example")
    assert answer.headers["location"] == "/"
