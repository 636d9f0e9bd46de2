"""What each section and item weighs of 100 when everything applies, and weights that sum to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from core.checklist import Checklist, Item, Section
from core.drafting.draft_content import Content, sections_of


@dataclass(frozen=True)
class Shares:
    """Percent of the whole by key of section and of item; an item that never counts has 0."""

    sections: Mapping[str, float]
    items: Mapping[str, float]


def shares(checklist: Checklist) -> Shares:
    """Each part's share of 100 when no item is N/A or hidden.

    Follows the checklist's settings: weights shared out over sections, over items, or points
    possible. All shares are 0 when nothing carries weight.
    """
    weigh = _weigher(checklist)
    raw = {
        section.key: {item.key: weigh(section, item) for item in section.items}
        for section in checklist.sections
    }
    total = math.fsum(value for items in raw.values() for value in items.values())
    scale = 100 / total if total else 0.0
    return Shares(
        {key: scale * math.fsum(items.values()) for key, items in raw.items()},
        {key: scale * value for items in raw.values() for key, value in items.items()},
    )


def to_hundred(content: Content) -> Content:
    """Section weights scaled to whole numbers that sum to 100 (largest remainder).

    Sections that weigh nothing share evenly when none weighs anything, else they stay at 0.
    """
    changed = deepcopy(content)
    sections = sections_of(changed)
    weights = [float(section.get("weight") or 0) for section in sections]
    if not any(weights):
        weights = [1.0] * len(sections)
    for section, weight in zip(sections, _rounded_to_hundred(weights), strict=True):
        section["weight"] = weight
    return changed


def _weigher(checklist: Checklist) -> Callable[[Section, Item], float]:
    """What an item weighs before everything is scaled to 100."""
    settings = checklist.settings
    if settings.weights == "points":
        return lambda section, item: (
            checklist.worths[item.key].possible * item.multiplier * section.multiplier
            if _weighs(item)
            else 0.0
        )
    if settings.weights == "item_weights":
        return lambda _section, item: item.weight if _weighs(item) else 0.0

    def within(section: Section, item: Item) -> float:
        total = math.fsum(other.weight for other in section.items if _weighs(other))
        return section.weight * item.weight / total if total and _weighs(item) else 0.0

    return within


def _weighs(item: Item) -> bool:
    return item.scored and not item.bonus


def _rounded_to_hundred(weights: Iterable[float]) -> list[int]:
    listed = list(weights)
    exact = [100 * weight / math.fsum(listed) for weight in listed]
    rounded = [math.floor(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda index: rounded[index] - exact[index])
    for index in by_rest[: 100 - sum(rounded)]:
        rounded[index] += 1
    return rounded
