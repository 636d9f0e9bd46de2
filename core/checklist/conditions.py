"""When an item or a section is asked: comparisons with earlier answers, joined by all, any, not.

A comparison with an item that is unanswered, N/A or hidden does not match, whatever it compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Literal

from core.checklist.data_reading import Node

Operator = Literal["equals", "in", "not_in", "all_of"]
Join = Literal["all", "any", "not"]
OPERATORS: tuple[Operator, ...] = ("equals", "in", "not_in", "all_of")
JOINS: tuple[Join, ...] = ("all", "any", "not")
DEEPEST = 8
COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}


@dataclass(frozen=True)
class Fact:
    """What was answered to one item: the chosen option keys, or a number (a level is both)."""

    keys: frozenset[str] = frozenset()
    number: float | None = None


@dataclass(frozen=True)
class Match:
    """The chosen options equal these, are among them, are none of them, or include them all."""

    item: str
    operator: Operator
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    """The number or level stands in this relation to a value."""

    item: str
    operator: str
    value: float


@dataclass(frozen=True)
class Joined:
    """all: every part matches; any: at least one does; not: none does."""

    kind: Join
    parts: tuple[Condition, ...]


Condition = Match | Compare | Joined


def evaluate(condition: Condition, facts: Mapping[str, Fact]) -> bool:
    """Whether the condition holds; `facts` has only the items that are answered and visible."""
    if isinstance(condition, Joined):
        results = (evaluate(inner, facts) for inner in condition.parts)
        return {"all": all, "any": any, "not": _none}[condition.kind](results)
    fact = facts.get(condition.item)
    if fact is None:
        return False
    if isinstance(condition, Compare):
        number = fact.number
        return number is not None and COMPARISONS[condition.operator](number, condition.value)
    return matches(condition, fact.keys)


def matches(condition: Match, answered: frozenset[str]) -> bool:
    expected = frozenset(condition.keys)
    if condition.operator == "equals":
        return answered == expected
    if condition.operator == "all_of":
        return expected <= answered
    return bool(answered) and bool(answered & expected) == (condition.operator == "in")


def leaves(condition: Condition | None) -> Iterator[Match | Compare]:
    """Every comparison in the tree, in order."""
    if isinstance(condition, Joined):
        for inner in condition.parts:
            yield from leaves(inner)
    elif condition is not None:
        yield condition


def read_condition(node: Node, depth: int = 0) -> Condition | None:
    """The condition written at a node; what is wrong goes to the node's problems."""
    if depth > DEEPEST:
        node.problem("Conditions are nested too deeply.")
        return None
    for kind in JOINS:
        if node.has(kind):
            return _read_joined(node, kind, depth)
    node.check_keys({"item", "compare", *OPERATORS})
    item = node.key("item")
    if node.has("compare"):
        return _read_compare(node.at("compare"), item)
    for operator in OPERATORS:
        if node.has(operator):
            return Match(item, operator, node.names(operator) or (node.text(operator),))
    node.problem("A condition needs one of equals, in, not_in, all_of, compare, all, any, not.")
    return None


def condition_data(condition: Condition) -> dict[str, object]:
    """The condition as it is written in a checklist file."""
    if isinstance(condition, Joined):
        inner_data = [condition_data(inner) for inner in condition.parts]
        return {condition.kind: inner_data[0] if condition.kind == "not" else inner_data}
    if isinstance(condition, Compare):
        compare = {"op": condition.operator, "value": condition.value}
        return {"item": condition.item, "compare": compare}
    return {"item": condition.item, condition.operator: list(condition.keys)}


def _none(results: Iterator[bool]) -> bool:
    return not any(results)


def _read_joined(node: Node, kind: Join, depth: int) -> Joined:
    node.check_keys({kind})
    nodes = [node.at(kind)] if kind == "not" else node.each(kind)
    conditions = [read_condition(inner, depth + 1) for inner in nodes]
    if not conditions:
        node.at(kind).problem("A list of conditions is expected here.")
    return Joined(kind, tuple(inner for inner in conditions if inner is not None))


def _read_compare(node: Node, item: str) -> Compare:
    node.check_keys({"op", "value"})
    operator = node.choice("op", COMPARISONS, ">=")
    if not node.has("value"):
        node.at("value").problem("A number to compare with is needed.")
    return Compare(item=item, operator=operator, value=node.number("value", 0))
