"""Paths through a checklist: which items are asked together, by the answers to earlier ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from math import prod

from core.checklist.conditions import Compare, Condition, Fact, evaluate, leaves
from core.checklist.model import Checklist, Item, level_of

MOST_TRIES = 20_000
MOST_OPTIONS = 8  # of a multiple choice whose every combination is tried

ItemConditions = Mapping[str, tuple[Condition, ...]]


def paths(checklist: Checklist) -> tuple[frozenset[str], ...]:
    """The keys of the items asked together, once for each such set that answers can bring up.

    Answers are those of a whole inspection: what must be answered is. What would take too many
    tries is not judged: then there is none.
    """
    conditions_of = _conditions_of(checklist)
    deciding = {leaf.item for when in conditions_of.values() for c in when for leaf in leaves(c)}
    everything = [condition for when in conditions_of.values() for condition in when]
    items = [item for item in checklist.items() if item.key in deciding]
    choices = [_final_facts(item, everything) for item in items]
    if prod(len(facts) for facts in choices) > MOST_TRIES:
        return ()
    keys = [item.key for item in items]
    return tuple(
        dict.fromkeys(
            _asked(conditions_of, dict(zip(keys, facts, strict=True)))
            for facts in product(*choices)
        )
    )


def _final_facts(item: Item, conditions: list[Condition]) -> list[Fact | None]:
    """What a submitted inspection can answer to an item; None where it may be N/A or blank."""
    return _facts(item, conditions)[0 if item.na_allowed or not item.required else 1 :]


def _asked(conditions_of: ItemConditions, answers: Mapping[str, Fact | None]) -> frozenset[str]:
    """The items that these answers bring up, in the order of the checklist."""
    facts: dict[str, Fact] = {}
    asked = []
    for key, conditions in conditions_of.items():
        if all(evaluate(condition, facts) for condition in conditions):
            asked.append(key)
            if (fact := answers.get(key)) is not None:
                facts[key] = fact
    return frozenset(asked)


def _conditions_of(checklist: Checklist) -> ItemConditions:
    return {
        item.key: tuple(when for when in (section.when, item.when) if when is not None)
        for section in checklist.sections
        for item in section.items
    }


def never_asked(checklist: Checklist) -> Iterator[str]:
    """Keys of items that no answers bring up; what would take too many tries is not judged."""
    conditions_of = _conditions_of(checklist)
    for key, conditions in conditions_of.items():
        if conditions and not _reachable(key, checklist.by_key, conditions_of):
            yield key


def _reachable(key: str, items: Mapping[str, Item], conditions_of: ItemConditions) -> bool:
    needed = _needed(key, items, conditions_of)
    choices = [
        _facts(items[name], [c for other in needed for c in conditions_of[other]])
        for name in needed[:-1]
    ]
    if prod(len(facts) for facts in choices) > MOST_TRIES:
        return True
    return any(_is_visible_with(needed, answers, conditions_of) for answers in product(*choices))


def _needed(key: str, items: Mapping[str, Item], conditions_of: ItemConditions) -> list[str]:
    """The item and all items that its conditions depend on, in the order of the checklist."""
    needed, queue = {key}, [key]
    for name in queue:
        for leaf in (leaf for condition in conditions_of[name] for leaf in leaves(condition)):
            if leaf.item not in needed:
                needed.add(leaf.item)
                queue.append(leaf.item)
    return [name for name in items if name in needed]


def _is_visible_with(
    needed: list[str], answers: tuple[Fact | None, ...], conditions_of: ItemConditions
) -> bool:
    facts: dict[str, Fact] = {}
    for name, fact in zip(needed, answers, strict=False):
        if fact is not None and all(
            evaluate(condition, facts) for condition in conditions_of[name]
        ):
            facts[name] = fact
    return all(evaluate(condition, facts) for condition in conditions_of[needed[-1]])


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
    marks = [end for range_ in item.ranges for end in (range_.low, range_.high)]
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        if isinstance(leaf, Compare) and leaf.item == item.key:
            marks += [leaf.value - 1, leaf.value, leaf.value + 1]
    for mark in marks:
        if any(range_.low <= mark <= range_.high for range_ in item.ranges) or not item.ranges:
            yield mark
