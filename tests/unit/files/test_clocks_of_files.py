"""The clocks of files: the worked example, striking out, rounds, levels, becoming a complaint."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from core.clock import Calendar, Limit, LimitLine, Limits, Opening
from core.files.clocks import FileClockState, read_clocks
from core.files.course import Course, FileFacts, Mark
from core.files.kinds import KINDS, Kind
from core.files.steps import FileEvent, Step
from tests.support.clock_runs import HOUR, IMPORTANT, MINUTE, ORDINARY, URGENT, at
from tests.support.files.standing import standing

TOLD_IN_48 = {(Kind.COMPLAINT, Step.TOLD): Limits((LimitLine(Limit(48 * HOUR)),))}
MET, LATE, RUNNING = FileClockState.MET, FileClockState.LATE, FileClockState.RUNNING
WAITING, UNSET = FileClockState.WAITING, FileClockState.UNSET
END = at("20T12:00")


def facts(*events, kind=Kind.COMPLAINT, **more):
    """Events as (step, time) or (step, time, level)."""
    return FileFacts(
        kind,
        tuple(
            FileEvent(step, at(when), level=next(iter(level), None))
            for step, when, *level in events
        ),
        **more,
    )


def clocks(of, *, now=END, **more):
    """The clocks of the first round of the present kind, by the step that stops each."""
    read = read_clocks(of, now=now, **more)
    return {clock.key: clock for clock in read if clock.round == 1 and not clock.is_former}


EXAMPLE = facts(
    (Step.RECEIVED, "02T09:10"),
    (Step.FIRST_RESPONSE, "02T17:45"),
    (Step.WAITING_BEGAN, "03T08:00"),
    (Step.WAITING_ENDED, "04T14:30"),
    (Step.EXECUTED, "05T10:00"),
    (Step.TOLD, "05T20:00"),
    level=IMPORTANT,
)


class TestWorkedExample:
    def test_first_answer(self):
        """09:10 to 17:45 is 8 h 35 min; 24 h are allowed."""
        clock = clocks(EXAMPLE)[Step.FIRST_RESPONSE]
        assert (clock.state, clock.reading.elapsed) == (MET, 8 * HOUR + 35 * MINUTE)

    def test_executed(self):
        """72:50 less 30:30 of waiting is 42:20; due 48 h and the waiting after receiving."""
        clock = clocks(EXAMPLE)[Step.EXECUTED]
        assert (clock.state, clock.reading.elapsed) == (MET, 42 * HOUR + 20 * MINUTE)
        assert clock.reading.paused == 30 * HOUR + 30 * MINUTE

    def test_told(self):
        """Due 2 Mar 09:10 + 48 h + 30 h 30 min; told at 52:20, 4:20 late."""
        clock = clocks(EXAMPLE, limits=TOLD_IN_48)[Step.TOLD]
        assert clock.state is LATE
        assert clock.reading.due == at("05T15:40")
        assert clock.reading.elapsed == 52 * HOUR + 20 * MINUTE
        assert clock.reading.late_by == 4 * HOUR + 20 * MINUTE

    def test_told_has_no_limit_of_its_own(self):
        clock = clocks(EXAMPLE)[Step.TOLD]
        assert (clock.state, clock.reading.due) == (UNSET, None)
        assert clock.reading.elapsed == 52 * HOUR + 20 * MINUTE

    def test_waiting_entered_an_hour_later_moves_both_later_clocks_by_an_hour(self):
        struck = tuple(e for e in EXAMPLE.events if e.step is not Step.WAITING_ENDED)
        later = FileEvent(Step.WAITING_ENDED, at("04T15:30"))
        before = clocks(EXAMPLE, limits=TOLD_IN_48)
        after = clocks(replace(EXAMPLE, events=(*struck, later)), limits=TOLD_IN_48)
        for step in (Step.EXECUTED, Step.TOLD):
            assert before[step].reading.elapsed - after[step].reading.elapsed == HOUR
        assert after[Step.TOLD].reading.due == at("05T16:40")
        assert after[Step.FIRST_RESPONSE] == before[Step.FIRST_RESPONSE]

    @pytest.mark.parametrize(("free", "due"), [((), "09T15:30"), (("09",), "10T15:30")])
    def test_working_hours(self, free, due):
        """Friday 16:30 + 8 working hours: Monday 15:30; with Monday free Tuesday 15:30."""
        office = tuple(Opening(day, time(9), time(18)) for day in range(5))
        days = frozenset(at(f"{day}T00:00").date() for day in free)
        calendar = Calendar("Asia/Taipei", office, days)
        limits = {(Kind.COMPLAINT, Step.TOLD): Limits((LimitLine(Limit(8 * HOUR)),))}
        of = facts((Step.RECEIVED, "06T16:30"))
        clock = clocks(of, limits=limits, calendar=calendar, now=at("07T10:00"))[Step.TOLD]
        assert clock.reading.due == at(due)


class TestOverTime:
    def test_what_is_to_come_is_not_known_yet(self):
        """At 3 Mar 09:00: 22:50 have passed, of which one hour of waiting."""
        here = clocks(EXAMPLE, now=at("03T09:00"))
        assert here[Step.EXECUTED].state is WAITING
        assert here[Step.EXECUTED].reading.paused == HOUR
        assert here[Step.FIRST_RESPONSE].state is MET

    def test_before_it_was_received_it_has_no_clocks(self):
        assert read_clocks(EXAMPLE, now=at("01T09:00")) == ()

    def test_a_first_answer_does_not_wait(self):
        of = facts((Step.RECEIVED, "02T09:00"), (Step.WAITING_BEGAN, "02T10:00"))
        clock = clocks(of, now=at("03T10:00"))[Step.FIRST_RESPONSE]
        assert (clock.state, clock.reading.late_by) == (LATE, HOUR)

    def test_late_stays_after_answering_and_closing(self):
        of = facts(
            (Step.RECEIVED, "02T09:00"),
            (Step.FIRST_RESPONSE, "03T10:00"),
            (Step.EXECUTED, "03T11:00"),
            (Step.TOLD, "03T12:00"),
            (Step.ARCHIVED, "03T13:00"),
        )
        clock = clocks(of)[Step.FIRST_RESPONSE]
        assert (clock.state, clock.counts) == (LATE, True)
        assert standing(of).late_since == at("03T09:00")

    def test_a_file_that_ended_without_a_step_did_not_take_it_in_time(self):
        of = facts((Step.RECEIVED, "02T09:00"), (Step.CANCELLED, "02T10:00"))
        clock = clocks(of)[Step.FIRST_RESPONSE]
        assert (clock.state, clock.stop, clock.counts) == (UNSET, None, False)
        assert clock.reading.elapsed == HOUR

    def test_limits_to_be_checked_are_judged_and_do_not_count(self):
        clock = clocks(EXAMPLE)[Step.EXECUTED]
        assert (clock.state, clock.counts) == (MET, False)


class TestLevels:
    def test_the_first_level_that_is_set_holds_from_the_start(self):
        of = facts((Step.RECEIVED, "02T09:00"), (Step.SEVERITY_SET, "02T09:05", URGENT))
        assert clocks(of, now=at("02T09:06"))[Step.FIRST_RESPONSE].reading.due == at("02T09:10")

    def test_raised_it_is_due_no_sooner_than_the_first_answer_of_the_new_level(self):
        """Raised after 9 h: 4 h from the start are over; 10 min from the change are left."""
        of = facts(
            (Step.RECEIVED, "02T09:00"), (Step.SEVERITY_SET, "02T18:00", URGENT), level=ORDINARY
        )
        here = clocks(of, now=at("02T18:05"))
        assert here[Step.EXECUTED].reading.due == at("02T18:10")
        assert here[Step.EXECUTED].state is RUNNING

    def test_raised_and_lowered_again_is_as_before(self):
        plain = facts((Step.RECEIVED, "02T09:00"), level=ORDINARY)
        there_and_back = facts(
            (Step.RECEIVED, "02T09:00"),
            (Step.SEVERITY_SET, "02T10:00", URGENT),
            (Step.SEVERITY_SET, "02T10:05", ORDINARY),
            level=ORDINARY,
        )
        keys = (Step.FIRST_RESPONSE, Step.EXECUTED)
        before, after = (clocks(of, now=at("02T12:00")) for of in (plain, there_and_back))
        assert [after[key] for key in keys] == [before[key] for key in keys]

    def test_a_major_file_tells_the_superior(self):
        of = facts((Step.RECEIVED, "02T09:00"), (Step.SEVERITY_SET, "02T09:30", ORDINARY))
        assert Step.SUPERIOR_TOLD not in clocks(of)
        clock = clocks(replace(of, marks=frozenset({Mark.MEDIA})))[Step.SUPERIOR_TOLD]
        assert (clock.start, clock.state) == (at("02T09:30"), UNSET)


class TestBecomingAComplaint:
    OF = facts((Step.RECEIVED, "02T09:00"), (Step.BECAME_COMPLAINT, "03T05:00"), kind=Kind.PROBLEM)

    def test_its_first_answer_runs_from_the_first_contact(self):
        """After 20 h of 24 there are 4 left."""
        clock = clocks(self.OF, now=at("03T05:00"))[Step.FIRST_RESPONSE]
        assert (clock.kind, clock.reading.due) == (Kind.COMPLAINT, at("03T09:00"))
        assert clock.reading.due - at("03T05:00") == 4 * HOUR

    def test_the_former_clocks_stop_and_are_kept(self):
        former = [c for c in read_clocks(self.OF, now=END) if c.is_former]
        assert [(c.kind, c.key, c.state) for c in former] == [
            (Kind.PROBLEM, Step.FIRST_RESPONSE, UNSET),
            (Kind.PROBLEM, Step.EXECUTED, UNSET),
        ]
        assert {c.reading.elapsed for c in former} == {20 * HOUR}

    def test_what_the_former_kind_missed_stays_missed(self):
        of = facts(
            (Step.RECEIVED, "02T09:00"), (Step.BECAME_COMPLAINT, "03T10:00"), kind=Kind.PROBLEM
        )
        first = read_clocks(of, now=END)[0]
        assert (first.state, first.reading.late_by, first.counts) == (LATE, HOUR, False)


class TestRounds:
    OF = facts(
        (Step.RECEIVED, "02T09:00"),
        (Step.FIRST_RESPONSE, "02T10:00"),
        (Step.EXECUTED, "02T12:00"),
        (Step.TOLD, "02T13:00"),
        (Step.REOPENED, "05T09:00"),
        (Step.EXECUTED, "05T15:00"),
    )

    def test_a_reopened_file_has_clocks_of_its_own(self):
        """3 h in the first round, 6 in the second; the days between belong to neither."""
        read = read_clocks(self.OF, now=END)
        executed = [c for c in read if c.key is Step.EXECUTED]
        assert [(c.round, c.reading.elapsed) for c in executed] == [(1, 3 * HOUR), (2, 6 * HOUR)]

    def test_only_the_first_round_counts(self):
        read = read_clocks(self.OF, now=END)
        answers = [(c.round, c.state, c.counts) for c in read if c.key is Step.FIRST_RESPONSE]
        assert answers == [(1, MET, True), (2, LATE, False)]

    def test_it_begins_open_in_the_second(self):
        assert Course(self.OF.until(at("05T10:00"))).state == "open"


class TestProgress:
    LIMITS = {(Kind.COMPLAINT, Step.PROGRESS_TOLD): Limits((LimitLine(Limit(4 * HOUR)),))}  # noqa: RUF012

    def test_it_runs_from_word_to_word_and_ends_with_telling(self):
        """10 to 12, 12 to 15, 15 to 18 o'clock: never 4 hours; what comes after is no matter."""
        of = facts(
            (Step.RECEIVED, "02T09:00"),
            (Step.FIRST_RESPONSE, "02T10:00"),
            (Step.PROGRESS_TOLD, "02T12:00"),
            (Step.PROGRESS_TOLD, "02T15:00"),
            (Step.EXECUTED, "02T17:00"),
            (Step.TOLD, "02T18:00"),
        )
        clock = clocks(of, limits=self.LIMITS)[Step.PROGRESS_TOLD]
        assert (clock.state, clock.reading.elapsed) == (MET, 3 * HOUR)

    def test_one_silence_too_long_is_late_for_good(self):
        of = facts(
            (Step.RECEIVED, "02T09:00"),
            (Step.FIRST_RESPONSE, "02T10:00"),
            (Step.PROGRESS_TOLD, "02T15:00"),
            (Step.PROGRESS_TOLD, "02T16:00"),
        )
        clock = clocks(of, limits=self.LIMITS, now=at("02T17:00"))[Step.PROGRESS_TOLD]
        assert (clock.state, clock.reading.late_by) == (LATE, HOUR)


class TestStanding:
    def test_the_next_due_of_what_runs(self):
        of = facts((Step.RECEIVED, "02T09:00"), level=IMPORTANT)
        assert standing(of) == (at("03T09:00"), None)

    def test_waiting_makes_the_due_unknown(self):
        of = facts(
            (Step.RECEIVED, "02T09:00"),
            (Step.FIRST_RESPONSE, "02T10:00"),
            (Step.WAITING_BEGAN, "02T11:00"),
        )
        assert standing(of) == (None, None)

    def test_nothing_is_due_of_a_closed_file(self):
        of = facts((Step.RECEIVED, "02T09:00"), (Step.CANCELLED, "02T10:00"))
        assert standing(of) == (None, None)


def test_every_kind_begins_with_receiving_and_its_clocks_stop_at_steps_of_its_own():
    for kind in KINDS.values():
        assert kind.required[0] is Step.RECEIVED
        more = {Step.SUPERIOR_TOLD, Step.PROGRESS_TOLD}
        assert {clock.stop for clock in kind.clocks} <= {*kind.required, *more}
        assert len({clock.stop for clock in kind.clocks}) == len(kind.clocks)


def test_forty_nine_complaints_of_which_eight_are_late_whether_closed_or_open():
    """41 in time, 5 answered late, 3 open and past due: 41 of 49, not 41 of 46."""
    received, in_time, late = (
        (Step.RECEIVED, "02T09:00"),
        (Step.FIRST_RESPONSE, "03T09:00"),
        (Step.FIRST_RESPONSE, "03T09:01"),
    )
    files = [facts(received, in_time)] * 41 + [facts(received, late)] * 5 + [facts(received)] * 3
    states = [clocks(of)[Step.FIRST_RESPONSE] for of in files]
    assert all(clock.counts for clock in states)
    assert [clock.state for clock in states].count(MET) == 41
    assert [clock.state for clock in states].count(LATE) == 8
