"""Checking a draft before it is activated: what would mislead, fail, tire or never be asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from math import prod

from core.checklist.conditions import Compare, Condition, Fact, evaluate, leaves
from core.checklist.model import Checklist, Item, Texts, level_of
from core.checklist.problems import Problem, Severity
from core.checklist.references import item_paths
from core.i18n import CONTENT_LANGUAGES

MOST_ITEMS = 45
MOST_TRIES = 20_000
MOST_OPTIONS = 8  # of a multiple choice whose every combination is tried

ItemConditions = Mapping[str, tuple[Condition, ...]]


def lint(checklist: Checklist) -> list[Problem]:
    """Everything to look at before activation, errors first, each with its path."""
    problems = [
        *_weights(checklist),
        *_languages(checklist),
        *_duplicates(checklist),
        *_conditions(checklist),
        *_channels(checklist),
        *_rules(checklist),
        *_length(checklist),
    ]
    return sorted(problems, key=lambda problem: problem.severity)


def _weights(checklist: Checklist) -> Iterator[Problem]:
    if checklist.settings.weights == "points":
        return
    by_section = checklist.settings.weights == "section_weights"
    holders = checklist.sections if by_section else _sharing(checklist.items())
    total = math.fsum(holder.weight for holder in holders)
    severity: Severity = "error" if by_section else "warning"
    if total == 0:
        yield Problem("sections", "error", "No weight is above 0, so nothing can be scored.")
    elif not math.isclose(total, 100, abs_tol=1e-6):
        values = {"total": f"{total:g}"}
        yield Problem("sections", severity, "Weights sum to {total}, not 100.", values)
    yield from _weightless(checklist, by_section=by_section)


def _weightless(checklist: Checklist, *, by_section: bool) -> Iterator[Problem]:
    for path, item in item_paths(checklist):
        if item.scored and item.weight == 0:
            values = {"item": item.key}
            yield Problem(f"{path}.weight", "warning", "The item {item} weighs nothing.", values)
    for number, section in enumerate(checklist.sections):
        shares = any(item.weight for item in _sharing(section.items))
        if by_section and section.weight and not shares:
            yield Problem(
                f"sections[{number}]",
                "error",
                "The section {section} has nothing to score.",
                {"section": section.key},
            )


def _sharing(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.scored and not item.bonus]


def _languages(checklist: Checklist) -> Iterator[Problem]:
    yield from _lacking("title", checklist.title)
    for number, section in enumerate(checklist.sections):
        yield from _lacking(f"sections[{number}].title", section.title)
    for path, item in item_paths(checklist):
        yield from _lacking(f"{path}.text", item.text)
        for name, texts in (("term", item.term), ("guidance", item.guidance)):
            if texts:
                yield from _lacking(f"{path}.{name}", texts)
        for number, option in enumerate(item.options):
            if option.text or item.kind in {"single", "multi"}:
                yield from _lacking(f"{path}.options[{number}].text", option.text)


def _lacking(path: str, texts: Texts) -> Iterator[Problem]:
    missing = [language for language in CONTENT_LANGUAGES if not texts.get(language)]
    if missing:
        values = {"languages": ", ".join(missing)}
        yield Problem(path, "error", "The text lacks {languages}.", values)


def _duplicates(checklist: Checklist) -> Iterator[Problem]:
    for language in CONTENT_LANGUAGES:
        first: dict[str, str] = {}
        for path, item in item_paths(checklist):
            wording = " ".join(item.text.get(language, "").split()).casefold()
            if wording and wording in first:
                values = {"item": item.key, "other": first[wording], "language": language}
                yield Problem(
                    f"{path}.text",
                    "warning",
                    "{item} reads the same as {other} in {language}.",
                    values,
                )
            first.setdefault(wording, item.key)


def _conditions(checklist: Checklist) -> Iterator[Problem]:
    never = set(never_asked(checklist))
    for path, item in item_paths(checklist):
        if item.key in never:
            yield Problem(
                f"{path}.when",
                "error",
                "{item} is never asked: no answers satisfy its conditions.",
                {"item": item.key},
            )
        for leaf in leaves(item.when):
            if not checklist.by_key[leaf.item].required:
                yield Problem(
                    f"{path}.when",
                    "warning",
                    "The condition asks {item}, which may stay blank.",
                    {"item": leaf.item},
                )


def _channels(checklist: Checklist) -> Iterator[Problem]:
    for path, item in item_paths(checklist):
        closed = [
            name for name in checklist.channels if item.channels and name not in item.channels
        ]
        values = {"item": item.key, "channels": ", ".join(closed)}
        if closed and len(closed) == len(checklist.channels):
            yield Problem(path, "error", "{item} cannot be seen in {channels}.", values)
        elif closed and not item.na_allowed:
            yield Problem(
                path, "error", "{item} cannot be seen in {channels}, yet may not be N/A.", values
            )


def _rules(checklist: Checklist) -> Iterator[Problem]:
    """What has no effect although it looks as if it had."""
    for path, item in item_paths(checklist):
        values = {"item": item.key}
        if item.effects and item.excluded:
            yield Problem(
                path,
                "warning",
                "{item} is excluded from scoring, so its critical effects never apply.",
                values,
            )
        if item.clock is not None and item.clock.limit_minutes is None:
            yield Problem(
                f"{path}.clock",
                "warning",
                "The clock of {item} has no limit yet and is not scored.",
                values,
            )
        elif item.clock is not None and item.clock.status == "check":
            yield Problem(
                f"{path}.clock",
                "warning",
                "The limit of {item} still has to be confirmed by its owner.",
                values,
            )
        if item.critical and checklist.settings.critical_rule == "none":
            yield Problem(
                f"{path}.critical",
                "warning",
                "{item} is marked critical, but the settings give that no meaning.",
                values,
            )
    if checklist.bands and checklist.bands[-1].floor > 0 and not checklist.settings.below_zero:
        yield Problem(
            "bands",
            "warning",
            "Scores below {floor} fall into no band.",
            {"floor": f"{checklist.bands[-1].floor:g}"},
        )


def _length(checklist: Checklist) -> Iterator[Problem]:
    count = len(checklist.by_key)
    if count > MOST_ITEMS:
        yield Problem(
            "sections",
            "warning",
            "{count} items are too many for one inspection; at most {most} are advised.",
            {"count": count, "most": MOST_ITEMS},
        )


def never_asked(checklist: Checklist) -> Iterator[str]:
    """Keys of items that no answers bring up; what would take too many tries is not judged."""
    conditions_of = {
        item.key: tuple(when for when in (section.when, item.when) if when is not None)
        for section in checklist.sections
        for item in section.items
    }
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
