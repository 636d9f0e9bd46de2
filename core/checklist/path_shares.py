"""How much of the score can hang on one item, over all paths and with any other item N/A."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from core.checklist.model import Checklist, Item, Section
from core.checklist.paths import paths

MOST_SHARE = 15.0  # percent points of the form
_OF_FEW = 1.5
"""So many times its even share may an item carry where 15 points for each cannot make a form."""

Weights = Mapping[str, float]


def advised_share(checklist: Checklist) -> float:
    """The most percent points that an item should carry: MOST_SHARE, more in a form of few items.

    Where so few items count that one of them must carry more, half as much again as an even share.
    """
    count = sum(map(_shares_weight, checklist.items()))
    return MOST_SHARE if count * MOST_SHARE >= 100 else _OF_FEW * 100 / max(count, 1)


def largest_shares(checklist: Checklist) -> dict[str, float]:
    """For each item that counts, the most percent points it carries on any path.

    On each path every item is answered, or all but one that may be N/A: which of them, is chosen
    for each item so that it carries the most. In a form of few items none is N/A.
    """
    largest: dict[str, float] = {}
    is_short = advised_share(checklist) > MOST_SHARE
    for asked in paths(checklist):
        counting = _counting(checklist, asked)
        for sections in [counting] if is_short else _one_not_applicable(counting):
            for key, share in _shares(checklist, sections).items():
                largest[key] = max(share, largest.get(key, 0.0))
    return largest


def lonely_critical_items(checklist: Checklist) -> dict[str, str]:
    """Critical items that are all that is left of a section with weight, and that section."""
    lonely: dict[str, str] = {}
    for asked in paths(checklist):
        for section, items in _counting(checklist, asked):
            for left in (items, *_without_one(items)):
                if len(left) == 1 and _costs_more(left[0]) and section.weight:
                    lonely[left[0].key] = section.key
    return lonely


Sections = list[tuple[Section, list[Item]]]


def _counting(checklist: Checklist, asked: frozenset[str]) -> Sections:
    """The sections, each with its items that are asked and share in the weights."""
    return [
        (section, [item for item in section.items if item.key in asked and _shares_weight(item)])
        for section in checklist.sections
    ]


def _costs_more(item: Item) -> bool:
    """An answer to it can lower the score by more than its own points."""
    return item.critical or item.fatal or any(effect.kind != "flag" for effect in item.effects)


def _shares_weight(item: Item) -> bool:
    return item.scored and not item.bonus


def _one_not_applicable(sections: Sections) -> Iterator[Sections]:
    """As they are, then with each item N/A that may be."""
    yield sections
    for place, (section, items) in enumerate(sections):
        for left in _without_one(items):
            yield [*sections[:place], (section, left), *sections[place + 1 :]]


def _without_one(items: Iterable[Item]) -> Iterator[list[Item]]:
    listed = list(items)
    for gone in listed:
        if gone.na_allowed:
            yield [item for item in listed if item is not gone]


def _shares(checklist: Checklist, sections: Sections) -> Weights:
    """Each item's percent points of the form when these items count and no other does."""
    raw = dict(_raw_weights(checklist, sections))
    total = math.fsum(raw.values())
    return {key: 100 * weight / total for key, weight in raw.items()} if total else {}


def _raw_weights(checklist: Checklist, sections: Sections) -> Iterator[tuple[str, float]]:
    """By item, in any unit; an N/A item's weight goes where the settings send it."""
    settings = checklist.settings
    for section, items in sections:
        if settings.weights == "section_weights":
            sharing = items if settings.na_policy == "within_section" else section.items
            full = math.fsum(item.weight for item in sharing if _shares_weight(item))
            scale = section.weight / full if full else 0.0
            yield from ((item.key, item.weight * scale) for item in items)
        elif settings.weights == "item_weights":
            yield from ((item.key, item.weight) for item in items)
        else:
            for item in items:
                points = checklist.worths[item.key].possible * item.multiplier
                yield item.key, points * section.multiplier
