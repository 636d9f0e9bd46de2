"""Items answered N/A: those that facts of the encounter rule out, and those that owe a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.checklist import Checklist, Item, text_in
from core.checklist.model import NaRule
from core.scoring import Answer, ScoreSheet

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


def unexplained(
    checklist: Checklist,
    sheet: ScoreSheet,
    answers: Mapping[str, Answer],
    before: Mapping[str, Answer] | None = None,
) -> tuple[str, ...]:
    """The items that are asked, are answered N/A and owe a reason for it, in order.

    Args:
        before: the answers that are corrected; what stood without a reason there may stand.
    """
    visible = [item.key for item in sheet.items if item.status != "hidden"]
    owing = (key for key in visible if checklist.by_key[key].needs_na_reason and key in answers)
    stood = before or {}
    return tuple(
        key for key in owing if _lacks(answers[key]) and not _lacks(stood.get(key, Answer()))
    )


def _lacks(answer: Answer) -> bool:
    return answer.na and not answer.says_why
