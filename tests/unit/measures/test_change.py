"""Effects against the worked example, and against a world in which nothing ever helps."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInput
from core.measures import Given, Rate, measure_of
from core.measures.change import BeforeAfter, Verdict, check_spans, effect
from core.periods import Period
from core.results.figures import Moments, Proportion
from core.sampling import Ended

LATE = measure_of("critical_rate")  # a share of which less is better
OWN = BeforeAfter(Proportion(18, 120), Proportion(7, 130))
OTHERS = BeforeAfter(Proportion(15, 118), Proportion(14, 125))


def rounded(span):
    return tuple(
        None if end is None else round(end, 1) for end in (span.value, span.low, span.high)
    )


def test_what_looks_like_success_is_not_shown_beside_the_other_stations():
    """15.0 to 5.4 %: -9.6 (-16.2 to -3.4); others -1.5 (-8.5 to 5.4); both -8.1 (-17.7 to 1.3)."""
    judged = effect(LATE, OWN, OTHERS)
    assert rounded(judged.own.difference) == (-9.6, -16.2, -3.4)
    assert rounded(judged.control.difference) == (-1.5, -8.5, 5.4)
    assert rounded(judged.effect) == (-8.1, -17.7, 1.3)
    assert judged.verdict is Verdict.NOT_SHOWN
    assert str(judged.sentence) == (
        "The interval of the difference of both changes holds zero: no effect is shown, and none"
        " is ruled out."
    )


def test_what_fell_less_than_elsewhere_is_not_said_to_have_become_better():
    """More failures here, 15.0 to 17.3 %, and many more elsewhere, 12.7 to 40.0 %."""
    own = BeforeAfter(Proportion(18, 120), Proportion(26, 150))
    others = BeforeAfter(Proportion(15, 118), Proportion(50, 125))
    judged = effect(LATE, own, others)
    assert judged.own.difference.value > 0
    assert judged.verdict is Verdict.EFFECTIVE
    assert str(judged.sentence) == (
        "Compared with the other stations, the measure changed for the better by more than chance"
        " explains."
    )
    assert str(effect(LATE, others, own).sentence) == (
        "Compared with the other stations, the measure changed for the worse by more than chance"
        " explains."
    )


def test_without_a_control_group_the_own_change_is_judged():
    judged = effect(LATE, OWN)
    assert (judged.verdict, judged.control) == (Verdict.EFFECTIVE, None)
    assert str(judged.sentence) == "The measure became better by more than chance explains."
    back = effect(LATE, BeforeAfter(OWN.after, OWN.before))
    assert back.verdict is Verdict.WORSE


def test_of_a_share_of_which_more_is_better_a_fall_is_worse():
    assert effect(measure_of("responded_in_time"), OWN).verdict is Verdict.WORSE


def test_means_are_told_apart_by_welch():
    """40 scores each, half 5 to each side of 70 and 80: 10 -+ 1.665 * sqrt(2 * 25.64 / 40)."""

    def scores(mean):
        return Moments(40, total=40 * mean, squares=40 * (mean**2 + 25))

    judged = effect(measure_of("score"), BeforeAfter(scores(70.0), scores(80.0)))
    assert rounded(judged.effect) == (10.0, 8.1, 11.9)
    assert judged.verdict is Verdict.EFFECTIVE


def test_medians_are_told_apart_by_drawing_files_again():
    slow = tuple(Ended(hours, 1) for hours in range(40, 60))
    fast = tuple(Ended(hours, 1) for hours in range(10, 30))
    hours = measure_of("hours_to_finish")
    judged = effect(hours, BeforeAfter(slow, fast))
    assert judged.effect.value == -30
    assert judged.effect.low < -30 < judged.effect.high < 0
    assert judged.verdict is Verdict.EFFECTIVE
    assert effect(hours, BeforeAfter(slow, fast)) == judged
    assert effect(hours, BeforeAfter(slow, slow)).verdict is Verdict.NOT_SHOWN


def test_rates_are_told_apart_by_both_exact_intervals():
    """30 and 10 complaints of 2,000: 15 (10.8 to 20.4) to 5 (2.7 to 8.5), a fall of 10."""
    judged = effect(measure_of("complaint_rate"), BeforeAfter(Rate(30, 2000), Rate(10, 2000)))
    assert judged.effect.value == -10
    assert judged.verdict is Verdict.EFFECTIVE


@pytest.mark.parametrize(
    ("key", "sides", "sentence"),
    [
        (
            "critical_rate",
            BeforeAfter(Proportion(18, 120), Proportion(0, 29)),
            "One of the figures has no value, so that nothing can be said.",
        ),
        (
            "service_cost",
            BeforeAfter(Given(12.0), Given(8.0)),
            "One of the figures has no interval, so that nothing can be said.",
        ),
        (
            "overdue_now",
            BeforeAfter(12, 0),
            "One of the figures has no interval, so that nothing can be said.",
        ),
    ],
)
def test_where_too_little_is_known_it_says_that_it_cannot_tell(key, sides, sentence):
    judged = effect(measure_of(key), sides)
    assert (judged.verdict, str(judged.sentence)) == (Verdict.CANNOT_TELL, sentence)


def test_a_control_group_too_small_leaves_the_effect_unknown():
    few = BeforeAfter(Proportion(1, 5), Proportion(1, 5))
    assert effect(LATE, OWN, few).verdict is Verdict.CANNOT_TELL


def test_where_nothing_helps_hardly_anything_is_judged_effective():
    """1,000 times the worst of 12 months is acted on; its months counted, the rebound is credited.

    Twelve months of 60 with 15 % late, three others after. Without the month by which it was found
    at most 8 % seem effective; with that month alone as the months before, far more.
    """
    draws = np.random.default_rng(7)
    honest = credited = 0
    for _ in range(1000):
        months, others = draws.binomial(60, 0.15, size=(2, 15))
        worst = int(months[:12].argmax())
        kept = [m for m in range(12) if m != worst]
        own = BeforeAfter(
            Proportion(int(months[kept].sum()), 660), Proportion(int(months[12:].sum()), 180)
        )
        control = BeforeAfter(
            Proportion(int(others[kept].sum()), 660), Proportion(int(others[12:].sum()), 180)
        )
        found = BeforeAfter(Proportion(int(months[worst]), 60), own.after)
        honest += effect(LATE, own, control).verdict is Verdict.EFFECTIVE
        credited += effect(LATE, found, control).verdict is Verdict.EFFECTIVE
    assert honest <= 80
    assert credited > 250


def test_spans_that_touch_or_are_not_over_are_refused():
    before, after = Period(202601, 202603), Period(202604, 202606)
    check_spans(before, after, running=202607)
    with pytest.raises(InvalidInput, match="not over yet"):
        check_spans(before, after, running=202606)
    with pytest.raises(InvalidInput, match="must end before those after begin"):
        check_spans(Period(202601, 202604), after, running=202612)
