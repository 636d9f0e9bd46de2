"""Stations compared by shares and by means that no model adjusts.

One rule as for scores: what is judged is the difference to one reference, the share or mean of all
inspections of the slice, own share included; the level follows from how many stations are compared
(Benjamini & Hochberg 1995), and the limit or interval of that level is the one that is drawn.
Inspections of one person go together, so that errors are as much wider as people differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

import numpy as np
from scipy.special import bdtrik, betainc

from core.errors import InvalidInput, finite
from core.ranking import AgainstNetwork, Comparison, StationVerdict
from core.ranking.verdict import false_discovery_level
from core.results.figures import ENOUGH, Moments, Proportion, Ratios, check_sums, welch
from core.sampling import Interval


class Spread(NamedTuple):
    """What inspections of a station vary by: among its people, and if each stood alone.

    Both are variances of the station's total.
    """

    by_people: float
    alone: float


class StationShare(NamedTuple):
    """A station's share against the network.

    `low` and `high` are the shares beyond which so many inspections are told from the network; None
    where no share would be.
    """

    station: int
    counted: Proportion
    low: float | None
    high: float | None
    verdict: AgainstNetwork


@dataclass(frozen=True)
class ShareComparison:
    """Stations by their share, the smallest first.

    Attributes:
        reference: the share of all inspections; None where there are none.
        level: of the limits, all stations looked at together; None where nothing can be told.
        total: inspections of all stations.
        spread: how many times the variance is that of inspections that stand alone, at least 1.
    """

    reference: float | None
    level: float | None
    total: float
    spread: float
    rows: tuple[StationShare, ...]

    def limits(self, n: float) -> tuple[float | None, float | None]:
        """The shares beyond which a station of n inspections is told from the network."""
        varies = self.reference is not None and 0 < self.reference < 1
        if self.level is None or not varies or not 0 < n < self.total:
            return None, None
        size = _size(n, self.total, self.spread)
        return _limits(size, self.reference or 0.0, (1 - self.level) / 2)


def spread_of(people: Ratios, variance: float | None) -> Spread:
    """From counts and sums over people and the variance of a single inspection.

    The variance by people is that of a ratio of clusters (Cochran 1977, section 6.4); a station
    with one person, or none whom its inspections name, tells nothing.
    """
    if people.variance is None or variance is None:
        return Spread(by_people=0.0, alone=0.0)
    size = people.denominator
    return Spread(by_people=people.variance * size**2, alone=variance * size)


def times_wider(spreads: Iterable[Spread]) -> float:
    """How many times as large as for inspections that stand alone the variance is; at least 1.

    Of all stations together, as the people of one tell too little.
    """
    known = [spread for spread in spreads if spread.alone > 0]
    alone = math.fsum(spread.alone for spread in known)
    return max(1.0, math.fsum(spread.by_people for spread in known) / alone) if alone else 1.0


def compare_shares(
    counts: Mapping[int, Proportion], spread: float = 1.0, *, minimum: int = ENOUGH
) -> ShareComparison:
    """Every station's share against that of all inspections.

    A station of n inspections out of N tells as much as n N / (N - n) / spread independent ones do
    against a known share; how probable so many cases or more (or fewer) are is the binomial
    distribution's, which beta functions continue between whole numbers (Spiegelhalter 2005 draws
    such limits as a funnel).

    Args:
        counts: cases and inspections by station; stations without inspections are left out.
        spread: see `times_wider`.
        minimum: inspections below which a station gets no verdict; it counts for the reference.

    Raises:
        InvalidInput: a count that cannot be, or a spread below 1.
    """
    counted = {key: _checked(own) for key, own in counts.items() if finite(own.n)}
    if finite(spread) < 1:
        raise InvalidInput("A spread of {spread} cannot be.", spread=spread)
    total = math.fsum(own.n for own in counted.values())
    cases = math.fsum(own.k for own in counted.values())
    if not total:
        return ShareComparison(reference=None, level=None, total=0.0, spread=spread, rows=())
    share = cases / total
    tails = {
        key: _share_tail(own, share, _size(own.n, total, spread))
        for key, own in counted.items()
        if minimum <= own.n < total
    }
    level = false_discovery_level(np.array(list(tails.values()))) if tails else None
    bare = ShareComparison(reference=share, level=level, total=total, spread=spread, rows=())
    rows = [_share_row(key, own, bare, tails.get(key)) for key, own in counted.items()]
    rows.sort(key=lambda row: (row.counted.k / row.counted.n, -row.counted.n, row.station))
    return replace(bare, rows=tuple(rows))


def compare_means(
    scores: Mapping[int, Moments], spread: float = 1.0, *, minimum: int = ENOUGH
) -> Comparison:
    """Every station's plain mean against that of all inspections, the best first.

    Welch's test of the station against the others: its difference to the mean of all, own share
    included, is that to the others times the others' share of the inspections, and so is its error.

    Args:
        scores: by station; stations without any are left out.
        spread: see `times_wider`.
        minimum: inspections below which a station gets an interval and no verdict.

    Raises:
        InvalidInput: sums that no values can have, or a spread below 1.
    """
    check_sums(*scores.values())
    if finite(spread) < 1:
        raise InvalidInput("A spread of {spread} cannot be.", spread=spread)
    present = {key: own for key, own in scores.items() if own.n}
    if not present:
        return Comparison(reference=None, level=None, rows=())
    every = reduce(Moments.plus, present.values())
    tests = {key: welch(own, every.minus(own)) for key, own in present.items()}
    widened = {
        key: test._replace(error=test.error * math.sqrt(spread))
        for key, test in tests.items()
        if test is not None
    }
    tails = [test.tail() for key, test in widened.items() if present[key].n >= minimum]
    level = false_discovery_level(np.array(tails))
    rows = []
    for key, own in present.items():
        test, interval = widened.get(key), None
        if test is not None:
            others = 1 - own.n / every.n
            half = test.half_width(level)
            interval = Interval(others * (test.value - half), others * (test.value + half))
        rows.append(
            StationVerdict(
                station=key,
                n=own.n,
                mean=own.mean or 0.0,
                adjusted=None,
                difference=interval,
                verdict=_mean_verdict(interval if own.n >= minimum else None),
            )
        )
    rows.sort(key=lambda row: (-row.mean, -row.n, row.station))
    return Comparison(reference=every.mean, level=level if tails else None, rows=tuple(rows))


def _checked(own: Proportion) -> Proportion:
    if not 0 <= finite(own.k) <= finite(own.n):
        raise InvalidInput("{k} of {n} cannot be.", k=own.k, n=own.n)
    return own


def _size(n: float, total: float, spread: float) -> float:
    """Inspections that stand alone and tell as much against a known share."""
    return n * total / (total - n) / spread


def _share_tail(own: Proportion, share: float, size: float) -> float:
    """The two-sided probability of a share as far from the reference, the smaller side doubled."""
    cases = own.k / own.n * size
    more = float(betainc(cases, size - cases + 1, share)) if cases > 0 else 1.0
    fewer = float(betainc(size - cases, cases + 1, 1 - share)) if cases < size else 1.0
    return min(1.0, 2 * min(more, fewer))


def _limits(size: float, share: float, tail: float) -> tuple[float | None, float | None]:
    high = (1 + float(bdtrik(1 - tail, size, share))) / size
    none = float(betainc(size, 1.0, 1 - share))
    low = float(bdtrik(tail, size, share)) / size if none < tail else None
    return low, high if high <= 1 else None


def _share_row(
    station: int, own: Proportion, comparison: ShareComparison, tail: float | None
) -> StationShare:
    low, high = comparison.limits(own.n)
    verdict = AgainstNetwork.TOO_FEW
    if tail is not None and comparison.level is not None:
        verdict = AgainstNetwork.CANNOT_TELL
        if tail <= 1 - comparison.level:
            is_more = own.k / own.n > (comparison.reference or 0.0)
            verdict = AgainstNetwork.ABOVE if is_more else AgainstNetwork.BELOW
    return StationShare(station, own, low, high, verdict)


def _mean_verdict(interval: Interval | None) -> AgainstNetwork:
    if interval is None:
        return AgainstNetwork.TOO_FEW
    if interval.lower <= 0 <= interval.upper:
        return AgainstNetwork.CANNOT_TELL
    return AgainstNetwork.ABOVE if interval.lower > 0 else AgainstNetwork.BELOW
