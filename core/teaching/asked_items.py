"""A checklist narrowed to the items that a practice asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from core.checklist import Checklist
from core.checklist.conditions import leaves
from core.text.cache_keys import Same

AnswerOf = TypeVar("AnswerOf")


def narrowed(checklist: Checklist, items: Collection[str]) -> Checklist:
    """The checklist with some items alone, and those whose answers decide whether they are asked.

    Without any item it is whole. The same items give the very same checklist again. Sections of
    which nothing is left are left out; weights, marks and effects are as they were, so that what is
    left shares the hundred percent.
    """
    return _narrowed(Same(checklist), frozenset(items)) if items else checklist


def asks_any(checklist: Checklist, items: Collection[str]) -> bool:
    """Whether a practice on these items has something to compare in this checklist."""
    return not items or any(item.scored and item.key in items for item in checklist.items())


def of_asked(checklist: Checklist, answers: Mapping[str, AnswerOf]) -> dict[str, AnswerOf]:
    """The answers to items of the checklist, or to whole sections of it; those to others go."""
    sections = {section.key for section in checklist.sections}
    return {
        key: answer for key, answer in answers.items() if key in checklist.by_key or key in sections
    }


@lru_cache(maxsize=256)
def _narrowed(same: Same[Checklist], items: frozenset[str]) -> Checklist:
    checklist = same.thing
    asked = set(_with_deciding(checklist, items))
    sections = (
        replace(section, items=tuple(item for item in section.items if item.key in asked))
        for section in checklist.sections
    )
    return replace(checklist, sections=tuple(section for section in sections if section.items))


def _with_deciding(checklist: Checklist, items: Collection[str]) -> Iterator[str]:
    """The items that the checklist has, and what the conditions of each and its section look at."""
    deciding = {
        item.key: {leaf.item for when in (section.when, item.when) for leaf in leaves(when)}
        for section in checklist.sections
        for item in section.items
    }
    waiting, seen = [key for key in items if key in deciding], set[str]()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            yield key
            waiting += deciding[key]
