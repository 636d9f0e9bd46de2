"""When Amazon Connect asks a question or shows a section."""

from __future__ import annotations

from typing import Any

from core.forms.form_node import FormNode

_DEEPEST = 8
Content = dict[str, Any]


def enablement(node: FormNode) -> Content | None:
    """The condition of a question or section; one that cannot be read is reported and left out."""
    rule = node.at("Enablement")
    if rule.value is None:
        return None
    condition = _condition(rule.at("Condition"))
    if condition is None:
        rule.repair("The condition cannot be read; the item is always asked.")
        return None
    return {"not": condition} if rule.text("Action") == "DISABLE" else condition


def _condition(node: FormNode, depth: int = 0) -> Content | None:
    parts = []
    for operand in node.each("Operands") if depth < _DEEPEST else ():
        inner = (
            _expression(operand.at("Expression"))
            if operand.has("Expression")
            else _condition(operand.at("Condition"), depth + 1)
        )
        if inner is not None:
            parts.append(inner)
    if not parts:
        return None
    join = "any" if node.text("Operator") == "OR" else "all"
    return parts[0] if len(parts) == 1 else {join: parts}


def _expression(node: FormNode) -> Content | None:
    source = node.at("Source").text("RefId")
    values = [value.text("RefId") for value in node.each("Values")]
    operator = {"IN": "in", "NOT_IN": "not_in", "ALL_IN": "all_of", "EXACT": "equals"}.get(
        node.text("Comparator")
    )
    if not (source and operator and all(values) and values):
        return None
    return {"item": source, operator: values}
