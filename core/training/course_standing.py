"""Where a person stands with a course: enrolled, to sit the exam again, mastered, due again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.clock.days import add_months

SOON = timedelta(days=30)
"""How long before its day a recurrent course is called due soon, and a newcomer's first day."""


class Standing(StrEnum):
    """In the order of urgency."""

    OVERDUE = "overdue"
    RETRAIN = "retrain"
    RESIT = "resit"
    ABSENT = "absent"
    RESULT_DUE = "result_due"
    DUE_SOON = "due_soon"
    ENROLLED = "enrolled"
    MASTERED = "mastered"


@dataclass(frozen=True)
class Rules:
    """What it takes to master a course; None and False: not asked for."""

    interval_months: int | None
    has_exam: bool
    pass_mark: float
    practical_mark: float | None
    attempts: int


@dataclass(frozen=True)
class Taking:
    """A person in one run of the course; `exams` are the scores in order."""

    ends_on: date
    attended: bool | None
    attended_on: date | None
    exams: tuple[float, ...]
    practical: float | None

    @property
    def day(self) -> date:
        return self.attended_on or self.ends_on


@dataclass(frozen=True)
class CompetencyState:
    """`due_on` is the day until which the course is to be mastered (again), None if none."""

    standing: Standing
    due_on: date | None = None
    mastered_on: date | None = None


def standing_of(
    rules: Rules, takings: Sequence[Taking], *, today: date, required_since: date | None
) -> CompetencyState | None:
    """Where a person stands, from all their takings of a course in order of time.

    Once mastered, a recurrent course falls due again an interval later, whatever runs were missed
    since; a run to come or to be finished shows instead as long as nothing is overdue.

    Args:
        rules: of the course.
        takings: oldest first.
        today: the day it is asked on.
        required_since: first day on which the person had to have a recurrent course; None where
            nothing asks them to take it.

    Returns:
        None for a person who neither took nor has to take the course.
    """
    mastered = max((t.day for t in takings if is_mastered(rules, t)), default=None)
    due = _due(rules, mastered, required_since)
    if due is not None and today > due and not _runs(takings, today):
        return CompetencyState(Standing.OVERDUE, due_on=due, mastered_on=mastered)
    latest = takings[-1] if takings else None
    if latest is not None and not is_mastered(rules, latest):
        return CompetencyState(_unfinished(rules, latest, today), due_on=due, mastered_on=mastered)
    if due is not None and (mastered is None or today > due - SOON):
        return CompetencyState(Standing.DUE_SOON, due_on=due, mastered_on=mastered)
    return (
        CompetencyState(Standing.MASTERED, due_on=due, mastered_on=mastered) if mastered else None
    )


def is_mastered(rules: Rules, taking: Taking) -> bool:
    """Attended, and every test asked for is passed; exams beyond the attempts do not count."""
    exam = not rules.has_exam or any(
        score >= rules.pass_mark for score in taking.exams[: rules.attempts]
    )
    practical = rules.practical_mark is None or (
        taking.practical is not None and taking.practical >= rules.practical_mark
    )
    return bool(taking.attended) and exam and practical


def _due(rules: Rules, mastered: date | None, required_since: date | None) -> date | None:
    if rules.interval_months is None:
        return None
    if mastered is not None:
        return add_months(mastered, rules.interval_months)
    return required_since + SOON if required_since else None


def _runs(takings: Sequence[Taking], today: date) -> bool:
    """Whether the person sits in a run that is not over yet."""
    return bool(takings) and takings[-1].attended is None and today <= takings[-1].ends_on


def _unfinished(rules: Rules, taking: Taking, today: date) -> Standing:
    if taking.attended is None:
        return Standing.ENROLLED if today <= taking.ends_on else Standing.RESULT_DUE
    if not taking.attended:
        return Standing.ABSENT
    counted = taking.exams[: rules.attempts]
    if rules.has_exam and all(score < rules.pass_mark for score in counted):
        if len(counted) == rules.attempts:
            return Standing.RETRAIN
        return Standing.RESIT if counted else Standing.RESULT_DUE
    if rules.practical_mark is not None and taking.practical is None:
        return Standing.RESULT_DUE
    return Standing.RESIT
