"""Where a person stands with a course, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.clock.days import add_months
from core.training import CompetencyState, Rules, Standing, Taking, standing_of

HELD = date(2026, 3, 10)
RULES = Rules(interval_months=None, has_exam=True, pass_mark=80.0, practical_mark=None, attempts=2)
YEARLY = Rules(interval_months=12, has_exam=False, pass_mark=80.0, practical_mark=None, attempts=2)


def taken(attended=True, *exams, practical=None, on=HELD):
    return Taking(on, attended, None, exams, practical)


def standing(rules, *takings, today=HELD + timedelta(days=5), since=None):
    found = standing_of(rules, takings, today=today, required_since=since)
    return found and found.standing


@pytest.mark.parametrize(
    ("taking", "expected"),
    [
        (taken(None), Standing.RESULT_DUE),
        (taken(None, on=HELD + timedelta(days=20)), Standing.ENROLLED),
        (taken(False), Standing.ABSENT),
        (taken(True), Standing.RESULT_DUE),
        (taken(True, 79.9), Standing.RESIT),
        (taken(True, 79.9, 80.0), Standing.MASTERED),
        (taken(True, 50.0, 60.0), Standing.RETRAIN),
        (taken(True, 50.0, 60.0, 100.0), Standing.RETRAIN),
    ],
)
def test_an_exam_is_resat_until_it_is_passed_or_the_course_is_taken_again(taking, expected):
    assert standing(RULES, taking) is expected


def test_a_practical_test_has_to_be_passed_as_well():
    rules = Rules(None, has_exam=True, pass_mark=80.0, practical_mark=60.0, attempts=2)
    assert standing(rules, taken(True, 90.0)) is Standing.RESULT_DUE
    assert standing(rules, taken(True, 90.0, practical=59.0)) is Standing.RESIT
    assert standing(rules, taken(True, 90.0, practical=60.0)) is Standing.MASTERED


def test_a_course_without_tests_is_mastered_by_attending():
    rules = Rules(None, has_exam=False, pass_mark=80.0, practical_mark=None, attempts=2)
    assert standing_of(rules, [taken()], today=HELD, required_since=None) == CompetencyState(
        Standing.MASTERED, None, HELD
    )


def test_taking_the_course_again_ends_the_need_to():
    again = taken(True, 85.0, on=HELD + timedelta(days=3))
    assert standing(RULES, taken(True, 10.0, 20.0), again) is Standing.MASTERED


def test_nobody_stands_anywhere_with_a_course_they_need_not_take():
    assert standing_of(RULES, [], today=HELD, required_since=None) is None


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 8), Standing.MASTERED),
        (date(2027, 2, 9), Standing.DUE_SOON),  # due on 2027-03-10, thirty days before is 02-08
        (date(2027, 3, 10), Standing.DUE_SOON),
        (date(2027, 3, 11), Standing.OVERDUE),
    ],
)
def test_a_recurrent_course_falls_due_by_itself(today, expected):
    assert standing(YEARLY, taken(), today=today) is expected


def test_being_enrolled_again_ends_being_overdue_until_that_run_is_over():
    soon = taken(None, on=date(2027, 4, 1))
    assert standing(YEARLY, taken(), soon, today=date(2027, 3, 20)) is Standing.ENROLLED
    assert standing(YEARLY, taken(), soon, today=date(2027, 4, 2)) is Standing.OVERDUE


def test_who_missed_a_run_while_still_covered_is_absent_then_overdue():
    missed = taken(False, on=date(2027, 2, 1))
    assert standing(YEARLY, taken(), missed, today=date(2027, 2, 5)) is Standing.ABSENT
    assert standing(YEARLY, taken(), missed, today=date(2027, 3, 11)) is Standing.OVERDUE


def test_newcomers_have_thirty_days():
    since = date(2026, 1, 1)
    assert standing(YEARLY, today=date(2026, 1, 31), since=since) is Standing.DUE_SOON
    assert standing(YEARLY, today=date(2026, 2, 1), since=since) is Standing.OVERDUE


def test_the_day_of_attendance_counts_rather_than_the_last_day_of_the_run():
    early = Taking(HELD, True, date(2026, 3, 2), (), None)
    found = standing_of(YEARLY, [early], today=HELD, required_since=None)
    assert (found.mastered_on, found.due_on) == (date(2026, 3, 2), date(2027, 3, 2))


def test_months_are_added_within_the_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2027, 12, 5), 24) == date(2029, 12, 5)
