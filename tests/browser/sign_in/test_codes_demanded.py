"""A role that must have one-time codes, from the administrator's box to the open portal."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import expect

from core.access import Role
from core.i18n import translations
from db.store.session import transaction
from tests import factories
from tests.factories import PASSWORD, make_user
from tests.support.house import portal as portals
from tests.support.house.reruns import settled

SENTENCE = "Your role must use one-time codes. Set them up first; everything else opens then."


@pytest.fixture(scope="module")
def portal(sqlite_databases, tmp_path_factory):
    with (
        sqlite_databases.like("seeded", factories.seed) as engine,
        portals.serving(
            engine.url.render_as_string(), tmp_path_factory.mktemp("demanded"), DEMO="0"
        ) as portal,
    ):
        with transaction(engine) as session:
            make_user(session, "tess", Role.TRAINER, language="zh_TW")
        yield portal


def fill(page, **fields):
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    page.click("button[type=submit]")


def choose(page, *labels):
    page.goto("/people")
    page.get_by_role("tab", name="Sign-in").click()
    for label in labels:
        page.get_by_text(label).click()
    page.get_by_role("button", name="Save").click()


def code(page):
    return pyotp.TOTP(page.inner_text(".secret").replace(" ", "")).now()


def test_a_demand_reaches_open_tabs_and_new_sign_ins_and_ends_with_a_code(open_page, sign_in):
    admin, inspector = open_page(width=1440), open_page()
    sign_in(inspector, "alice")
    settled(inspector)
    sign_in(admin, "administrator")
    choose(admin, "QA inspector: 0 of 1 have codes", "Trainer: 0 of 1 have codes")
    expect(admin.get_by_text("Saved.")).to_be_visible()

    inspector.get_by_test_id("stSidebarNavLink").last.click()
    expect(inspector.get_by_text(SENTENCE)).to_be_visible()
    expect(inspector.get_by_role("heading")).to_have_count(0)
    with inspector.context.expect_page() as opened:
        inspector.get_by_role("link", name="Set up one-time codes").click()
    setting_up = opened.value
    expect(setting_up.get_by_text(SENTENCE)).to_be_visible()
    fill(setting_up, code=code(setting_up))
    expect(setting_up.locator(".codes li")).to_have_count(10)
    inspector.reload()
    expect(inspector.get_by_test_id("stSidebarNavLink").first).to_be_visible()

    say, trainer = translations("zh_TW").gettext, open_page(locale="zh-TW", width=390)
    trainer.goto("/login?next=/account")
    fill(trainer, username="tess", password=PASSWORD)
    expect(trainer.get_by_text(say(SENTENCE))).to_be_visible()
    trainer.goto("/cases")
    assert "/account/second-factor?next=/cases" in trainer.url
    trainer.goto("/account/second-factor?next=/account")
    trainer.fill("#code", code(trainer))
    trainer.dblclick("button[type=submit]")  # the codes are shown once: no second answer in place
    expect(trainer.locator(".codes li")).to_have_count(10)
    trainer.get_by_role("link", name=say("I have kept them")).click()
    expect(trainer.get_by_role("heading", name=say("My account"))).to_be_visible()
    told = say("Your role must use one-time codes, so they stay on.")
    expect(trainer.get_by_text(told)).to_be_visible()


def test_an_administrator_without_codes_is_sent_to_set_them_up(open_page, sign_in):
    admin = open_page(width=1440)
    sign_in(admin, "administrator")
    choose(admin, "Administrator: 0 of 1 have codes")
    expect(
        admin.get_by_text("You have no one-time codes yourself. Set them up first.")
    ).to_be_visible()
    link = admin.get_by_role("link", name="Set up one-time codes")
    assert link.get_attribute("href") == "/account/second-factor"
