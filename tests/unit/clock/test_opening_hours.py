"""Open time of a station: hours, free days, days of 23 and 25 hours, many years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.clock import ALWAYS_OPEN, ROUND_THE_CLOCK, Calendar, Opening
from core.clock.opening_hours import END_OF_TIME, _table
from core.errors import InvalidInput

NINE_TO_SIX = tuple(Opening(weekday, time(9), time(18)) for weekday in range(5))
OFFICE = Calendar("Asia/Taipei", NINE_TO_SIX)
HOUR = timedelta(hours=1)


def at(text, zone="Asia/Taipei"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def daily(opens, closes):
    return tuple(Opening(weekday, opens, closes) for weekday in range(7))


def test_a_station_without_hours_is_always_open():
    begin, end = at("2026-03-02T09:10"), at("2026-03-05T15:40")
    assert ALWAYS_OPEN.open_time(begin, end) == timedelta(hours=78, minutes=30)
    assert ALWAYS_OPEN.after(begin, timedelta(hours=78, minutes=30)) == end
    assert Calendar(openings=tuple(reversed(ROUND_THE_CLOCK))).has_hours is False


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25)])
def test_a_day_is_as_long_as_the_clocks_of_its_zone_make_it(day, hours):
    begin = at(f"{day}T00:00", "America/New_York")
    assert ALWAYS_OPEN.open_time(begin, begin + timedelta(days=1)) == hours * HOUR


def test_only_open_time_counts():
    """Friday 16:30 to Monday 10:00: 1 h 30 min and 1 h."""
    assert OFFICE.open_time(at("2026-03-06T16:30"), at("2026-03-09T10:00")) == 2.5 * HOUR
    assert OFFICE.open_time(at("2026-03-07T00:00"), at("2026-03-08T23:00")) == timedelta()


def test_a_free_day_is_closed():
    calendar = Calendar("Asia/Taipei", NINE_TO_SIX, frozenset({date(2026, 3, 9)}))
    assert calendar.open_time(at("2026-03-06T16:30"), at("2026-03-10T10:00")) == 2.5 * HOUR
    always = Calendar("Asia/Taipei", free_days=frozenset({date(2026, 3, 9)}))
    assert always.open_time(at("2026-03-08T22:00"), at("2026-03-10T10:00")) == 12 * HOUR


def test_hours_are_the_stations_own():
    """9:00 in Taipei is 1:00 UTC."""
    assert OFFICE.after(datetime(2026, 3, 9, tzinfo=UTC), HOUR) == datetime(
        2026, 3, 9, 2, tzinfo=UTC
    )


def test_what_is_reached_at_closing_time_is_reached_then_and_not_next_morning():
    assert OFFICE.after(at("2026-03-06T16:30"), 1.5 * HOUR) == at("2026-03-06T18:00")


def test_lunch_hours_are_closed():
    calendar = Calendar("Asia/Taipei", daily(time(9), time(12)) + daily(time(13), time(18)))
    assert calendar.open_time(at("2026-03-06T11:30"), at("2026-03-06T13:30")) == HOUR


def test_a_night_desk_is_two_openings():
    """Friday 22:00 to 24:00 and Saturday 0:00 to 6:00."""
    night = (Opening(4, time(22), time()), Opening(5, time(), time(6)))
    calendar = Calendar("Asia/Taipei", night)
    assert calendar.open_time(at("2026-03-06T12:00"), at("2026-03-07T12:00")) == 8 * HOUR


@pytest.mark.parametrize(
    ("day", "opens", "closes", "hours"),
    [
        ("2026-03-08", time(), time(6), 5.0),  # forward at 2:00
        ("2026-11-01", time(), time(6), 7.0),  # back at 2:00
        ("2026-03-08", time(2, 30), time(6), 3.0),  # opens in the leap, so at 3:00
        ("2026-03-08", time(1), time(2, 30), 1.0),  # closes in the leap, so at 2:00
        ("2026-03-08", time(2, 15), time(2, 45), 0.0),  # leapt over
        ("2026-11-01", time(1, 15), time(1, 45), 0.5),  # shown twice, open once
        ("2026-11-01", time(), time(1, 30), 1.5),
        ("2026-11-01", time(1, 30), time(6), 5.5),
        ("2026-03-08", time(9), time(18), 9.0),
    ],
)
def test_hours_on_the_days_on_which_new_yorks_clocks_leap(day, opens, closes, hours):
    calendar = Calendar("America/New_York", daily(opens, closes))
    begin = at(f"{day}T00:00", "America/New_York")
    end = at(f"{day}T23:59", "America/New_York")
    assert calendar.open_time(begin, end) == hours * HOUR


def test_openings_that_meet_in_a_leap_or_in_a_repeated_hour_count_every_moment_once():
    split = Calendar("America/New_York", daily(time(), time(1, 30)) + daily(time(1, 30), time()))
    for day in ("2026-03-08", "2026-11-01"):
        begin = at(f"{day}T00:00", "America/New_York")
        end = begin.astimezone(UTC) + timedelta(hours=23)
        assert split.open_time(begin, end) == 23 * HOUR


@pytest.mark.parametrize(("begin", "end"), [(1996, 2026), (2026, 2027)])
def test_thirty_years_are_as_many_working_days_as_numpy_counts(begin, end):
    """Taiwan's clocks do not leap in these years; 9 hours on each day from Monday to Friday."""
    free = frozenset(
        date(year, 10, 9) for year in range(begin, end) if date(year, 10, 9).weekday() < 5
    )
    calendar = Calendar("Asia/Taipei", NINE_TO_SIX, free)
    first, last = datetime(begin, 5, 1), datetime(end, 5, 1)
    days = np.busday_count(first.date(), last.date(), holidays=sorted(free))
    zone = ZoneInfo("Asia/Taipei")
    open_time = calendar.open_time(first.replace(tzinfo=zone), last.replace(tzinfo=zone))
    assert open_time == int(days) * 9 * HOUR
    reached = calendar.after(first.replace(tzinfo=zone), open_time)
    assert calendar.open_time(reached, last.replace(tzinfo=zone)) == timedelta()


def test_a_span_of_years_reads_a_table_for_each_and_the_next_reading_none():
    calendar = Calendar("Asia/Taipei", NINE_TO_SIX, frozenset({date(1999, 1, 1)}))
    before = _table.cache_info().misses
    for _ in range(100):
        calendar.open_time(at("2001-05-05T12:00"), at("2030-05-05T12:00"))
    assert _table.cache_info().misses - before <= 30


def test_a_working_day_is_the_share_of_a_day_however_long_that_one_is():
    """Friday 16:30 leaves 1.5 of 9 hours, a sixth; five sixths of Saturday's 4 hours are 3 h 20."""
    calendar = Calendar("Asia/Taipei", (*NINE_TO_SIX, Opening(5, time(9), time(13))))
    friday = at("2026-03-06T16:30")
    assert calendar.after_working_days(friday, Fraction(1)) == at("2026-03-07T12:20")
    assert calendar.working_days(friday, at("2026-03-07T12:20")) == 1
    assert OFFICE.after_working_days(friday, Fraction(1)) == at("2026-03-09T16:30")
    assert OFFICE.after_working_days(friday, Fraction(6)) == at("2026-03-16T16:30")


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "sentence"),
    [
        (7, time(9), time(18), "A day of the week is a number from 0"),
        (0, time(18), time(9), "Opening hours end before they begin"),
        (0, time(9), time(9), "Opening hours end before they begin"),
        (0, time(9, tzinfo=UTC), time(18), "without a zone"),
    ],
)
def test_an_opening_that_cannot_be_is_refused(weekday, opens, closes, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        Opening(weekday, opens, closes)


@pytest.mark.parametrize(("opens", "closes"), [(time(17), time()), (time(8), time(10))])
def test_openings_of_a_day_that_overlap_are_refused(opens, closes):
    for pair in (
        (Opening(0, opens, closes), NINE_TO_SIX[0]),
        (NINE_TO_SIX[0], Opening(0, opens, closes)),
    ):
        with pytest.raises(InvalidInput, match="Opening hours overlap"):
            Calendar(openings=pair)
    Calendar(openings=(NINE_TO_SIX[0], Opening(1, opens, closes)))


def test_a_calendar_of_a_zone_that_nobody_knows_is_refused():
    with pytest.raises(InvalidInput, match="Unknown time zone: Mars/Base"):
        Calendar("Mars/Base")


def test_a_free_day_on_which_the_station_is_closed_anyway_is_refused_where_it_is_entered():
    sunday = Calendar("Asia/Taipei", NINE_TO_SIX, frozenset({date(2026, 3, 8)}))
    with pytest.raises(InvalidInput, match="2026-03-08 is no free day"):
        sunday.refuse_idle_free_days()
    Calendar("Asia/Taipei", NINE_TO_SIX, frozenset({date(2026, 3, 9)})).refuse_idle_free_days()


def test_what_lies_outside_of_the_years_that_are_counted_is_refused_not_searched_for():
    with pytest.raises(InvalidInput, match="counts from 1970 to 2200"):
        OFFICE.open_time(datetime(1500, 1, 1, tzinfo=UTC), at("2026-03-06T16:30"))
    with pytest.raises(InvalidInput, match="never reached"):
        OFFICE.after(at("2199-03-06T16:30"), timedelta(days=4000))
    assert ALWAYS_OPEN.after(at("2026-03-06T16:30"), timedelta.max) == END_OF_TIME
