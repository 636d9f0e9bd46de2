"""Does the choice of inspector seem to follow the quality of the station?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.ranking.arrays import FloatArray, IntArray, sum_by
from core.ranking.design import Design
from core.ranking.model import StationModel, combine
from core.sampling import Interval
from core.text.sentence import Sentence

DRAWS = 2000
LEVEL = 0.95


@dataclass(frozen=True)
class AssignmentCheck:
    """Station estimates against the mean severity of the inspectors who scored there.

    Attributes:
        correlation: between station effects and what their inspectors add to a score; positive
            where lenient inspectors sit at good stations, None where it cannot be computed.
        chance: where 95 % of such correlations lie if severity has nothing to do with quality.
        follows_quality: the correlation lies outside `chance`.
        sentence: the finding, or the reason why there is none.
    """

    correlation: float | None
    chance: Interval | None
    follows_quality: bool
    sentence: Sentence


def check_assignment(model: StationModel, design: Design, seed: int) -> AssignmentCheck:
    """Compares the correlation with its distribution under independence.

    Errors of the two estimates are correlated by the design itself, so that zero is not what chance
    gives. If station and inspector effects are independent, as the model says, their predictions
    are jointly normal with the prior covariance minus the posterior one; 2,000 seeded draws from
    it show what chance gives under this very assignment.
    """
    stations = len(design.stations)
    reason = _why_not(model, design)
    if reason:
        return AssignmentCheck(None, None, follows_quality=False, sentence=Sentence(reason))
    mean, covariance = _predictions(model, design)
    correlation = float(_correlations(mean[None, :], stations)[0])
    draws = np.random.default_rng(seed).standard_normal((DRAWS, len(mean))) @ _root(covariance)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    lower, upper = np.quantile(_correlations(draws, stations), tails)
    follows = not lower <= correlation <= upper
    template = (_LENIENT if correlation > 0 else _STRICT) if follows else _CHANCE
    sentence = Sentence(template, {"correlation": correlation})
    return AssignmentCheck(correlation, Interval(float(lower), float(upper)), follows, sentence)


_FLAT = "Stations or inspectors do not differ measurably, so their assignment cannot be judged."
_FEW = "Too few stations to judge how inspectors were assigned."
_SAME = "Every station is scored by the same mix of inspectors, so their choice tells nothing."
_CHANCE = (
    "The assignment of inspectors does not seem to follow the quality of the stations "
    "(correlation {correlation:+.2f}, within what chance gives)."
)
_LENIENT = (
    "Lenient inspectors seem to score the better stations (correlation {correlation:+.2f}, more "
    "than chance gives); the estimate with inspectors as fixed effects is shown beside."
)
_STRICT = (
    "Lenient inspectors seem to score the weaker stations (correlation {correlation:+.2f}, more "
    "than chance gives); the estimate with inspectors as fixed effects is shown beside."
)


def inspector_shares(design: Design, weights: FloatArray) -> FloatArray:
    """Stations x inspectors: which share of a station's inspections each inspector scored."""
    shape = (len(design.stations), len(design.inspectors))
    cells: IntArray = design.station * shape[1] + design.inspector
    counts = sum_by(cells, weights, shape[0] * shape[1]).reshape(shape)
    shares: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _why_not(model: StationModel, design: Design) -> str | None:
    if not model.variance("station") or not model.variance("inspector"):
        return _FLAT
    if len(design.stations) < 3:
        return _FEW
    same = np.ptp(inspector_shares(design, design.sums.n), axis=0).max() < 1e-9
    return _SAME if same else None


def _predictions(model: StationModel, design: Design) -> tuple[FloatArray, FloatArray]:
    """Station effects, then mean severities by station, and their covariance over samples."""
    stations = len(design.stations)
    shares = inspector_shares(design, design.sums.n)
    nothing = np.zeros_like(shares)
    weights = {
        "station": np.vstack([np.eye(stations), np.zeros((stations, stations))]),
        "inspector": np.vstack([nothing, shares]),
    }
    result = combine(model, weights, np.zeros((2 * stations, 0)))
    prior = sparse.block_diag(
        [
            (model.variance("station") or 0.0) * np.eye(stations),
            (model.variance("inspector") or 0.0) * shares @ shares.T,
        ]
    ).toarray()
    return result.mean, prior - result.covariance


def _root(covariance: FloatArray) -> FloatArray:
    """R with R'R = covariance; rounding below zero counts as zero."""
    values, vectors = np.linalg.eigh(covariance)
    root: FloatArray = np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T
    return root


def _correlations(values: FloatArray, stations: int) -> FloatArray:
    centred = [half - half.mean(axis=1, keepdims=True) for half in np.hsplit(values, [stations])]
    first, second = centred
    norms = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    result: FloatArray = (first * second).sum(axis=1) / norms
    return result
