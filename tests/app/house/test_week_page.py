"""This week, as it begins for whoever manages: what waits, and the way to everything else."""

from __future__ import annotations

import pytest

from core.access import Role
from pages.ui import menus
from pages.ui.kit.messages import escape_markdown
from tests.factories import identity, make_user
from tests.support.appeals.appeal_pages import raised
from tests.support.house.app_pages import opened, said

WEEK = "this_week.py"


def links(app):
    return [link.proto.label for link in app.get("page_link")]


@pytest.fixture
def manny(wired):
    with wired.transaction() as session:
        make_user(session, "manny", Role.STATION_MANAGER, station_id=wired.station_id)


@pytest.mark.parametrize("reader", ["bob", "tina", "manny"])
def test_the_pages_of_no_menu_are_linked_from_the_week(world, manny, open_app, reader):
    app = opened(open_app(reader), WEEK)
    with world.seeded.reading() as session:
        beside = menus.beside_menu(identity(session, reader))
    assert {escape_markdown(entry.title) for entry in beside} <= set(links(app))


def test_with_nothing_to_do_the_week_says_so(wired, open_app):
    app = opened(open_app("bob"), WEEK)
    assert "Nothing waits for you." in [text.value for text in app.caption]


def test_the_week_counts_what_waits_and_leads_there(world, open_app):
    """The world's own call was due in March 2026; of the other, scored, one item is appealed."""
    raised(world)
    shown = links(opened(open_app("bob"), WEEK))
    assert r"Appeals\: 1 appeal to decide" in shown
    assert r"Coverage\: 1 inspection overdue" in shown


def test_who_sees_one_station_counts_its_overdue_and_no_decisions(world, manny, open_app):
    raised(world)
    shown = links(opened(open_app("manny"), WEEK))
    assert r"Coverage\: 1 inspection overdue" in shown
    assert not [label for label in shown if "to decide" in label]


def test_effects_of_all_stations_are_not_told_to_who_sees_some(world, manny, open_app):
    assert "Last effects" not in "".join(said(opened(open_app("manny"), WEEK)))
    assert "Last effects" in "".join(said(opened(open_app("bob"), WEEK)))
