"""Conditions of a checklist as Connect's enablement, as far as Connect has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.checklist import Checklist, Compare, Condition, Item, Joined, Match, Section
from core.checklist.conditions import COMPARISONS
from core.forms.form_node import Repairs

_COMPARATORS = {"in": "IN", "not_in": "NOT_IN", "all_of": "ALL_IN", "equals": "EXACT"}
Data = dict[str, Any]


def enablement(
    section: Section, item: Item, checklist: Checklist, refs: Mapping[str, str], lost: Repairs
) -> Data | None:
    """When a question is asked: its own condition and its section's, both."""
    whens = [when for when in (section.when, item.when) if when is not None]
    if not whens:
        return None
    try:
        operator, leaves = _flat(whens)
        operands = [_operand(leaf, checklist, refs) for leaf in leaves]
    except _Inexpressible:
        lost.add(item.key, "Its condition cannot be expressed; it is always asked.")
        return None
    condition = {"Operator": operator, "Operands": operands}
    return {"Condition": condition, "Action": "ENABLE", "DefaultAction": "DISABLE"}


class _Inexpressible(Exception):
    """Connect has no such condition."""


def _flat(whens: Sequence[Condition]) -> tuple[str, list[Match | Compare]]:
    """One list of comparisons under one operator: Connect has no inner groups."""
    if len(whens) == 1 and isinstance(whens[0], Joined) and whens[0].kind == "any":
        return "OR", [_leaf(inner) for inner in whens[0].parts]
    comparisons: list[Match | Compare] = []
    for when in whens:
        parts = when.parts if isinstance(when, Joined) and when.kind == "all" else (when,)
        comparisons += [_leaf(inner) for inner in parts]
    return "AND", comparisons


def _leaf(when: Condition) -> Match | Compare:
    if isinstance(when, Joined):
        raise _Inexpressible
    return when


def _operand(when: Match | Compare, checklist: Checklist, refs: Mapping[str, str]) -> Data:
    match = when if isinstance(when, Match) else _levels(when, checklist.by_key[when.item])
    values = [{"Type": "OPTION_REF_ID", "RefId": key} for key in match.keys]
    if not values:
        raise _Inexpressible
    return {
        "Expression": {
            "Source": {"Type": "QUESTION_REF_ID", "RefId": refs[match.item]},
            "Comparator": _COMPARATORS[match.operator],
            "Values": values,
        }
    }


def _levels(when: Compare, item: Item) -> Match:
    """A comparison of levels as the levels that satisfy it."""
    if item.kind != "graded":
        raise _Inexpressible
    holds = COMPARISONS[when.operator]
    keys = tuple(
        key
        for key in item.by_option
        if key.removeprefix("-").isdecimal() and holds(float(key), when.value)
    )
    return Match(item.key, "in", keys)
