"""Stations side by side, each against its own past."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.errors import InvalidInput, finite
from core.ranking.verdict import false_discovery_level
from core.results.figures import ENOUGH, Figures, Gap, Welch, gap, welch
from core.results.many_comparisons import FEWEST_IN_CELL


@dataclass(frozen=True)
class StationComparison:
    """A station and its past.

    Attributes:
        station: its id.
        figures: of the period.
        change: its mean before critical failures minus that of its past.
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


def compare(
    now: Mapping[int, Figures],
    before: Mapping[int, Figures],
    changes: Mapping[int, Gap] | None = None,
) -> list[StationComparison]:
    """Every station of the period from the best mean down; those without a score come last.

    `changes` are those of `changes_at_once`, in place of each station's own.
    """
    rows = [_compared(key, own, before.get(key)) for key, own in now.items()]
    if changes is not None:
        rows = [replace(row, change=changes.get(row.station)) for row in rows]
    return sorted(rows, key=lambda row: (row.figures.n == 0, -(row.figures.before.mean or 0.0)))


def changes_at_once(
    now: Mapping[int, Figures], before: Mapping[int, Figures], spread: float = 1.0
) -> dict[int, Gap]:
    """The change of every station that was inspected in both periods, all looked at together.

    Welch's interval at the level that follows from how many stations are compared (Benjamini &
    Hochberg 1995), so that one that leaves zero out tells of a change. Below FEWEST_IN_CELL
    inspections on a side, or where scores do not vary, there is no interval.

    Args:
        spread: how many times as wide as alone inspections of one person vary (`times_wider`).

    Raises:
        InvalidInput: a spread below 1.
    """
    if finite(spread) < 1:
        raise InvalidInput("A spread of {spread} cannot be.", spread=spread)
    pairs = {key: (own.before, before[key].before) for key, own in now.items() if key in before}
    tests = {
        key: _wider(welch(*pair), math.sqrt(spread))
        for key, pair in pairs.items()
        if min(pair[0].n, pair[1].n) >= FEWEST_IN_CELL
    }
    changes = {key: change for key, change in tests.items() if change is not None}
    level = false_discovery_level(np.array([change.tail() for change in changes.values()]))
    return {
        key: Gap(
            value=one.mean - other.mean,
            half=changes[key].half_width(level) if key in changes else None,
        )
        for key, (one, other) in pairs.items()
        if one.mean is not None and other.mean is not None
    }


def _wider(change: Welch | None, factor: float) -> Welch | None:
    return None if change is None else change._replace(error=factor * change.error)


def _compared(station: int, figures: Figures, before: Figures | None) -> StationComparison:
    own = figures.before
    return StationComparison(
        station,
        figures,
        None if before is None else gap(own, before.before),
        figures.n >= ENOUGH,
    )
