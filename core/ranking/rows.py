"""The rows of a ranking, put together from the fitted model, and which stations differ."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from core.ranking.arrays import BoolArray, sum_by
from core.ranking.cells import Key, ScoreCells, Traffic
from core.ranking.design import Design, levels_of
from core.ranking.explain import adjustments, hajek_means
from core.ranking.model import Fitted, severities
from core.ranking.posterior import Posterior
from core.ranking.result import (
    AgainstNetwork,
    Comparison,
    CriticalRate,
    Estimate,
    RankedStation,
    Separation,
    Severity,
    Tier,
    UnrankedStation,
    around,
    difference,
)
from core.sampling import wilson_interval
from core.text.sentence import Sentence

NOT_SCORED = "Nothing was scored in this period."
_TIERS = {
    AgainstNetwork.ABOVE: Tier.ABOVE,
    AgainstNetwork.BELOW: Tier.BELOW,
    AgainstNetwork.CANNOT_TELL: Tier.MIDDLE,
}
MOST_NEEDED = 10_000
NEAR_ZERO = 1e-6
TOO_CLOSE = (
    "The gap to the next better station is so small that even {most} more inspections at each "
    "would not settle it."
)


@dataclass(frozen=True)
class Estimates:
    """Estimates of the ranked stations under the model shown first and, if asked for, second."""

    adjusted: tuple[Estimate, ...]
    fixed: tuple[Estimate, ...] | None


def ranked_rows(
    fitted: Fitted,
    critical: dict[Key, CriticalRate],
    posterior: Posterior,
    estimates: Estimates,
    level: float,
    comparison: Comparison,
) -> tuple[RankedStation, ...]:
    """One row per ranked station, by key; the posterior covers all linked stations."""
    keys = fitted.design.stations[fitted.keep].tolist()
    counts = fitted.design.inspections()[fitted.keep]
    plain = hajek_means(fitted.design)[fitted.keep]
    reasons = adjustments(fitted.model, fitted.design, fitted.served, posterior.mean)
    neighbours = _separations(fitted, posterior.part(fitted.keep), estimates.adjusted, level)
    verdicts = {row.station: row.verdict for row in comparison.rows}
    alike = _alike(keys, posterior.part(fitted.keep), level)
    return tuple(
        RankedStation(
            station=key,
            n=int(counts[k]),
            plain=float(plain[k]),
            adjusted=estimates.adjusted[k],
            tier=_TIERS[verdicts[key]],
            adjustment=reasons[fitted.keep[k]],
            critical=critical[key],
            separation=neighbours[k],
            indistinguishable=alike[k],
            fixed=estimates.fixed[k] if estimates.fixed else None,
        )
        for k, key in enumerate(keys)
    )


def unranked_rows(
    design: Design, critical: dict[Key, CriticalRate], reasons: dict[Key, Sentence]
) -> tuple[UnrankedStation, ...]:
    """Stations with a reason, and those of `critical` that have no score at all."""
    places = {key: k for k, key in enumerate(design.stations.tolist())}
    counts, plain = design.inspections(), hajek_means(design)
    return tuple(
        UnrankedStation(
            station=key,
            n=int(counts[places[key]]) if key in places else 0,
            plain=float(plain[places[key]]) if key in places else None,
            critical=rate,
            reason=reasons.get(key, Sentence(NOT_SCORED)),
        )
        for key, rate in critical.items()
        if key in reasons or key not in places
    )


def critical_rates(
    cells: ScoreCells, traffic: Traffic | None, level: float
) -> dict[Key, CriticalRate]:
    """By key, for every station that has inspections or encounters."""
    keys, codes = levels_of(cells.station)
    failures = sum_by(codes, cells.critical, len(keys))
    inspections = sum_by(codes, cells.n + cells.unscored, len(keys))
    rates = {
        key: _critical_rate(int(failures[k]), int(inspections[k]), level)
        for k, key in enumerate(keys.tolist())
    }
    served = [] if traffic is None else np.unique(traffic.station).tolist()
    nothing = {key: _critical_rate(0, 0, level) for key in served}
    return dict(sorted((nothing | rates).items()))


def _critical_rate(failures: int, inspections: int, level: float) -> CriticalRate:
    interval = wilson_interval(failures, inspections, level=level)
    rate = failures / inspections if inspections else None
    return CriticalRate(failures=failures, inspections=inspections, rate=rate, interval=interval)


def severity_rows(fitted: Fitted, level: float) -> tuple[Severity, ...]:
    if fitted.model.variance("inspector") is None:
        return ()
    design = fitted.design
    posterior = severities(fitted.model, design)
    counts = sum_by(design.inspector, design.sums.n, len(design.inspectors))
    values = zip(
        design.inspectors.tolist(), counts, posterior.mean.tolist(), posterior.sd(), strict=True
    )
    return tuple(
        Severity(key, int(n), mean, around(mean, float(sd), level)) for key, n, mean, sd in values
    )


def _separations(
    fitted: Fitted, posterior: Posterior, estimates: tuple[Estimate, ...], level: float
) -> dict[int, Separation | None]:
    keys = fitted.design.stations[fitted.keep].tolist()
    per_score = fitted.model.fit.residual + (fitted.model.variance("staff") or 0.0)
    order = sorted(range(len(keys)), key=lambda k: estimates[k].position.rank)
    separations: dict[int, Separation | None] = {order[0]: None}
    for better, k in pairwise(order):
        separations[k] = separation(keys[better], posterior, (k, better), level, per_score)
    return separations


def _alike(keys: list[Key], posterior: Posterior, level: float) -> list[tuple[Key, ...]]:
    overlap = overlapping(posterior, level)
    return [tuple(keys[j] for j in np.flatnonzero(overlap[k]) if j != k) for k in range(len(keys))]


def separation(
    neighbour: Key, posterior: Posterior, pair: tuple[int, int], level: float, per_score: float
) -> Separation:
    """A station against its better neighbour, with the number that would separate them.

    m further scores at each station measure the difference with variance 2 s2 / m, s2 the variance
    of a score around its station. Put together with the present variance v of the difference, the
    interval leaves zero out once 1 / v + m / (2 s2) reaches (z / gap)^2.

    Args:
        neighbour: the next better station.
        posterior: of the ranked stations.
        pair: places of the station and of its neighbour.
        level: of the interval.
        per_score: s2.
    """
    gap = difference(posterior, pair, level)
    if gap.distinguishable:
        return Separation(neighbour, gap, 0, None)
    half = (gap.interval.upper - gap.interval.lower) / 2
    if abs(gap.value) <= NEAR_ZERO * half:
        return Separation(neighbour, gap, None, Sentence(TOO_CLOSE, {"most": MOST_NEEDED}))
    z = NormalDist().inv_cdf((1 + level) / 2)
    needed = 2 * per_score * z * z * (1 / gap.value**2 - 1 / half**2)
    if needed > MOST_NEEDED:
        return Separation(neighbour, gap, None, Sentence(TOO_CLOSE, {"most": MOST_NEEDED}))
    return Separation(neighbour, gap, max(1, math.ceil(needed)), None)


def overlapping(posterior: Posterior, level: float) -> BoolArray:
    """Stations x stations: the interval of the difference holds zero."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    variance = np.diag(posterior.covariance)
    spread = variance[:, None] + variance - 2 * posterior.covariance
    gaps = posterior.mean[:, None] - posterior.mean
    overlap: BoolArray = np.abs(gaps) <= z * np.sqrt(np.maximum(spread, 0.0))
    return overlap
