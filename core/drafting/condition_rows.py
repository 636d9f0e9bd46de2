"""Conditions of a draft as rows of comparisons under one join."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.checklist.conditions import OPERATORS
from core.checklist.model import CHOICE_KINDS
from core.drafting.draft_content import Content, DraftPosition

Leaf = dict[str, Any]
COMPARABLE = frozenset({"number", "graded"})


class Rows(NamedTuple):
    """Comparisons, and whether all or any of them have to hold."""

    join: str
    leaves: list[Leaf]


def flat(when: object) -> Rows | None:
    """A condition as one join over comparisons; None when it has inner groups or is faulty."""
    if when is None:
        return Rows("all", [])
    if not isinstance(when, dict):
        return None
    join = next((name for name in ("all", "any") if name in when), None)
    rows = when[join] if join else [when]
    if not isinstance(rows, list) or not all(_is_leaf(row) for row in rows):
        return None
    return Rows(join or "all", rows)


def joined(join: str, rows: list[Leaf]) -> Leaf | None:
    """The condition that rows make; None for no rows."""
    if not rows:
        return None
    return rows[0] if len(rows) == 1 else {join: rows}


def earlier(content: Content, before: DraftPosition) -> dict[str, Content]:
    """The items that stand before a position and can be asked about, by key."""
    items: dict[str, Content] = {}
    for number, section in enumerate(content.get("sections") or []):
        for position, item in enumerate(section.get("items") or []):
            if number > before.section or (
                number == before.section and (before.item is None or position >= before.item)
            ):
                return items
            if item.get("kind", "yes_no") in CHOICE_KINDS | COMPARABLE:
                items[str(item.get("key"))] = item
    return items


def first_on(earlier: dict[str, Content], name: str) -> Leaf:
    """A comparison with an item to begin with."""
    item = earlier[name]
    if item.get("kind") == "number":
        return {"item": name, "compare": {"op": ">=", "value": 0}}
    return {"item": name, "equals": option_keys(item)[:1]}


def option_keys(item: Content) -> list[str]:
    return [str(option.get("key")) for option in (item.get("options") or [])]


def operators(kind: str) -> list[str]:
    """How answers to an item of this kind can be compared."""
    if kind == "number":
        return ["compare"]
    allowed: list[str] = [
        operator for operator in OPERATORS if operator != "all_of" or kind == "multi"
    ]
    return ["compare", *allowed] if kind in COMPARABLE else allowed


def operator_of(leaf: Leaf) -> str:
    """The operator a comparison has: compare, or one of OPERATORS."""
    return next((operator for operator in ("compare", *OPERATORS) if operator in leaf), "equals")


def _is_leaf(row: object) -> bool:
    if not isinstance(row, dict) or "item" not in row:
        return False
    compare = row.get("compare")
    return isinstance(compare, dict) or any(operator in row for operator in OPERATORS)
