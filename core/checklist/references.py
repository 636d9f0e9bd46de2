"""What one part of a checklist says of another: conditions, target sections, unique keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.checklist.conditions import Compare, Condition, Match, leaves
from core.checklist.data_reading import Node
from core.checklist.model import CHOICE_KINDS, Checklist, Item
from core.checklist.problems import Problem

Needs = Mapping[str, tuple[str, ...]]  # item -> the items its being asked depends on


def reference_problems(checklist: Checklist) -> list[Problem]:
    """Every reference that leads nowhere, to a later item, or in a circle."""
    return [
        *_repeated_keys(checklist),
        *_condition_problems(checklist),
        *_target_problems(checklist),
        *_band_problems(checklist),
    ]


def item_paths(checklist: Checklist) -> Iterator[tuple[str, Item]]:
    """Each item with its path, in order."""
    for number, section in enumerate(checklist.sections):
        for position, item in enumerate(section.items):
            yield f"sections[{number}].items[{position}]", item


@dataclass(frozen=True)
class _PlacedCondition:
    """A condition, where it stands, and how many items come before it."""

    path: str
    condition: Condition
    before: int


def _repeated_keys(checklist: Checklist) -> Iterator[Problem]:
    seen = {"form"}
    keyed = [(f"sections[{n}]", section.key) for n, section in enumerate(checklist.sections)]
    keyed += [(path, item.key) for path, item in item_paths(checklist)]
    for path, key in keyed:
        if key in seen:
            yield Problem(f"{path}.key", "error", "The key {key} is used twice.", {"key": key})
        seen.add(key)


def _condition_problems(checklist: Checklist) -> Iterator[Problem]:
    places = {item.key: number for number, item in enumerate(checklist.items())}
    needs = _needs(checklist)
    for placed in _conditions(checklist):
        for leaf in leaves(placed.condition):
            node = Node(None, placed.path, [])
            if leaf.item not in places:
                node.problem("There is no item {item}.", item=leaf.item)
            elif circle := _circle(leaf.item, needs):
                keys = " -> ".join(circle)
                node.problem("The conditions go in a circle: {circle}.", circle=keys)
            elif places[leaf.item] >= placed.before:
                node.problem("{item} comes later: only earlier items count.", item=leaf.item)
            else:
                _check_fit(node, leaf, checklist.by_key[leaf.item])
            yield from node.problems


def _conditions(checklist: Checklist) -> Iterator[_PlacedCondition]:
    before = 0
    for number, section in enumerate(checklist.sections):
        if section.when is not None:
            yield _PlacedCondition(f"sections[{number}].when", section.when, before)
        for position, item in enumerate(section.items):
            if item.when is not None:
                yield _PlacedCondition(
                    f"sections[{number}].items[{position}].when", item.when, before
                )
            before += 1


def _needs(checklist: Checklist) -> Needs:
    return {
        item.key: tuple(leaf.item for when in (section.when, item.when) for leaf in leaves(when))
        for section in checklist.sections
        for item in section.items
    }


def _circle(start: str, needs: Needs) -> tuple[str, ...]:
    """The way from an item back to itself, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for needed in needs.get(way[-1], ()):
            if needed == start:
                return (*way, start)
            if needed not in seen:
                seen.add(needed)
                ways.append((*way, needed))
    return ()


def _check_fit(node: Node, leaf: Match | Compare, item: Item) -> None:
    """Whether an item can be compared in this way."""
    if isinstance(leaf, Compare):
        if item.kind not in {"number", "graded"}:
            node.problem("Only a number or a level can be compared, {item} is none.", item=item.key)
    elif item.kind not in CHOICE_KINDS:
        node.problem("The item {item} has no options to match.", item=item.key)
    elif leaf.operator == "all_of" and item.kind != "multi":
        node.problem("all_of needs a multiple choice, {item} is none.", item=item.key)
    elif not set(leaf.keys) <= set(item.by_option):
        node.problem("The item {item} has no such option.", item=item.key)


def _target_problems(checklist: Checklist) -> Iterator[Problem]:
    keys = {section.key for section in checklist.sections}
    for path, item in item_paths(checklist):
        for effect in item.effects:
            for key in set(effect.sections) - keys:
                yield Problem(path, "error", "There is no section {section}.", {"section": key})


def _band_problems(checklist: Checklist) -> Iterator[Problem]:
    bands = {band.key for band in checklist.bands}
    for number, section in enumerate(checklist.sections):
        floor = section.section_floor
        if floor is not None and floor.band not in bands:
            path, values = f"sections[{number}].section_floor.band", {"band": floor.band}
            yield Problem(path, "error", "There is no band {band}.", values)
