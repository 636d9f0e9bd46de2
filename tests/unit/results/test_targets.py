"""Figures against targets: distances, intervals, verdicts, by hand and against scipy."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from core.errors import InvalidInput
from core.results.figures import Moments, Proportion
from core.results.targets import Aimed, TargetVerdict, distances


def moments(*values):
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def only(aimed):
    found = distances([aimed])
    return found.level, found.rows[0]


def test_a_mean_below_its_target_by_more_than_chance():
    """Forty scores of 80 or 84: mean 82, variance 4 * 40 / 39, error sqrt(4 / 39) = .320.

    Of one target the level is .95; t of 39 degrees is 2.0227, so the distance to 83 is
    -1 -+ .648 and the one to 82.5 is -.5 -+ .648.
    """
    scores = moments(*[80, 84] * 20)
    level, row = only(Aimed(1, "before", scores, 83))
    assert level == pytest.approx(0.95)
    assert (row.value, row.distance) == (82, -1)
    assert row.interval == pytest.approx((-1 - 0.6477, -1 + 0.6477), abs=1e-4)
    assert row.verdict is TargetVerdict.WORSE
    assert only(Aimed(1, "before", scores, 82.5))[1].verdict is TargetVerdict.CANNOT_TELL
    assert only(Aimed(1, "before", scores, 80))[1].verdict is TargetVerdict.BETTER


def test_people_who_differ_widen_the_interval():
    """A variance four times as wide doubles it: 2 * .648 > 1."""
    scores = moments(*[80, 84] * 20)
    row = only(Aimed(1, "before", scores, 83, spread=4.0))[1]
    assert row.interval == pytest.approx((-1 - 2 * 0.6477, -1 + 2 * 0.6477), abs=1e-3)
    assert row.verdict is TargetVerdict.CANNOT_TELL


def test_fewer_critical_failures_are_better():
    """40 of 400 is 10 %, by Wilson at 95 % between 7.4 and 13.3 %."""
    reached = Proportion(40, 400)
    found = {aim: only(Aimed(1, "critical", reached, aim))[1] for aim in (5.0, 8.0, 15.0)}
    assert found[5.0].interval == pytest.approx((2.42, 8.34), abs=0.02)
    assert {aim: row.verdict for aim, row in found.items()} == {
        5.0: TargetVerdict.WORSE,
        8.0: TargetVerdict.CANNOT_TELL,
        15.0: TargetVerdict.BETTER,
    }
    assert only(Aimed(1, "passed", reached, 5.0))[1].verdict is TargetVerdict.BETTER


def test_no_failure_is_a_target_that_one_failure_misses():
    assert only(Aimed(1, "critical", Proportion(1, 50), 0.0))[1].verdict is TargetVerdict.WORSE
    assert (
        only(Aimed(1, "critical", Proportion(0, 50), 0.0))[1].verdict is TargetVerdict.CANNOT_TELL
    )


@pytest.mark.parametrize(
    "reached", [moments(*[80, 84] * 14), moments(*[90.0] * 40), Proportion(2, 29), moments()]
)
def test_too_little_has_no_verdict(reached):
    """28 inspections, scores that do not vary, a share of 29, nothing."""
    assert only(Aimed(1, "before", reached, 50))[1].verdict is TargetVerdict.TOO_FEW


@given(k=some.integers(0, 200), more=some.integers(0, 200), aim=some.floats(0.5, 99.5))
def test_the_interval_of_a_share_leaves_out_what_the_score_test_rejects(k, more, aim):
    """z = (p - t) / sqrt(t (1 - t) / n), two-sided at 5 %."""
    n = k + more
    if n < 30:
        return
    share, target = k / n, aim / 100
    z = abs(share - target) / (target * (1 - target) / n) ** 0.5
    row = only(Aimed(1, "passed", Proportion(k, n), aim))[1]
    if abs(z - 1.959964) > 1e-6:
        assert (row.verdict is not TargetVerdict.CANNOT_TELL) == (z > 1.959964)


def test_of_many_targets_just_met_few_are_told():
    """At most 25 of 300 tables of 20: 5 %, and 2.6 standard errors."""
    rng = random.Random(11)
    told = 0
    for _ in range(300):
        aims = [
            Aimed(k, "before", moments(*(rng.gauss(85, 7) for _ in range(40))), 85)
            for k in range(20)
        ]
        rows = distances(aims).rows
        told += any(row.verdict is not TargetVerdict.CANNOT_TELL for row in rows)
    assert told <= 25


def test_the_level_follows_from_how_many_are_looked_at():
    """One of four is rejected: every interval is at 1 - .05 / 4, Student's of 39 degrees."""
    scores = moments(*[80, 84] * 20)
    aims = [Aimed(1, "before", scores, 90), *(Aimed(k, "before", scores, 82) for k in (2, 3, 4))]
    found = distances(aims)
    assert found.level == pytest.approx(1 - 0.05 / 4)
    half = stats.t.ppf(1 - 0.05 / 8, 39) * (4 / 39) ** 0.5
    assert found.rows[0].interval == pytest.approx((-8 - half, -8 + half))
    assert found.count(TargetVerdict.WORSE) == 1


@pytest.mark.parametrize(
    "aimed",
    [
        Aimed(1, "before", Moments(40, total=3000, squares=3e5), 101),
        Aimed(1, "before", Moments(40, total=3000, squares=3e5), float("nan")),
        Aimed(1, "before", Moments(40, total=float("nan"), squares=3e5), 80),
        Aimed(1, "passed", Proportion(41, 40), 80),
        Aimed(1, "passed", Proportion(4, 40), 80, spread=0.5),
    ],
)
def test_what_cannot_be_is_refused(aimed):
    with pytest.raises(InvalidInput):
        distances([aimed])
