"""What a clock says: worked examples, waiting, limits by level and channel, changes of level."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.clock import (
    ALWAYS_OPEN,
    NO_LIMITS,
    Calendar,
    ClockRules,
    ClockRun,
    ClockState,
    Level,
    LevelChange,
    Limit,
    LimitLine,
    Limits,
    LimitStatus,
    Opening,
    Wait,
    read,
    waits_within,
)
from core.clock.opening_hours import END_OF_TIME
from core.errors import InvalidInput

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = Calendar("Asia/Taipei", tuple(Opening(day, time(9), time(18)) for day in range(5)))
URGENT, IMPORTANT, ORDINARY = Level


def at(text, zone="Asia/Taipei"):
    """A time of March 2026, or of the whole date that stands before it."""
    text = text if text.count("-") == 2 else f"2026-03-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def within(hours, calendar=ALWAYS_OPEN, **others):
    """Rules with one limit."""
    return ClockRules(Limits((LimitLine(Limit(hours * HOUR)),)), calendar, **others)


def by_level(urgent, important, ordinary):
    """Limits in hours."""
    hours = zip(Level, (urgent, important, ordinary), strict=True)
    return Limits(tuple(LimitLine(Limit(h * HOUR), level=level) for level, h in hours))


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


class TestWaiting:
    def test_only_open_time_counts_as_waiting(self):
        """Friday 17:00 to Monday 10:00 is 1 h and 1 h; the rest is closed."""
        run = ClockRun(
            at("06T16:30"), at("09T11:00"), waits=(Wait(at("06T17:00"), at("09T10:00")),)
        )
        reading = read(run, within(8, OFFICE), now=at("10T09:00"))
        assert (reading.paused, reading.elapsed) == (2 * HOUR, 1.5 * HOUR)
        assert reading.closed == 66.5 * HOUR - 3.5 * HOUR

    def test_waiting_that_lasts_pushes_the_due_moment_before_it(self):
        run = ClockRun(at("02T09:00"), waits=(Wait(at("02T09:30")),))
        reading = read(run, within(1), now=at("05T12:00"))
        assert (reading.is_waiting, reading.elapsed, reading.due) == (
            True,
            0.5 * HOUR,
            at("05T12:30"),
        )
        assert not reading.is_late

    def test_waiting_after_the_limit_was_passed_mends_nothing(self):
        run = ClockRun(
            at("02T09:00"), at("02T13:00"), waits=(Wait(at("02T11:00"), at("02T12:30")),)
        )
        reading = read(run, within(1), now=at("03T09:00"))
        assert (reading.due, reading.late_by) == (at("02T10:00"), 1.5 * HOUR)

    def test_waiting_for_a_whole_matter_counts_in_each_clock_as_far_as_it_ran(self):
        waits = (
            Wait(at("02T08:00"), at("02T10:00")),
            Wait(at("03T08:00")),
            Wait(at("05T08:00"), at("05T09:00")),
        )
        inside = waits_within(waits, at("02T09:00"), at("04T09:00"))
        assert inside == (
            Wait(at("02T09:00"), at("02T10:00")),
            Wait(at("03T08:00"), at("04T09:00")),
        )

    @pytest.mark.parametrize(
        ("waits", "sentence"),
        [
            ([("02T08:00", "02T10:00")], "outside of the time"),
            ([("02T12:00", "02T20:00")], "outside of the time"),
            ([("03T12:00", None)], "ends before it begins"),
            ([("02T12:00", "02T11:00")], "ends before it begins"),
            ([("02T10:00", "02T12:00"), ("02T11:00", "02T13:00")], "overlap"),
            ([("02T10:00", None), ("02T11:00", "02T13:00")], "overlap"),
        ],
    )
    def test_waiting_that_cannot_be_is_refused(self, waits, sentence):
        spans = tuple(Wait(at(began), ended and at(ended)) for began, ended in waits)
        with pytest.raises(InvalidInput, match=sentence):
            read(
                ClockRun(at("02T09:00"), at("02T18:00"), waits=spans), within(8), now=at("03T09:00")
            )

    def test_waits_that_touch_are_two(self):
        spans = tuple(Wait(at(f"02T1{n}:00"), at(f"02T1{n + 1}:00")) for n in (2, 1))
        reading = read(
            ClockRun(at("02T09:00"), at("02T18:00"), waits=spans), within(8), now=at("03T09:00")
        )
        assert reading.paused == 2 * HOUR

    def test_a_clock_that_never_pauses_refuses_waiting(self):
        run = ClockRun(at("02T09:00"), waits=(Wait(at("02T09:30")),))
        with pytest.raises(InvalidInput, match="does not stop for waiting"):
            read(run, within(1, pauses=False), now=at("02T10:00"))


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        (ClockRun(at("02T09:00"), at("02T08:59")), "stops before it starts"),
        (ClockRun(at("06T09:00")), "stops before it starts"),
        (ClockRun(datetime(2026, 3, 2, 9)), "needs its time zone"),
        (ClockRun(at("02T09:00"), datetime(2026, 3, 2, 9)), "needs its time zone"),
    ],
    ids=["stop", "now", "naive start", "naive stop"],
)
def test_times_that_contradict_each_other_are_refused(run, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        read(run, within(1), now=at("05T09:00"))


class TestChangesOfTheLevel:
    """Limits 4 h, 48 h, 72 h; first answers 10 min, 24 h, 24 h. Received 2 March 9:00."""

    rules = ClockRules(by_level(4, 48, 72), first_answer=by_level(1 / 6, 24, 24))
    start = at("02T09:00")

    def read(self, *changes, stop=None, now="09T09:00", level=ORDINARY, waits=()):
        run = ClockRun(
            self.start,
            stop and at(stop),
            level,
            changes=tuple(LevelChange(at(since), new) for since, new in changes),
            waits=waits,
        )
        return read(run, self.rules, now=at(now))

    def test_a_new_level_has_its_limit_from_the_same_start(self):
        assert self.read(now="02T10:00").due == at("05T09:00")
        assert self.read(("02T10:00", URGENT), now="02T11:00").due == at("02T13:00")
        assert self.read(("02T10:00", IMPORTANT), now="02T11:00").due == at("04T09:00")

    def test_who_gets_it_raised_late_has_the_time_of_a_first_answer(self):
        assert self.read(("03T10:00", URGENT), now="03T10:05").due == at("03T10:10")
        assert self.read(("04T08:00", IMPORTANT), now="04T09:30").due == at("05T08:00")

    def test_a_lower_level_gives_no_such_time(self):
        reading = self.read(("04T09:30", IMPORTANT), level=URGENT, now="04T10:00")
        assert reading.due == at("04T09:00")

    def test_two_steps_up_are_due_as_one_is(self):
        by_one = self.read(("04T08:00", IMPORTANT), now="04T12:00")
        over = self.read(("04T08:00", URGENT), ("04T08:05", IMPORTANT), now="04T12:00")
        assert over == by_one

    def test_raised_and_lowered_again_it_is_as_before(self):
        plain = self.read(stop="04T20:00")
        assert self.read(("03T10:00", URGENT), ("03T10:08", ORDINARY), stop="04T20:00") == plain

    def test_unless_the_limit_was_passed_in_between(self):
        """Urgent since 10:00, due 10:10, lowered at 10:40: 30 min late for good."""
        reading = self.read(("03T10:00", URGENT), ("03T10:40", ORDINARY), stop="04T20:00")
        assert (reading.state, reading.late_before_change) == (ClockState.LATE, True)
        assert (reading.late_by, reading.late_since) == (30 * MINUTE, at("03T10:10"))
        assert reading.due == at("05T09:00")

    def test_what_was_late_before_it_was_lowered_stays_late(self):
        reading = self.read(("02T14:00", ORDINARY), level=URGENT, stop="02T15:00")
        assert (reading.state, reading.late_before_change) == (ClockState.LATE, True)
        assert reading.late_by == HOUR

    def test_raised_without_the_time_of_a_first_answer_it_is_late_as_it_is_raised(self):
        rules = replace(self.rules, first_answer=NO_LIMITS)
        change = LevelChange(at("03T10:00"), URGENT)
        reading = read(ClockRun(self.start, changes=(change,)), rules, now=at("03T11:00"))
        assert (reading.due, reading.late_since) == (at("02T13:00"), at("03T10:00"))
        assert (reading.late_by, reading.late_before_change) == (22 * HOUR, False)

    def test_what_is_late_by_the_last_limit_only_has_no_such_mark(self):
        reading = self.read(("02T10:00", URGENT), stop="02T14:00")
        assert (reading.late_by, reading.late_before_change) == (HOUR, False)

    def test_late_twice_it_is_late_since_the_first_and_by_the_longer(self):
        """Important: due 4 March 9:00, 3 h over at 12:00. Then ordinary: due 5th 9:00, 1 h over."""
        reading = self.read(("04T12:00", ORDINARY), level=IMPORTANT, stop="05T10:00")
        assert (reading.late_since, reading.late_by) == (at("04T09:00"), 3 * HOUR)

    def test_waiting_stays(self):
        """24 h of waiting before it is raised: 2 March 9:00 + 48 h + 24 h."""
        waits = (Wait(at("02T12:00"), at("03T12:00")),)
        reading = self.read(("03T13:00", IMPORTANT), now="03T14:00", waits=waits)
        assert reading.due == at("05T09:00")

    def test_waiting_stops_the_time_of_a_first_answer_too(self):
        waits = (Wait(at("03T10:05"), at("03T12:05")),)
        reading = self.read(("03T10:00", URGENT), now="03T12:06", waits=waits)
        assert reading.due == at("03T12:10")

    def test_what_changes_before_the_start_or_after_the_stop_moves_nothing(self):
        plain = self.read(stop="04T20:00", level=IMPORTANT)
        before = self.read(("01T08:00", URGENT), ("01T09:00", IMPORTANT), stop="04T20:00")
        after = self.read(("04T20:01", URGENT), stop="04T20:00", level=IMPORTANT)
        assert plain == before == after

    def test_the_order_in_which_changes_are_entered_says_nothing(self):
        changes = [("03T10:00", URGENT), ("03T10:40", ORDINARY), ("04T08:00", IMPORTANT)]
        assert self.read(*changes) == self.read(*reversed(changes))

    def test_two_changes_at_one_moment_are_refused(self):
        with pytest.raises(InvalidInput, match="changes twice"):
            self.read(("03T10:00", URGENT), ("03T10:00", ORDINARY))

    def test_a_level_without_a_limit_is_not_judged(self):
        limits = Limits((LimitLine(Limit(HOUR), level=URGENT),))
        run = ClockRun(self.start, None, URGENT, changes=(LevelChange(at("02T09:30"), ORDINARY),))
        reading = read(run, ClockRules(limits), now=at("05T09:00"))
        assert (reading.state, reading.due) == (ClockState.RUNNING, None)
        assert reading.line.status is LimitStatus.UNSET

    def test_a_former_limit_that_is_to_be_checked_makes_it_late_and_uncounted(self):
        limits = Limits(
            (
                LimitLine(Limit(HOUR), LimitStatus.CHECK, URGENT),
                LimitLine(Limit(24 * HOUR), level=ORDINARY),
            )
        )
        change = LevelChange(at("02T11:00"), ORDINARY)
        run = ClockRun(self.start, at("02T12:00"), URGENT, changes=(change,))
        reading = read(run, ClockRules(limits), now=at("05T09:00"))
        assert (reading.state, reading.counts) == (ClockState.LATE, False)

    def test_a_problem_that_becomes_a_complaint_after_20_hours_has_4_left(self):
        run = ClockRun(self.start, None, ORDINARY)
        reading = read(run, within(24), now=at("03T05:00"))
        assert reading.due - at("03T05:00").astimezone(UTC) == 4 * HOUR
