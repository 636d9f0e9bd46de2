"""The manager's way from the ranking to the case, in the real portal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core.access import Role
from db.store import session as sessions
from tests import factories
from tests.factories import make_user
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.ranking.three_stations import make_stations, scored


@pytest.fixture(scope="module")
def database(sqlite_databases):
    with sqlite_databases.like("three stations", make_stations) as engine:
        with sessions.transaction(engine) as session:
            make_user(session, "miriam", Role.QUALITY_MANAGER, language=None)
        yield factories.seeded_in(engine)


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("manager")
    with portals.serving(database.engine.url.render_as_string(), folder) as portal:
        yield portal


def figure(page, label):
    tile = page.get_by_test_id("stMetric").filter(has_text=label)
    return tile.get_by_test_id("stMetricValue")


def click_in(page, key, cell, *, x, y):
    """Click into a table once it holds the cell; x and y are counted from its upper left corner."""
    settled(page)
    target = page.locator(f".st-key-{key}")
    expect(target.locator("canvas td").filter(has_text=cell).first).to_be_attached()
    target.click(position={"x": x, "y": y})


def test_from_the_ranking_to_the_station_to_the_cases(page, sign_in, database):
    sign_in(page, "miriam")
    page.goto("/stations")
    expect(page.get_by_role("heading", name="Stations", exact=True)).to_be_visible()
    expect(page.get_by_text("Figures of ")).to_be_visible()
    click_in(page, "stations_table", "Taipei phone desk", x=60, y=55)
    expect(page.get_by_role("heading", name="Taipei phone desk", exact=True)).to_be_visible()
    page.wait_for_url(f"**station={database.station_id}*")
    expect(figure(page, "Inspections")).to_have_text("36")
    scored(database.engine, database.staff_id)
    page.reload()
    expect(figure(page, "Inspections")).to_have_text("37")
    page.get_by_role("link", name="All cases of this selection").click()
    expect(page.get_by_role("heading", name="Cases", exact=True)).to_be_visible()
    page.wait_for_url(f"**/cases*station={database.station_id}*")


def test_a_mark_of_a_chart_leads_on(page, sign_in, database):
    sign_in(page, "miriam")
    page.goto(f"/station?station={database.station_id + 1}")
    bar = page.locator(".st-key-items .mark-rect path").first
    expect(bar).to_be_visible()
    settled(page)
    bar.click()
    page.wait_for_url(re.compile("cases.*item=RIGHT"))


def test_an_address_means_the_same_in_another_language(open_page, sign_in, database):
    address = f"/station?station={database.station_id}&period=202602-202602&sample=all"
    for locale in ("en", "zh-TW"):
        page = open_page(locale=locale)
        sign_in(page, "miriam")
        page.goto(address)
        expect(page.get_by_test_id("stMetric").first).to_be_visible()
        chosen = page.locator(".st-key-address_period input")
        expect(chosen).to_have_value("2026年2月" if locale == "zh-TW" else "February 2026")
        settled(page)
        assert "sample=all" in page.url


@pytest.mark.sampled(3)
@pytest.mark.parametrize("locale", ["en", "zh-TW", "zh-CN"])
def test_a_phone_shows_the_whole_width(open_page, sign_in, database, locale):
    page = open_page(locale=locale)
    sign_in(page, "miriam")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/stations", f"/station?station={database.station_id}"):
        page.goto(address)
        expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
        settled(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_on_a_tablet_the_table_goes_below_the_chart(page, sign_in, database):
    sign_in(page, "miriam")
    page.goto("/stations")
    columns = page.get_by_test_id("stColumn").filter(visible=True)
    chart = columns.filter(has=page.get_by_test_id("stVegaLiteChart"))
    table = columns.filter(has=page.get_by_test_id("stDataFrame"))
    expect(table).to_be_visible()
    settled(page)
    assert chart.bounding_box()["y"] == table.bounding_box()["y"]
    page.set_viewport_size({"width": 820, "height": 1180})
    settled(page)
    above = chart.bounding_box()
    assert table.bounding_box()["y"] >= above["y"] + above["height"]


def test_tables_and_charts_are_downloaded_when_asked_for(page, sign_in, tmp_path):
    sign_in(page, "miriam")
    page.goto("/stations")
    expect(page.get_by_text("Figures of ")).to_be_visible()
    starts = {"CSV": b"\xef\xbb\xbf", "XLSX": b"PK", "PNG": b"\x89PNG", "SVG": b"<svg"}
    for kind, start in starts.items():
        page.locator(".st-key-stations_chart_menu button").first.click()
        choice = page.get_by_role("button", name=kind, exact=True)
        with page.expect_download() as waiting:
            choice.click()
        saved = tmp_path / kind
        waiting.value.save_as(saved)
        assert saved.read_bytes().startswith(start)
        page.keyboard.press("Escape")
        expect(choice).to_be_hidden()
