"""The reader's day is that of the browser's time zone, also where the browser says none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from core.errors import InvalidInput
from core.periods import Period
from pages.ui.kit import days, messages
from tests.support.requirements import ROOT

EVENING = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)  # Tuesday; Wednesday, 1 April, 04:00 in Taipei


@pytest.fixture
def browser(monkeypatch):
    def says(zone):
        context = SimpleNamespace(timezone=zone)
        monkeypatch.setattr("pages.ui.kit.days.st", SimpleNamespace(context=context))
        monkeypatch.setattr("pages.ui.kit.days.wiring.now", lambda: EVENING)

    return says


def test_it_is_tomorrow_already_for_a_reader_in_taipei(browser):
    browser("Asia/Taipei")
    assert days.today() == date(2026, 4, 1)
    assert days.monday() == datetime(2026, 3, 29, 16, tzinfo=UTC)


def test_a_week_begins_at_the_readers_midnight(browser):
    browser("America/New_York")
    assert days.today() == date(2026, 3, 31)
    assert days.monday() == datetime(2026, 3, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize("zone", [None, "", "Mars/Base", "Etc/Unknown"])
def test_a_zone_that_nobody_knows_is_greenwichs(browser, zone):
    browser(zone)
    assert (days.reader_zone(), days.today()) == ("UTC", date(2026, 3, 31))


def test_months_of_figures_go_by_the_portals_day(browser, wired):
    """The station's, where April has begun; its reader's is March still."""
    browser("UTC")
    assert days.today() == date(2026, 3, 31)
    assert days.running_month() == 202604
    assert days.three_months() == Period(202602, 202604)


def test_no_page_asks_for_the_readers_month():
    """What a page takes for the running month begins and ends for everybody at once."""
    asking = [
        line
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for line in path.read_text().splitlines()
        if re.search(r"month_of\(.*today|today\(?\)?.*(replace\(day=1\)|%Y%m)", line)
    ]
    assert asking == []


def test_a_moment_has_a_day_in_a_zone_only():
    assert messages.day(EVENING, "Asia/Taipei") == messages.day(date(2026, 4, 1))
    assert messages.time_of_day(EVENING, "Asia/Taipei").startswith("4:00")
    with pytest.raises(InvalidInput, match="Unknown time zone"):
        messages.day(EVENING)
