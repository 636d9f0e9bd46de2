"""Practice: answers to a case compared item by item with a reference, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.checklist import Checklist
from core.scoring import Answer, ScoreSheet, score

if TYPE_CHECKING:
    from core.agreement import Agreement

_NOT_APPLICABLE = "na"
_OUTCOMES = ("met", "partly", "missed", _NOT_APPLICABLE)


class ItemComparison(NamedTuple):
    """One item under both: whether the answers are the same, and what each says of it.

    The outcomes are met, partly, missed, na, or None where the item was not asked. `overlooked`
    where the reference has a critical effect there that the answer has not.
    """

    key: str
    agrees: bool
    outcome: str | None
    reference: str | None
    overlooked: bool = False


@dataclass(frozen=True)
class CaseComparison:
    """One case under both. `score` and `reference_score` are None without a score."""

    items: tuple[ItemComparison, ...]
    score: float | None
    reference_score: float | None


@dataclass(frozen=True)
class PracticeOutcome:
    """What the cases of an attempt come to.

    Attributes:
        compared: items that both, or one of the two, were asked.
        agreeing: of those, with the same answer.
        percent: agreeing of compared, 0 to 100; None when nothing was compared.
        beyond_chance: Gwet's AC1 of the outcomes where both were asked, with a 95 % interval.
        score_gap: mean absolute difference of the scores; None where no case has both.
        overlooked: critical failures of the reference that the answers have not.
    """

    compared: int
    agreeing: int
    percent: float | None
    beyond_chance: Agreement
    score_gap: float | None
    overlooked: int = 0

    def passes(self, mark: float) -> bool | None:
        """Whether the pass mark is reached and no critical failure overlooked.

        None when nothing was compared.
        """
        if self.percent is None:
            return None
        return not self.overlooked and self.percent >= mark - 1e-9


class ItemCount(NamedTuple):
    """How often an item was compared over several cases or people, and how often it agreed."""

    key: str
    compared: int
    agreeing: int


def compare(
    checklist: Checklist, answers: Mapping[str, Answer], reference: Mapping[str, Answer]
) -> CaseComparison:
    """Each scored item that one of the two was asked, in the checklist's order.

    An item that only one was asked, because earlier answers differ, does not agree.
    """
    own, other = score(checklist, answers), score(checklist, reference)
    outcomes, expected = _outcomes(own), _outcomes(other)
    seen, critical = _critical(own), _critical(other)
    items = tuple(
        ItemComparison(
            item.key,
            item.key in outcomes
            and outcomes.get(item.key) == expected.get(item.key)
            and _answer_content(answers, item.key) == _answer_content(reference, item.key),
            outcome=outcomes.get(item.key),
            reference=expected.get(item.key),
            overlooked=item.key in critical and item.key not in seen,
        )
        for item in checklist.items()
        if item.key in outcomes or item.key in expected
    )
    return CaseComparison(items, score=own.score, reference_score=other.score)


def outcome(cases: Sequence[CaseComparison]) -> PracticeOutcome:
    """All cases of an attempt together, each item counting the same."""
    from core.agreement import gwet_ac1_interval  # noqa: PLC0415  a second that a start does without

    items = [item for case in cases for item in case.items]
    agreeing = sum(item.agrees for item in items)
    pairs = [(item.outcome, item.reference) for item in items if item.outcome and item.reference]
    gaps = [
        abs(case.score - case.reference_score)
        for case in cases
        if case.score is not None and case.reference_score is not None
    ]
    return PracticeOutcome(
        compared=len(items),
        agreeing=agreeing,
        percent=100 * agreeing / len(items) if items else None,
        beyond_chance=gwet_ac1_interval(pairs, categories=_OUTCOMES),
        score_gap=sum(gaps) / len(gaps) if gaps else None,
        overlooked=sum(item.overlooked for item in items),
    )


def by_item(cases: Iterable[CaseComparison]) -> list[ItemCount]:
    """Every item over many cases, those that agree least first."""
    counts: dict[str, list[bool]] = {}
    for case in cases:
        for item in case.items:
            counts.setdefault(item.key, []).append(item.agrees)
    item_counts = [
        ItemCount(key, compared=len(same), agreeing=sum(same)) for key, same in counts.items()
    ]
    return sorted(
        item_counts, key=lambda item: (item.agreeing / item.compared, -item.compared, item.key)
    )


def _critical(sheet: ScoreSheet) -> set[str]:
    """The items whose answer has a critical effect."""
    return {item.key for item in sheet.items if item.effect}


def _outcomes(sheet: ScoreSheet) -> dict[str, str]:
    """What each item that was asked and counts came to."""
    outcomes: dict[str, str] = {}
    for item in sheet.items:
        if item.status == "na":
            outcomes[item.key] = _NOT_APPLICABLE
        elif item.possible and item.earned is not None:
            outcomes[item.key] = _share(item.earned, item.possible)
    return outcomes


def _share(earned: float, possible: float) -> str:
    if earned >= possible:
        return "met"
    return "missed" if earned <= 0 else "partly"


def _answer_content(answers: Mapping[str, Answer], key: str) -> object:
    """What an answer says, without notes, reasons and the exact times of a clock."""
    answer = answers.get(key, Answer())
    return answer.na, frozenset(answer.keys), answer.number
