"""All times of a page are of one zone, which its foot says once.

`one_zone_on_a_page` of tests/app/conftest.py fails every test whose page shows two.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.cases.queries.case import case
from pages.ui.cases.printing import result_page
from pages.ui.kit import days
from pages.ui.kit.messages import moment, use_language, zone_name, zones_noted
from tests.support.house.app_pages import opened, said
from tests.support.inspection.inspecting import NO

EVENING = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)
YOURS = "Times are in your time zone: UTC."
STATIONS = "Times are in the time zone of the station: Taipei."


def lines(app):
    return [text for text in said(app) if text.startswith("Times are in")]


@pytest.mark.parametrize(("who", "page"), [("alice", "my_work.py"), ("bob", "give.py")])
def test_lists_have_the_readers_zone(world, open_app, who, page):
    """The browser of a test says none, which is Greenwich's; the station is in Taipei."""
    world.assigned()
    assert lines(opened(open_app(who), page)) == [YOURS]


def test_a_record_of_a_station_has_the_stations_zone(world, open_app):
    made = world.scored(HELLO=NO)
    assert lines(opened(open_app("bob"), "case.py", id=made)) == [STATIONS]


def test_a_page_without_times_says_nothing_of_zones(world, open_app):
    assert lines(opened(open_app("bob"), "standards.py")) == []


def test_a_reader_at_the_station_is_told_that_the_times_are_the_readers(
    world, open_app, monkeypatch
):
    monkeypatch.setattr(days, "reader_zone", lambda: "Asia/Taipei")
    made = world.scored(HELLO=NO)
    app = opened(open_app("bob"), "case.py", id=made)
    assert lines(app) == ["Times are in your time zone: Taipei."]


def test_a_printed_result_names_the_zone_of_its_times(world):
    made = world.scored()
    view = world.one(lambda session: case(session, world.bob, made))
    facts = result_page(world.bob, view, EVENING)["facts"]
    named = [fact["value"] for fact in facts if fact["name"] == "Time zone"]
    assert named == ["Taipei"]


def test_zones_are_noted_as_times_are_written():
    with zones_noted() as zones:
        assert days.page_zone() == "UTC"
        moment(EVENING, "Asia/Taipei")
        moment(EVENING, "Asia/Manila")
        assert days.page_zone() == "Asia/Taipei"
    moment(EVENING, "Europe/Paris")
    assert list(zones) == ["Asia/Taipei", "Asia/Manila"]


@pytest.mark.parametrize(
    ("language", "taipei", "greenwich"),
    [("en", "Taipei", "UTC"), ("zh_TW", "台北", "UTC"), ("zh_CN", "台北", "UTC")],
)
def test_a_zone_is_called_by_its_city(language, taipei, greenwich):
    use_language(language)
    names = zone_name("Asia/Taipei"), zone_name("UTC")
    use_language("en")
    assert names == (taipei, greenwich)
