"""The strength of a password while it is typed, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.access import Role
from core.i18n import LANGUAGES, translations
from db.store.session import transaction
from tests import factories
from tests.factories import make_user
from tests.support.house import portal as portals
from tests.support.house.chromium import known

NEW = "seven quiet lanterns"
EASY = (
    "This password is easy to guess. Take several words that have nothing to do with each other or "
    "with you."
)


@pytest.fixture(scope="module")
def portal(sqlite_databases, tmp_path_factory):
    with (
        sqlite_databases.like("seeded", factories.seed) as engine,
        portals.serving(
            engine.url.render_as_string(), tmp_path_factory.mktemp("meter"), DEMO="0"
        ) as portal,
    ):
        with transaction(engine) as session:
            for language in LANGUAGES:
                make_user(session, f"eve_{language}", Role.INSPECTOR, language=language)
            make_user(session, "changing", Role.INSPECTOR)
        yield portal


@pytest.fixture
def form(open_page, sign_in):
    """`form("eve_en")`: this person's page for a new password."""

    def opened(username):
        page = open_page()
        sign_in(page, username)
        page.goto("/account/password")
        return page

    return opened


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verdict_follows_what_is_typed(form, portal, language):
    say, page = translations(language).gettext, form(f"eve_{language}")
    said = page.get_by_role("status")
    expect(said).to_have_text("")
    page.locator("#password").press_sequentially("password1")
    expect(said).to_have_text(
        say("The password needs at least {count} characters.").format(count=12)
    )
    page.locator("#password").press_sequentially("234")
    expect(said).to_have_text(say(EASY))
    expect(page.locator(".bar")).to_have_attribute("data-level", "1")
    page.fill("#password", NEW)
    expect(said).to_have_text(say("Very hard to guess."))
    expect(page.locator(".bar")).to_have_attribute("data-level", "4")
    page.fill("#password", "")
    expect(said).to_have_text("")
    expect(page.locator(".bar")).to_be_hidden()
    log = portal.log.read_text()
    assert "lanterns" not in log
    assert "password1234" not in log


def test_a_screen_reader_hears_it_when_it_has_time(form):
    """A status is announced politely; it stands in the page before there is anything to say."""
    page = form("eve_en")
    said = page.locator("#strength")
    expect(said).to_have_attribute("role", "status")
    expect(said).to_have_attribute("aria-live", "polite")
    page.fill("#password", NEW)
    expect(said).to_have_text("Very hard to guess.")
    expect(page.locator(".bar")).to_have_attribute("aria-hidden", "true")


def test_when_the_portal_gives_no_answer_the_form_works_on(form):
    page = form("changing")
    page.route("**/account/password", _unless_sent)
    page.fill("#password", NEW)
    page.wait_for_timeout(600)
    expect(page.locator(".bar")).to_be_hidden()
    page.fill("#present", factories.PASSWORD)
    page.fill("#again", NEW)
    page.click("button[type=submit]")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()


def test_without_scripts_the_form_works(browser, portal):
    context = browser.new_context(locale="en", base_url=portal.url, java_script_enabled=False)
    known(context, portal.url)
    page = context.new_page()
    page.goto("/login?next=/account/password")
    for name, value in {"username": "alice", "password": factories.PASSWORD}.items():
        page.fill(f"#{name}", value)
    page.click("button[type=submit]")
    fields = {"present": factories.PASSWORD, "password": "password1234", "again": "password1234"}
    for name, value in fields.items():
        page.fill(f"#{name}", value)
    expect(page.locator(".bar")).to_be_hidden()
    page.click("button[type=submit]")
    expect(page.get_by_role("alert")).to_have_text(EASY)
    context.close()


def _unless_sent(route):
    """Questions are lost on their way; the form itself arrives."""
    if "judge=1" in (route.request.post_data or ""):
        route.abort()
    else:
        route.continue_()
