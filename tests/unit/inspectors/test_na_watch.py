"""What N/A is worth, and who uses it more than others."""

import pytest

from core.drafting.weight_shares import Shares
from core.inspectors.na_watch import Counted, watch_items, watch_people

SHARES = Shares({"s": 100}, {"A": 20, "B": 80})


def test_one_na_on_a_failed_item_of_twenty_lifts_60_to_75():
    """The rest stands at 75: 20 x .75 = 15 points more than the 60 that a fail leaves."""
    (row,) = watch_items([Counted(1, "A", 0, 1)], SHARES, 75, 1)
    assert row.hides == pytest.approx(15)


def test_the_lift_is_measured_against_how_the_item_does():
    """A costs 10 of its 20 when answered, the rest stands at 90: each N/A adds 18 - 10 = 8.

    10 N/A in 100 inspections lift the mean by 0.8.
    """
    (row,) = watch_items([Counted(1, "A", 90, 10, 900)], SHARES, 90, 100)
    assert (row.rate, row.lift) == (pytest.approx(0.1), pytest.approx(0.8))


def test_an_item_that_never_fails_gains_nothing_by_na():
    """Never lost, rest at 90: an N/A takes 20 x .1 = 2 points away."""
    (row,) = watch_items([Counted(1, "A", 90, 10, 0)], SHARES, 90, 100)
    assert row.lift == pytest.approx(-0.2)


def test_too_few_answers_have_no_rate():
    (row,) = watch_items([Counted(1, "A", 15, 4)], SHARES, 90, 19)
    assert row.rate is None


def test_who_marks_na_more_than_others_comes_first_with_the_item():
    """A is N/A in 20 of 100 for 1 and in 0 of 100 for 2, so 10 % is usual: 10 too many, 10 too few.

    A loses 9 a time when answered (1,620 / 180), the rest stands at 90: 18 - 11 = 7 each; 10 of
    them in 100 inspections are 0.7.
    """
    rows = [
        Counted(1, "A", 80, 20, 720),
        Counted(2, "A", 100, 0, 900),
        Counted(1, "B", 100, 0),
        Counted(2, "B", 100, 0),
    ]
    first, second = watch_people(rows, SHARES, 90, {1: 100, 2: 100})
    assert (first.who, first.item, first.rate) == (1, "A", pytest.approx(0.1))
    assert (first.expected, first.lift) == (pytest.approx(0.05), pytest.approx(0.7))
    assert (second.item, second.lift) == ("", pytest.approx(-0.7))


def test_nothing_counted_is_nothing_watched():
    assert watch_items([], SHARES, 90, 0) == ()
    assert watch_people([], SHARES, 90, {}) == ()
