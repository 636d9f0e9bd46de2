"""Stations ranked by what they deliver, with honest uncertainty, and why some cannot be ranked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInput, finite
from core.ranking.arrays import FloatArray, IntArray
from core.ranking.assignment import check_assignment
from core.ranking.cells import Key, Keys, ScoreCells, Traffic
from core.ranking.design import Design, encode, groups
from core.ranking.drift import expected_scores
from core.ranking.explain import hajek_means
from core.ranking.model import Fitted, delivered, fit_fixed, fit_random
from core.ranking.population import population
from core.ranking.positions import bottom_size, draw, positions
from core.ranking.posterior import Posterior
from core.ranking.result import (
    Comparison,
    CriticalRate,
    Estimate,
    Ranking,
    UnrankedStation,
    Variances,
    around,
)
from core.ranking.rows import (
    Estimates,
    critical_rates,
    ranked_rows,
    severity_rows,
    unranked_rows,
)
from core.ranking.verdict import (
    FALSE_SHARE,
    Judging,
    compare_stations,
    compared_plainly,
    with_unlinked,
)
from core.text.sentence import Sentence

TOO_FEW = "Only {n} inspections; at least {minimum} are needed for a rank."
DISCONNECTED = (
    "No inspector links this station to the ranked ones, so strict scoring there could not be told "
    "from poor service."
)
ALONE = "There is no other station with enough evidence to compare with."


@dataclass(frozen=True, eq=False)
class Evidence:
    """Outcome of the two checks.

    Attributes:
        group: keys of the stations that inspectors link with each other; the model sees these.
            Empty where nothing was scored.
        reasons: why a station is not ranked; stations without an entry are.
    """

    group: Keys
    reasons: dict[Key, Sentence]


def weigh(design: Design, minimum: int) -> Evidence:
    """Ranks the group of linked stations that holds most stations with enough inspections.

    Two stations are linked if one inspector scored at both, or through a chain of such links.
    Between groups that tie, the one with more inspections is taken, then the one with the smallest
    station key. Stations of the group below the minimum still inform severity and variances.
    """
    counts = design.inspections()
    sizes = (len(design.stations), len(design.inspectors))
    group, _ = groups(design.station, design.inspector, sizes)
    is_linked = group == _largest(group, counts, minimum)
    reasons: dict[Key, Sentence] = {}
    keys = design.stations.tolist()
    for k, key in enumerate(keys):
        if counts[k] < minimum:
            reasons[key] = Sentence(TOO_FEW, {"n": int(counts[k]), "minimum": minimum})
        elif not is_linked[k]:
            reasons[key] = Sentence(DISCONNECTED)
    left = [key for key in keys if key not in reasons]
    if len(left) == 1:
        reasons[left[0]] = Sentence(ALONE)
    return Evidence(design.stations[is_linked], reasons)


def _largest(group: IntArray, counts: FloatArray, minimum: int) -> int:
    if not len(group):
        return 0
    enough = np.bincount(group, counts >= minimum)
    inspections = np.bincount(group, counts)
    first = np.unique(group, return_index=True)[1]
    return int(np.lexsort((first, -inspections, -enough))[0])


@dataclass(frozen=True)
class Choices:
    """How to rank: evidence needed, level of intervals, posterior draws and their seed."""

    minimum: int
    level: float
    draws: int
    seed: int

    def check(self) -> None:
        if not 0 < finite(self.level) < 1:
            raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=self.level)
        if finite(self.minimum) < 1 or finite(self.draws) < 100:
            raise InvalidInput(
                "At least 1 inspection and 100 draws are needed, not {minimum} and {draws}.",
                minimum=self.minimum,
                draws=self.draws,
            )


def rank_stations(
    cells: ScoreCells,
    traffic: Traffic | None = None,
    *,
    minimum: int = 30,
    level: float = 0.90,
    draws: int = 4000,
    seed: int = 0,
) -> Ranking:
    """Ranks stations by delivered quality, inspector severity and case mix taken out.

    Score = case x stratum (fixed) + station + staff within station + inspector + residual, fitted
    by REML without sampling weights. Delivered quality is the station effect plus its staff's
    effects weighted by traffic, at the network's mix of cases and the station's own mix of strata.
    Ranks come from draws of its joint posterior given the variances (Laird & Louis 1989; Lin,
    Louis, Paddock & Ridgeway 2006). The same cells in any order give the same ranking.

    The job that calls this sets OPENBLAS_NUM_THREADS=1 in its environment before numpy is imported:
    the matrices are small, and threads that compete for cores only slow the fit down.

    Args:
        cells: sums of the period; see `ScoreCells`.
        traffic: encounters served, from which staff are weighted and strata mixed. Without it the
            weights of the inspections stand for the encounters, and staff never inspected count
            for nothing.
        minimum: scored inspections below which a station is not ranked.
        level: of every interval.
        draws: posterior draws.
        seed: of the draws.

    Returns:
        Stations that have too few inspections, or that no inspector links with the ranked ones,
        stand in `unranked` with the reason; so do all if the scores do not vary.

    Raises:
        InvalidInput: cells or traffic that cannot be, or a level, minimum or number of draws out of
            range.
    """
    choices = Choices(minimum, level, draws=draws, seed=seed)
    _check(choices, cells, traffic)
    linked = _Linked.of(cells, minimum)
    critical = critical_rates(cells, traffic, level)
    fitted, reason = _fitted(linked, traffic, minimum)
    unfitted = dict.fromkeys(linked.group.stations[linked.keep].tolist(), reason) if reason else {}
    unranked = unranked_rows(linked.design, critical, {**linked.reasons, **unfitted})
    if fitted is None:
        return _nothing_ranked(choices, unranked, _compared_plainly(linked.design, minimum))
    quality = delivered(fitted.model, linked.group, fitted.served)
    comparison = _compared(linked, fitted, quality, minimum, Judging())
    if not len(linked.keep):
        return _nothing_ranked(choices, unranked, comparison)
    return _ranking(fitted, quality, comparison, choices, critical, unranked)


def compare(
    cells: ScoreCells,
    *,
    minimum: int = 30,
    false_share: float = FALSE_SHARE,
    unknown: Key | None = None,
) -> Comparison:
    """Whatever stands in the place of stations, each against the mean of all, without ranks.

    The model and the intervals are those of `rank_stations`.

    Args:
        cells: sums of the period; see `ScoreCells`.
        minimum: scored inspections below which nothing is told.
        false_share: expected share of those no different among the announced, at most.
        unknown: the key of staff who are not known, given where the same key of staff at two
            stations is one person, whose scores err together; None where it is two people.

    Raises:
        InvalidInput: cells that cannot be, or a minimum or share out of range.
    """
    if not 0 < finite(false_share) < 1 or finite(minimum) < 1:
        raise InvalidInput(
            "At least 1 inspection and a share between 0 and 1 are needed, not {minimum} and "
            "{share}.",
            minimum=minimum,
            share=false_share,
        )
    cells.check()
    linked = _Linked.of(cells, minimum)
    fitted, _ = _fitted(linked, None, minimum)
    if fitted is None:
        return _compared_plainly(linked.design, minimum)
    quality = delivered(fitted.model, linked.group, fitted.served)
    return _compared(linked, fitted, quality, minimum, Judging(false_share, unknown))


def _check(choices: Choices, cells: ScoreCells, traffic: Traffic | None) -> None:
    choices.check()
    cells.check()
    if traffic is not None:
        traffic.check()


@dataclass(frozen=True, eq=False)
class _Linked:
    """The stations that inspectors link with each other, among all.

    Attributes:
        cells: of all stations, and `design` the same coded.
        group: the linked ones alone.
        keep: codes of those in the group that have enough evidence.
        reasons: why the others have not.
    """

    cells: ScoreCells
    design: Design
    group: Design
    keep: IntArray
    reasons: dict[Key, Sentence]

    @classmethod
    def of(cls, cells: ScoreCells, minimum: int) -> _Linked:
        design = encode(cells)
        evidence = weigh(design, minimum)
        group = _group(cells, design, evidence)
        keep = np.flatnonzero(~np.isin(group.stations, list(evidence.reasons)))
        return cls(cells, design, group, keep, evidence.reasons)


def _compared(
    linked: _Linked,
    fitted: Fitted,
    quality: Posterior,
    minimum: int,
    judging: Judging,
) -> Comparison:
    comparison = compare_stations(fitted, quality.mean, minimum, linked.cells, judging)
    return with_unlinked(comparison, _compared_plainly(linked.design, minimum))


def _fitted(
    linked: _Linked, traffic: Traffic | None, minimum: int
) -> tuple[Fitted | None, Sentence | None]:
    """The model of the stations that are linked, and why it cannot be fitted.

    Neither where there is nothing to compare.
    """
    group = linked.group
    if len(group.stations) < 2 or group.inspections().max() < minimum:
        return None, None
    try:
        return Fitted(group, fit_random(group), population(group, traffic), linked.keep), None
    except InvalidInput as error:
        return None, Sentence(error.sentence, error.values)


def _compared_plainly(design: Design, minimum: int) -> Comparison:
    counts = design.inspections()
    keys = design.stations.tolist()
    return compared_plainly(keys, counts, hajek_means(design), minimum)


def _group(cells: ScoreCells, design: Design, evidence: Evidence) -> Design:
    if len(evidence.group) == len(design.stations):
        return design
    return encode(cells.take(np.isin(cells.station, evidence.group)))


def _nothing_ranked(
    choices: Choices, unranked: tuple[UnrankedStation, ...], comparison: Comparison
) -> Ranking:
    return Ranking(
        level=choices.level,
        ranked=(),
        unranked=unranked,
        bottom_size=0,
        variances=Variances(station=None, staff=None, inspector=None, residual=None),
        severities=(),
        assignment=None,
        fixed_reason=None,
        posterior=None,
        expected=None,
        comparison=comparison,
    )


def _ranking(
    fitted: Fitted,
    posterior: Posterior,
    comparison: Comparison,
    choices: Choices,
    critical: dict[Key, CriticalRate],
    unranked: tuple[UnrankedStation, ...],
) -> Ranking:
    model, level = fitted.model, choices.level
    estimates = _estimates(posterior.part(fitted.keep), choices)
    assignment = check_assignment(model, fitted.design, choices.seed)
    fixed, fixed_reason = _fixed(fitted, choices) if assignment.follows_quality else (None, None)
    rows = ranked_rows(fitted, critical, posterior, Estimates(estimates, fixed), level, comparison)
    order = sorted(range(len(rows)), key=lambda k: rows[k].adjusted.position.rank)
    return Ranking(
        level=level,
        ranked=tuple(rows[k] for k in order),
        unranked=unranked,
        bottom_size=bottom_size(len(rows)),
        variances=Variances(
            station=model.variance("station"),
            staff=model.variance("staff"),
            inspector=model.variance("inspector"),
            residual=model.fit.residual,
        ),
        severities=severity_rows(fitted, level),
        assignment=assignment,
        fixed_reason=fixed_reason,
        posterior=posterior.part(fitted.keep[order]),
        expected=expected_scores(model, fitted.design),
        comparison=comparison,
    )


def _fixed(fitted: Fitted, choices: Choices) -> tuple[tuple[Estimate, ...] | None, Sentence | None]:
    """Estimates with inspectors as fixed effects, or the reason why there are none."""
    try:
        model = fit_fixed(fitted.design)
    except InvalidInput as error:
        return None, Sentence(error.sentence, error.values)
    posterior = delivered(model, fitted.design, fitted.served).part(fitted.keep)
    return _estimates(posterior, choices), None


def _estimates(posterior: Posterior, choices: Choices) -> tuple[Estimate, ...]:
    values = draw(posterior, choices.draws, np.random.default_rng(choices.seed))
    standings = positions(values, choices.level)
    return tuple(
        Estimate(float(mean), around(float(mean), float(sd), choices.level), position)
        for mean, sd, position in zip(posterior.mean, posterior.sd(), standings, strict=True)
    )
