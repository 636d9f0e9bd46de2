"""What changed from one version of a checklist to another, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.checklist import Checklist, Item, Section, to_data

How = Literal["added", "removed", "moved", "changed"]
_INSIDE = frozenset({"sections", "items", "key", "version"})


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        element: form, section or item; `key` is its key, "form" for the form.
        field: what changed of it; empty when the element itself was added, removed or moved.
        before, after: plain data, None where there was or is nothing.
    """

    how: How
    element: Literal["form", "section", "item"]
    key: str
    field: str = ""
    before: Any = None
    after: Any = None


def difference(before: Checklist, after: Checklist) -> tuple[Change, ...]:
    """Every difference: the form's own fields, then sections and items in the new order."""
    return (
        *_fields("form", "form", to_data(before), to_data(after)),
        *_element_changes("section", _sections(before), _sections(after)),
        *_element_changes("item", _items(before), _items(after)),
    )


@dataclass(frozen=True)
class _Element:
    """A section or item: where it stands, and its fields as data."""

    home: str
    texts: Mapping[str, str]
    data: Mapping[str, Any]


def _sections(checklist: Checklist) -> dict[str, _Element]:
    return {
        section.key: _Element("", section.title, _data(section)) for section in checklist.sections
    }


def _items(checklist: Checklist) -> dict[str, _Element]:
    return {
        item.key: _Element(section.key, item.text, _data(item))
        for section in checklist.sections
        for item in section.items
    }


def _element_changes(
    element: Literal["section", "item"],
    before: Mapping[str, _Element],
    after: Mapping[str, _Element],
) -> Iterator[Change]:
    moved = _moved(before, after)
    for key, now in after.items():
        if key not in before:
            yield Change("added", element, key, after=dict(now.texts))
            continue
        if key in moved:
            yield Change("moved", element, key, before=before[key].home, after=now.home)
        yield from _fields(element, key, before[key].data, now.data)
    for key, then in before.items():
        if key not in after:
            yield Change("removed", element, key, before=dict(then.texts))


def _moved(before: Mapping[str, _Element], after: Mapping[str, _Element]) -> set[str]:
    """What stands in another section, or in another order among what both versions have."""
    elsewhere = {key for key in after if key in before and before[key].home != after[key].home}
    stayed_before = [key for key in before if key in after and key not in elsewhere]
    stayed_after = [key for key in after if key in before and key not in elsewhere]
    return elsewhere | (set(stayed_after) - _longest_common(stayed_before, stayed_after))


def _longest_common(first: Sequence[str], second: Sequence[str]) -> set[str]:
    """A longest run of keys, not necessarily adjacent, that both have in the same order."""
    positions = {key: position for position, key in enumerate(first)}
    best: list[tuple[int, list[str]]] = []  # last place, and the run that ends there
    for key in second:
        position = positions[key]
        earlier = _longest(run for last, run in best if last < position)
        best.append((position, [*earlier, key]))
    return set(_longest(run for _, run in best))


def _longest(runs: Iterable[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run), default=[])  # noqa: PLW0108  typed, unlike len


def _fields(
    element: Literal["form", "section", "item"],
    key: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[Change]:
    for name in [*after, *(name for name in before if name not in after)]:
        if name not in _INSIDE and before.get(name) != after.get(name):
            yield Change(
                how="changed",
                element=element,
                key=key,
                field=name,
                before=before.get(name),
                after=after.get(name),
            )


def _data(element: Section | Item) -> dict[str, Any]:
    """The own fields of a section or item as data: what to_data writes of it."""
    form = to_data(
        Checklist("only", (element if isinstance(element, Section) else _around(element),))
    )
    section: dict[str, Any] = form["sections"][0]
    return section if isinstance(element, Section) else section["items"][0]


def _around(item: Item) -> Section:
    return Section("only", (item,))
