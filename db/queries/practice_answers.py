"""What a participant answered beside the reference, item by item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Item
from core.practice import compare
from core.scoring import Answer, parse_answers
from db.checklists import checklist_of
from db.models import CaseSetMember, Inspection, PracticeRound, PracticeTask
from db.queries.consent import open_to_use
from db.queries.practice_attempts import reference_answers
from db.queries.shown import before_class, shown_answers


class AnswerPair(NamedTuple):
    position: int
    item: Item
    agrees: bool
    given: Answer | None
    reference: Answer | None


def answer_pairs(
    session: Session, who: Identity, round_id: int, task_ids: Sequence[int]
) -> list[AnswerPair]:
    """Every compared item of submitted tasks; those of others are left out.

    Cases whose customer refuses are left out; that they agreed still counts. What was written to
    the answers is without names, as all of a practice.
    """
    require(who, Action.PRACTISE)
    names = before_class(session)
    round_ = session.get_one(PracticeRound, round_id)
    given = reference_answers(session, round_)
    rows = session.execute(
        select(PracticeTask, Inspection)
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .join(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .where(
            PracticeTask.id.in_(task_ids),
            PracticeTask.round_id == round_id,
            PracticeTask.user_id == who.user_id,
            PracticeTask.state == "submitted",
            open_to_use(Inspection.interaction_id),
        )
        .order_by(PracticeTask.position)
    )
    found: list[AnswerPair] = []
    for task, inspection in rows:
        stored = inspection.answers if given is None else given.get(task.member_id)
        if stored is None:
            continue
        checklist = checklist_of(session, inspection.checklist_version_id)
        own, reference = (
            parse_answers(checklist, shown_answers(names, checklist, each))
            for each in (task.answers, stored)
        )
        found += [
            AnswerPair(
                task.position,
                checklist.by_key[item.key],
                item.agrees,
                own.get(item.key),
                reference.get(item.key),
            )
            for item in compare(checklist, own, reference).items
        ]
    return found
