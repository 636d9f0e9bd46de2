"""What an item can be worth: the points possible, and the zero its points count from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.checklist.settings import Settings

if TYPE_CHECKING:
    from core.checklist.model import Item


@dataclass(frozen=True)
class Worth:
    """How the points of one answer are read, before multipliers.

    Attributes:
        possible: the points that count as full marks.
        floor: what is taken off an option's points (the lowest level of a graded item).
        cap: the most that a sum of options may earn.
        best, worst: the most and the least that an answer can earn, bonus options left out.
    """

    possible: float
    floor: float = 0.0
    cap: float | None = None
    best: float = 0.0
    worst: float = 0.0


def worth(item: Item, settings: Settings) -> Worth:
    points = [option.points for option in item.options if not option.bonus]
    points += [range_.points for range_ in item.ranges]
    if not points:
        return Worth(0.0)
    if item.kind == "multi":
        return _multi(item, points, settings)
    graded = item.kind == "graded"
    floor = min(points) if graded and settings.graded_base == "span" else 0.0
    best, worst = max(points) - floor, min(points) - floor
    possible = 10.0 if _by_ten(settings) and not graded else max(0.0, best)
    return Worth(possible=possible, floor=floor, best=best, worst=worst)


def _multi(item: Item, points: list[float], settings: Settings) -> Worth:
    best, worst = (
        sum(max(0.0, point) for point in points),
        sum(min(0.0, point) for point in points),
    )
    base = (
        10.0 if _by_ten(settings) else max(0.0, *points) if settings.multi_base == "max" else best
    )
    cap = base if item.cap is None else item.cap
    possible = base if _by_ten(settings) else min(base, cap)
    return Worth(possible, cap=cap, best=min(best, cap), worst=worst)


def _by_ten(settings: Settings) -> bool:
    return settings.option_base == "ten" and settings.weights != "points"
