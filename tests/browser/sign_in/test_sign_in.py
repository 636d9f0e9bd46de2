"""The ways in, from the first start to the last session ended, in a real browser."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import expect

from core.access import Role
from core.i18n import translations
from db.store.session import transaction
from tests import factories
from tests.factories import make_user
from tests.support.house import portal as portals
from tests.support.house.chromium import SOON
from tests.support.house.reruns import settled
from tests.support.sign_in.provider import provider

OLD, NEW = factories.PASSWORD, "seven quiet lanterns"


@pytest.fixture(scope="module")
def portal(sqlite_databases, tmp_path_factory):
    """A portal with a provider beside it; dana signs in there only."""
    with (
        provider() as there,
        sqlite_databases.like("seeded", factories.seed) as engine,
        portals.serving(
            engine.url.render_as_string(),
            tmp_path_factory.mktemp("sign_in"),
            DEMO="0",
            OIDC_ISSUER=there.issuer,
            OIDC_CLIENT_ID="portal",
            OIDC_CLIENT_SECRET="secret",
            OIDC_NAME="Example Air",
        ) as portal,
    ):
        with transaction(engine) as session:
            make_user(session, "dana", Role.TRAINER, password_hash="")
            make_user(session, "eve", Role.INSPECTOR)
            make_user(session, "tess", Role.TRAINER)
        yield portal


def menu(page):
    return page.get_by_test_id("stSidebar")


def fill(page, **fields):
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("button[type=submit]")


def test_the_first_start_prints_a_link_that_makes_the_first_account(
    browser, sqlite_databases, tmp_path
):
    say = translations("zh_TW").gettext
    with (
        sqlite_databases.empty() as engine,
        portals.serving(engine.url.render_as_string(), tmp_path, DEMO="0") as fresh,
    ):
        link = re.search(r"/setup\?key=\S+", fresh.log.read_text())
        page = browser.new_page(base_url=fresh.url, locale="zh-TW")
        page.set_default_timeout(SOON)
        page.goto(link[0])
        expect(page.get_by_role("heading")).to_have_text(say("Set up the portal"))
        fill(page, username="root", name="Root", password="rootroot1234", again="rootroot1234")
        expect(page.get_by_role("alert")).to_contain_text("這個密碼容易被猜到")
        expect(page.locator("#username")).to_have_value("root")
        fill(page, password=NEW, again=NEW)
        page.get_by_role("link", name=say("To the sign-in")).click()
        fill(page, username="root", password=NEW)
        expect(menu(page)).to_be_visible()
        page.goto(link[0])
        expect(page.get_by_role("alert")).to_have_text(
            say("This link has been used or has expired. Ask for a new one.")
        )
        page.close()


def test_a_new_password_keeps_this_browser_in_and_all_others_out(open_page, sign_in):
    here, there = open_page(), open_page()
    sign_in(here, "alice")
    sign_in(there, "alice")
    expect(menu(there)).to_be_visible()
    here.goto("/account")
    expect(here.get_by_text("This browser")).to_be_visible()
    with here.context.expect_page() as opened:
        here.get_by_role("link", name="Change the password").click()
    change = opened.value
    fill(change, present="wrong", password=NEW, again=NEW)
    expect(change.get_by_role("alert")).to_have_text("The present password is wrong.")
    fill(change, present=OLD, password=NEW, again=NEW)
    expect(change.get_by_role("heading", name="My account")).to_be_visible()
    there.get_by_test_id("stSidebarNavLink").first.click()
    expect(there.get_by_text("You are signed out.")).to_be_visible()


def test_a_session_ended_from_another_browser_is_over_at_the_next_click(open_page, sign_in):
    here, there = open_page(), open_page()
    sign_in(here, "tess")
    sign_in(there, "tess")
    expect(menu(there)).to_be_visible()
    here.goto("/account")
    here.get_by_role("button", name="Sign out there").click()
    expect(here.get_by_role("button", name="Sign out there")).to_have_count(0)
    there.get_by_test_id("stSidebarNavLink").first.click()
    expect(there.get_by_text("You are signed out.")).to_be_visible()
    expect(menu(here)).to_be_visible()


def test_an_ended_session_ends_no_other_from_the_tab_it_left_open(open_page, sign_in):
    here, there = open_page(), open_page()
    sign_in(here, "bob")
    sign_in(there, "bob")
    there.goto("/account")
    others = there.get_by_role("button", name="Sign out everywhere else")
    expect(others).to_be_visible()
    here.goto("/account")
    here.get_by_role("button", name="Sign out there").click()
    expect(here.get_by_text("Signed out there.")).to_be_visible()
    others.click()
    expect(there.get_by_text("You are signed out.")).to_be_visible()
    here.reload()
    expect(menu(here)).to_be_visible()


def test_one_time_codes_from_the_picture_to_the_recovery_code(open_page, sign_in):
    page = open_page()
    sign_in(page, "eve")
    page.goto("/account/second-factor")
    expect(page.locator(".picture svg")).to_have_count(1)
    secret = page.inner_text(".secret").replace(" ", "")
    fill(page, code=pyotp.TOTP(secret).now())
    shown = page.locator(".codes li")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    other = open_page()
    other.goto("/login?next=/account")
    fill(other, username="eve", password=OLD)
    other.wait_for_selector("#code")
    assert "qi_session" not in {cookie["name"] for cookie in other.context.cookies()}
    other.goto("/account")
    assert "/login" in other.url
    other.goto("/login/code?next=/account")
    fill(other, code="000000")
    expect(other.get_by_role("alert")).to_have_text("This code is not right.")
    fill(other, code=codes[0])
    expect(other.get_by_text("9 recovery codes are left.")).to_be_visible()


def test_the_organisations_provider_lets_people_in(browser, portal):
    """At the address the provider was told; a cookie is bound to its name."""
    page = browser.new_page(base_url=portal.url.replace("127.0.0.1", "localhost"), locale="en")
    page.set_default_timeout(SOON)
    page.goto("/login?next=/account")
    page.get_by_role("link", name="Sign in with Example Air").click()
    page.get_by_role("button", name="s-dana").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.get_by_text("Linked with this account.")).to_be_visible()
    page.close()


def test_the_administrators_link_lets_a_person_choose_a_password(open_page, sign_in):
    admin = open_page(width=1440)
    sign_in(admin, "administrator")
    admin.goto("/people")
    admin.get_by_role("tab", name="Users").click()
    users = admin.get_by_role("tabpanel", name="Users")
    table = users.get_by_test_id("stDataFrame")
    expect(table.locator("canvas td").first).to_be_attached()
    settled(admin)
    table.locator("canvas").first.click(position={"x": 15, "y": 55}, force=True)
    admin.get_by_role("button", name="Make a link for a new password").click()
    link = admin.get_by_test_id("stCode").inner_text()
    page = open_page()
    page.goto(link[link.index("/password") :].strip())
    fill(page, password=NEW, again="something else entirely")
    expect(page.get_by_role("alert")).to_have_text("The two passwords differ.")
    fill(page, password=NEW, again=NEW)
    expect(page.get_by_text("Your password is set.")).to_be_visible()
