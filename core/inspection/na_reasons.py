"""Whether it is said why a critical item does not apply: N/A there takes a way to fail away."""

from __future__ import annotations

from collections.abc import Mapping

from core.checklist import Checklist
from core.scoring import Answer, ScoreSheet


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
