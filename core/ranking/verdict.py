"""Which stations lie above or below the network: one interval each, which is drawn and judged.

The interval is that of a station's difference to the reference, from the evidence alone: the
station model with its estimated variances of staff and inspectors, but without the pull towards
the network, so that it holds whatever the station's true level is. It is widened by what the model
leaves out (`core.ranking.noise`). Its level follows from how many stations are compared (Benjamini
& Hochberg 1995; intervals of Benjamini & Yekutieli 2005): of the stations announced, at most one in
twenty is expected to be no different, and where all stations are alike nineteen pictures in twenty
announce none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse, special

from core.ranking.arrays import FloatArray
from core.ranking.cells import Key, ScoreCells
from core.ranking.clusters import people_error
from core.ranking.equations import solve
from core.ranking.explain import hajek_means
from core.ranking.model import Fitted, StationModel, combine, observed_weights
from core.ranking.noise import Noise, noise
from core.ranking.posterior import Posterior
from core.ranking.result import AgainstNetwork, Comparison, StationVerdict
from core.sampling import Interval
from core.text.sentence import Sentence

FALSE_SHARE = 0.05
"""Expected share of stations no different among those announced, at most."""
FLAT = 1e6
"""Ratio of the variances of stations and scores at which stations are not pulled together."""
WIDEST = 1e3
"""Half width in points from which an interval says nothing and is left out."""

ONE_STATION = "There is one station only, and so nothing to compare it with."
NONE_COMPARED = "None of {stations} stations has enough inspections to be compared."
NONE_TOLD = "{compared} of {stations} stations compared; none can be told from the network."
SOME_TOLD = (
    "{compared} of {stations} stations compared: {below} below the network, {above} above it, "
    "{unclear} cannot be told."
)
TWO_DIFFER = "One comparison of two stations: {higher} is above {lower}."


@dataclass(frozen=True)
class Judging:
    """How stations are judged.

    Attributes:
        false_share: expected share of stations no different among those announced, at most.
        unknown: the key of staff who are not known, given where the same key of staff at two
            stations is one person, whose scores err together; None where it is two people.
    """

    false_share: float = FALSE_SHARE
    unknown: Key | None = None


@dataclass(frozen=True, eq=False)
class _Differences:
    """Stations minus the reference, with standard errors and degrees of freedom."""

    value: FloatArray
    error: FloatArray
    freedom: FloatArray


def compared_plainly(
    keys: list[Key], counts: FloatArray, means: FloatArray, minimum: int
) -> Comparison:
    """Where no model can be fitted: means and their reference, and nothing told apart.

    A station alone has nothing to be compared with and counts as too few.
    """
    if not len(counts):
        return Comparison(reference=None, level=None, rows=())
    is_judged = (counts >= minimum) & (len(counts) > 1)
    verdicts = np.where(is_judged, AgainstNetwork.CANNOT_TELL, AgainstNetwork.TOO_FEW)
    rows = tuple(
        StationVerdict(
            station=key,
            n=int(n),
            mean=float(mean),
            adjusted=float(mean),
            difference=None,
            verdict=AgainstNetwork(verdict),
        )
        for key, n, mean, verdict in zip(keys, counts, means, verdicts, strict=True)
    )
    reference = float(counts @ means / counts.sum())
    return Comparison(reference=reference, level=None, rows=rows)


def with_unlinked(comparison: Comparison, plainly: Comparison) -> Comparison:
    """The comparison, with the stations added that no inspector links and only `plainly` has."""
    linked = {row.station: row for row in comparison.rows}
    rows = tuple(linked.get(row.station, replace(row, adjusted=None)) for row in plainly.rows)
    return replace(comparison, rows=rows)


def headline(
    rows: Sequence[StationVerdict], *, of: int | None = None, name: Callable[[Key], str] = str
) -> Sentence:
    """How many stations were looked at and what was found, in one sentence.

    Two stations are one comparison: where there are no others, what one has above their mean the
    other has below it.

    Args:
        rows: the stations shown.
        of: stations in the slice, if some of them are not shown.
        name: what a station is called.
    """
    is_all = of is None or of == len(rows)
    judged = [row for row in rows if row.verdict is not AgainstNetwork.TOO_FEW]
    above = [row for row in judged if row.verdict is AgainstNetwork.ABOVE]
    below = [row for row in judged if row.verdict is AgainstNetwork.BELOW]
    counts = {"compared": len(judged), "stations": len(rows)}
    if is_all and len(rows) == 1:
        return Sentence(ONE_STATION)
    if not judged:
        return Sentence(NONE_COMPARED, counts)
    if not above and not below:
        return Sentence(NONE_TOLD, counts)
    if is_all and len(rows) == 2 and len(above) == len(below) == 1:
        names = {"higher": name(above[0].station), "lower": name(below[0].station)}
        return Sentence(TWO_DIFFER, names)
    unclear = len(judged) - len(above) - len(below)
    found = {"below": len(below), "above": len(above), "unclear": unclear}
    return Sentence(SOME_TOLD, counts | found)


def compare_stations(
    fitted: Fitted,
    adjusted: FloatArray,
    minimum: int,
    cells: ScoreCells,
    judging: Judging,
) -> Comparison:
    """Every linked station against the mean of all of them, own share included.

    The covariance of a station with the reference is in the interval, as both come from one joint
    distribution. Stations below the minimum count for the reference and get an interval, but no
    verdict, and the level takes no account of them.

    Args:
        fitted: the linked stations and their model.
        adjusted: delivered quality of each.
        minimum: inspections below which a station gets no verdict.
        cells: their days and months.
        judging: how many may be announced wrongly, and whether people stand at several stations.
    """
    counts = fitted.design.inspections()
    shares = counts / counts.sum()
    differences = _differences(fitted, shares, noise(fitted, cells), judging.unknown)
    judged = counts >= minimum
    tails = 2 * special.stdtr(differences.freedom, -np.abs(differences.value) / differences.error)
    level = false_discovery_level(tails[judged], judging.false_share)
    reference = float(shares @ adjusted)
    intervals = _intervals(differences, adjusted - reference, level)
    rows = zip(
        fitted.design.stations.tolist(),
        counts.tolist(),
        hajek_means(fitted.design).tolist(),
        adjusted.tolist(),
        intervals,
        judged.tolist(),
        strict=True,
    )
    verdicts = tuple(
        StationVerdict(
            station=key,
            n=int(n),
            mean=mean,
            adjusted=value,
            difference=interval,
            verdict=_verdict(interval) if is_judged else AgainstNetwork.TOO_FEW,
        )
        for key, n, mean, value, interval, is_judged in rows
    )
    return Comparison(reference=reference, level=level, rows=verdicts)


def false_discovery_level(tails: FloatArray, share: float = FALSE_SHARE) -> float:
    """The level at which exactly those intervals leave zero out that Benjamini and Hochberg reject.

    With p-values in order, R is the largest k with p_k <= k share / m; intervals at the level
    1 - max(R, 1) share / m then hold zero for all others too.
    """
    m = len(tails)
    if not m:
        return 1 - share
    steps = np.arange(1, m + 1) * share / m
    passed = np.flatnonzero(np.sort(tails) <= steps)
    rejected = int(passed[-1]) + 1 if len(passed) else 1
    return 1 - rejected * share / m


def _differences(
    fitted: Fitted, shares: FloatArray, extra: Noise, unknown: Key | None
) -> _Differences:
    free = _unshrunken(fitted.model)
    eye = sparse.eye_array(len(shares), format="csr")
    if unknown is not None:
        return _by_people(replace(fitted, model=free), shares, extra, unknown)
    evidence = combine(free, {"station": eye}, fitted.served.contexts)
    contrast = np.eye(len(shares)) - shares
    covariance = evidence.covariance + np.diag(extra.added)
    spread = Posterior(contrast @ evidence.mean, contrast @ covariance @ contrast.T)
    own = contrast**2 @ extra.own
    variance = np.maximum(np.diag(spread.covariance), own / 2)
    apart = np.maximum(variance - own, 0.0)
    freedom = variance**2 / (
        (contrast**4 @ (extra.own**2 / extra.freedom)) + apart**2 / extra.inspectors
    )
    return _Differences(spread.mean, np.sqrt(variance), freedom)


def _by_people(fitted: Fitted, shares: FloatArray, extra: Noise, unknown: Key) -> _Differences:
    """The same, with the errors of people in place of the model's; days and drift are added."""
    model, design = fitted.model, fitted.design
    contrast = np.eye(len(shares)) - shares
    of_stations = {"station": sparse.csr_array(contrast)}
    spread = combine(model, of_stations, contrast @ fitted.served.contexts)
    weights = observed_weights(model, design, of_stations, contrast @ fitted.served.contexts)
    people = people_error(model, design, weights, unknown)
    by_people = people.variance + contrast**2 @ extra.moving
    apart = np.maximum(np.diag(spread.covariance) - people.modelled, 0.0)
    variance = by_people + apart
    freedom = variance**2 / (by_people**2 / people.freedom + apart**2 / extra.inspectors)
    return _Differences(spread.mean, np.sqrt(variance), freedom)


def _unshrunken(model: StationModel) -> StationModel:
    """The same variances but for the stations', which are set free."""
    fit = model.fit
    ratios = fit.solution.ratios.copy()
    ratios[fit.products.order.index(model.random.index("station"))] = FLAT
    return replace(model, fit=replace(fit, solution=solve(fit.products, ratios)))


def _intervals(
    differences: _Differences, adjusted: FloatArray, level: float
) -> list[Interval | None]:
    """At the level, and never without the adjusted difference itself."""
    quantile = special.stdtrit(differences.freedom, (1 + level) / 2)
    half = quantile * differences.error
    lower = np.minimum(differences.value - half, adjusted)
    upper = np.maximum(differences.value + half, adjusted)
    return [
        Interval(low, high) if 0 < width < WIDEST else None
        for low, high, width in zip(lower.tolist(), upper.tolist(), half.tolist(), strict=True)
    ]


def _verdict(interval: Interval | None) -> AgainstNetwork:
    if interval is None or interval.lower <= 0 <= interval.upper:
        return AgainstNetwork.CANNOT_TELL
    return AgainstNetwork.ABOVE if interval.lower > 0 else AgainstNetwork.BELOW
