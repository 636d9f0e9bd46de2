"""Which limits and calendar a file runs by: those of its day, and later ones for what still ran."""

from __future__ import annotations

from datetime import date

import pytest

from core.clock import Calendar, Level, Limit, LimitLine, LimitStatus
from core.files.clock_settings import CalendarChange, LimitChange, limits_after, settings_for
from core.files.clocks import FileClockState, read_clocks
from core.files.course import FileFacts
from core.files.kinds import Kind
from core.files.steps import FileEvent, Step
from tests.support.clock_runs import HOUR, OFFICE, at
from tests.support.files.standing import standing

ZONE = "Asia/Taipei"
MARCH_2, MARCH_3, MARCH_4 = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


def told_within(hours, since, **more):
    line = LimitLine(Limit(hours * HOUR))
    return LimitChange(Kind.COMPLAINT, Step.TOLD, line, since, **more)


def told(*changes, stop="05T20:00", received="02T09:10", calendars=(), now="20T12:00"):
    """The clock of telling the result, by settings as they were made."""
    events = [FileEvent(Step.RECEIVED, at(received))]
    events += [FileEvent(Step.TOLD, at(stop))] if stop else []
    facts = FileFacts(Kind.COMPLAINT, tuple(events), level=Level.IMPORTANT)
    settings = settings_for(at(received).date(), ZONE, changes, calendars)
    read = read_clocks(facts, now=at(now), **vars(settings))
    return next(clock for clock in read if clock.key is Step.TOLD)


def test_a_file_keeps_the_limit_of_the_day_it_was_received():
    """48 h from 2 March on, 96 h from 3 March on: 82:50 are late by 34:50, of the 3rd not."""
    changes = told_within(48, MARCH_2), told_within(96, MARCH_3)
    assert told(*changes).reading.late_by == 34 * HOUR + HOUR * 5 / 6
    assert told(*changes, received="03T09:10").state is FileClockState.MET
    assert told(*changes, received="01T09:10").state is FileClockState.UNSET


def test_what_is_set_later_for_a_day_before_holds_from_that_day():
    changes = told_within(96, MARCH_3), told_within(48, MARCH_2)
    assert told(*changes).state is FileClockState.LATE
    assert told(*changes, received="03T09:10").state is FileClockState.MET


def test_of_one_day_the_last_holds():
    assert told(told_within(48, MARCH_2), told_within(96, MARCH_2)).state is FileClockState.MET


def test_a_change_for_running_clocks_holds_for_what_runs_when_its_day_begins():
    """Told at 5 March 20:00; the day of the change begins before that, or after."""
    longer = {"for_running": True}
    assert told(told_within(48, MARCH_2), told_within(96, MARCH_4, **longer)).state is (
        FileClockState.MET
    )
    after = told_within(96, date(2026, 3, 6), **longer)
    assert told(told_within(48, MARCH_2), after).state is FileClockState.LATE
    assert told(told_within(48, MARCH_2), after, stop=None).reading.line.judged == Limit(96 * HOUR)


def test_a_change_for_new_files_is_not_taken_by_a_later_one_for_running_clocks():
    """The 96 h of the 3rd are for files received then; the urgent line of the 4th is for all."""
    urgent = LimitLine(Limit(1 * HOUR), level=Level.URGENT)
    changes = (
        told_within(48, MARCH_2),
        told_within(96, MARCH_3),
        LimitChange(Kind.COMPLAINT, Step.TOLD, urgent, MARCH_4, for_running=True),
    )
    assert told(*changes).reading.line.judged == Limit(48 * HOUR)


def test_a_line_replaces_that_of_the_same_level_and_leaves_the_others():
    line = LimitLine(Limit(12 * HOUR), level=Level.IMPORTANT)
    change = LimitChange(Kind.COMPLAINT, Step.FIRST_RESPONSE, line, MARCH_2)
    limits = limits_after([change])[Kind.COMPLAINT, Step.FIRST_RESPONSE]
    assert [limits.line(level, "").limit for level in Level] == [
        Limit(HOUR / 6), Limit(12 * HOUR), Limit(24 * HOUR),
    ]  # fmt: skip


def test_a_period_ends_with_the_last_day_of_its_months():
    """A profile due on 2 March and reviewed within six months: to the end of 2 September."""
    line = LimitLine(Limit(months=6), LimitStatus.PERIOD)
    change = LimitChange(Kind.PROFILE_REVIEW, Step.EXECUTED, line, MARCH_2)
    facts = FileFacts(Kind.PROFILE_REVIEW, (FileEvent(Step.RECEIVED, at("02T09:10")),))
    settings = settings_for(MARCH_2, ZONE, [change])
    [clock] = read_clocks(facts, now=at("20T12:00"), **vars(settings))
    assert clock.reading.due == at("2026-09-03T00:00")


def test_a_calendar_holds_for_the_files_of_its_days():
    """8 working hours from Friday 6 March 16:30: 1:30 h until 18:00, 6:30 h on Monday: 15:30."""
    eight = told_within(8, MARCH_2)
    office = CalendarChange(OFFICE, date(2026, 3, 5))
    friday = {"received": "06T16:30", "stop": None, "now": "06T17:00"}
    assert told(eight, calendars=[office], **friday).reading.due == at("09T15:30")
    free = Calendar(ZONE, OFFICE.openings, frozenset({date(2026, 3, 9)}))
    later = CalendarChange(free, date(2026, 3, 7))
    assert told(eight, calendars=[office, later], **friday).reading.due == at("09T15:30")
    running = CalendarChange(free, date(2026, 3, 7), for_running=True)
    assert told(eight, calendars=[office, running], **friday).reading.due == at("10T15:30")
    off = CalendarChange(Calendar(ZONE), date(2026, 3, 6))
    assert told(eight, calendars=[office, off], **friday).reading.due == at("07T00:30")


@pytest.mark.parametrize(("day", "is_known"), [("05T23:59", False), ("06T00:00", True)])
def test_what_holds_from_a_later_moment_is_left_out(day, is_known):
    change = told_within(96, date(2026, 3, 6), for_running=True)
    settings = settings_for(MARCH_2, ZONE, [change]).by(at(day))
    assert bool(settings.later) is is_known


def test_lists_go_by_later_settings_too():
    """Received 2 March 09:10 and running: due after 96 h, on 6 March 09:10."""
    facts = FileFacts(Kind.COMPLAINT, (FileEvent(Step.RECEIVED, at("02T09:10")),))
    changes = [
        told_within(96, MARCH_4, for_running=True),
        *(
            LimitChange(
                Kind.COMPLAINT, step, LimitLine(None, LimitStatus.OFF, level), MARCH_4, True
            )
            for step in (Step.FIRST_RESPONSE, Step.EXECUTED)
            for level in Level
        ),
    ]
    settings = settings_for(MARCH_2, ZONE, changes)
    assert standing(facts, **vars(settings)).next_due_at == at("06T09:10")
