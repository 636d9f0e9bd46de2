"""Assigned encounters as tasks of the pad: each becomes an inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, scope_of
from core.clock.days import at_wall_clock, day_of
from core.errors import NotAllowed, NotFound, not_found
from core.i18n import DEFAULT
from core.inspection.clock_times import prefilled_clocks
from core.inspection.facets import UNRECORDED, shift_of
from core.inspection.na_answers import prefilled
from core.inspection.states import ASSIGNMENT, AssignmentState
from core.periods import month_of
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries.encounter import facts_of, recorded_of
from db.inspection.derived_figures import enter, results, store_evidence
from db.inspection.models import RECALLED, Amendment, Assignment, Inspection, Photo
from db.inspection.queries.desk import Desk, asks_about_n
from db.inspection.queries.own_work import is_own_encounter
from db.inspection.queries.queue import QueueFilter, next_assignment
from db.inspection.services.drafts import CheckedWork
from db.inspection.services.submission import Submitted
from db.inspection.task_kinds import TaskKind, TaskRow, TaskSource, registered
from db.people.models import Staff, Station
from db.store.moving import Records, move_all

OBSERVED = "observed"
"""The sample class of what an inspector begins on site."""
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
    Interaction.business_line,
    Interaction.language,
)
"""What an inspection keeps of its assignment and its encounter."""
_POST = select(Staff.post).where(Staff.id == Interaction.staff_id).scalar_subquery().label("post")


class AssignedTasks(TaskKind):
    """Of record, or second: whoever scores second sees and does the same."""

    states = ASSIGNMENT
    address = "pad"
    action = Action.SCORE
    source = TaskSource(
        model=Assignment,
        joined=Assignment,
        worker=Assignment.inspector_id,
        interaction_id=Assignment.interaction_id,
        checklist_version_id=Assignment.checklist_version_id,
    )
    looked_at = (Assignment.sample_class,)
    locked = (*_CARRIED, _POST, Station.timezone, ChecklistVersion.checklist_id)

    def unknown(self, session: Session, who: Identity, task_id: int) -> NotFound:
        return not_found(
            "This assignment is not in your queue.",
            user_id=who.user_id,
            subject=("assignment", task_id),
            exists=session.get(Assignment, task_id) is not None,
        )

    def following(
        self,
        session: Session,
        who: Identity,
        task_id: int,
        *,
        today: date,
        narrowed: Mapping[str, str],
    ) -> int | None:
        only = QueueFilter.of_address(narrowed)
        return next_assignment(session, who, after=task_id, today=today, only=only)

    def photos(self, session: Session, task_id: int) -> frozenset[str]:
        return frozenset(session.scalars(select(Photo.name).where(Photo.assignment_id == task_id)))

    def shown(self, session: Session, who: Identity, row: TaskRow, desk: Desk) -> Desk:
        """With what the encounter itself tells or rules out, before the first save."""
        desk = replace(desk, staff=_observed_staff(session, who, row))
        if desk.state != AssignmentState.OPEN:
            return desk
        facts = facts_of(session, row.attributes, row.staff_id)
        answers = prefilled(desk.checklist, facts, who.language or DEFAULT)
        desk = replace(desk, ruled_out=frozenset(answers))
        if row.version is None:
            answers = prefilled_clocks(desk.checklist, recorded_of(desk.encounter)) | answers
            desk = replace(desk, draft=replace(desk.draft, answers=answers))
        return replace(desk, asks_about_n=asks_about_n(session, who.user_id))

    def finish(
        self, session: Session, who: Identity, row: TaskRow, work: CheckedWork, now: datetime
    ) -> int:
        """Make the inspection, with its evidence and all figures.

        Raises:
            NotAllowed: it is the inspector's own work.
        """
        if is_own_encounter(
            session, who, interaction_id=row.interaction_id, served_by=row.staff_id
        ):
            raise NotAllowed(
                "Nobody scores their own work.",
                user_id=who.user_id,
                subject=("assignment", row.id),
            )
        inspection = _inspection(row, work, now)
        session.add(inspection)
        if recalled := _recalled(session, row.id):
            inspection.replaces_id = recalled.inspection_id
        session.flush()  # evidence, findings and the log need the new id
        if recalled:
            recalled.new_inspection_id = inspection.id
        store_evidence(session, inspection.id, work.work.evidence)
        enter(session, inspection, work.sheet, row.checklist_id)
        submitted = Records(Assignment, [row.id], about=("inspection", [inspection.id]))
        move_all(session, submitted, self.submit, who=who, now=now)
        return inspection.id

    def outcome(self, session: Session, row: TaskRow) -> Submitted:
        query = select(Inspection.id, Inspection.score)
        made = session.execute(query.where(Inspection.submission_key == row.submission_key)).one()
        return Submitted(made.id, made.score, repeated=True)


ASSIGNED = registered(AssignedTasks())


def _recalled(session: Session, assignment_id: int) -> Amendment | None:
    """The recall of an assignment that no newer submission has followed yet."""
    return session.scalars(
        select(Amendment)
        .join(Inspection, Inspection.id == Amendment.inspection_id)
        .where(
            Inspection.assignment_id == assignment_id,
            Amendment.kind == RECALLED,
            Amendment.new_inspection_id.is_(None),
        )
        .order_by(Amendment.id.desc())
        .limit(1)
    ).first()


def _inspection(row: TaskRow, work: CheckedWork, now: datetime) -> Inspection:
    day = day_of(row.occurred_at, row.timezone)
    return Inspection(
        **{column.key: getattr(row, column.key) for column in _CARRIED},
        assignment_id=row.id,
        day=day,
        month=month_of(day),
        shift=shift_of(at_wall_clock(row.occurred_at, row.timezone).hour),
        post=row.post or UNRECORDED,
        submitted_at=now,
        active_seconds=work.work.active_seconds or None,
        answers=work.work.answers,
        note=work.work.note,
        **results(work.sheet),
    )


def _observed_staff(session: Session, who: Identity, row: TaskRow) -> str:
    """Whose badge was read, with the name for those who may know it; empty in what was drawn."""
    if row.sample_class != OBSERVED or row.staff_id is None:
        return ""
    staff = session.get_one(Staff, row.staff_id)
    return f"{staff.staff_no} {staff.name}" if _may_name(who, staff.station_id) else staff.staff_no


def _may_name(who: Identity, station_id: int) -> bool:
    scope = scope_of(who, Action.SEE_STAFF_NAMES)
    within = scope is Scope.SUBTREE and station_id in (who.station_ids or ())
    return scope is Scope.ALL or within


def observed_task(
    *, interaction_id: int, version_id: int, inspector_id: int, day: date, now: datetime
) -> Assignment:
    """What an inspector begins on site, due that day; it is not stored yet."""
    return Assignment(
        interaction_id=interaction_id,
        checklist_version_id=version_id,
        inspector_id=inspector_id,
        purpose="record",
        sample_class=OBSERVED,
        due_on=day,
        submission_key=str(uuid4()),
        assigned_at=now,
    )
