"""The content of a draft: sections and items, values by path, both Chinese scripts, its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from opencc import OpenCC

from core.checklist import Checklist, ChecklistError, Problem, lint, parse_checklist
from core.i18n import CONTENT_LANGUAGES

Content = dict[str, Any]
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_POSITION_PATH = re.compile(r"sections\[(\d+)\](?:\.items\[(\d+)\])?")
_FROM = {"zh_CN": ("zh_TW", "tw2sp"), "zh_TW": ("zh_CN", "s2twp")}


class DraftPosition(NamedTuple):
    """A section, or one of its items, by position."""

    section: int
    item: int | None = None

    @property
    def path(self) -> str:
        inner = "" if self.item is None else f".items[{self.item}]"
        return f"sections[{self.section}]{inner}"


def blank(key: str, title: Mapping[str, str]) -> Content:
    """A checklist to begin with: the portal's marks and bands, one empty section."""
    return {
        "key": key,
        "title": dict(title),
        "pass_mark": 85,
        "low_score_mark": 60,
        "bands": [
            {"key": "excellent", "from": 95},
            {"key": "qualified", "from": 85},
            {"key": "needs_improvement", "from": 60},
            {"key": "unqualified", "from": 0},
        ],
        "sections": [{"key": "section-1", "title": {}, "weight": 100, "items": []}],
    }


def position_of(path: str) -> DraftPosition | None:
    """The section or item that a path such as sections[1].items[0].text lies in."""
    match = _POSITION_PATH.match(path)
    if match is None:
        return None
    section, item = match.groups()
    return DraftPosition(int(section), None if item is None else int(item))


def value_at(content: Content, path: str) -> Any:  # noqa: ANN401  any JSON value
    """What stands at a path, None where nothing does."""
    value: Any = content
    for key, index in _STEP.findall(path):
        if index:
            inside = isinstance(value, list) and int(index) < len(value)
            value = value[int(index)] if inside else None
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
    return value


def with_value(content: Content, path: str, value: object) -> Content:
    """The draft with another value at a path; None, an empty text, list or mapping removes a key.

    Mappings on the way to it are made where they are missing, list elements have to be there.
    """
    changed = deepcopy(content)
    holder: Any = changed
    *way, (last, position) = _STEP.findall(path)
    for key, index in way:
        holder = holder[int(index)] if index else holder.setdefault(key, {})
    if position:
        holder[int(position)] = value
    elif value in (None, "", [], {}):
        holder.pop(last, None)
    else:
        holder[last] = value
    return changed


def sections_of(content: Content) -> list[Content]:
    sections: list[Content] = content.get("sections") or []
    return sections


def items_of(section: Content) -> list[Content]:
    items: list[Content] = section.get("items") or []
    return items


def insert(content: Content, item: Content, after: DraftPosition) -> tuple[Content, DraftPosition]:
    """Put an item after another, or at the end of a section; where it stands then."""
    changed = deepcopy(content)
    section = changed["sections"][after.section]
    items = section.setdefault("items", [])
    position = len(items) if after.item is None else after.item + 1
    items.insert(position, item)
    return changed, DraftPosition(after.section, position)


def add_section(content: Content, after: int | None = None) -> tuple[Content, DraftPosition]:
    """An empty section after another one, or at the end."""
    changed = deepcopy(content)
    sections = changed.setdefault("sections", [])
    position = len(sections) if after is None else after + 1
    key = free_key(content, "section")
    sections.insert(position, {"key": key, "title": {}, "weight": 0, "items": []})
    return changed, DraftPosition(position)


def remove(content: Content, position: DraftPosition) -> tuple[Content, DraftPosition | None]:
    """Without an item, or without a section and its items; what is next to it then."""
    changed = deepcopy(content)
    if position.item is None:
        sections = sections_of(changed)
        del sections[position.section]
        return changed, DraftPosition(max(0, position.section - 1)) if sections else None
    items = items_of(sections_of(changed)[position.section])
    del items[position.item]
    return changed, DraftPosition(
        position.section, min(position.item, len(items) - 1) if items else None
    )


def move(content: Content, position: DraftPosition, by: int) -> tuple[Content, DraftPosition]:
    """One step up (-1) or down (1); an item at the edge goes over to the next section."""
    if position.item is None:
        return _move_section(content, position.section, by)
    sections = sections_of(content)
    target = position.item + by
    if 0 <= target < len(items_of(sections[position.section])):
        return _shift(content, position, DraftPosition(position.section, target))
    beside = position.section + by
    if not 0 <= beside < len(sections):
        return content, position
    return regroup(content, position, beside, 0 if by > 0 else len(items_of(sections[beside])))


def regroup(
    content: Content, source: DraftPosition, section: int, index: int
) -> tuple[Content, DraftPosition]:
    """An item moved to a position of another section."""
    return _shift(content, source, DraftPosition(section, index))


def free_key(content: Content, stem: str) -> str:
    """A key with this beginning that nothing in the draft has."""
    taken = {section.get("key") for section in sections_of(content)}
    taken |= {item.get("key") for section in sections_of(content) for item in items_of(section)}
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _move_section(content: Content, section: int, by: int) -> tuple[Content, DraftPosition]:
    changed = deepcopy(content)
    sections = sections_of(changed)
    target = section + by
    if not 0 <= target < len(sections):
        return content, DraftPosition(section)
    sections.insert(target, sections.pop(section))
    return changed, DraftPosition(target)


def _shift(
    content: Content, source: DraftPosition, target: DraftPosition
) -> tuple[Content, DraftPosition]:
    changed = deepcopy(content)
    sections = sections_of(changed)
    item = items_of(sections[source.section]).pop(source.item or 0)
    sections[target.section].setdefault("items", []).insert(target.item or 0, item)
    return changed, target


def fill_chinese(content: Any) -> Any:  # noqa: ANN401  any content of a draft
    """The content, with each text that has one Chinese script in both; regional words included."""
    if isinstance(content, list):
        return [fill_chinese(inner) for inner in content]
    if not isinstance(content, dict):
        return content
    if content and set(content) <= set(CONTENT_LANGUAGES):
        return _both_scripts(content)
    return {name: fill_chinese(inner) for name, inner in content.items()}


def _both_scripts(texts: dict[str, str]) -> dict[str, str]:
    both = dict(texts)
    for language, (source, way) in _FROM.items():
        if texts.get(source) and not texts.get(language):
            both[language] = _converter(way).convert(texts[source])
    return both


@cache
def _converter(way: str) -> OpenCC:
    return OpenCC(way)


@dataclass(frozen=True)
class Examined:
    """The checklist a draft makes, None while it makes none, and everything to look at."""

    checklist: Checklist | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be put right before the draft can be activated."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def examine(content: Content) -> Examined:
    try:
        checklist = parse_checklist(content)
    except ChecklistError as error:
        return Examined(None, tuple(error.problems))
    return Examined(checklist, tuple(lint(checklist)))
