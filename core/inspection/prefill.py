"""What can be answered before anybody looks: items that facts of the encounter rule out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.checklist import Checklist, Item, text_in
from core.checklist.model import NaRule

SITUATIONS = ("ordinary", "in_distress")
"""What may be said of a passenger on beginning an observation."""


def prefilled(checklist: Checklist, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Stored answers of the items whose `na_when` fits the facts.

    Their reasons are in one language; a rule without any gives the fact.
    """
    answers: dict[str, Any] = {}
    for item in checklist.items():
        rule = _rule(item, facts)
        if rule is not None:
            reason = text_in(rule.reason, language) or f"{rule.fact}: {facts.get(rule.fact)}"
            answers[item.key] = {"na": True, "reason": reason}
    return answers


def _rule(item: Item, facts: Mapping[str, Any]) -> NaRule | None:
    fitting = (rule for rule in item.na_when if str(facts.get(rule.fact, "")) in rule.values)
    return next(fitting, None) if item.na_allowed else None
