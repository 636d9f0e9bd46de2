"""What a ranking consists of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from core.errors import NotFound
from core.ranking.assignment import AssignmentCheck
from core.ranking.cells import Key
from core.ranking.drift import Expected
from core.ranking.explain import Adjustment
from core.ranking.positions import Position
from core.ranking.posterior import Posterior
from core.sampling import Interval
from core.text.sentence import Sentence

TIER_CERTAINTY = 0.95


class Tier(StrEnum):
    """A ranked station's verdict: above or below the reference, or in the middle, untold.

    `of` cuts a probability of lying above at 0.95 and 0.05.
    """

    ABOVE = "above"
    MIDDLE = "middle"
    BELOW = "below"

    @classmethod
    def of(cls, above: float) -> Tier:
        if above >= TIER_CERTAINTY:
            return cls.ABOVE
        return cls.BELOW if above <= 1 - TIER_CERTAINTY else cls.MIDDLE


@dataclass(frozen=True)
class CriticalRate:
    """Share of inspections with a critical failure.

    Attributes:
        failures: inspections with a critical failure.
        inspections: inspections, with or without a score.
        rate: failures / inspections; None where there are none.
        interval: Wilson's interval at the ranking's level; None where there are none.
    """

    failures: int
    inspections: int
    rate: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Difference:
    """One station minus another.

    Attributes:
        value: difference of the adjusted figures.
        interval: its interval at the ranking's level.
        distinguishable: the interval leaves zero out; the one rule by which a pair differs.
    """

    value: float
    interval: Interval
    distinguishable: bool


@dataclass(frozen=True)
class Separation:
    """A station against the next better one.

    Attributes:
        neighbour: the next better station.
        difference: this station minus the neighbour.
        needed: further inspections at each of the two that would make them distinguishable if the
            gap is what it seems; 0 if they are already, None if the gap is too near zero. A lower
            bound: it takes the severity of the inspectors as known.
        reason: why `needed` is None.
    """

    neighbour: Key
    difference: Difference
    needed: int | None
    reason: Sentence | None


@dataclass(frozen=True)
class Estimate:
    """A station under one model.

    Attributes:
        value: delivered quality: station effect and staff effects weighted by traffic, at the
            network's mix of cases and the station's own mix of strata.
        interval: its interval at the ranking's level.
        position: its rank, with uncertainty.
    """

    value: float
    interval: Interval
    position: Position


@dataclass(frozen=True)
class RankedStation:
    """A station with enough evidence.

    Attributes:
        station: its key.
        n: inspections with a score.
        plain: Hajek mean of the scores before critical effects.
        adjusted: the estimate that ranks.
        tier: above, middle or below, as `Ranking.comparison` judges the station.
        adjustment: why adjusted and plain differ.
        critical: critical-failure rate.
        separation: against the next better station; None for the best.
        indistinguishable: stations whose difference to this one has an interval over zero.
        fixed: the estimate with inspectors as fixed effects; only where assignment seems to follow
            quality (`Ranking.assignment`), else None. `Ranking.fixed_reason` tells if it failed.
    """

    station: Key
    n: int
    plain: float
    adjusted: Estimate
    tier: Tier
    adjustment: Adjustment
    critical: CriticalRate
    separation: Separation | None
    indistinguishable: tuple[Key, ...]
    fixed: Estimate | None


@dataclass(frozen=True)
class UnrankedStation:
    """A station without enough evidence.

    Attributes:
        station: its key.
        n: inspections with a score.
        plain: Hajek mean; None without inspections.
        critical: critical-failure rate.
        reason: why it is not ranked.
    """

    station: Key
    n: int
    plain: float | None
    critical: CriticalRate
    reason: Sentence


@dataclass(frozen=True)
class Severity:
    """What one inspector adds to a score; negative is strict.

    Attributes:
        inspector: key of the inspector.
        n: inspections scored by the inspector in the group of stations that was fitted.
        value: best prediction, shrunken towards 0.
        interval: its interval at the ranking's level.
    """

    inspector: Key
    n: int
    value: float
    interval: Interval


@dataclass(frozen=True)
class Variances:
    """Variance components of a single score.

    Attributes:
        station: None where no model was fitted.
        staff: staff within station; None if they cannot be told from their stations.
        inspector: None if there is but one.
        residual: None where no model was fitted.
    """

    station: float | None
    staff: float | None
    inspector: float | None
    residual: float | None


class AgainstNetwork(StrEnum):
    """Whether a station's interval leaves the reference out."""

    ABOVE = "above"
    BELOW = "below"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class StationVerdict:
    """A station against the reference.

    Attributes:
        station: its key.
        n: inspections with a score.
        mean: Hajek mean of the scores before critical effects.
        adjusted: delivered quality, inspectors, cases and staff taken out; the plain mean where no
            model can be fitted, None where no inspector links the station to the others.
        difference: interval of the station minus the reference; None where nothing can be said.
        verdict: above or below if the interval leaves zero out; too few below the minimum.
    """

    station: Key
    n: int
    mean: float
    adjusted: float | None
    difference: Interval | None
    verdict: AgainstNetwork


@dataclass(frozen=True)
class Comparison:
    """All stations of a slice against one reference.

    Attributes:
        reference: mean of the stations' adjusted values, each weighted by its inspections.
        level: of every interval, so wide that at most one in twenty of the announced stations is
            expected to be no different; None without intervals.
        rows: by station.
    """

    reference: float | None
    level: float | None
    rows: tuple[StationVerdict, ...]

    @property
    def compared(self) -> int:
        """Stations with enough inspections to be judged."""
        return sum(row.verdict is not AgainstNetwork.TOO_FEW for row in self.rows)

    def count(self, verdict: AgainstNetwork) -> int:
        return sum(row.verdict is verdict for row in self.rows)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Stations by delivered quality, best first, and those that cannot be ranked.

    Attributes:
        level: of every interval.
        ranked: stations with enough evidence, by rank.
        unranked: the others, by key.
        bottom_size: how many stations form the bottom group.
        variances: of the model behind the ranking.
        severities: of the inspectors, by key; empty if there is but one.
        assignment: whether inspectors seem to be assigned by quality; None without a ranking.
        fixed_reason: why there is no estimate with fixed inspectors although there should be one.
        posterior: joint distribution of the ranked stations' values, in the sequence of `ranked`;
            None without a ranking.
        expected: scores to expect at average severity; None without a ranking.
        comparison: every station with scores against one reference.
    """

    level: float
    ranked: tuple[RankedStation, ...]
    unranked: tuple[UnrankedStation, ...]
    bottom_size: int
    variances: Variances
    severities: tuple[Severity, ...]
    assignment: AssignmentCheck | None
    fixed_reason: Sentence | None
    posterior: Posterior | None
    expected: Expected | None
    comparison: Comparison

    def difference(self, first: Key, second: Key) -> Difference:
        """The first station minus the second.

        Raises:
            NotFound: one of them is not ranked.
        """
        places = {row.station: k for k, row in enumerate(self.ranked)}
        for key in (first, second):
            if key not in places:
                raise NotFound("Station {station} is not ranked.", station=key)
        assert self.posterior is not None
        return difference(self.posterior, (places[first], places[second]), self.level)


def difference(posterior: Posterior, pair: tuple[int, int], level: float) -> Difference:
    sign = np.zeros(len(posterior.mean))
    sign[pair[0]] += 1.0
    sign[pair[1]] -= 1.0
    value = float(sign @ posterior.mean)
    sd = math.sqrt(max(float(sign @ posterior.covariance @ sign), 0.0))
    interval = around(value, sd, level)
    return Difference(value, interval, not interval.lower <= 0.0 <= interval.upper)


def around(value: float, sd: float, level: float) -> Interval:
    half = NormalDist().inv_cdf((1 + level) / 2) * sd
    return Interval(value - half, value + half)
