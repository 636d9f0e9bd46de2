"""An imported form over the version that is stored: it changes only what it carries.

A missing key leaves what is stored, and so does an empty value (null, "", [], {}) unless it is
chosen that empty values clear. Sections, items and answers are found by their keys; which of them
there are, and their order, is what the form says. A form that takes an item from the library, or
makes it another kind, gives the whole item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Content = dict[str, Any]
_BY_LANGUAGE = frozenset(
    {"title", "unit", "term", "text", "guidance", "good_example", "bad_example", "settings"}
)
_BARE = "en"
"""The language of a text that names none."""
_OWN = frozenset({"key", "version"})
_ANSWERS = ("options", "ranges")
_PARTS = frozenset({"sections", "items", "options"})


class FieldChange(NamedTuple):
    """What an import makes of a field; `place` counts the items from 1, 0 is the form itself."""

    place: int
    column: str
    before: object
    after: object


def carried_over(stored: Mapping[str, Any], form: Mapping[str, Any], *, clears: bool) -> Content:
    """The content of a form with what it does not carry as it is stored."""
    items = {_key(item): item for _, item in _items(stored)}
    sections = _by_key(stored.get("sections"))
    merged = _over(stored, form, clears=clears)
    merged["sections"] = [
        {
            **_over(sections.get(_key(section), {}), section, clears=clears),
            "items": [_item(items, item, clears=clears) for item in _rows(section.get("items"))],
        }
        for section in _rows(form.get("sections"))
    ]
    return merged


def field_changes(stored: Mapping[str, Any], content: Mapping[str, Any]) -> list[FieldChange]:
    """How the content differs from the stored one, field by field.

    An item that goes is one change of the column items, as is an answer of options or ranges.
    """
    changes = list(_differences(0, "", stored, content))
    sections = _by_key(stored.get("sections"))
    for section in _rows(content.get("sections")):
        changes += _differences(0, "section.", sections.get(_key(section), {}), section)
    kept = {_key(section) for section in _rows(content.get("sections"))}
    changes += [FieldChange(0, "sections", key, None) for key in sections if key not in kept]
    items = {_key(item): item for _, item in _items(stored)}
    for place, item in _items(content):
        before = items.pop(_key(item), {})
        changes += _differences(place, "", before, item)
        changes += _of_answers(place, before, item)
    changes += [FieldChange(0, "items", key, None) for key in items]
    return changes


def filled(content: Mapping[str, Any]) -> dict[str, int]:
    """How many values each column of a form holds."""
    counts: dict[str, int] = {}
    for change in field_changes({}, content):
        counts[change.column] = counts.get(change.column, 0) + 1
    counts["items"] = sum(1 for _ in _items(content))
    counts["sections"] = len(_rows(content.get("sections")))
    return counts


def _item(items: Mapping[str, Content], item: Content, *, clears: bool) -> Content:
    before = items.get(_key(item), {})
    if item.get("use") or before.get("kind") != (item.get("kind") or before.get("kind")):
        before = {}
    merged = _over(before, item, clears=clears)
    for name in _ANSWERS:
        if not _is_empty(item.get(name)):
            answers = _by_key(before.get(name)) if name == "options" else {}
            merged[name] = [
                _over(answers.get(_key(answer), {}), answer, clears=clears)
                for answer in _rows(item[name])
            ]
    return merged


def _over(before: Mapping[str, Any], row: Mapping[str, Any], *, clears: bool) -> Content:
    """A row's own fields over those stored."""
    merged = {name: value for name, value in before.items() if name not in _PARTS - {"options"}}
    for name, value in row.items():
        if name in _BY_LANGUAGE and not _is_empty(value) and not _is_whole(name, value):
            parts = value if isinstance(value, Mapping) else {_BARE: value}
            inner = _over(_mapping(merged.pop(name, None)), parts, clears=clears)
            merged |= {name: inner} if inner else {}
        elif not _is_empty(value):
            merged[name] = value
        elif clears and name not in _OWN:
            merged.pop(name, None)
    return merged


def _is_whole(name: str, value: object) -> bool:
    """Settings that begin from a preset say all of them."""
    return name == "settings" and isinstance(value, Mapping) and "preset" in value


def _differences(
    place: int, prefix: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if name in _OWN | _PARTS or old == new:
            continue
        if name in _BY_LANGUAGE:
            yield from _differences(place, f"{prefix}{name}.", _mapping(old), _mapping(new))
        else:
            yield FieldChange(place, f"{prefix}{name}", old, new)


def _of_answers(
    place: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[FieldChange]:
    old, new = _by_key(before.get("options")), _by_key(after.get("options"))
    for key, answer in new.items():
        if key not in old:
            yield FieldChange(place, "options", None, key)
        yield from _differences(place, "answer.", old.get(key, {}), answer)
    yield from (FieldChange(place, "options", key, None) for key in old if key not in new)


def _items(content: Mapping[str, Any]) -> Iterator[tuple[int, Content]]:
    rows = [
        item
        for section in _rows(content.get("sections"))
        for item in _rows(section.get("items"))
        if _key(item)
    ]
    yield from enumerate(rows, start=1)


def _rows(value: object) -> list[Content]:
    rows: list[object] = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, dict)]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _by_key(value: object) -> dict[str, Content]:
    return {_key(row): row for row in _rows(value)}


def _key(row: Mapping[str, Any]) -> str:
    return str(row.get("key") or row.get("use") or "")


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {}, ())
