"""Whatever number the statistics get: None with a reason, InvalidInput, or a finite answer."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from core import agreement, control, effect, ranking, sampling
from core.errors import InvalidInput
from core.ranking.cells import ScoreRow
from core.results import contrast, figures

BAD = (math.nan, math.inf, -math.inf, -1, 1e308, 10**400, "many", None, 0)
MOST_TRIED = 1000
RATINGS = [[1, 2], [2, 2], [3, 1], [3, 3], [1, 1]]
MOMENTS = figures.Moments(4, 340.0, 28_950.0)
RATIOS = figures.Ratios(3, 4.0, 60.0, 6.0, 1220.0, 82.0)
FIGURES = figures.Figures(MOMENTS, MOMENTS, 3, 1, 0)
SUBJECT = contrast.SubjectFigures(FIGURES, MOMENTS, RATIOS, {"open": MOMENTS})
PERIOD = effect.Scores(3, 240.0, 19_250.0)
MONTHS = [control.MonthMean(k, 30, 88.0 + k % 3, 6.0) for k in range(7)]
SHARES = agreement.ShareSums(5, 4.0, 1.0, 0.5, 3.4, 0.5, 0.2, 0.6, 0.3, 0.1)
ESTIMATE = effect.Estimate(
    method=effect.Method.MATCHED,
    people=11,
    rise=6.0,
    expected=2.0,
    effect=4.0,
    interval=sampling.Interval(1.25, 6.75),
    error=1.5,
    freedom=9,
    spread=5.0,
)
SCORES = ranking.ScoreCells.from_rows(
    ScoreRow(s, 10 * s + k % 4, k % 3, 0, 0, 1, y, y * y, 1, y, 0)
    for s in range(3)
    for k in range(12)
    for y in [80.0 + 3 * s + (7 * k) % 5]
)
TRAFFIC = ranking.Traffic(
    np.arange(3), 10 * np.arange(3), np.zeros(3, int), np.zeros(3, int), np.full(3, 40.0)
)
PEOPLE = [
    effect.Person(
        k, k < 12, PERIOD, None, effect.Scores(2, 160.0 + k % 5, 12_900.0 + 500 * (k % 5))
    )
    for k in range(30)
]

CALLS = {
    "percent_agreement_interval": (agreement.percent_agreement_interval, [RATINGS]),
    "fleiss_interval": (agreement.fleiss_interval, [[[2, 0], [1, 1], [0, 2]]]),
    "gwet_ac1_interval": (agreement.gwet_ac1_interval, [RATINGS]),
    "gwet_ac2_interval": (agreement.gwet_ac2_interval, [RATINGS]),
    "weighted_kappa_interval": (agreement.weighted_kappa_interval, [[1, 2, 3], [1, 3, 3]]),
    "krippendorff_interval": (
        lambda ratings: agreement.krippendorff_interval(ratings, "interval", seed=1, draws=20),
        [RATINGS],
    ),
    "icc_interval": (agreement.icc_interval, [RATINGS]),
    "why_undefined": (agreement.why_undefined, [RATINGS]),
    "pair_icc": (agreement.pair_icc, [agreement.PairSums(4, 340.0, 330.0, 29e3, 27.4e3, 28.1e3)]),
    "difference": (agreement.difference, [agreement.PairSums(4, 340.0, 330.0, 29e3, 28e3, 28.1e3)]),
    "shared_ac1": (agreement.shared_ac1, [SHARES]),
    "pair_agreement": (
        lambda times, confidence: agreement.pair_agreement(
            times, scale=(0, 100), not_applicable=-1000, confidence=confidence
        ),
        [{(0, 100): 3, (100, 100): 9, (0, 0): 2}, 0.9],
    ),
    "p_chart": (control.p_chart, [[3, 4, 5, 2], [20, 20, 30, 20]]),
    "laney_p_chart": (control.laney_p_chart, [[3, 4, 5, 2], [20, 20, 30, 20]]),
    "share_chart": (control.share_chart, [[3, 4, 5, 2], [20, 20, 30, 20]]),
    "run_rules": (control.run_rules, [(0.5, 1.5, -2.5)]),
    "in_deviations": (
        lambda counts, sizes: control.in_deviations(control.p_chart(counts, sizes)),
        [[3, 4, 5, 2], [20, 20, 30, 20]],
    ),
    "c_chart": (control.c_chart, [[3, 4, 5, 2]]),
    "individuals_chart": (control.individuals_chart, [[3.0, 4.0, 5.0, 2.0]]),
    "smoothed_chart": (control.smoothed_chart, [[3.0, 4.0, 5.0, 2.0]]),
    "means_chart": (control.means_chart, [[80.0, 82.0, 81.0], [20, 30, 25], [6.0, 5.0, 7.0]]),
    "ewma_chart": (
        lambda values, target, sigma, weight, width: control.ewma_chart(
            values, target=target, sigma=sigma, weight=weight, width=width
        ),
        [[3.0, 4.0, 5.0], 4.0, 1.0, 0.2, 2.7],
    ),
    "cusum_chart": (
        lambda values, target, k, h: control.cusum_chart(values, target=target, k=k, h=h),
        [[3.0, 4.0, 5.0], 4.0, 0.5, 5.0],
    ),
    "judge_trends": (
        lambda series, worth: control.judge_trends(series, worth=worth),
        [{"a": MONTHS, "b": MONTHS[1:]}, 4.0],
    ),
    "wilson_interval": (sampling.wilson_interval, [3, 10, 100, 0.9]),
    "sample_size": (sampling.sample_size, [0.5, 0.1, 1000, 0.9]),
    "margin_of_error": (sampling.margin_of_error, [0.5, 10, 1000, 0.9]),
    "hajek_mean": (sampling.hajek_mean, [[80.0, 90.0, 85.0], [0.1, 0.2, 0.1]]),
    "stratified_mean": (sampling.stratified_mean, [[([80.0, 90.0], 40.0), ([70.0, 75.0], 9.0)]]),
    "draw": (sampling.draw, [["a", "a", "b"], {"a": 1, "b": 1}, 7]),
    "people_needed": (effect.people_needed, [4.0, 12.0, 0.9, 0.8]),
    "change_spread": (
        lambda within, before, after: effect.change_spread(within, before, after, matched=True),
        [144.0, 4, 5],
    ),
    "Scores": (effect.Scores, [3, 240.0, 19_250.0]),
    "training_effect": (
        lambda level: effect.training_effect(PEOPLE, level=level),
        [0.9],
    ),
    "looked_at_together": (
        lambda value, error, freedom: effect.looked_at_together(
            [dataclasses.replace(ESTIMATE, effect=value, error=error, freedom=freedom), None]
        ),
        [4.0, 1.5, 9],
    ),
    "kaplan_meier": (
        lambda counts, level: sampling.kaplan_meier(counts, level=level),
        [[sampling.Ended(1.0, 2, 1), sampling.Ended(3.5, 1)], 0.9],
    ),
    "gap": (figures.gap, [MOMENTS, MOMENTS, 0.9]),
    "share_span": (figures.share_span, [figures.Proportion(3, 9), figures.Proportion(2, 9), 0.9]),
    "ratio_span": (figures.ratio_span, [RATIOS, RATIOS, 0.9]),
    "contrasts": (contrast.contrasts, [SUBJECT, SUBJECT]),
    "section_contrasts": (contrast.section_contrasts, [SUBJECT, SUBJECT]),
    "compare": (
        lambda cells, minimum, share: ranking.compare(cells, minimum=minimum, false_share=share),
        [SCORES, 5, 0.05],
    ),
    "rank_stations": (
        lambda cells, traffic, minimum, level: ranking.rank_stations(
            cells, traffic, minimum=minimum, level=level, draws=100
        ),
        [SCORES, TRAFFIC, 5, 0.9],
    ),
}


def places(value, path=()):
    """Every number within the arguments, as the way to it."""
    if isinstance(value, bool | str) or value is None:
        return
    if isinstance(value, int | float):
        yield path
    elif isinstance(value, np.ndarray):
        yield (*path, 0)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from places(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, Sequence):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))


def replaced(value, path, bad):
    """The value with something else where the path leads."""
    if not path:
        return bad
    step, *rest = path
    if isinstance(value, np.ndarray):
        changed = value.astype(object if isinstance(bad, str | None) or abs(bad) > 1e308 else float)
        changed[step] = bad
        return changed
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(value, **{step: replaced(getattr(value, step), rest, bad)})
    if isinstance(value, Mapping):
        return {**value, step: replaced(value[step], rest, bad)}
    items = [replaced(item, rest, bad) if k == step else item for k, item in enumerate(value)]
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def numbers(value):
    """Every number of an answer."""
    if isinstance(value, float | np.floating):
        yield float(value)
    elif isinstance(value, np.ndarray):
        yield from value.astype(float).ravel().tolist() if value.dtype.kind in "fi" else []
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from numbers(item)


def test_every_public_function_is_tried():
    values = {"krippendorff_alpha", "fleiss_kappa", "weighted_kappa", "gwet_ac1", "gwet_ac2", "icc"}
    apart = values | {
        "percent_agreement",
        "judge",
        "headline",
        "told",
        "positions",
        "month_severities",
    }
    for package in (agreement, control, effect, ranking, sampling):
        functions = {name for name in package.__all__ if name[0].islower()}
        assert functions - apart <= CALLS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_what_is_possible_has_a_finite_answer(name):
    function, arguments = CALLS[name]
    assert all(map(math.isfinite, numbers(function(*arguments))))


@pytest.mark.parametrize("name", CALLS)
def test_what_is_impossible_is_refused_or_left_open(name):
    function, arguments = CALLS[name]
    tried = list(itertools.product(places(list(arguments)), BAD))
    step = 1 + len(tried) // MOST_TRIED
    for path, bad in tried[::step]:
        try:
            answer = function(*replaced(list(arguments), path, bad))
        except InvalidInput:
            continue
        assert all(map(math.isfinite, numbers(answer))), (path, bad, answer)
