"""Two score sheets of one encounter beside each other: where two inspectors judged alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.scoring import ItemScore, ScoreSheet

NOT_APPLICABLE = -1000
"""The rating of an item called N/A, below every share of points."""


class Rated(NamedTuple):
    """An item that both rated: each the share of its points in whole percent, or N/A."""

    item: str
    record: int
    second: int


@dataclass(frozen=True)
class Doubled:
    """The items both inspectors rated.

    Attributes:
        alike: share of them that both kept whole, both marked down, or both called N/A; likewise
            `lost` and `na` the mean share marked down and called N/A. None without common items.
    """

    items: tuple[Rated, ...]
    alike: float | None
    lost: float | None
    na: float | None


def compare(record: ScoreSheet, second: ScoreSheet) -> Doubled:
    """The two sheets, item by item; an item that one of them did not rate is left out."""
    others = {item.key: rating(item) for item in second.items}
    pairs = [(item.key, rating(item), others.get(item.key)) for item in record.items]
    rated = tuple(
        Rated(item=key, record=one, second=other)
        for key, one, other in sorted(pairs)
        if one is not None and other is not None
    )
    if not rated:
        return Doubled(items=(), alike=None, lost=None, na=None)
    kinds = [(_kind(rated_item.record), _kind(rated_item.second)) for rated_item in rated]
    both = [kind for pair in kinds for kind in pair]
    return Doubled(
        rated,
        alike=sum(one == other for one, other in kinds) / len(kinds),
        lost=both.count("lost") / len(both),
        na=both.count("na") / len(both),
    )


def rating(item: ItemScore) -> int | None:
    """The share of an item's points in whole percent; None where it is not scored or blank."""
    if item.status == "na":
        return NOT_APPLICABLE
    if item.earned is None or not item.possible:
        return None
    return round(100 * item.earned / item.possible)


def _kind(rated: int) -> str:
    if rated == NOT_APPLICABLE:
        return "na"
    return "kept" if rated >= 100 else "lost"
