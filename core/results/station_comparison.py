"""Stations side by side, each against its own past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.results.figures import ENOUGH, Figures, Gap, gap


@dataclass(frozen=True)
class StationComparison:
    """A station and its past.

    Attributes:
        station: its id.
        figures: of the period.
        change: its mean before critical failures minus that of the period before.
        is_enough: as many inspections as a comparison needs.
    """

    station: int
    figures: Figures
    change: Gap | None
    is_enough: bool


def network(figures: Mapping[int, Figures]) -> Figures:
    """All stations together, each inspection counting the same."""
    total = Figures.nothing()
    for station in figures.values():
        total = total.plus(station)
    return total


def compare(now: Mapping[int, Figures], before: Mapping[int, Figures]) -> list[StationComparison]:
    """Every station of the period from the best mean down; those without a score come last."""
    rows = [_compared(key, own, before.get(key)) for key, own in now.items()]
    return sorted(rows, key=lambda row: (row.figures.n == 0, -(row.figures.before.mean or 0.0)))


def _compared(station: int, figures: Figures, before: Figures | None) -> StationComparison:
    own = figures.before
    return StationComparison(
        station,
        figures,
        None if before is None else gap(own, before.before),
        figures.n >= ENOUGH,
    )
