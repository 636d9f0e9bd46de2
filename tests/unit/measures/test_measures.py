"""Measures against calculations by hand and published values."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.measures import MEASURES, Figure, Form, Given, Rate, Unit, figure, measure_of
from core.results.figures import Moments, Proportion
from core.sampling import Ended


def rounded(found: Figure, digits: int = 1) -> tuple[float | None, ...]:
    ends = (found.value, found.low, found.high)
    return tuple(None if end is None else round(end, digits) for end in ends)


def test_open_files_past_their_due_moment_count_as_not_in_time():
    """41 in time, 5 late, 3 open and past due: 41/49; without the open ones it would be 89.1."""
    in_time = figure(measure_of("responded_in_time"), Proportion(41, 49))
    assert rounded(in_time) == (83.7, 73.3, 90.5)
    assert in_time.n == 49


def test_the_median_counts_open_files_as_far_as_they_were_watched():
    """S(20) = .540, S(26) = .405: 26 h, where the closed ones alone say 20."""
    closed = tuple(Ended(hours, 1) for hours in (5, 9, 12, 20, 26, 31, 47))
    still_open = tuple(Ended(hours, 0, watched=1) for hours in (8, 15, 40))
    measure = measure_of("hours_to_finish")
    assert figure(measure, closed + still_open).value == 26
    assert figure(measure, closed + (Ended(60, 0, watched=3),) * 2).reason is None
    waiting = figure(measure, (Ended(5, 1), Ended(50, 0, watched=20)))
    assert waiting.value is None
    assert str(waiting.reason) == (
        "Fewer than half have come to their end, so that there is no median."
    )


def test_a_rate_has_the_exact_interval_of_a_poisson_count():
    """10 events: 5.43 to 16.96 (Garwood 1936, 90 %); of 2,000 encounters half of that per 1,000."""
    rate = figure(measure_of("complaint_rate"), Rate(10, 2000))
    assert rounded(rate, 2) == (5.0, 2.71, 8.48)
    none = figure(measure_of("complaint_rate"), Rate(0, 1000))
    assert rounded(none, 2) == (0.0, 0.0, 3.0)  # -ln .05 = 2.996


def test_a_mean_has_students_interval():
    """30 scores, half 80 and half 90: 85, sd 5.085, 1.699 * 5.085 / sqrt 30 = 1.578."""
    scores = Moments(30, total=2550.0, squares=15 * (6400.0 + 8100.0))
    assert rounded(figure(measure_of("score"), scores), 3) == (85.0, 83.422, 86.578)


@pytest.mark.parametrize(("key", "fewest"), [("score", 30), ("responded_in_time", 10)])
def test_too_few_have_no_value_but_say_how_many_there_are(key, fewest):
    few = fewest - 1
    evidence = (
        Moments(few, total=80.0 * few, squares=6400.0 * few)
        if MEASURES[key].form is Form.MEAN
        else Proportion(few, few)
    )
    told = figure(measure_of(key), evidence)
    assert (told.value, told.n) == (None, few)
    assert str(told.reason) == f"There are {few}; a value is told from {fewest} on."


def test_nothing_overdue_is_a_value():
    assert figure(measure_of("overdue_now"), 0) == Figure(0.0, 0)


def test_what_is_given_stands_as_it_was_given():
    cost = measure_of("service_cost")
    assert figure(cost, Given(12.5, 400, 11.0, 14.0)) == Figure(12.5, 400, low=11.0, high=14.0)
    assert figure(cost, Given(12.5)).n is None
    assert str(figure(cost, Given(None)).reason) == "Nothing was imported for this period."


def test_measures_are_declared_once_each():
    assert all(key == measure.key for key, measure in MEASURES.items())
    assert all(m.unit is Unit.PERCENT for m in MEASURES.values() if m.form is Form.SHARE)
    with pytest.raises(InvalidInput, match="There is no measure called happiness"):
        measure_of("happiness")
