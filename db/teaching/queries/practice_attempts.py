"""Attempts at a practice, each case compared with the reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require
from core.checklist import Checklist, Item
from core.scoring import Answer, parse_answers
from core.teaching.asked_items import narrowed, of_asked
from core.teaching.practice import CaseComparison, PracticeOutcome, compare, outcome
from core.teaching.states import PracticeTaskState
from db.checklists.parsed_versions import checklist_of
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Inspection
from db.people.queries.shown_texts import before_class, shown_answers
from db.teaching.models import CaseSetMember, PracticeRound, PracticeTask


class CaseResult(NamedTuple):
    """One case of an attempt; no `comparison` while it is open, has left, or lacks a reference.

    One that is open has left while its customer refuses.
    """

    task_id: int
    member_id: int
    position: int
    state: str
    checklist_version_id: int | None
    comparison: CaseComparison | None


@dataclass(frozen=True)
class Attempt:
    """A person's attempt; `outcome` is None until every case that is still there is submitted."""

    number: int
    cases: tuple[CaseResult, ...]
    outcome: PracticeOutcome | None

    @property
    def open(self) -> int:
        return sum(case.state == PracticeTaskState.OPEN for case in self.cases)


def attempts(
    session: Session, round_: PracticeRound, user_ids: list[int]
) -> dict[int, tuple[Attempt, ...]]:
    """All attempts of some people, compared with the reference.

    The reference person's own agree with themselves.
    """
    rows = session.execute(
        select(PracticeTask, Inspection, open_to_use(CaseSetMember.interaction_id))
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .outerjoin(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .where(PracticeTask.round_id == round_.id, PracticeTask.user_id.in_(user_ids))
        .order_by(PracticeTask.user_id, PracticeTask.attempt, PracticeTask.position)
    ).all()
    references = reference_answers(session, round_)
    cases: dict[int, dict[int, list[CaseResult]]] = {}
    for task, inspection, is_open in rows:
        recorded = inspection.answers if inspection is not None else None
        reference = recorded if references is None else references.get(task.member_id)
        state = (
            task.state
            if is_open or task.state != PracticeTaskState.OPEN
            else PracticeTaskState.LEFT
        )
        result = _result(session, round_, task, inspection, reference)._replace(state=state)
        cases.setdefault(task.user_id, {}).setdefault(task.attempt, []).append(result)
    return {
        user_id: tuple(
            _attempt(number, case_results) for number, case_results in sorted(attempts.items())
        )
        for user_id, attempts in cases.items()
    }


def last_attempt(session: Session, round_: PracticeRound, user_id: int) -> Attempt | None:
    """A person's last attempt."""
    own_attempts = attempts(session, round_, [user_id]).get(user_id)
    return own_attempts[-1] if own_attempts else None


def reference_answers(session: Session, round_: PracticeRound) -> dict[int, dict[str, Any]] | None:
    """The reference person's submitted answers by member; None without such a person."""
    if round_.reference_user_id is None:
        return None
    rows = session.execute(
        select(PracticeTask.member_id, PracticeTask.answers).where(
            PracticeTask.round_id == round_.id,
            PracticeTask.user_id == round_.reference_user_id,
            PracticeTask.state == PracticeTaskState.SUBMITTED,
        )
    )
    return {row.member_id: row.answers for row in rows}


def _result(
    session: Session,
    round_: PracticeRound,
    task: PracticeTask,
    inspection: Inspection | None,
    reference: dict[str, Any] | None,
) -> CaseResult:
    comparison = None
    if (
        task.state == PracticeTaskState.SUBMITTED
        and inspection is not None
        and reference is not None
    ):
        checklist = _asked(session, round_, inspection)
        comparison = compare(
            checklist,
            parse_answers(checklist, task.answers),
            parse_answers(checklist, of_asked(checklist, reference)),
        )
    version_id = inspection.checklist_version_id if inspection is not None else None
    return CaseResult(
        task_id=task.id,
        member_id=task.member_id,
        position=task.position,
        state=task.state,
        checklist_version_id=version_id,
        comparison=comparison,
    )


def _asked(session: Session, round_: PracticeRound, inspection: Inspection) -> Checklist:
    return narrowed(checklist_of(session, inspection.checklist_version_id), round_.items)


def _attempt(number: int, cases: list[CaseResult]) -> Attempt:
    compared = [case.comparison for case in cases if case.comparison is not None]
    present = sum(case.state != PracticeTaskState.LEFT for case in cases)
    finished = present > 0 and len(compared) == present
    return Attempt(number, tuple(cases), outcome(compared) if finished else None)


class AnswerPair(NamedTuple):
    """One item of a case under both answers; `overlooked` as in `ItemComparison`."""

    task_id: int
    position: int
    item: Item
    agrees: bool
    overlooked: bool
    own: Answer | None
    reference: Answer | None


def answer_pairs(
    session: Session, who: Identity, round_id: int, task_ids: Sequence[int]
) -> list[AnswerPair]:
    """Every compared item of submitted tasks.

    Those of others are left out, but for who opened the round and for quality managers.

    Cases whose customer refuses are left out; that they agreed still counts. What was written to
    the answers is without names, as all of a practice.
    """
    require(who, Action.PRACTISE)
    names = before_class(session)
    round_ = session.get_one(PracticeRound, round_id)
    is_taught = can(who, Action.AMEND) or (
        can(who, Action.TEACH) and round_.opened_by == who.user_id
    )
    references = reference_answers(session, round_)
    rows = session.execute(
        select(PracticeTask, Inspection)
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .join(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .where(
            PracticeTask.id.in_(task_ids),
            PracticeTask.round_id == round_id,
            *([] if is_taught else [PracticeTask.user_id == who.user_id]),
            PracticeTask.state == PracticeTaskState.SUBMITTED,
            open_to_use(Inspection.interaction_id),
        )
        .order_by(PracticeTask.position)
    )
    pairs: list[AnswerPair] = []
    for task, inspection in rows:
        recorded = inspection.answers if references is None else references.get(task.member_id)
        if recorded is None:
            continue
        checklist = _asked(session, round_, inspection)
        own, reference = (
            parse_answers(checklist, shown_answers(names, checklist, of_asked(checklist, answers)))
            for answers in (task.answers, recorded)
        )
        pairs += [
            AnswerPair(
                task_id=task.id,
                position=task.position,
                item=checklist.by_key[item.key],
                agrees=item.agrees,
                overlooked=item.overlooked,
                own=own.get(item.key),
                reference=reference.get(item.key),
            )
            for item in compare(checklist, own, reference).items
        ]
    return pairs
