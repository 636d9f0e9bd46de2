"""By which months an action is judged, and who is told when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.errors import InvalidInput
from core.improvements.judging import SECOND_LEVEL, JudgingPlan, level_of, may_reopen
from core.improvements.stages import Stage, stage_of
from core.improvements.states import ImprovementState
from core.periods import Period

TODAY = date(2026, 3, 10)
DUE = date(2026, 3, 31)
PLAN = JudgingPlan(finding=Period(202601, 202602), before=Period(202510, 202512), wait=1, length=3)


def test_months_count_after_that_of_the_due_day_and_those_that_pass_first():
    """Due in March, April passes, May to July count: from August on it can be judged."""
    assert PLAN.after(DUE) == Period(202605, 202607)
    assert PLAN.look_on(DUE) == date(2026, 8, 1)


def test_too_late_is_judged_later_and_too_early_no_sooner():
    """Carried out in May, two months late: July to September."""
    assert PLAN.after(DUE, date(2026, 5, 2)) == Period(202607, 202609)
    assert PLAN.after(DUE, date(2026, 3, 12)) == Period(202605, 202607)


def test_the_second_look_takes_as_many_months_more_and_a_third_none():
    assert PLAN.after(DUE, looks=1) == Period(202605, 202610)
    assert PLAN.after(DUE, looks=2) == Period(202605, 202610)


@pytest.mark.parametrize(
    ("changed", "due_on", "sentence"),
    [
        ({}, date(2026, 3, 9), "cannot be due before today"),
        ({"finding": Period(202602, 202604)}, DUE, "in months to come"),
        ({"before": Period(202511, 202601)}, DUE, "must not count"),
        ({"finding": Period(202511, 202511)}, DUE, "must not count"),
        ({"before": Period(202603, 202603)}, DUE, "are not over yet"),
        ({"wait": 7}, DUE, "From 0 to 6 months may pass"),
        ({"wait": -1}, DUE, "From 0 to 6 months may pass"),
        ({"length": 0}, DUE, "From 1 to 12 months may count"),
        ({"before": Period(202401, 202501)}, DUE, "From 1 to 12 months may count"),
    ],
)
def test_what_could_not_be_judged_honestly_is_refused(changed, due_on, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        replace(PLAN, **changed).check(due_on=due_on, today=TODAY)


def test_the_months_before_may_lie_before_the_finding_or_between_it_and_today():
    PLAN.check(due_on=TODAY, today=TODAY)
    between = replace(PLAN, finding=Period(202511, 202511), before=Period(202512, 202602))
    between.check(due_on=DUE, today=TODAY)


def test_two_looks_together_find_what_is_not_there_in_at_most_seven_of_a_hundred():
    """A draw of months that do nothing: half the data, then all; better in 5 + about 1 of 100.

    At 90 % both times it would be 8.
    """
    draws = np.random.default_rng(19).normal(size=(200_000, 2))
    first, both = draws[:, 0], draws.sum(axis=1) / np.sqrt(2)
    second = {0.90: 1.6449, 0.95: 1.9600}
    wrong = {level: np.mean((first > 1.6449) | (both > z)) for level, z in second.items()}
    assert level_of(1) == SECOND_LEVEL == 0.95
    assert wrong[level_of(1)] < 0.07 < wrong[level_of(0)]


def test_a_finding_that_is_back_within_half_a_year_opens_its_action_again():
    assert may_reopen(date(2026, 3, 31), date(2026, 9, 30))
    assert not may_reopen(date(2026, 3, 31), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (date(2026, 3, 23), None),
        (date(2026, 3, 24), Stage.DUE_SOON),
        (date(2026, 3, 31), Stage.DUE_SOON),
        (date(2026, 4, 1), Stage.LATE),
        (date(2026, 4, 7), Stage.LATE),
        (date(2026, 4, 8), Stage.LATE_AT_STATION),
        (date(2026, 4, 14), Stage.LATE_AT_STATION),
        (date(2026, 4, 15), Stage.ESCALATED),
    ],
)
def test_what_is_late_steps_up_each_week(today, stage):
    running = ImprovementState.RUNNING
    assert stage_of(running, due_on=DUE, look_on=date(2026, 8, 1), today=today) is stage


def test_what_is_carried_out_is_not_late_and_waits_for_its_look():
    done, look_on = ImprovementState.CARRIED_OUT, date(2026, 8, 1)
    before = stage_of(done, due_on=DUE, look_on=look_on, today=date(2026, 7, 31))
    then = stage_of(done, due_on=DUE, look_on=look_on, today=look_on)
    assert (before, then) == (None, Stage.TO_JUDGE)
    proposed = ImprovementState.PROPOSED
    assert stage_of(proposed, due_on=DUE, look_on=None, today=look_on) is None
