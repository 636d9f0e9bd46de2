"""Which item costs one group of those scored more than the others, at the same stations.

Of each station, checklist version, channel and month the share of a group's answers that were lost
is compared with that of the others there (weights of Mantel and Haenszel, 1959). The error is what
varies from station to station, because the same people and inspectors work at one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from scipy.special import stdtrit

from core.results.contrast import joint_level
from core.results.figures import ENOUGH, DifferenceInterval, Proportion, Ratios

FEWEST_STATIONS = 5
"""Stations with answers of the group and of others, below which an item is not compared."""
Place = tuple[int | str, ...]
"""What answers are compared within; it begins with the station."""


class ItemCell(NamedTuple):
    """Answers of a group to an item in one place: how many, and how many lost points."""

    item: str
    group: str
    where: Place
    answered: int
    lost: int


class ItemApart(NamedTuple):
    """An item of a group beside the others; both only where the other is.

    Attributes:
        group_lost, others_lost: of the answers in places that have both.
        stations: that have both.
        apart: the share lost in the group minus that of the others within places.
    """

    item: str
    group: str
    group_lost: Proportion
    others_lost: Proportion
    stations: int
    apart: DifferenceInterval

    @property
    def is_clear(self) -> bool:
        return self.apart.is_clear


@dataclass(frozen=True)
class ItemsApart:
    """The items of one grouping that can be compared, the widest apart first.

    Attributes:
        by: the facet, or "channel".
        rows: of two groups only the one that loses more, as the other is its mirror image.
    """

    by: str
    rows: tuple[ItemApart, ...]

    @property
    def clear(self) -> list[ItemApart]:
        return [row for row in self.rows if row.is_clear]


class _Sums(NamedTuple):
    """Of an item of a group: sums of weighted differences and of weights by station, and shares."""

    by_station: dict[int | str, tuple[float, float]]
    group: Proportion
    others: Proportion

    @property
    def is_enough(self) -> bool:
        many = min(self.group.n, self.others.n) >= ENOUGH
        return many and len(self.by_station) >= FEWEST_STATIONS


def items_apart(cells: dict[str, Iterable[ItemCell]]) -> tuple[ItemsApart, ...]:
    """Every item of every group of which enough is known, looked at together.

    Intervals (t, by stations) are so wide that all of them hold what is so in 19 of 20 tables.

    Args:
        cells: by grouping.
    """
    sums = {by: _compared(rows) for by, rows in cells.items()}
    level = joint_level(sum(len(of_items) for of_items in sums.values()))
    return tuple(ItemsApart(by, _rows(of_items, level)) for by, of_items in sums.items())


def _compared(cells: Iterable[ItemCell]) -> dict[tuple[str, str], _Sums]:
    """By item and group; of two groups the first of a pair whose other one is its mirror image."""
    places: dict[str, dict[Place, dict[str, tuple[int, int]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for cell in cells:
        answered, lost = places[cell.item][cell.where].get(cell.group, (0, 0))
        counts = (answered + cell.answered, lost + cell.lost)
        places[cell.item][cell.where][cell.group] = counts
    compared = {}
    for item, by_place in sorted(places.items()):
        groups = sorted({group for counts in by_place.values() for group in counts})
        for group in groups[: 1 if len(groups) == 2 else None]:
            sums = _sums(by_place, group)
            if sums.is_enough:
                compared[item, group] = sums
                if len(groups) == 2 and _total(sums) < 0:
                    del compared[item, group]
                    compared[item, groups[1]] = _sums(by_place, groups[1])
    return compared


def _sums(by_place: dict[Place, dict[str, tuple[int, int]]], group: str) -> _Sums:
    by_station: dict[int | str, tuple[float, float]] = {}
    own, others = (0, 0), (0, 0)
    for where, counts in by_place.items():
        n, k = counts.get(group, (0, 0))
        others_n = sum(answered for answered, _ in counts.values()) - n
        others_k = sum(lost for _, lost in counts.values()) - k
        if not n or not others_n:
            continue
        weight = n * others_n / (n + others_n)
        apart, weights = by_station.get(where[0], (0.0, 0.0))
        gap = weight * (k / n - others_k / others_n)
        by_station[where[0]] = (apart + gap, weights + weight)
        own, others = (own[0] + n, own[1] + k), (others[0] + others_n, others[1] + others_k)
    return _Sums(by_station, Proportion(own[1], own[0]), Proportion(others[1], others[0]))


def _total(sums: _Sums) -> float:
    return sum(apart for apart, _ in sums.by_station.values())


def _rows(compared: dict[tuple[str, str], _Sums], level: float) -> tuple[ItemApart, ...]:
    rows = [
        ItemApart(
            item=item,
            group=group,
            group_lost=sums.group,
            others_lost=sums.others,
            stations=len(sums.by_station),
            apart=_interval(sums, level),
        )
        for (item, group), sums in compared.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.apart.value, row.item, row.group)))


def _interval(sums: _Sums, level: float) -> DifferenceInterval:
    """Stations are few and weigh differently, so that t has as many degrees as they are worth."""
    ratios = Ratios.of(sums.by_station.values())
    value, variance = ratios.rate or 0.0, ratios.variance or 0.0
    weights = [weight for _, weight in sums.by_station.values()]
    worth = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    half = float(stdtrit(max(1.0, worth - 1), (1 + level) / 2)) * variance**0.5
    if not variance:
        return DifferenceInterval(value=value, low=None, high=None)
    return DifferenceInterval(value=value, low=value - half, high=value + half)
