"""The trainer's way to a case worth teaching, in the real portal and in three languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.i18n import translations
from db.checklists.parsed_versions import checklist_of
from tests import factories
from tests.factories import version_of
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.inspection.inspector import Pad
from tests.support.results.low_scores import MARKUP, make_low_scores

TERM = {"en": "Patient", "zh_TW": "耐心", "zh_CN": "耐心"}


@pytest.fixture(scope="module")
def database(sqlite_databases):
    """Two desks; at KHH two calls lost etiquette, one of them badly."""
    with sqlite_databases.like("trainer", make_low_scores) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trainer")
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


@pytest.fixture
def alerts():
    return []


def opened(page, alerts, sign_in, username, path):
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    sign_in(page, username)
    page.goto(path)


def choose(page, field, typed):
    box = page.locator(f".st-key-address_{field} input")
    box.click()
    box.fill(typed)
    page.get_by_role("option", name=typed).first.click()
    settled(page)


def cards(page):
    return page.locator(".cases .case")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_from_low_etiquette_to_the_evidence_to_paper(
    open_page, sign_in, alerts, database, language
):
    page, say = open_page(locale=language.replace("_", "-")), translations(language).gettext
    opened(page, alerts, sign_in, "tina", "/cases")
    expect(page.get_by_role("heading", name=say("Cases"), exact=True)).to_be_visible()
    expect(cards(page)).to_have_count(4)
    choose(page, "station", "KHH")
    page.wait_for_url(re.compile("station=KHH"))
    page.goto(page.url + "&section=attitude")
    expect(cards(page)).to_have_count(2)
    worst = cards(page).first
    expect(worst).to_contain_text("K-1")
    expect(worst).to_contain_text(TERM[language])
    worst.click()
    panes = page.locator(".reading")
    expect(panes.locator(".losses")).to_contain_text(TERM[language])
    page.get_by_role("link", name=say("Open case")).click()
    expect(page.get_by_role("heading", name="K-1", exact=True)).to_be_visible()
    marked = page.locator(".turn.lost mark.lost").first
    expect(marked).to_have_text("快一點")
    expect(page.locator(".turn.lost .chip").first).to_contain_text(TERM[language])
    page.locator(".item", has_text="ATD-02").locator("button.place").click()
    expect(page.locator(".turn.lost").first).to_be_in_viewport()
    with page.expect_popup() as waiting:
        page.get_by_role("link", name=say("Print")).click()
    paper = waiting.value
    expect(paper.locator("html")).to_have_attribute("lang", language.replace("_", "-"))
    expect(paper.locator("tr", has_text="ATD-02").first).to_contain_text("快一點")
    expect(paper.locator("body")).to_contain_text(MARKUP)
    assert alerts == []


def test_an_address_means_the_same_in_another_language(open_page, sign_in, alerts, database):
    for locale in ("en", "zh-TW"):
        page = open_page(locale=locale)
        opened(page, alerts, sign_in, "tina", "/cases?station=KHH&checklist=phone&item=ATD-02")
        expect(cards(page)).to_have_count(2)
        expect(page.locator(".st-key-address_station")).to_contain_text("KHH")


def test_back_in_the_browser_takes_a_filter_away(page, sign_in, alerts, database):
    opened(page, alerts, sign_in, "tina", "/cases?station=KHH")
    expect(cards(page)).to_have_count(3)
    choose(page, "item", "ATD-02")
    expect(cards(page)).to_have_count(2)
    page.wait_for_url("**item=ATD-02*")
    page.go_back()
    expect(cards(page)).to_have_count(3)


def test_the_list_is_read_by_key(page, sign_in, alerts, database):
    opened(page, alerts, sign_in, "tina", "/cases?station=KHH")
    expect(cards(page)).to_have_count(3)
    page.locator(".cases").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(cards(page).nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".reading")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="K-2", exact=True)).to_be_visible()


def test_markup_of_others_is_only_text(page, sign_in, alerts, database):
    opened(page, alerts, sign_in, "tina", "/cases?station=KHH")
    expect(cards(page)).to_have_count(3)
    cards(page).first.dblclick()
    expect(page.get_by_role("heading", name="K-1", exact=True)).to_be_visible()
    expect(page.locator(".turn").nth(2)).to_contain_text(MARKUP)
    expect(page.locator(".note.whole")).to_contain_text(MARKUP)
    assert page.locator(".reading img, .reading a, .reading script, .reading strong").count() == 0
    assert alerts == []


def test_a_dialog_keeps_language_and_words_when_something_is_missing(
    open_page, sign_in, alerts, database
):
    page, say = open_page(locale="zh-TW"), translations("zh_TW").gettext
    opened(page, alerts, sign_in, "quinn", "/cases?item=LNG-03")
    cards(page).first.dblclick()
    page.get_by_role("button", name=say("Void"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=say("Void"), exact=True).click()
    expect(dialog.get_by_text(say("Give a reason."))).to_be_visible()
    expect(dialog.get_by_text(say("Reason"), exact=True)).to_be_visible()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
@pytest.mark.parametrize("visit", ["tina /cases?station=KHH", "tina /case?id=1", "kim /my_results"])
def test_a_phone_shows_the_whole_width(open_page, sign_in, alerts, database, locale, visit):
    username, path = visit.split()
    page = open_page(locale=locale)
    opened(page, alerts, sign_in, username, path)
    page.set_viewport_size({"width": 390, "height": 844})
    shown = page.locator(".reading" if "id=" in path else ".cases")
    expect(shown.first).to_be_visible()
    settled(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert shown.first.evaluate("each => each.scrollWidth <= each.clientWidth + 1")


def test_on_a_phone_the_case_that_is_chosen_comes_into_view(open_page, sign_in, alerts, database):
    page = open_page(locale="en")
    opened(page, alerts, sign_in, "tina", "/cases")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(cards(page)).to_have_count(4)
    cards(page).first.click()
    expect(page.locator(".st-key-preview_head")).to_be_in_viewport()
    expect(cards(page).first).not_to_be_in_viewport()


def test_on_a_phone_the_case_is_read_in_two_tabs(open_page, sign_in, alerts, database):
    page = open_page()
    opened(page, alerts, sign_in, "tina", "/case?id=1")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".losses")).to_be_visible()
    expect(page.locator(".encounter")).to_be_hidden()
    page.locator(".item", has_text="ATD-02").locator("button.place").click()
    expect(page.locator(".encounter")).to_be_visible()
    page.locator(".turn.lost button.chip").first.click()
    expect(page.locator(".item", has_text="ATD-02")).to_be_in_viewport()


def test_staff_acknowledge_their_result(page, sign_in, alerts, database):
    opened(page, alerts, sign_in, "kim", "/my_results")
    expect(cards(page)).to_have_count(3)
    cards(page).first.click()
    page.get_by_role("button", name="I have seen this result").click()
    expect(page.get_by_text("Acknowledged ", exact=False).first).to_be_visible()
    assert alerts == []


def test_from_two_stations_to_a_set_to_a_practice(open_page, sign_in, alerts, database):
    """One low etiquette case of each station; irma judges all items as alice did but ATD-02."""
    page = open_page()
    opened(page, alerts, sign_in, "tina", "/cases?station=KHH,TPE-PHONE&section=attitude")
    expect(cards(page)).to_have_count(3)
    for case_no in ("K-2", "T-1"):
        cards(page).filter(has_text=case_no).locator(".pick").click()
    page.get_by_role("button", name="Add 2 to set").click()
    page.get_by_label("Title of the new set").fill("Patience")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("2 cases are in the set.")).to_be_visible()
    page.goto("/case_sets")
    page.get_by_role("link", name="Patience").click()
    page.get_by_label("Question for the class").fill("What would you say?")
    page.get_by_label("Question for the class").blur()
    expect(page.get_by_text(re.compile("^Saved .*:")).first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Issue version 1").click()
    with page.expect_popup() as waiting:
        page.get_by_role("button", name="Handouts and slides").click()
        page.get_by_role("link", name="Present").click()
    wall = waiting.value
    expect(wall.get_by_text("1 / 3")).to_be_visible()  # its script listens now
    wall.keyboard.press("ArrowRight")
    expect(wall.get_by_text("What would you say?")).to_be_visible()
    expect(wall.locator(".slide.shown .answer")).to_be_hidden()
    wall.keyboard.press("Space")
    expect(wall.locator(".slide.shown .answer")).to_contain_text("Patient")
    page.get_by_role("link", name="Hold a practice").click()
    page.get_by_label("Title").fill("Patience practice")
    takers = page.get_by_role("combobox", name="Who takes part")
    takers.fill("Irma")
    takers.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open the practice").click()
    expect(page.get_by_text("nobody has finished yet")).to_be_visible()

    pupil = open_page()
    opened(pupil, alerts, sign_in, "irma", "/my_practice")
    pupil.get_by_role("link", name="Score the cases").click()
    for number in (1, 2):
        _practised(pupil, database, f"{number} / 2")
    expect(pupil.get_by_text("Every case is handed in.")).to_be_visible()
    pupil.get_by_role("button", name="To my practice").click()
    expect(pupil.get_by_text("passed", exact=False).first).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 of 1 have finished; 1 reached 80 %.")).to_be_visible()
    assert alerts == []


def _practised(page, database, place):
    """Everything met, as `best_answers` has it; the pad is blind and knows no case number."""
    with database.reading() as session:
        items = checklist_of(session, version_of(session, "phone")).by_key
    pad = page.locator(".pad")
    expect(pad.locator("h1")).to_contain_text(f"Patience practice · {place}")
    expect(pad.get_by_role("button", name="Put aside")).to_have_count(0)
    desk = Pad(page)
    for _ in range(80):
        key = desk.focused()
        if desk.chosen(key):
            break
        desk.press({"graded": "4", "clock": "/"}.get(items[key].kind, "1"))
    desk.press("Control+Enter")
