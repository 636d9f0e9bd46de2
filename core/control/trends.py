"""Has a station changed over the months? One test of shift and drift, at 5 % a year in all.

Candidates are a step between two stretches of at least three months each, and a straight drift.
The statistic is what the best of them explains of the months' squares, over the variance of one
month. That variance holds what inspections of a month differ by, and what months differ by beyond.
Six months alone tell it badly, so that a station's own is weighed with that of the other stations
(Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3:1, where they are genes).
The statistic's chance distribution is simulated under the same months, so that looking for a step
in several months, and for a drift too, is paid for.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from core.errors import InvalidInput, finite
from core.text.sentence import Sentence

YEAR, FEWEST_MONTHS, QUARTER = 12, 6, 3
FALSE_ALARMS = 0.05
DRAWS, SEED = 4000, 20_261_129
LOOSE, FIRM = 0.0, 1e4
ROUNDING = 1e-18
WORTH_KNOWING = 4.0
"""Points of a step whose chance of being told is stated."""

Floats = NDArray[np.float64]
Station = TypeVar("Station", bound=Hashable)


class MonthMean(NamedTuple):
    """Scores of one month, which is told by its number in a row of months without end."""

    ordinal: int
    n: int
    mean: float
    sd: float


@dataclass(frozen=True)
class TrendJudgement:
    """Whether a station changed.

    Attributes:
        signal: whether it did; None where there are too few months.
        power: probability that a step of the size worth knowing in the middle of these months would
            be told; None where there are too few.
        change: points between the two stretches, or over all months of a drift; None if quiet.
        since: the ordinal of the month from which a step holds; None for a drift.
        sentence: all this in words.
    """

    signal: bool | None
    power: float | None
    change: float | None
    since: int | None
    sentence: Sentence


TOO_FEW = "Too few months to tell: {months} of at least {fewest}."
STEP = (
    "Changed by {change:+.1f} points in month {position} of {months}, more than chance lets months "
    "differ."
)
DRIFT = "Drifted by {change:+.1f} points over {months} months, more than chance lets months differ."
QUIET = (
    "No change is shown in {months} months; a step of {worth:g} points would have been told with a "
    "probability of {percent:.0f} %."
)


def judge_trends(
    series: Mapping[Station, Sequence[MonthMean]], *, worth: float = WORTH_KNOWING
) -> dict[Station, TrendJudgement]:
    """Every station's last twelve months, the variance of months weighed with the other stations'.

    Args:
        series: months of each station in order; months without scores are left out.
        worth: the step whose power is stated, in points.

    Raises:
        InvalidInput: a month twice or out of order, without inspections, or an impossible number.
    """
    if finite(worth) <= 0:
        raise InvalidInput("A change worth knowing is above 0 points, not {worth}.", worth=worth)
    years = {key: _checked(months)[-YEAR:] for key, months in series.items()}
    judged = {key: months for key, months in years.items() if len(months) >= FEWEST_MONTHS}
    between = _between_months(judged.values())
    fits = {key: _fit(months, between) for key, months in judged.items()}
    prior = _prior(list(fits.values()))
    return {
        key: _judgement(fits[key], prior, worth) if key in fits else _too_few(len(months))
        for key, months in years.items()
    }


@dataclass(frozen=True, eq=False)
class _Patterns:
    """Orthonormal patterns of change over weighted months, the level taken out.

    Attributes:
        scale: square roots of the relative variances of the months.
        level: the unit vector of a constant on the weighted scale.
        shapes: unit vectors, patterns x months; the last is the drift.
        height: points of change that one unit along a shape stands for.
        middle: which shape is the step nearest the middle.
    """

    scale: Floats
    level: Floats
    shapes: Floats
    height: Floats
    middle: int

    def explained(self, weighted: Floats) -> tuple[Floats, Floats]:
        """Draws x patterns: what each explains; and per draw, the squares around the level."""
        centred = weighted - np.outer(weighted @ self.level, self.level)
        return (centred @ self.shapes.T) ** 2, (centred**2).sum(axis=1)


class _Fit(NamedTuple):
    """A station's months against the patterns.

    `variance` is that of an average month around the best pattern, `sampling` what inspections
    alone let it be.
    """

    patterns: _Patterns
    ordinals: tuple[int, ...]
    weighted: Floats
    squares: Floats
    variance: float
    sampling: float
    freedom: int


class _Prior(NamedTuple):
    """What the other stations say of the variance, and how many degrees of freedom it is worth."""

    variance: float
    freedom: float


def _checked(months: Sequence[MonthMean]) -> Sequence[MonthMean]:
    for month in months:
        for value in month:
            finite(value)
        if month.n < 1 or month.sd < 0:
            raise InvalidInput("A month needs inspections, a mean and a spread of 0 or more.")
    ordinals = [month.ordinal for month in months]
    if any(later <= earlier for earlier, later in pairwise(ordinals)):
        raise InvalidInput("Months must stand in order, each once.")
    return months


def _within(months: Sequence[MonthMean]) -> float:
    """Variance of an inspection within its month."""
    freedom = sum(month.n - 1 for month in months)
    squares = math.fsum((month.n - 1) * month.sd**2 for month in months)
    return squares / freedom if freedom else 0.0


def _between_months(stations: Iterable[Sequence[MonthMean]]) -> float:
    """Variance of months beyond their inspections', from neighbouring months of all stations.

    Half the squared difference of two neighbours less what inspections let it be; its median over a
    normal variable's, so that a step, which is one difference among many, does not count.
    """
    ratios = []
    for months in stations:
        within = _within(months)
        for one, other in pairwise(months):
            ratios.append(
                ((one.mean - other.mean) ** 2 / 2, within * (1 / one.n + 1 / other.n) / 2)
            )
    if not ratios:
        return 0.0
    squares, sampling = np.array(ratios).T
    chi = float(special.chdtri(1, 0.5))
    return max(0.0, float(np.median(squares)) / chi - float(np.mean(sampling)))


def _fit(months: Sequence[MonthMean], between: float) -> _Fit:
    within = _within(months)
    sampling = np.array([within / month.n for month in months])
    relative = sampling + between
    relative = relative / relative.mean() if relative.mean() > 0 else np.ones(len(months))
    ordinals = tuple(month.ordinal for month in months)
    patterns = _patterns(
        tuple(ordinal - ordinals[0] for ordinal in ordinals),
        tuple(np.round(relative, 2).tolist()),
    )
    weighted = np.array([month.mean for month in months]) / patterns.scale
    explained, total = patterns.explained(weighted[None, :])
    freedom = len(months) - 2
    noise = ROUNDING * float(weighted @ weighted)
    squares = np.where(explained[0] > noise, explained[0], 0.0)
    rest = float(total[0] - squares.max())
    rest = rest if rest > noise else 0.0
    return _Fit(
        patterns=patterns,
        ordinals=ordinals,
        weighted=weighted,
        squares=squares,
        variance=rest / freedom,
        sampling=float(sampling.mean()),
        freedom=freedom,
    )


@lru_cache(maxsize=4096)
def _patterns(positions: tuple[int, ...], relative: tuple[float, ...]) -> _Patterns:
    count = len(positions)
    scale = np.sqrt(np.maximum(np.array(relative), 0.01))
    cuts = list(range(QUARTER, count - QUARTER + 1))
    steps = [(np.arange(count) >= cut).astype(np.float64) for cut in cuts]
    drift = np.array(positions) / positions[-1]
    level = 1 / scale / np.linalg.norm(1 / scale)
    shapes = np.array([*steps, drift]) / scale
    shapes -= np.outer(shapes @ level, level)
    norms = np.linalg.norm(shapes, axis=1)
    middle = int(np.argmin([abs(2 * cut - count) for cut in cuts]))
    return _Patterns(scale, level, shapes / norms[:, None], 1 / norms, middle)


def _prior(fits: Sequence[_Fit]) -> _Prior:
    """The usual variance and its worth, by the moments of the logarithms (Smyth 2004).

    Its degrees of freedom are never more than the other stations have together.
    """
    usable = [fit for fit in fits if fit.variance > 0]
    if len(usable) < 2:
        return _Prior(variance=0.0, freedom=LOOSE)
    half = np.array([fit.freedom / 2 for fit in usable])
    logs = np.log([fit.variance for fit in usable]) - special.digamma(half) + np.log(half)
    excess = float(np.var(logs, ddof=1) - np.mean(special.polygamma(1, half)))
    others = float(sum(fit.freedom for fit in usable)) * (len(usable) - 1) / len(usable)
    freedom = min(others, FIRM)
    if excess > 1 / FIRM:
        solved = optimize.brentq(lambda d: special.polygamma(1, d / 2) - excess, 1e-3, FIRM * 10)
        freedom = min(freedom, float(solved))
    center = math.exp(
        float(np.mean(logs)) + float(special.digamma(freedom / 2)) - math.log(freedom / 2)
    )
    return _Prior(variance=center, freedom=freedom)


def _judgement(fit: _Fit, prior: _Prior, worth: float) -> TrendJudgement:
    months = len(fit.weighted)
    variance = _weighed(fit.variance, fit.freedom, prior)
    variance = max(variance, fit.sampling)
    if variance <= 0:
        return _told(fit, power=1.0) if fit.squares.max() > 0 else _quiet(months, worth, 1.0)
    limit = _limit(fit.patterns, round(prior.freedom, 1))
    power = _power(fit.patterns, round(prior.freedom, 1), round(worth / math.sqrt(variance), 2))
    if fit.squares.max() <= limit * variance:
        return _quiet(months, worth, power)
    return _told(fit, power)


def _weighed(variance: float, freedom: float, prior: _Prior) -> float:
    return (prior.freedom * prior.variance + freedom * variance) / (prior.freedom + freedom)


def _told(fit: _Fit, power: float) -> TrendJudgement:
    best, months = int(fit.squares.argmax()), len(fit.weighted)
    patterns = fit.patterns
    change = float(fit.weighted @ patterns.shapes[best] * patterns.height[best])
    if best == len(patterns.shapes) - 1:
        words = Sentence(DRIFT, {"change": change, "months": months})
        return TrendJudgement(signal=True, power=power, change=change, since=None, sentence=words)
    first = best + QUARTER
    words = Sentence(STEP, {"change": change, "position": first + 1, "months": months})
    since = fit.ordinals[first]
    return TrendJudgement(signal=True, power=power, change=change, since=since, sentence=words)


def _quiet(months: int, worth: float, power: float) -> TrendJudgement:
    values = {"months": months, "worth": worth, "percent": 100 * power}
    words = Sentence(QUIET, values)
    return TrendJudgement(signal=False, power=power, change=None, since=None, sentence=words)


def _too_few(months: int) -> TrendJudgement:
    words = Sentence(TOO_FEW, {"months": months, "fewest": FEWEST_MONTHS})
    return TrendJudgement(signal=None, power=None, change=None, since=None, sentence=words)


@lru_cache(maxsize=4096)
def _limit(patterns: _Patterns, prior_freedom: float) -> float:
    """What the largest ratio exceeds in one quiet year of twenty."""
    return float(np.quantile(_ratios(patterns, prior_freedom, 0.0), 1 - FALSE_ALARMS))


@lru_cache(maxsize=4096)
def _power(patterns: _Patterns, prior_freedom: float, step: float) -> float:
    """Probability that a step of so many standard deviations of a month would be told."""
    ratios = _ratios(patterns, prior_freedom, step)
    return float(np.mean(ratios > _limit(patterns, prior_freedom)))


def _ratios(patterns: _Patterns, prior_freedom: float, step: float) -> Floats:
    """The statistic of simulated stations; their true variances vary as the prior says.

    The prior of quiet stations lies a little below their variance, since each was taken around the
    pattern that suits it best; so does the one that is simulated.
    """
    rng = np.random.default_rng(SEED)
    months = len(patterns.scale)
    spread = np.ones(DRAWS)
    if 0 < prior_freedom < FIRM:
        spread = np.sqrt(prior_freedom / rng.chisquare(prior_freedom, DRAWS))
    noise = rng.standard_normal((DRAWS, months)) * spread[:, None]
    middle = patterns.middle
    noise += step / patterns.height[middle] * patterns.shapes[middle]
    explained, total = patterns.explained(noise)
    best = explained.max(axis=1)
    freedom = months - 2
    variance = (total - best) / freedom
    usual = _usual(patterns) if prior_freedom else 0.0
    weighed = (prior_freedom * usual + freedom * variance) / (prior_freedom + freedom)
    ratios: Floats = best / weighed
    return ratios


@lru_cache(maxsize=4096)
def _usual(patterns: _Patterns) -> float:
    """What the prior of quiet stations whose months have the variance 1 comes to."""
    months = len(patterns.scale)
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, months))
    explained, total = patterns.explained(noise)
    half = (months - 2) / 2
    logs = np.log((total - explained.max(axis=1)) / (months - 2))
    return math.exp(float(logs.mean()) - float(special.digamma(half)) + math.log(half))
