"""Items for a draft: from the library, or new ones of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from core.checklist import Kind, parse_checklist, to_data
from core.checklist.parse_items import ItemSource
from core.drafting.draft_content import Content, free_key
from core.errors import NotFound

KIND_ORDER: tuple[Kind, ...] = (
    "yes_no",
    "graded",
    "single",
    "multi",
    "number",
    "clock",
    "text",
    "date",
)
_LEVELS = range(4, -1, -1)
_OPTIONS: Mapping[str, list[Content]] = {
    "yes_no": [{"key": "yes", "points": 1}, {"key": "no", "points": 0}],
    "graded": [{"key": str(level), "points": level} for level in _LEVELS],
    "single": [{"key": "option-1", "points": 1}, {"key": "option-2", "points": 0}],
    "multi": [{"key": "option-1", "points": 1}, {"key": "option-2", "points": 1}],
    "clock": [{"key": "met", "points": 1}, {"key": "late", "points": 0}],
}
_OF_KIND = ("options", "ranges", "clock", "cap", "decimals")


def new_item(content: Content, kind: Kind) -> Content:
    """An item of one's own, with the parts its kind needs and a key that is free."""
    return {"key": free_key(content, "OWN"), "weight": 1, **_parts(kind)}


def library_item(library: ItemSource, item_id: str) -> Content:
    """A library item written out, as a stored draft holds it.

    Raises:
        NotFound: the library has no such item.
    """
    if library.item_data(item_id) is None:
        raise NotFound("The library has no item {item}.", item=item_id)
    alone = {"key": "alone", "sections": [{"key": "section", "items": [{"use": item_id}]}]}
    written: Content = to_data(parse_checklist(alone, library=library))["sections"][0]["items"][0]
    return written


def with_kind(item: Content, kind: Kind) -> Content:
    """The item as another kind: texts and rules stay, answers begin anew."""
    unchanged = {name: value for name, value in item.items() if name not in _OF_KIND}
    return {**unchanged, **_parts(kind)}


def _parts(kind: Kind) -> dict[str, Any]:
    parts: dict[str, Any] = {"kind": kind}
    if kind in _OPTIONS:
        parts["options"] = deepcopy(_OPTIONS[kind])
    if kind == "number":
        parts["ranges"] = [
            {"min": 0, "max": 0, "points": 1},
            {"min": 1, "max": 100, "points": 0},
        ]
    if kind == "clock":
        parts["clock"] = {"limit_minutes": 60}
    return parts
