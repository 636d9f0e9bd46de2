"""The station model: who and what a score depends on, fitted, and what a station delivers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.ranking.arrays import FloatArray, IntArray, Matrix, sum_by
from core.ranking.crossproducts import FixedBlock, RandomFactor
from core.ranking.design import Design, groups
from core.ranking.population import Population
from core.ranking.posterior import Posterior, expected, observed, posterior
from core.ranking.reml import MixedFit, fit_reml


@dataclass(frozen=True, eq=False)
class StationModel:
    """score = context + station + staff within station + inspector + residual.

    Contexts (case x stratum) are fixed effects, stations and staff random ones. A factor whose
    effects cannot be told from another's is left out.

    Attributes:
        fit: the fitted mixed model.
        random: the names of its random factors, in order, of station, staff and inspector.
    """

    fit: MixedFit
    random: tuple[str, ...]

    def variance(self, name: str) -> float | None:
        return self.fit.variances[self.random.index(name)] if name in self.random else None


@dataclass(frozen=True, eq=False)
class Fitted:
    """The linked stations, their model, what they are judged by, and which of them are ranked."""

    design: Design
    model: StationModel
    served: Population
    keep: IntArray


def fit_random(design: Design) -> StationModel:
    """The default: inspectors are random, so that a few inspections say little about severity."""
    factors = _random_factors(design)
    fit = fit_reml(design.sums, tuple(factors.values()), (_contexts(design),))
    return StationModel(fit, tuple(factors))


def fit_fixed(design: Design) -> StationModel:
    """The second view: inspectors fixed, so that severity may go with the stations' quality."""
    factors = _random_factors(design)
    factors.pop("inspector", None)
    blocks = (_contexts(design), FixedBlock(design.inspector, _contrasts(design)))
    return StationModel(fit_reml(design.sums, tuple(factors.values()), blocks), tuple(factors))


def delivered(model: StationModel, design: Design, population: Population) -> Posterior:
    """Delivered quality of every station: its effect and its staff's, at the population's mix."""
    eye = sparse.eye_array(len(design.stations), format="csr")
    weights = {"station": eye, "staff": population.staff}
    result = combine(model, weights, population.contexts)
    staff = model.variance("staff") or 0.0
    return Posterior(result.mean, result.covariance + np.diag(staff * population.unseen))


def severities(model: StationModel, design: Design) -> Posterior:
    """What each inspector adds to a score (negative is strict), from the random model."""
    eye = sparse.eye_array(len(design.inspectors), format="csr")
    return combine(model, {"inspector": eye}, np.zeros((len(design.inspectors), 0)))


def combine(model: StationModel, weights: dict[str, Matrix], contexts: FloatArray) -> Posterior:
    """Joint distribution of combinations of named random effects and of contexts."""
    random = tuple(weights.get(name) for name in model.random)
    return posterior(model.fit, random, _padded(model, contexts))


def mean_of(model: StationModel, weights: dict[str, Matrix], contexts: FloatArray) -> FloatArray:
    """Best predictions of combinations of named random effects and of contexts."""
    random = tuple(weights.get(name) for name in model.random)
    return expected(model.fit, random, _padded(model, contexts))


def observed_weights(
    model: StationModel, design: Design, weights: dict[str, Matrix], contexts: FloatArray
) -> FloatArray:
    """What `mean_of` takes of each score: combinations x rows of the design, of `fit_random`."""
    random = tuple(weights.get(name) for name in model.random)
    blocks = (tuple(_random_factors(design).values()), _contexts(design))
    return observed(model.fit, random, _padded(model, contexts), blocks)


def _random_factors(design: Design) -> dict[str, RandomFactor]:
    stations, members = len(design.stations), len(design.member_key)
    inspectors, n = len(design.inspectors), design.sums.n.sum()
    factors = {"station": RandomFactor(design.station, stations)}
    if stations < members < n:
        factors["staff"] = RandomFactor(design.member, members)
    if 1 < inspectors < n:
        factors["inspector"] = RandomFactor(design.inspector, inspectors)
    return factors


def _contexts(design: Design) -> FixedBlock:
    return FixedBlock(design.context, np.eye(len(design.context_case)))


def _contrasts(design: Design) -> FloatArray:
    """Severities that average to zero over the inspections of each group tied by contexts.

    Contexts and inspectors together span one constant too many per group, so that the inspector
    with most inspections in it follows from the others.
    """
    count = len(design.inspectors)
    group, _ = groups(design.inspector, design.context, (count, len(design.context_case)))
    n = sum_by(design.inspector, design.sums.n, count)
    by_group = np.lexsort((-n, group))
    references = by_group[np.unique(group[by_group], return_index=True)[1]]
    contrasts = np.eye(count)
    for reference in references:
        contrasts[reference] = np.where(group == group[reference], -n / n[reference], 0.0)
    return np.delete(contrasts, references, axis=1)


def _padded(model: StationModel, contexts: FloatArray) -> FloatArray:
    """Context weights with zeros for the fixed effects that are not contexts."""
    width = model.fit.products.fixed_columns - contexts.shape[1]
    return np.pad(contexts, ((0, 0), (0, width)))
