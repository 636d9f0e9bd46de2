"""A case as a participant scores it for practice: blind, and without names or numbers."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.teaching.states import PracticeState, PracticeTaskState
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.encounter import ENCOUNTER, encounter_of, without_names
from db.inspection.models import Inspection
from db.inspection.queries.desk import WITHDRAWN, Desk, DraftState, sources_of
from db.people.models import Station
from db.people.queries.shown_texts import before_class, shown_answers
from db.store.days import portal_day
from db.teaching.models import CaseSetMember, PracticeRound, PracticeTask
from db.teaching.services.practice_work import not_yours


def practice_desk(session: Session, who: Identity, task_id: int) -> Desk:
    """One of the person's own tasks with all it takes to score it; as `desk` for closed ones.

    The recording is left out: voices name people, and practice shows the masked text only.

    Raises:
        NotAllowed: the role does not practise.
        NotFound: it is not this person's, or the case has left the set.
    """
    require(who, Action.PRACTISE)
    row = session.execute(
        select(PracticeTask, PracticeRound, Inspection.checklist_version_id, *ENCOUNTER)
        .join(PracticeRound, PracticeRound.id == PracticeTask.round_id)
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .join(Inspection, Inspection.id == CaseSetMember.inspection_id)
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(Station, Station.id == Interaction.station_id)
        .where(PracticeTask.id == task_id, PracticeTask.user_id == who.user_id)
    ).one_or_none()
    if row is None:
        raise not_yours(session, who.user_id, task_id)
    task, round_ = row.PracticeTask, row.PracticeRound
    checklist = checklist_of(session, row.checklist_version_id)
    state = task.state if round_.state == PracticeState.OPEN else PracticeTaskState.SUBMITTED
    names = before_class(session)
    return Desk(
        assignment_id=task.id,
        state=state if row.is_open or state != PracticeTaskState.OPEN else WITHDRAWN,
        due_on=round_.due_on or portal_day(session, round_.opened_at),
        version_id=row.checklist_version_id,
        version=session.scalars(
            select(ChecklistVersion.number).where(ChecklistVersion.id == row.checklist_version_id)
        ).one(),
        checklist=checklist,
        sources=sources_of(session, checklist.by_key),
        encounter=replace(
            without_names(encounter_of(session, row), names),
            station=names.hide(round_.title),
            case=f"{task.position} / {_count(session, task)}",
            has_recording=False,
        ),
        draft=DraftState(
            version=task.version,
            answers=shown_answers(names, checklist, task.answers),
            evidence=names.hide_data(tuple(task.evidence)),
            note=names.hide(task.note),
            active_seconds=task.active_seconds,
            saved_at=task.saved_at,
        )
        if row.is_open
        else DraftState(),
    )


def _count(session: Session, task: PracticeTask) -> int:
    count = session.scalar(
        select(func.count()).where(
            PracticeTask.round_id == task.round_id,
            PracticeTask.user_id == task.user_id,
            PracticeTask.attempt == task.attempt,
        )
    )
    return count or 0
