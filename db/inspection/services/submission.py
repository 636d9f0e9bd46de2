"""Submitting an inspection, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed, StaleEdit
from core.inspection.evidence import unproven
from core.inspection.na_answers import unexplained
from core.inspection.states import ASSIGNMENT, AssignmentState
from core.periods import month_of
from core.safekeeping.masking import masked
from core.scoring import ScoreSheet, parse_answers, score
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN, ConsentRefused
from db.inspection.derived_figures import enter, results, store_evidence
from db.inspection.models import Assignment, Draft, Inspection
from db.inspection.queries.desk import not_in_queue
from db.inspection.services.drafts import Work, checked_pins, masked_work, stored_work
from db.people.models import Station
from db.store.base import table_of
from db.store.moving import Records, move_all

_CARRIED = (
    Assignment.submission_key,
    Assignment.interaction_id,
    Assignment.checklist_version_id,
    Assignment.inspector_id,
    Assignment.purpose,
    Assignment.sample_class,
    Assignment.stratum,
    Assignment.inclusion_probability,
    Interaction.station_id,
    Interaction.staff_id,
    Interaction.channel,
    Interaction.occurred_at,
)
"""What an inspection keeps of its assignment and its encounter."""
_TASK = (
    select(
        Assignment.id,
        Assignment.state,
        *_CARRIED,
        OPEN.label("is_open"),
        Station.timezone,
        ChecklistVersion.checklist_id,
        ChecklistVersion.content_digest,
    )
    .join(Interaction, Interaction.id == Assignment.interaction_id)
    .join(Station, Station.id == Interaction.station_id)
    .join(ChecklistVersion, ChecklistVersion.id == Assignment.checklist_version_id)
    .where(
        Assignment.id == bindparam("assignment_id"), Assignment.inspector_id == bindparam("user_id")
    )
    .with_for_update(of=Assignment)
)
_DISCARD = (
    delete(table_of(Draft))
    .where(Draft.assignment_id == bindparam("task_id"), Draft.version == bindparam("seen"))
    .returning(Draft.version)
)


_SUBMIT = ASSIGNMENT.by("submit")


class Unanswered(InvalidInput):
    """Required items are blank; `items` holds their keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__("Required items are unanswered: {items}.", items=", ".join(items))
        self.items = items


class Unproven(InvalidInput):
    """Points were lost where the checklist asks for evidence; `items` holds the keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__("Pin evidence or write a note for: {items}.", items=", ".join(items))
        self.items = items


class Unexplained(InvalidInput):
    """Critical items are N/A without a reason; `items` holds the keys in order."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__(
            "Say why these critical items do not apply: {items}.", items=", ".join(items)
        )
        self.items = items


@dataclass(frozen=True)
class Submitted:
    """The one inspection of an assignment; `repeated` when it had been submitted before."""

    inspection_id: int
    score: float | None
    repeated: bool


def submit(
    session: Session,
    *,
    who: Identity,
    assignment_id: int,
    version: int,
    now: datetime,
    work: Work | None = None,
) -> Submitted:
    """Turn a draft into an inspection, exactly once however often it is asked.

    Args:
        version: the draft version the inspector saw when submitting.
        work: what has been entered since that version; None when the draft holds it all.

    Raises:
        Unanswered: required items are blank.
        Unexplained: critical items are N/A without a reason.
        Unproven: points were lost without the evidence that the checklist asks for.
        StaleEdit: the draft was changed elsewhere since; `current` is the stored Work.
        OutOfTurn: it was put aside.
        ConsentRefused: the customer refuses.
        NotAllowed, NotFound: not this inspector's work.
    """
    require(who, Action.SCORE)
    task = _locked(session, who, assignment_id)
    if task.state == AssignmentState.SUBMITTED:
        return _already_submitted(session, task)
    _SUBMIT.check(task.state)
    if not task.is_open:
        raise ConsentRefused
    if who.staff_id is not None and who.staff_id == task.staff_id:
        raise NotAllowed(
            "Nobody scores their own work.",
            user_id=who.user_id,
            subject=("assignment", assignment_id),
        )
    work = _taken(session, assignment_id, version, work)
    checklist = checklist_of(session, task.checklist_version_id, task.content_digest)
    pins = checked_pins(session, task, checklist, work.evidence)
    sheet = _complete(checklist, work, pins)
    work = masked_work(checklist, work)
    pins = [pin | {"note": masked(pin.get("note") or "")} for pin in pins]
    inspection = _from_task(task, work, sheet, now)
    session.add(inspection)
    session.flush()  # evidence, findings and the audit event need the new id
    store_evidence(session, inspection.id, pins)
    enter(session, inspection, sheet, task.checklist_id)
    submitted = Records(Assignment, [task.id], about=("inspection", inspection.id))
    move_all(session, submitted, _SUBMIT, who=who, now=now)
    return Submitted(inspection.id, inspection.score, repeated=False)


def _locked(session: Session, who: Identity, assignment_id: int) -> Row[*tuple[Any, ...]]:
    """The inspector's own assignment with its encounter, locked until the transaction ends."""
    mine = {"assignment_id": assignment_id, "user_id": who.user_id}
    task = session.execute(_TASK, mine).one_or_none()
    if task is None:
        raise not_in_queue(session, who, assignment_id)
    return task


def _already_submitted(session: Session, task: Row[*tuple[Any, ...]]) -> Submitted:
    query = select(Inspection.id, Inspection.score)
    row = session.execute(query.where(Inspection.submission_key == task.submission_key)).one()
    return Submitted(row.id, row.score, repeated=True)


def _taken(session: Session, assignment_id: int, version: int, work: Work | None) -> Work:
    """The work to submit; its draft goes if it is of the version seen.

    The draft is read after the assignment was locked: PostgreSQL shows what another tab stored
    while this one waited only to a statement that begins later.
    """
    draft = session.get(Draft, assignment_id) if work is None else None
    if work is None and draft is None:
        raise InvalidInput("Answer the checklist before submitting.")
    if session.scalar(_DISCARD, {"task_id": assignment_id, "seen": version}) is None:
        draft = session.get(Draft, assignment_id)
        if draft or version:
            raise StaleEdit("This draft was changed in another tab.", stored_work(draft))
    return work or stored_work(draft)


def _complete(checklist: Checklist, work: Work, pins: list[dict[str, Any]]) -> ScoreSheet:
    """The score sheet of finished work."""
    answers = parse_answers(checklist, work.answers)
    sheet = score(checklist, answers)
    if sheet.missing:
        raise Unanswered(sheet.missing)
    if owing := unexplained(checklist, sheet, answers):
        raise Unexplained(owing)
    if lacking := unproven(checklist, sheet, answers, pins).required:
        raise Unproven(lacking)
    return sheet


def _from_task(
    task: Row[*tuple[Any, ...]], work: Work, sheet: ScoreSheet, now: datetime
) -> Inspection:
    day = day_of(task.occurred_at, task.timezone)
    return Inspection(
        **{column.key: getattr(task, column.key) for column in _CARRIED},
        assignment_id=task.id,
        day=day,
        month=month_of(day),
        submitted_at=now,
        active_seconds=work.active_seconds or None,
        answers=work.answers,
        note=work.note,
        **results(sheet),
    )
