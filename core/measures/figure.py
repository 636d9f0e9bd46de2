"""What the evidence of a measure comes to: value, n, interval, and why there is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from scipy.special import chdtri

from core.i18n import N_
from core.measures.catalogue import Form, Measure
from core.results.figures import LEVEL, Moments, Proportion
from core.sampling import Ended, kaplan_meier, wilson_interval
from core.text.sentence import Sentence

NOTHING_GIVEN = N_("Nothing was imported for this period.")
TOO_FEW = N_("There are {n}; a value is told from {fewest} on.")
NO_HALF = N_("Fewer than half have come to their end, so that there is no median.")
_THOUSAND = 1000.0


class Rate(NamedTuple):
    """How many events there were in how many chances of one."""

    events: int
    chances: int


class Given(NamedTuple):
    """What somebody else computed; None where nothing was said."""

    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None


_Counted: TypeAlias = Moments | Proportion | Rate | tuple[Ended, ...] | int
Basis: TypeAlias = _Counted | Given
"""What a measure is made of: sums of values, how many of how many, times, a number, as given."""


@dataclass(frozen=True)
class Figure:
    """A measure of some stations in a period; intervals are of 90 percent.

    Attributes:
        value: in the measure's unit; None where `reason` says why.
        n: what it is made of; None where whoever computed it did not say.
        low, high: None where there is no interval.
    """

    value: float | None
    n: int | None
    low: float | None = None
    high: float | None = None
    reason: Sentence | None = None


def figure(measure: Measure, evidence: Basis, *, level: float = LEVEL) -> Figure:
    """What the evidence comes to, by the measure's form.

    Means have Student's interval, shares Wilson's, rates the exact one of Poisson counts (Garwood
    1936), medians that of Kaplan and Meier's estimate; counts have none.

    Raises:
        InvalidInput: counts that cannot be, such as more of fewer.
    """
    if isinstance(evidence, Given):
        if evidence.value is None:
            return Figure(None, evidence.n, reason=Sentence(NOTHING_GIVEN))
        return Figure(evidence.value, evidence.n, low=evidence.low, high=evidence.high)
    n = _size(evidence)
    if n < measure.fewest or (n == 0 and measure.form is not Form.COUNT):
        values = {"n": n, "fewest": max(1, measure.fewest)}
        return Figure(None, n, reason=Sentence(TOO_FEW, values))
    return _computed(evidence, n, level)


def _size(evidence: _Counted) -> int:
    if isinstance(evidence, Rate):
        return evidence.chances
    if isinstance(evidence, Moments | Proportion):
        return evidence.n
    if isinstance(evidence, int):
        return evidence
    return sum(ended.ended + ended.watched for ended in evidence)


def _computed(evidence: _Counted, n: int, level: float) -> Figure:
    if isinstance(evidence, int):
        return Figure(float(evidence), n)
    if isinstance(evidence, Moments):
        mean, half = evidence.mean or 0.0, evidence.half_width(level)
        if half is None:
            return Figure(mean, n)
        return Figure(mean, n, low=mean - half, high=mean + half)
    if isinstance(evidence, Proportion):
        interval = wilson_interval(evidence.k, n, level=level)
        assert interval is not None
        low, high = 100 * interval.lower, 100 * interval.upper
        return Figure(100 * evidence.k / n, n, low=low, high=high)
    if isinstance(evidence, Rate):
        return _rate(evidence, level)
    return _median(evidence, n, level)


def _rate(rate: Rate, level: float) -> Figure:
    tail, scale = (1 - level) / 2, _THOUSAND / rate.chances
    low = float(chdtri(2 * rate.events, 1 - tail)) / 2 if rate.events else 0.0
    high = float(chdtri(2 * rate.events + 2, tail)) / 2
    return Figure(rate.events * scale, rate.chances, low=low * scale, high=high * scale)


def _median(times: tuple[Ended, ...], n: int, level: float) -> Figure:
    survival = kaplan_meier(times, level=level)
    if survival.median is None:
        return Figure(None, n, reason=Sentence(NO_HALF))
    return Figure(survival.median, n, low=survival.lower, high=survival.upper)
