"""Working days counted by hand."""

from datetime import date

import pytest

from core.plan import daily_target, due_day

MONDAY = date(2026, 6, 1)


def weekend(day):
    return day.weekday() >= 5


def june(day):
    return date(2026, 6, day)


def test_it_is_due_after_so_many_working_days():
    assert due_day(MONDAY, 10, weekend) == june(15)
    assert due_day(MONDAY, 10, lambda day: weekend(day) or day == june(3)) == june(16)
    assert due_day(june(5), 1, weekend) == june(8)
    assert due_day(MONDAY, 3, lambda _day: True) == date(2027, 6, 2)  # nobody waits for ever


@pytest.mark.parametrize(
    ("due", "target"),
    [
        ({}, 0),
        ({june(1): 3}, 3),
        ({date(2026, 5, 20): 2, june(1): 3}, 5),
        ({june(5): 11}, 3),  # five working days: 2.2
        ({june(7): 11}, 3),  # the weekend adds none
        ({june(2): 6, june(5): 1}, 3),  # 6 in two days are more a day than 7 in five
        ({june(2): 1, june(5): 14}, 3),
    ],
)
def test_as_many_a_day_keep_every_due_day(due, target):
    assert daily_target(due, MONDAY, weekend) == target
