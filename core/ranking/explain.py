"""Why the adjusted figure differs from the plain one, in numbers and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.ranking.arrays import FloatArray, sum_by
from core.ranking.assignment import inspector_shares
from core.ranking.design import Design
from core.ranking.model import StationModel, mean_of
from core.ranking.population import Population, context_shares, population
from core.text.sentence import Sentence

WORTH_SAYING = 0.05
"""Points below which a difference disappears in the one decimal that pages show."""


@dataclass(frozen=True)
class Adjustment:
    """What leads from the plain figure to the adjusted one; the parts add up to the difference.

    Attributes:
        inspectors: points given back because the station's inspectors are strict (negative:
            taken off because they are lenient).
        case_mix: points for harder (negative: easier) cases than the network's mix, or than the
            station's own mix of strata.
        staff_mix: points because the staff who serve most are not the staff inspected most.
        shrinkage: what is left, the pull towards the network that few inspections call for.
        sentence: the largest part in words.
    """

    inspectors: float
    case_mix: float
    staff_mix: float
    shrinkage: float
    sentence: Sentence


def hajek_means(design: Design) -> FloatArray:
    """Plain figure per station: sum of score / probability over sum of 1 / probability."""
    stations = len(design.stations)
    weights = sum_by(design.station, design.weight, stations)
    means: FloatArray = sum_by(design.station, design.weighted, stations) / weights
    return means


def adjustments(
    model: StationModel, design: Design, served: Population, adjusted: FloatArray
) -> tuple[Adjustment, ...]:
    """The split of adjusted minus plain for every station, from the model's best predictions."""
    inspected = population(design, None)
    nothing = np.zeros((len(adjusted), 0))
    shares = inspector_shares(design, design.weight)
    inspectors = -mean_of(model, {"inspector": shares}, nothing)
    cases = mean_of(model, {}, served.contexts - context_shares(design))
    staff = mean_of(model, {"staff": served.staff - inspected.staff}, nothing)
    shrinkage = adjusted - hajek_means(design) - inspectors - cases - staff
    parts = np.column_stack([inspectors, cases, staff, shrinkage])
    counts = design.inspections().tolist()
    return tuple(_adjustment(int(n), *row) for n, row in zip(counts, parts.tolist(), strict=True))


_SENTENCES = {
    ("inspectors", True): "Scored mostly by stricter inspectors: {change:+.1f}.",
    ("inspectors", False): "Scored mostly by more lenient inspectors: {change:+.1f}.",
    ("case_mix", True): "The cases scored were harder than the usual mix: {change:+.1f}.",
    ("case_mix", False): "The cases scored were easier than the usual mix: {change:+.1f}.",
    (
        "staff_mix",
        True,
    ): "The busiest staff score better than those scored most: {change:+.1f}.",
    (
        "staff_mix",
        False,
    ): "The busiest staff score worse than those scored most: {change:+.1f}.",
    ("shrinkage", True): (
        "Raised towards the network, as {n} inspections leave room for chance: {change:+.1f}."
    ),
    ("shrinkage", False): (
        "Lowered towards the network, as {n} inspections leave room for chance: {change:+.1f}."
    ),
}


def _adjustment(
    n: int, inspectors: float, case_mix: float, staff_mix: float, shrinkage: float
) -> Adjustment:
    parts = {
        "inspectors": inspectors,
        "case_mix": case_mix,
        "staff_mix": staff_mix,
        "shrinkage": shrinkage,
    }
    name = max(parts, key=lambda key: abs(parts[key]))
    change = parts[name]
    values: dict[str, object] = {"change": change}
    if name == "shrinkage":
        values["n"] = n
    if abs(change) < WORTH_SAYING:
        sentence = Sentence("Next to nothing had to be adjusted.")
    else:
        sentence = Sentence(_SENTENCES[name, change > 0], values)
    return Adjustment(
        inspectors=inspectors,
        case_mix=case_mix,
        staff_mix=staff_mix,
        shrinkage=shrinkage,
        sentence=sentence,
    )
