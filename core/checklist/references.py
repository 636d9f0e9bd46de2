"""What one part of a checklist says of another: conditions, target sections, unique keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.checklist.conditions import Compare, Condition, Match, leaves
from core.checklist.model import CHOICE_KINDS, Checklist, Item
from core.checklist.problems import Problem

Needs = Mapping[str, tuple[str, ...]]  # item -> the items its being asked depends on


def reference_problems(checklist: Checklist) -> list[Problem]:
    """Every reference that leads nowhere, to a later item, or in a circle."""
    return [
        *_repeated_keys(checklist),
        *_condition_problems(checklist),
        *_target_problems(checklist),
    ]


def item_paths(checklist: Checklist) -> Iterator[tuple[str, Item]]:
    """Each item with its path, in order."""
    for place, section in enumerate(checklist.sections):
        for position, item in enumerate(section.items):
            yield f"sections[{place}].items[{position}]", item


@dataclass(frozen=True)
class _Asked:
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
    for asked in _conditions(checklist):
        for leaf in leaves(asked.condition):
            sentence, values = "", {"item": leaf.item}
            if leaf.item not in places:
                sentence = "There is no item {item}."
            elif circle := _circle(leaf.item, needs):
                sentence = "The conditions go in a circle: {circle}."
                values = {"circle": " -> ".join(circle)}
            elif places[leaf.item] >= asked.before:
                sentence = "A condition may only ask about earlier items; {item} comes later."
            else:
                sentence = _unfit(leaf, checklist.by_key[leaf.item])
            if sentence:
                yield Problem(asked.path, "error", sentence, values)


def _conditions(checklist: Checklist) -> Iterator[_Asked]:
    before = 0
    for place, section in enumerate(checklist.sections):
        if section.when is not None:
            yield _Asked(f"sections[{place}].when", section.when, before)
        for position, item in enumerate(section.items):
            if item.when is not None:
                yield _Asked(f"sections[{place}].items[{position}].when", item.when, before)
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


def _unfit(leaf: Match | Compare, item: Item) -> str:
    """Why an item cannot be compared in this way; empty when it can."""
    if isinstance(leaf, Compare):
        fits = item.kind in {"number", "graded"}
        return "" if fits else "Only a number or a level can be compared, {item} is neither."
    if item.kind not in CHOICE_KINDS:
        return "The item {item} has no options to match."
    if leaf.operator == "all_of" and item.kind != "multi":
        return "all_of needs a multiple choice, {item} is none."
    if not set(leaf.keys) <= set(item.by_option):
        return "The item {item} has no such option."
    return ""


def _target_problems(checklist: Checklist) -> Iterator[Problem]:
    keys = {section.key for section in checklist.sections}
    for path, item in item_paths(checklist):
        for effect in item.effects:
            for key in set(effect.sections) - keys:
                yield Problem(path, "error", "There is no section {section}.", {"section": key})
