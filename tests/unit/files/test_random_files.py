"""Files at random: no time is lost, and no order of entering events changes anything."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from core.files.clocks import FileClockState, ReadClock, read_clocks
from core.files.course import Course, FileFacts
from core.files.order import check_events
from tests.support.files.random_files import CALENDARS, MINUTE, random_facts
from tests.support.files.standing import standing

FEW, MANY = 300, 10_000
NOTHING = timedelta()


def checked(seed: int) -> tuple[FileFacts, tuple[ReadClock, ...]]:
    rng = Random(seed)
    facts = random_facts(rng)
    last = max(event.at for event in facts.events)
    now = last + rng.randint(0, 5000) * MINUTE
    calendar = rng.choice(CALENDARS)
    check_events(facts, now=now)
    clocks = read_clocks(facts, now=now, calendar=calendar)
    for clock in clocks:
        reading = clock.reading
        assert reading.elapsed + reading.paused + reading.closed == reading.until - clock.start
        assert calendar.open_time(clock.start, reading.until) == reading.elapsed + reading.paused
    shuffled = replace(facts, events=tuple(rng.sample(facts.events, len(facts.events))))
    assert read_clocks(shuffled, now=now, calendar=calendar) == clocks
    assert standing(shuffled, calendar=calendar) == standing(facts, calendar=calendar)
    one, other = Course(facts), Course(shuffled)
    assert (one.state, one.level, one.missing) == (other.state, other.level, other.missing)
    _check_standing(facts, clocks, calendar)
    return facts, clocks


def _check_standing(facts, clocks, calendar):
    """What a list says at any time is what the clocks say: late, or due next."""
    at_writing = standing(facts, calendar=calendar)
    late = [c.reading.late_since for c in clocks if c.reading.late_since is not None]
    if at_writing.late_since is not None:
        assert min(late) == at_writing.late_since
    elif late:
        assert at_writing.next_due_at is not None
        assert at_writing.next_due_at <= min(late)


def test_elapsed_paused_and_closed_are_the_time_on_the_wall_in_any_order():
    for seed in range(FEW):
        checked(seed)


def test_the_files_meet_what_may_happen():
    several = [checked(seed) for seed in range(FEW)]
    clocks = [clock for _facts, read in several for clock in read]
    assert {clock.state for clock in clocks} == set(FileClockState)
    assert {clock.round for clock in clocks} == {1, 2, 3}
    assert sum(clock.reading.paused > NOTHING for clock in clocks) > FEW / 10
    assert sum(clock.reading.closed > NOTHING for clock in clocks) > FEW / 10
    assert sum(clock.is_former for clock in clocks) > FEW / 20
    assert sum(clock.reading.late_before_change for clock in clocks) > 0


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="ten thousand files: make soak")
def test_ten_thousand_files():
    for seed in range(MANY):
        checked(seed)
