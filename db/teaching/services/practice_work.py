"""Scoring a case for practice: saved and submitted as inspections are, and kept apart from them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.errors import InvalidInput, NotFound, StaleEdit, not_found
from core.inspection.evidence import parse_pins, unproven
from core.inspection.na_answers import unexplained
from core.scoring import parse_answers, score
from core.teaching.states import PRACTICE_TASK, PracticeState, PracticeTaskState
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import is_closed, require_open
from db.inspection.models import Inspection
from db.inspection.services.drafts import Saved, Work, masked_work
from db.inspection.services.submission import Unanswered, Unexplained
from db.people.queries.shown_texts import before_class, shown_answers
from db.store import audit
from db.store.moving import move
from db.teaching.models import CaseSetMember, PracticeRound, PracticeTask


def own_task(session: Session, who: Identity, task_id: int) -> PracticeTask:
    """The participant's own task, locked until the transaction ends.

    Raises:
        NotAllowed: the role does not practise.
        NotFound: it is not this person's, or does not exist.
    """
    require(who, Action.PRACTISE)
    task = session.scalar(
        select(PracticeTask)
        .where(PracticeTask.id == task_id, PracticeTask.user_id == who.user_id)
        .with_for_update()
    )
    if task is None:
        raise not_yours(session, who.user_id, task_id)
    return task


def not_yours(session: Session, user_id: int, task_id: int) -> NotFound:
    """What to raise for a task that does not exist or is somebody else's."""
    task = session.get(PracticeTask, task_id)
    return not_found(
        "This practice is not yours.",
        user_id=user_id,
        subject=("practice_task", task_id),
        exists=task is not None and task.user_id != user_id,
    )


def open_task(session: Session, *, who: Identity, task_id: int, now: datetime) -> None:
    """Note that the participant saw the case; repeating it keeps the first.

    Where the customer refuses there is nothing to see.
    """
    task = own_task(session, who, task_id)
    inspection = _case_of(session, task)
    if is_closed(session.get_one(Interaction, inspection.interaction_id)):
        return
    if task.opened_at is None:
        task.opened_at = now
        audit.record(
            session, who, "view", ("inspection", inspection.id), now=now, practice=task.round_id
        )


def save_task(
    session: Session, *, who: Identity, task_id: int, version: int, work: Work, now: datetime
) -> Saved:
    """Store the work and return the score it stands at; a repeated save changes nothing.

    Raises:
        InvalidInput: an answer or pin does not fit, the case is no longer open, or its customer
            refuses.
        StaleEdit: another tab saved in between; `current` is the stored Work.
    """
    task = _open_task(session, who, task_id)
    checklist = checklist_for(session, task)
    saved = _checked(checklist, work, task.version, now)
    work = masked_work(checklist, work)
    if task.version == version + 1 and (
        (task.answers, task.evidence, task.note) == (work.answers, work.evidence, work.note)
    ):
        return saved
    _must_stand_on(session, task, version)
    _keep(task, work)
    task.version, task.saved_at = version + 1, now
    return Saved(task.version, now, saved.sheet, saved.unproven)


def submit_task(
    session: Session, *, who: Identity, task_id: int, version: int, work: Work, now: datetime
) -> None:
    """Finish a case, exactly once however often it is asked.

    Raises:
        Unanswered: required items are blank.
        Unexplained: critical items are N/A without a reason, as in an inspection.
        StaleEdit: the work was changed elsewhere since; `current` is the stored Work.
    """
    if own_task(session, who, task_id).state == PracticeTaskState.SUBMITTED:
        return
    task = _open_task(session, who, task_id)
    _must_stand_on(session, task, version)
    checklist = checklist_for(session, task)
    saved = _checked(checklist, work, version, now)
    if saved.sheet.missing:
        raise Unanswered(saved.sheet.missing)
    if owing := unexplained(checklist, saved.sheet, parse_answers(checklist, work.answers)):
        raise Unexplained(owing)
    _keep(task, masked_work(checklist, work))
    task.submitted_at, task.score = now, saved.sheet.score
    move(session, task, PRACTICE_TASK.by("submit"), who=who, now=now)


def checklist_for(session: Session, task: PracticeTask) -> Checklist:
    """The checklist that the reference was scored with."""
    return checklist_of(session, _case_of(session, task).checklist_version_id)


def _case_of(session: Session, task: PracticeTask) -> Inspection:
    member = session.get_one(CaseSetMember, task.member_id)
    if member.inspection_id is None:
        raise InvalidInput("This case has left the set.")
    return session.get_one(Inspection, member.inspection_id)


def _open_task(session: Session, who: Identity, task_id: int) -> PracticeTask:
    task = own_task(session, who, task_id)
    round_ = session.get_one(PracticeRound, task.round_id)
    if task.state != PracticeTaskState.OPEN or round_.state != PracticeState.OPEN:
        raise InvalidInput(PRACTICE_TASK.refusal)
    require_open(session, _case_of(session, task).interaction_id)
    return task


def _checked(checklist: Checklist, work: Work, version: int, now: datetime) -> Saved:
    answers = parse_answers(checklist, work.answers)
    sheet = score(checklist, answers)
    pins = parse_pins(checklist.by_key, work.evidence)
    if any(pin.get("photo") for pin in pins):
        raise InvalidInput("There are no photos in practice.")
    return Saved(version, now, sheet, unproven(checklist, sheet, answers, pins))


def _must_stand_on(session: Session, task: PracticeTask, version: int) -> None:
    if task.version != version:
        names = before_class(session)
        answers = shown_answers(names, checklist_for(session, task), task.answers)
        evidence = names.hide_data(task.evidence)
        saved_work = Work(answers, evidence, names.hide(task.note), task.active_seconds)
        raise StaleEdit("This draft was changed in another tab.", saved_work)


def _keep(task: PracticeTask, work: Work) -> None:
    task.answers, task.evidence, task.note = work.answers, work.evidence, work.note
    task.active_seconds = work.active_seconds
