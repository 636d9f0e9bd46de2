"""A server that stops takes neither the focus nor what is typed, on the pad and elsewhere."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

from core.access import Role
from db.people.models import User
from db.store import session as sessions
from tests import factories
from tests.factories import identity
from tests.support.house.fragile import FragilePortal
from tests.support.inspection.inspector import Pad, forty

NOTICES = {
    "en": "The portal cannot be reached at the moment. The page tries again by itself.",
    "zh_TW": "目前無法連上平台，頁面會自動重試。",
    "zh_CN": "目前无法连接平台，页面会自动重试。",
}
DIALOG = "[data-testid=stDialog]"


@pytest.fixture
def fragile(database, portal, tmp_path):
    shutil.copytree(portal.log.parent / "keys", tmp_path / "keys")  # the key of the database
    fragile = FragilePortal(database.url.render_as_string(), tmp_path)
    fragile.start()
    yield fragile
    fragile.kill()


@pytest.fixture
def page(browser, fragile):
    context = browser.new_context(locale="en", base_url=fragile.url)
    yield context.new_page()
    context.close()


def typed(page, words):
    """As a person types: with time for whatever wants to come in between."""
    for letter in words:
        page.keyboard.type(letter)
        page.wait_for_timeout(20)


def test_a_server_that_stops_takes_no_letter_of_a_note(page, sign_in, inspector, fragile):
    """Streamlit opens its dialog about a second after the line is cut: so long is typed."""
    words = "The agent greets late and does not say from which station she speaks. " + "x" * 150
    sign_in(page, inspector.who.username)
    task = inspector.assigned(forty())
    desk = Pad(page, task)
    desk.press("m")
    typed(page, words[:10])
    fragile.kill()
    typed(page, words[10:])
    assert desk.item("Q00").locator("textarea.note").input_value() == words
    assert desk.status() == "no connection; what you enter is kept and sent later"
    expect(page.locator(DIALOG)).to_have_count(0)
    desk.press("Escape", "1", "n")
    assert desk.focused() == "Q02"
    fragile.start()
    assert desk.until(lambda: len(inspector.stored(task)) == 2)
    desk.saved()
    assert inspector.stored(task)["Q00"]["note"] == words


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", NOTICES)
def test_another_page_says_it_in_its_language_and_covers_nothing(
    page, sign_in, fragile, database, language
):
    """Streamlit closes its own fields while it is away; what stands in one stays."""
    name = f"admin-{language}"
    with sessions.transaction(database) as session:
        factories.make_user(session, name, Role.ADMINISTRATOR)
        session.get_one(User, identity(session, name).user_id).language = language
    sign_in(page, name)
    page.goto("/people")
    page.get_by_role("tab").nth(1).click()
    field = page.locator("[data-testid=stTextInput] input").first
    field.click()
    typed(page, "late")
    fragile.kill()
    expect(page.locator("#qi-connection")).to_have_text(NOTICES[language])
    expect(page.locator(DIALOG)).to_have_count(0)
    assert field.input_value() == "late"
    fragile.start()
    expect(page.locator("#qi-connection")).to_have_count(0)
