"""Days and moments of a time zone, on the days on which its clocks leap too."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.clock.days import (
    add_months,
    at_wall_clock,
    begin_of,
    day_of,
    days_left,
    first_moment,
    last_day,
    moments_of,
    wall_time,
)
from core.errors import InvalidInput
from tests.support.requirements import ROOT

CASES = json.loads((ROOT / "tests/data/clock_cases.json").read_text("utf-8"))["wall_times"]
LATE = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)  # 11 June, 04:00 in Taipei
LEAPING = (
    *("America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Beirut"),
    *("America/Havana", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Asia/Taipei"),
)


def test_it_is_another_day_in_another_zone():
    assert day_of(LATE, "UTC") == date(2026, 6, 10)
    assert day_of(LATE, "Asia/Taipei") == date(2026, 6, 11)
    assert str(at_wall_clock(LATE, "Asia/Taipei")) == "2026-06-11 04:00:00+08:00"


@pytest.mark.parametrize("zone", ["Nowhere/Town", "", "../etc/passwd", "Asia", "a\0b"])
def test_a_zone_that_nobody_knows_is_refused(zone):
    with pytest.raises(InvalidInput, match="Unknown time zone"):
        day_of(LATE, zone)


def test_days_are_counted_on_the_stations_calendar():
    assert last_day(LATE, "UTC", 14) == date(2026, 6, 24)
    assert last_day(LATE, "Asia/Taipei", 14) == date(2026, 6, 25)


def test_the_last_day_counts_to_its_end_at_the_station():
    last = last_day(LATE, "Asia/Taipei", 14)
    assert days_left(last, LATE, "Asia/Taipei") == 14
    assert days_left(last, datetime(2026, 6, 25, 15, 59, tzinfo=UTC), "Asia/Taipei") == 0
    assert days_left(last, datetime(2026, 6, 25, 16, 0, tzinfo=UTC), "Asia/Taipei") == -1


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 1, 1), date(2026, 7, 1)),
        (date(2026, 12, 15), date(2027, 6, 15)),
    ],
)
def test_half_a_year_later_is_the_same_day_or_the_months_last(day, later):
    assert add_months(day, 6) == later


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['shown']} {case['zone']}")
def test_a_time_read_off_a_clock_is_the_first_that_it_can_be(case):
    moment = datetime.fromisoformat(case["moment"])
    assert wall_time(datetime.fromisoformat(case["shown"]), case["zone"]) == moment


@pytest.mark.parametrize(
    ("shown", "moments"),
    [
        ("2026-03-08T01:59", ["2026-03-08T06:59Z"]),
        ("2026-03-08T02:30", []),
        ("2026-11-01T01:30", ["2026-11-01T05:30Z", "2026-11-01T06:30Z"]),
        ("2026-11-01T02:00", ["2026-11-01T07:00Z"]),
    ],
)
def test_a_clock_shows_a_time_once_twice_or_never(shown, moments):
    times = moments_of(datetime.fromisoformat(shown), "America/New_York")
    assert times == tuple(datetime.fromisoformat(moment) for moment in moments)


@pytest.mark.parametrize(
    ("shown", "zone", "moment"),
    [
        ("2026-03-08T02:00", "America/New_York", "2026-03-08T07:00Z"),
        ("2026-03-08T02:30", "America/New_York", "2026-03-08T07:00Z"),  # leapt over
        ("2026-03-08T02:00:00.5", "America/New_York", "2026-03-08T07:00Z"),
        ("2026-03-08T03:00", "America/New_York", "2026-03-08T07:00Z"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00Z"),  # Samoa had no 30 December
    ],
)
def test_the_first_moment_of_a_time_that_is_leapt_over_is_the_leap(shown, zone, moment):
    moment = datetime.fromisoformat(moment)
    assert first_moment(datetime.fromisoformat(shown), zone) == moment


def test_a_day_begins_when_the_clock_first_shows_it():
    assert begin_of(date(2026, 3, 10), "Asia/Taipei") == datetime(2026, 3, 9, 16, tzinfo=UTC)
    # Beirut goes from 0:00 to 1:00 on 29 March 2026, Havana twice over 0:00 on 1 November 2026.
    assert begin_of(date(2026, 3, 29), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert begin_of(date(2026, 11, 1), "America/Havana") == datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("zone", LEAPING)
def test_first_moments_are_those_that_a_walk_over_the_minutes_meets(zone):
    """At every change of the clocks in two years and a half, seen from a day before."""
    rng, clock = Random(zone), ZoneInfo(zone)
    hours = [datetime(2010, 6, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 900)]
    offsets = [moment.astimezone(clock).utcoffset() for moment in hours]
    changes = [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]] or hours[:1]
    for change in changes:
        minutes = [change + timedelta(minutes=n) for n in range(-1440, 1440)]
        shown = [moment.astimezone(clock).replace(tzinfo=None) for moment in minutes]
        first = shown[0] + timedelta(minutes=1)
        for _ in range(40):
            sought = first + timedelta(minutes=rng.randrange(2600))
            if sought > max(shown):
                continue
            index = next(n for n, time in enumerate(shown) if time >= sought)
            assert first_moment(sought, zone) == minutes[index], (zone, sought)
