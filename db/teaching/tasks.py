"""Cases of a practice as tasks of the pad: blind, without names and numbers, never inspections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, join

from core.access import Action, Identity
from core.checklist import Checklist
from core.errors import InvalidInput, PortalError, not_found
from core.people.staff_names import StaffNames
from core.teaching.asked_items import narrowed
from core.teaching.states import PRACTICE_TASK, PracticeState, PracticeTaskState
from db.inspection.models import Inspection
from db.inspection.queries.desk import Desk
from db.inspection.services.drafts import CheckedWork
from db.inspection.services.submission import Submitted
from db.inspection.task_kinds import TaskKind, TaskRow, TaskSource, own_task, registered
from db.people.queries.shown_texts import before_class
from db.store import audit
from db.store.moving import move
from db.teaching.models import CaseSetMember, PracticeRound, PracticeTask
from db.teaching.queries.practice import next_task

_other = aliased(PracticeTask)
_CASES = (
    select(func.count())
    .where(
        _other.round_id == PracticeTask.round_id,
        _other.user_id == PracticeTask.user_id,
        _other.attempt == PracticeTask.attempt,
    )
    .correlate(PracticeTask)
    .scalar_subquery()
)


class PractisedTasks(TaskKind):
    """The checklist is the one that the reference was scored with, of the items the practice asks.

    The recording is left out: voices name people, and practice shows the masked text only.
    """

    states = PRACTICE_TASK
    address = "practice"
    action = Action.PRACTISE
    source = TaskSource(
        model=PracticeTask,
        joined=join(PracticeTask, PracticeRound, PracticeRound.id == PracticeTask.round_id)
        .join(CaseSetMember, CaseSetMember.id == PracticeTask.member_id)
        .join(Inspection, Inspection.id == CaseSetMember.inspection_id),
        worker=PracticeTask.user_id,
        interaction_id=Inspection.interaction_id,
        checklist_version_id=Inspection.checklist_version_id,
        is_over=PracticeRound.state != PracticeState.OPEN,
    )
    looked_at = (
        PracticeTask.position,
        PracticeTask.opened_at,
        PracticeRound.title,
        PracticeRound.items,
        _CASES.label("cases"),
    )
    locked = (
        PracticeTask.score,
        PracticeTask.round_id,
        PracticeRound.items,
        Inspection.id.label("inspection_id"),
    )

    def unknown(self, session: Session, who: Identity, task_id: int) -> PortalError:
        task = session.get(PracticeTask, task_id)
        if task is not None and task.user_id == who.user_id:
            return InvalidInput("This case has left the set.")
        return not_found(
            "This practice is not yours.",
            user_id=who.user_id,
            subject=("practice_task", task_id),
            exists=task is not None,
        )

    def following(
        self,
        session: Session,
        who: Identity,
        task_id: int,
        *,
        today: date,  # noqa: ARG002  a practice has no day that a case is due on
        narrowed: Mapping[str, str],  # noqa: ARG002  its cases come in their order
    ) -> int | None:
        round_id = session.scalar(select(PracticeTask.round_id).where(PracticeTask.id == task_id))
        return next_task(session, who, round_id) if round_id else None

    def hidden_names(self, session: Session) -> StaffNames:
        return before_class(session)

    def asked(self, row: TaskRow, checklist: Checklist) -> Checklist:
        return narrowed(checklist, row.items)

    def shown(self, session: Session, who: Identity, row: TaskRow, desk: Desk) -> Desk:  # noqa: ARG002
        """Under the title of the practice, with its place in it for a case number."""
        encounter = replace(
            desk.encounter,
            station=self.hidden_names(session).hide(row.title),
            case=f"{row.position} / {row.cases}",
            has_recording=False,
        )
        is_unseen = desk.state == PracticeTaskState.OPEN and row.opened_at is None
        return replace(desk, encounter=encounter, is_unseen=is_unseen)

    def note_opened(self, session: Session, who: Identity, task_id: int, now: datetime) -> None:
        """The first time only."""
        row = own_task(session, who, self.task(task_id))
        task = session.get_one(PracticeTask, task_id)
        if task.opened_at is None:
            task.opened_at = now
            case = ("inspection", row.inspection_id)
            audit.record(session, who, "view", case, now=now, practice=row.round_id)

    def finish(
        self, session: Session, who: Identity, row: TaskRow, work: CheckedWork, now: datetime
    ) -> None:
        """Keep the answers with the score; nothing else comes of them."""
        task, entered = session.get_one(PracticeTask, row.id), work.work
        task.answers, task.evidence, task.note = entered.answers, entered.evidence, entered.note
        task.active_seconds = entered.active_seconds
        task.score, task.submitted_at = work.sheet.score, now
        move(session, task, self.submit, who=who, now=now)

    def outcome(self, session: Session, row: TaskRow) -> Submitted:  # noqa: ARG002
        return Submitted(None, row.score, repeated=True)


PRACTISED = registered(PractisedTasks())
