"""What waiting and a change of level do to a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.clock import (
    NO_LIMITS,
    ClockRules,
    ClockRun,
    ClockState,
    LevelChange,
    Limit,
    LimitLine,
    Limits,
    LimitStatus,
    Wait,
    read,
    waits_within,
)
from core.errors import InvalidInput
from tests.support.clock_runs import (
    HOUR,
    IMPORTANT,
    MINUTE,
    OFFICE,
    ORDINARY,
    URGENT,
    at,
    by_level,
    within,
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
