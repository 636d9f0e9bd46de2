"""Kaplan and Meier's estimate against published figures and by hand."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.sampling import Ended, kaplan_meier

# Freireich et al. (1963), Blood 21: weeks of remission under 6-mercaptopurine, 21 children.
TREATED = [Ended(t, 1) for t in (6, 6, 6, 7, 10, 13, 16, 22, 23)]
TREATED += [Ended(t, 0, 1) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_remissions_under_mercaptopurine():
    """S and errors as Kalbfleisch & Prentice print them; median 23 weeks, 95 %: from 13 on."""
    found = kaplan_meier(TREATED, level=0.95)
    assert [round(step.share, 3) for step in found.steps] == [
        *(0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448),
    ]
    assert [round(step.error, 3) for step in found.steps] == [
        *(0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135),
    ]
    assert [step.at_risk for step in found.steps] == [21, 17, 15, 12, 11, 7, 6]
    assert (found.n, found.ended) == (21, 9)
    assert (found.median, found.lower, found.upper) == (23, 13, None)


def test_remissions_under_placebo():
    """All ended: median 8 weeks, 95 %: 4 to 11, by log(-log)."""
    found = kaplan_meier((Ended(t, 1) for t in PLACEBO), level=0.95)
    assert (found.median, found.lower, found.upper) == (8, 4, 11)
    assert found.steps[-1].share == 0


def test_hours_to_finish_with_open_files():
    """Ended 5, 9, 12, 20, 26, 31, 47; open 8, 15, 40.

    S = .9, .9 x 7/8 = .7875, x 6/7 = .675, x 4/5 = .54, x 3/4 = .405: median 26. The median of the
    ended ones alone is 20, which flatters.
    """
    counts = [Ended(t, 1) for t in (5, 9, 12, 20, 26, 31, 47)]
    found = kaplan_meier([*counts, *(Ended(t, 0, 1) for t in (8, 15, 40))])
    assert [round(step.share, 4) for step in found.steps[:5]] == [0.9, 0.7875, 0.675, 0.54, 0.405]
    assert found.median == 26
    assert kaplan_meier(counts).median == 20


def test_counts_are_as_good_as_one_by_one():
    single = kaplan_meier(Ended(t, 1) for t in PLACEBO)
    gathered = kaplan_meier([Ended(t, PLACEBO.count(t)) for t in sorted(set(PLACEBO))])
    assert gathered == single


def test_what_is_watched_until_a_time_is_left_at_it():
    """One of two ends at 5, the other is watched until 5: S(5) = 1/2, not 0."""
    assert kaplan_meier([Ended(5, 1), Ended(5, 0, 1)]).steps[0].share == 0.5


def test_a_median_that_is_not_reached_is_unknown():
    found = kaplan_meier([Ended(3, 1), Ended(9, 0, 5)])
    assert (found.median, found.upper) == (None, None)
    assert kaplan_meier([]) == ((), 0, 0, None, None, None)


@pytest.mark.parametrize(
    "wrong", [Ended(-1, 1), Ended(1, -1), Ended(1, 1, -1), Ended(float("nan"), 1)]
)
def test_impossible_times_and_counts_are_refused(wrong):
    with pytest.raises(InvalidInput):
        kaplan_meier([wrong])


def test_an_impossible_level_is_refused():
    with pytest.raises(InvalidInput):
        kaplan_meier([Ended(1, 1)], level=1)
