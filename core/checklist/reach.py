"""Whether some answers make an item be asked, found by trying them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from math import prod

from core.checklist.conditions import Compare, Condition, Fact, evaluate, leaves
from core.checklist.model import Checklist, Item, level_of

MOST_TRIES = 20_000
MOST_OPTIONS = 8  # of a multiple choice whose every combination is tried

Asked = Mapping[str, tuple[Condition, ...]]


def never_asked(checklist: Checklist) -> Iterator[str]:
    """Keys of items that no answers bring up; what would take too many tries is not judged."""
    asked = {
        item.key: tuple(when for when in (section.when, item.when) if when is not None)
        for section in checklist.sections
        for item in section.items
    }
    for key, conditions in asked.items():
        if conditions and not _reachable(key, checklist.by_key, asked):
            yield key


def _reachable(key: str, items: Mapping[str, Item], asked: Asked) -> bool:
    needed = _needed(key, items, asked)
    choices = [
        _facts(items[name], [c for part in needed for c in asked[part]]) for name in needed[:-1]
    ]
    if prod(len(facts) for facts in choices) > MOST_TRIES:
        return True
    return any(_asked_with(needed, answers, asked) for answers in product(*choices))


def _needed(key: str, items: Mapping[str, Item], asked: Asked) -> list[str]:
    """The item and all that its being asked depends on, in the order of the checklist."""
    found, queue = {key}, [key]
    for name in queue:
        for leaf in (leaf for condition in asked[name] for leaf in leaves(condition)):
            if leaf.item not in found:
                found.add(leaf.item)
                queue.append(leaf.item)
    return [name for name in items if name in found]


def _asked_with(needed: list[str], answers: tuple[Fact | None, ...], asked: Asked) -> bool:
    facts: dict[str, Fact] = {}
    for name, fact in zip(needed, answers, strict=False):
        if fact is not None and all(evaluate(condition, facts) for condition in asked[name]):
            facts[name] = fact
    return all(evaluate(condition, facts) for condition in asked[needed[-1]])


def _facts(item: Item, conditions: list[Condition]) -> list[Fact | None]:
    """What could be answered to an item, as far as the conditions can tell answers apart."""
    if item.kind == "number":
        return [None, *(Fact(number=number) for number in _numbers(item, conditions))]
    if item.kind == "multi" and len(item.options) <= MOST_OPTIONS:
        keys = [option.key for option in item.options]
        sizes = range(len(keys) + 1)
        return [None, *(Fact(frozenset(c)) for size in sizes for c in combinations(keys, size))]
    return [None, *(Fact(frozenset({key}), level_of(item, key)) for key in item.by_option)]


def _numbers(item: Item, conditions: list[Condition]) -> Iterator[float]:
    """The ends of its ranges, and the numbers around each value it is compared with."""
    marks = [end for part in item.ranges for end in (part.low, part.high)]
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        if isinstance(leaf, Compare) and leaf.item == item.key:
            marks += [leaf.value - 1, leaf.value, leaf.value + 1]
    for mark in marks:
        if any(part.low <= mark <= part.high for part in item.ranges) or not item.ranges:
            yield mark
