"""The pad in three languages, on a phone held upright, and for a screen reader."""

from __future__ import annotations

import pytest

from db.people.models import User
from db.store import session as sessions
from tests.support.house.reruns import settled
from tests.support.inspection.inspector import Pad, forty

OVERFLOW = """() => Math.max(
    ...[document.scrollingElement, ...document.querySelectorAll("section")]
        .map((node) => node.scrollHeight - node.clientHeight))"""
UNNAMED = """(pad) => [...pad.querySelectorAll("button, input, textarea")]
    .filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length))
    .map((node) => node.outerHTML)"""


@pytest.mark.parametrize(
    ("language", "title", "question"),
    [
        ("zh_TW", "電話服務 1", "這通電話的主題是什麼？"),
        ("zh_CN", "电话服务 1", "这通电话的主题是什么？"),
        ("en", "Phone service 1", "What was this call about?"),
    ],
)
def test_the_pad_speaks_the_readers_language(pad, inspector, database, language, title, question):
    with sessions.transaction(database) as session:
        session.get_one(User, inspector.who.user_id).language = language
    desk = pad(inspector.assigned("phone"))
    frame = desk.page.locator(".pad")
    assert frame.get_attribute("lang") == language.replace("_", "-")
    assert desk.page.locator(".sheet h2").inner_text() == title
    assert question in frame.inner_text()
    desk.press("1")
    desk.saved()


def test_a_phone_held_upright_is_enough(open_page, sign_in, inspector):
    page = open_page()
    sign_in(page, inspector.who.username)
    page.set_viewport_size({"width": 390, "height": 844})
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = Pad(page, task)
    page.get_by_role("tab", name="Record").click()
    assert not page.locator(".sheet").is_visible()
    page.locator(".turn").nth(2).click()
    page.get_by_role("button", name="Pin to Question 0-0").click()
    page.get_by_role("tab", name="Checklist").click()
    for number in range(40):
        row = page.locator(".item.focus")
        button = row.locator(".option").first
        assert button.bounding_box()["height"] >= 44, number
        button.click()
    desk.button("Submit and open next").click()
    desk.ready(following)
    (inspection,) = inspector.inspections()
    assert [pin.turn_position for pin in inspector.evidence(inspection.id)] == [3]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 720), (1440, 900)])
def test_the_page_itself_never_scrolls_and_the_bar_stays(
    open_page, sign_in, inspector, width, height
):
    page = open_page()
    sign_in(page, inspector.who.username)
    page.set_viewport_size({"width": width, "height": height})
    desk = Pad(page, inspector.assigned("phone"))
    settled(page)
    bar = page.locator(".bar").bounding_box()
    assert bar["y"] + bar["height"] <= height
    desk.press(*("j" * 30))
    assert page.locator(".bar").bounding_box() == bar
    assert page.evaluate(OVERFLOW) <= 1


def test_a_screen_reader_gets_roles_names_and_states(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    row = desk.page.get_by_role("radiogroup", name="Question 0-0")
    assert row.get_by_role("radio", name="1 Yes").get_attribute("aria-checked") == "false"
    row.get_by_role("radio", name="1 Yes").click()
    assert row.get_by_role("radio", name="1 Yes").get_attribute("aria-checked") == "true"
    frame = desk.page.locator(".pad")
    active = "(pad) => pad.getRootNode().activeElement.dataset.key"
    assert frame.evaluate(active) == desk.focused() == "Q01"
    assert frame.evaluate(UNNAMED) == []


def test_another_language_is_chosen_without_leaving_the_encounter(pad, inspector):
    task, following = (inspector.assigned("phone") for _ in range(2))
    desk = pad(task)
    desk.press("s")
    desk.page.keyboard.type("cut off")
    desk.page.get_by_role("button", name="Put aside and open next").click()
    desk.ready(following)
    desk.press("1", "/")
    desk.page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    desk.page.get_by_role("option", name="繁體中文").click()
    desk.page.get_by_text("這通電話的主題是什麼？").wait_for()
    desk.ready(following)
    assert desk.chosen("CALL-SUBJECT") == ["1"]


@pytest.mark.parametrize("width", [390, 1440])
def test_one_tap_answers_an_item_that_has_not_the_focus(pad, inspector, page, width):
    """The item with the focus folds up above it, which moves what is being pressed."""
    page.set_viewport_size({"width": width, "height": 844})
    desk = pad(inspector.assigned(forty()))
    desk.item("Q01").get_by_role("radio").nth(1).click()
    desk.item("Q05").get_by_role("radio").first.click()
    assert (desk.chosen("Q01"), desk.chosen("Q05")) == (["0"], ["1"])
    assert desk.focused() == "Q06"
