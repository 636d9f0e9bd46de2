"""Which months are compared, so that picking people does not count as their progress."""

from __future__ import annotations

from datetime import date

import pytest

from core.effect import Scores
from core.errors import InvalidInput
from core.periods import Period
from core.training import Windows, people_of, windows_of

SPRING = Period(202601, 202603)


def test_selection_baseline_and_after_never_share_a_month():
    found = windows_of(SPRING, date(2026, 6, 10), date(2026, 7, 3), 202612)
    # the run touches June and July, which count on neither side
    assert found == Windows(SPRING, Period(202604, 202605), Period(202608, 202612))


def test_at_most_six_months_after_are_looked_at():
    found = windows_of(SPRING, date(2026, 6, 10), date(2026, 6, 10), 202712)
    assert found.after == Period(202607, 202612)


def test_without_months_between_there_is_no_baseline_and_without_months_after_none():
    found = windows_of(SPRING, date(2026, 4, 1), date(2026, 4, 2), 202604)
    assert (found.baseline, found.after) == (None, None)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "problem"),
    [
        (date(2026, 3, 31), date(2026, 4, 2), "must lie before the training"),
        (date(2026, 5, 2), date(2026, 5, 1), "lies before the first"),
    ],
)
def test_a_run_that_overlaps_its_own_selection_is_refused(starts_on, ends_on, problem):
    with pytest.raises(InvalidInput, match=problem):
        windows_of(SPRING, starts_on, ends_on, 202612)


def one(value):
    return Scores(1, value, value**2)


def test_scores_are_gathered_by_window():
    windows = Windows(SPRING, Period(202604, 202604), Period(202606, 202607))
    months = {202601: one(60), 202603: one(70), 202604: one(80), 202605: one(1), 202607: one(90)}
    [person] = people_of({5: months}, [5], windows)
    assert (person.key, person.trained) == (5, True)
    assert person.selection == Scores(2, 130, 60**2 + 70**2)
    assert (person.baseline, person.after) == (one(80), one(90))


def test_who_was_not_scored_while_people_were_picked_is_no_one_to_compare_with():
    windows = Windows(SPRING, None, Period(202606, 202607))
    assert people_of({5: {202606: one(60)}}, [5], windows) == []


def test_who_had_the_course_elsewhere_is_neither_trained_nor_untrained():
    windows = Windows(SPRING, None, None)
    monthly = {staff: {202602: one(60)} for staff in (1, 2, 3)}
    found = people_of(monthly, [1], windows, leave_out=[1, 2])
    assert [(person.key, person.trained) for person in found] == [(1, True), (3, False)]
