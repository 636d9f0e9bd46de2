"""What a clock says: worked examples, limits by level and channel, warnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import (
    Calendar,
    ClockRules,
    ClockRun,
    ClockState,
    Limit,
    LimitLine,
    Limits,
    LimitStatus,
    Wait,
    read,
    waits_within,
)
from core.clock.opening_hours import END_OF_TIME
from core.errors import InvalidInput
from tests.support.clock_runs import (
    HOUR,
    IMPORTANT,
    MINUTE,
    OFFICE,
    ORDINARY,
    URGENT,
    at,
    within,
)


class TestTheComplaintOfTheSpecification:
    """Received 2 March 9:10, to be told within 48 h; waiting 3 March 8:00 to 4 March 14:30."""

    received = at("02T09:10")
    waits = (Wait(at("03T08:00"), at("04T14:30")),)

    def read(self, stop, hours=48):
        waits = waits_within(self.waits, self.received, stop)
        return read(ClockRun(self.received, stop, IMPORTANT, waits=waits), within(hours), now=stop)

    def test_the_first_answer_is_met(self):
        reading = self.read(at("02T17:45"), hours=24)
        assert (reading.state, reading.elapsed) == (ClockState.MET, 8 * HOUR + 35 * MINUTE)

    def test_it_is_due_48_hours_and_the_waiting_later(self):
        assert self.read(at("05T10:00")).due == at("05T15:40")

    def test_what_is_executed_is_met(self):
        """72:50 − 30:30 = 42:20."""
        reading = self.read(at("05T10:00"))
        assert (reading.state, reading.elapsed) == (ClockState.MET, 42 * HOUR + 20 * MINUTE)
        assert (reading.paused, reading.closed) == (30 * HOUR + 30 * MINUTE, timedelta())

    def test_what_is_told_is_late(self):
        reading = self.read(at("05T20:00"))
        assert (reading.state, reading.elapsed) == (ClockState.LATE, 52 * HOUR + 20 * MINUTE)
        assert (reading.late_by, reading.late_since) == (4 * HOUR + 20 * MINUTE, at("05T15:40"))

    def test_waiting_that_ends_an_hour_later_moves_it_by_an_hour(self):
        waits = (Wait(at("03T08:00"), at("04T15:30")),)
        run = ClockRun(self.received, at("05T20:00"), waits=waits)
        reading = read(run, within(48), now=at("06T00:00"))
        assert (reading.due, reading.late_by) == (at("05T16:40"), 3 * HOUR + 20 * MINUTE)


@pytest.mark.parametrize("limit", [Limit(8 * HOUR), Limit(days=1)])
def test_eight_working_hours_from_friday_1630(limit):
    """1 h 30 min on Friday and 6 h 30 min on Monday, or on Tuesday; a working day has 9 hours."""
    rules = ClockRules(Limits((LimitLine(limit),)), OFFICE)
    received = ClockRun(at("06T16:30"))
    later = HOUR if limit.days else timedelta()
    assert read(received, rules, now=at("06T17:00")).due == at("09T15:30") + later
    off = replace(OFFICE, free_days=frozenset({date(2026, 3, 9)}))
    rules = replace(rules, calendar=off)
    assert read(received, rules, now=at("06T17:00")).due == at("10T15:30") + later


@pytest.mark.parametrize("limit", [Limit(24 * HOUR), Limit(days=1)])
@pytest.mark.parametrize(
    ("start", "due"), [("2026-10-31T12:00", "2026-11-01T11:00"), ("07T12:00", "08T13:00")]
)
def test_24_hours_in_new_york_when_the_clocks_go_back_and_forward(limit, start, due):
    zone = "America/New_York"
    rules = ClockRules(Limits((LimitLine(limit),)), Calendar(zone))
    reading = read(ClockRun(at(start, zone)), rules, now=at(start, zone))
    assert reading.due.astimezone(ZoneInfo(zone)) == at(due, zone)


class TestLimits:
    def test_the_limit_itself_is_met_and_a_microsecond_more_is_late(self):
        start, tick = at("02T09:00"), timedelta(microseconds=1)
        exact = read(ClockRun(start, start + HOUR), within(1), now=start)
        over = read(ClockRun(start, start + HOUR + tick), within(1), now=start)
        assert (exact.state, over.state, over.late_by) == (ClockState.MET, ClockState.LATE, tick)

    def test_a_limit_of_nothing_is_due_at_once_even_when_closed(self):
        saturday = at("07T12:00")
        reading = read(ClockRun(saturday), within(0, OFFICE), now=saturday)
        assert (reading.due, reading.warn_at, reading.is_late) == (saturday, saturday, False)

    def test_closing_time_is_due_and_not_late_until_it_opens_again(self):
        """9 h from Friday 9:00: due at 18:00; on Saturday nothing more has passed."""
        run = ClockRun(at("06T09:00"))
        saturday, monday = at("07T12:00"), at("09T09:01")
        reading = read(run, within(9, OFFICE), now=saturday)
        assert (reading.due, reading.is_late) == (at("06T18:00"), False)
        reading = read(run, within(9, OFFICE), now=monday)
        assert (reading.late_by, reading.late_since) == (MINUTE, at("09T09:00"))

    def test_the_line_for_level_and_channel_goes_before_that_for_the_level(self):
        limits = Limits(
            (
                LimitLine(Limit(1 * HOUR), level=URGENT, channel="chat"),
                LimitLine(Limit(2 * HOUR), level=URGENT),
                LimitLine(Limit(3 * HOUR), channel="chat"),
                LimitLine(Limit(4 * HOUR)),
            )
        )
        hours = [
            limits.line(level, channel).limit.time / HOUR
            for level in (URGENT, ORDINARY)
            for channel in ("chat", "phone")
        ]
        assert hours == [1, 2, 3, 4]
        assert Limits(limits.lines[1:]).line(URGENT, "chat").limit == Limit(2 * HOUR)
        assert Limits(limits.lines[:1]).line(URGENT, "phone").status is LimitStatus.UNSET

    def test_a_clock_without_a_limit_shows_what_has_passed(self):
        run = ClockRun(at("02T09:00"))
        for line in ((), (LimitLine(Limit(HOUR), LimitStatus.OFF),)):
            rules = ClockRules(Limits(line))
            reading = read(run, rules, now=at("02T12:00"))
            assert (reading.state, reading.elapsed) == (ClockState.RUNNING, 3 * HOUR)
            assert (reading.due, reading.warn_at, reading.counts) == (None, None, False)
            stopped = read(replace(run, stop=at("02T13:00")), rules, now=at("03T12:00"))
            assert (stopped.state, stopped.elapsed) == (ClockState.ENDED, 4 * HOUR)

    def test_a_limit_to_be_checked_is_judged_and_does_not_count(self):
        run = ClockRun(at("02T09:00"), at("02T11:00"))
        for status, counts in ((LimitStatus.USE, True), (LimitStatus.CHECK, False)):
            rules = ClockRules(Limits((LimitLine(Limit(HOUR), status),)))
            reading = read(run, rules, now=at("03T09:00"))
            assert (reading.state, reading.counts) == (ClockState.LATE, counts)

    def test_a_period_ends_with_the_day_some_months_later(self):
        """Reviewed on 31 August, due until the end of 28 February; waiting moves nothing."""
        period = LimitLine(Limit(months=6), LimitStatus.PERIOD)
        run = ClockRun(
            at("2026-08-31T10:00"), waits=(Wait(at("2026-09-01T00:00"), at("2026-10-01T00:00")),)
        )
        for calendar in (Calendar("Asia/Taipei"), OFFICE):
            rules = ClockRules(Limits((period,)), calendar)
            reading = read(run, rules, now=at("2026-12-01T00:00"))
            assert (reading.due, reading.counts) == (at("2027-03-01T00:00"), True)
            done = read(
                replace(run, stop=at("2027-02-28T23:59")), rules, now=at("2027-03-01T00:00")
            )
            assert done.state is ClockState.MET
            late = read(
                replace(run, stop=at("2027-03-01T10:00")), rules, now=at("2027-03-01T00:00")
            )
            assert late.state is ClockState.LATE

    @pytest.mark.parametrize(
        ("amounts", "sentence"),
        [
            ({"time": -HOUR}, "not below 0"),
            ({"days": -1}, "not below 0"),
            ({"days": 10**12}, "at most 100 years"),
            ({"months": 1201}, "at most 100 years"),
            ({"time": HOUR, "days": 1}, "not of two"),
            ({"days": 1, "months": 1}, "not of two"),
        ],
    )
    def test_an_amount_that_cannot_be_is_refused(self, amounts, sentence):
        with pytest.raises(InvalidInput, match=sentence):
            Limit(**amounts)

    @pytest.mark.parametrize(
        ("limit", "status", "sentence"),
        [
            (None, LimitStatus.USE, "has a time or days"),
            (None, LimitStatus.CHECK, "has a time or days"),
            (Limit(months=6), LimitStatus.USE, "has a time or days"),
            (Limit(days=3), LimitStatus.PERIOD, "a number of months"),
            (None, LimitStatus.PERIOD, "a number of months"),
            (Limit(days=3), LimitStatus.UNSET, "has no amount"),
        ],
    )
    def test_a_limit_that_does_not_fit_its_status_is_refused(self, limit, status, sentence):
        with pytest.raises(InvalidInput, match=sentence):
            LimitLine(limit, status)

    def test_two_limits_for_the_same_level_and_channel_are_refused(self):
        line = LimitLine(Limit(HOUR), level=URGENT)
        with pytest.raises(InvalidInput, match="same level and channel"):
            Limits((line, replace(line, limit=Limit(2 * HOUR))))
        Limits((line, replace(line, channel="chat")))

    def test_a_limit_that_ends_after_the_last_year_is_refused_or_the_last_moment(self):
        start = datetime(9999, 6, 1, tzinfo=UTC)
        period = Limits((LimitLine(Limit(months=12), LimitStatus.PERIOD),))
        with pytest.raises(InvalidInput, match="never reached"):
            read(ClockRun(start), ClockRules(period), now=start)
        assert read(ClockRun(start), within(9000), now=start).due == END_OF_TIME

    def test_a_limit_of_a_calendar_that_never_opens_is_refused(self):
        closed = Calendar("Asia/Taipei", ())
        with pytest.raises(InvalidInput, match="closed all week"):
            read(ClockRun(at("02T09:00")), within(1, closed), now=at("03T09:00"))
        reading = read(ClockRun(at("02T09:00")), ClockRules(Limits(), closed), now=at("03T09:00"))
        assert (reading.elapsed, reading.closed) == (timedelta(), 24 * HOUR)


class TestWarning:
    def test_it_is_due_soon_when_three_quarters_have_passed(self):
        """48 h from 2 March 9:10 and 30 h 30 min of waiting: 36 h are over on 5 March 3:40."""
        waits = (Wait(at("03T08:00"), at("04T14:30")),)
        run = ClockRun(at("02T09:10"), waits=waits)
        warn_at = at("05T03:40")
        for now, soon in ((warn_at - MINUTE, False), (warn_at, True), (at("05T15:41"), False)):
            reading = read(run, within(48), now=now)
            assert (reading.warn_at, reading.is_due_soon) == (warn_at, soon)

    def test_what_has_stopped_is_not_due_soon(self):
        run = ClockRun(at("02T09:00"), at("02T09:50"))
        assert not read(run, within(1), now=at("02T09:55")).is_due_soon

    def test_it_keeps_to_opening_hours(self):
        """Three quarters of 8 h are 6 h: Friday 16:30 to 18:00 and Monday 9:00 to 13:30."""
        assert read(ClockRun(at("06T16:30")), within(8, OFFICE), now=at("06T17:00")).warn_at == at(
            "09T13:30"
        )
