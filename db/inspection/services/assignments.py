"""Giving interactions to inspectors, from one to others, and putting them aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.inspection.states import ASSIGNMENT, AssignmentState
from core.plan import Inspector
from core.safekeeping.masking import masked
from db.encounters.models import Interaction
from db.encounters.queries.consent import open_to_use, require_open
from db.inspection.models import Assignment, Draft
from db.inspection.queries.coverage import active_inspectors
from db.inspection.queries.own_work import handlers_of, is_own_work
from db.inspection.services.photos import drop_photos
from db.inspection.services.records import pass_record_on
from db.inspection.task_kinds import own_task
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, User
from db.people.staff_list import log_reason
from db.store import audit
from db.store.moving import move


@dataclass(frozen=True)
class Task:
    """Who scores with what until when, and how the interaction came into the sample.

    Stratum and inclusion probability are kept because they cannot be rebuilt later.
    """

    inspector_id: int
    checklist_version_id: int
    due_on: date
    sample_class: str = "random"
    stratum: str = ""
    inclusion_probability: float = 1.0


def assign(
    session: Session, *, who: Identity, interaction_id: int, task: Task, now: datetime
) -> Assignment:
    """Give an interaction to an inspector; the first one's is the inspection of record.

    Raises:
        InvalidInput: this inspector has it already, or the customer refuses.
        NotAllowed: it is the inspector's own work.
    """
    require(who, Action.ASSIGN)
    interaction = session.get(Interaction, interaction_id)
    inspector = session.get(User, task.inspector_id)
    if interaction is None or inspector is None:
        raise NotFound("This interaction or inspector does not exist.")
    require_open(session, interaction_id)
    if is_own_work(
        session,
        user_id=inspector.id,
        staff_id=inspector.staff_id,
        interaction_id=interaction_id,
        served_by=interaction.staff_id,
    ):
        raise NotAllowed(
            "Nobody scores their own work.",
            user_id=who.user_id,
            subject=("interaction", interaction_id),
        )
    holders = session.scalars(
        select(Assignment.inspector_id).where(
            Assignment.interaction_id == interaction_id, Assignment.state != AssignmentState.SKIPPED
        )
    ).all()
    if task.inspector_id in holders:
        raise InvalidInput("This inspector already has the interaction.")
    assignment = Assignment(
        interaction_id=interaction_id,
        checklist_version_id=task.checklist_version_id,
        inspector_id=task.inspector_id,
        purpose="second" if holders else "record",
        sample_class=task.sample_class,
        stratum=task.stratum,
        inclusion_probability=task.inclusion_probability,
        due_on=task.due_on,
        submission_key=str(uuid4()),
        assigned_at=now,
    )
    session.add(assignment)
    return assignment


class HandedOver(NamedTuple):
    """How many assignments went to others and how many stayed; `photos` are those of drafts.

    The photos' files are to be removed once this is committed.
    """

    moved: int
    staying: int
    photos: frozenset[str]


def hand_over(
    session: Session,
    *,
    who: Identity,
    inspector_id: int | None,
    reason: str,
    now: datetime,
    begun: bool = False,
) -> HandedOver:
    """Give an absent inspector's open assignments to the others, the least busy first.

    Those nobody else may score stay, and so do those with a draft unless `begun` is given: then
    the draft goes, as whoever comes next scores blind. What a customer refuses is left where it is.
    """
    require(who, Action.ASSIGN)
    if inspector_id is None:
        raise InvalidInput("Choose whose work is handed over.")
    if not reason.strip():
        raise InvalidInput("Give a reason.")
    others = [one for one in active_inspectors(session) if one.user_id != inspector_id]
    if not others:
        raise NotFound("There is no other active inspector.")
    load = {one.user_id: one.open_tasks for one in others}
    moved, staying, photos = 0, 0, frozenset[str]()
    for assignment, station_id, team_id, has_draft in _open(session, inspector_id):
        own = handlers_of(session, assignment.interaction_id)
        free = [
            one
            for one in others
            if one.user_id not in own and not one.is_own_team(station_id, team_id)
        ]
        allowed = _not_given(session, free, assignment.interaction_id)
        if not allowed or (has_draft and not begun):
            staying += 1
            continue
        assignment.inspector_id = min(allowed, key=lambda user_id: (load[user_id], user_id))
        load[assignment.inspector_id] += 1
        moved += 1
        photos |= _discard(session, assignment)
    audit.record(
        session, who, "hand_over", ("user", inspector_id), now=now, reason=reason.strip(), n=moved
    )
    return HandedOver(moved=moved, staying=staying, photos=photos)


@dataclass(frozen=True)
class Reassignment:
    """One assignment for another inspector, with why; `begun` lets the draft go that there is."""

    assignment_id: int
    inspector_id: int | None
    reason: str
    begun: bool = False


def reassign(
    session: Session, *, who: Identity, wanted: Reassignment, now: datetime
) -> frozenset[str]:
    """Give one open assignment to another inspector, who scores blind.

    Returns:
        The photos of the draft, whose files are to be removed once this is committed.

    Raises:
        InvalidInput: nobody or no reason is given, it is begun, or the other one had it before.
        NotAllowed: it is the other's own team or work, or the role does not assign.
        NotFound: there is no such assignment or inspector.
        OutOfTurn: it is no longer open.
    """
    require(who, Action.ASSIGN)
    if wanted.inspector_id is None:
        raise InvalidInput("Choose the inspector.")
    if not wanted.reason.strip():
        raise InvalidInput("Give a reason.")
    others = [one for one in active_inspectors(session) if one.user_id == wanted.inspector_id]
    assignment = session.get(Assignment, wanted.assignment_id)
    if not others or assignment is None:
        raise NotFound("This interaction or inspector does not exist.")
    holder = assignment.inspector_id
    opened = {row[0].id: row for row in _open(session, holder)}
    if assignment.id not in opened:
        raise OutOfTurn("This assignment is no longer open.", assignment.state)
    _row, station_id, team_id, has_draft = opened[assignment.id]
    is_handler = wanted.inspector_id in handlers_of(session, assignment.interaction_id)
    if is_handler or others[0].is_own_team(station_id, team_id):
        raise NotAllowed(
            "Nobody scores their own work." if is_handler else "Nobody scores their own team.",
            user_id=who.user_id,
            subject=("assignment", assignment.id),
        )
    if not _not_given(session, others, assignment.interaction_id):
        raise InvalidInput("This inspector already has the interaction.")
    if has_draft and not wanted.begun:
        raise InvalidInput("It is begun: say that its draft may be lost.")
    assignment.inspector_id = wanted.inspector_id
    audit.record(
        session,
        who,
        "reassign",
        ("assignment", assignment.id),
        now=now,
        reason=wanted.reason.strip(),
        before=holder,
        after=wanted.inspector_id,
    )
    return _discard(session, assignment)


def own_assignment(session: Session, who: Identity, assignment_id: int) -> Assignment:
    """The inspector's own assignment, locked until the transaction ends.

    Raises:
        NotAllowed: the role does not score.
        NotFound: it is not this inspector's, or does not exist.
    """
    own_task(session, who, ASSIGNED.task(assignment_id))
    return session.get_one(Assignment, assignment_id)


def skip(
    session: Session, *, who: Identity, assignment: Assignment, reason: str, now: datetime
) -> frozenset[str]:
    """Put an open assignment aside with a reason; its draft goes.

    Where it was to be the inspection of record, that of a second inspector becomes it.

    Returns:
        The photos of the draft, whose files are to be removed once this is committed.

    Raises:
        NotAllowed: it is somebody else's.
        InvalidInput: there is no reason.
        OutOfTurn: it is no longer open.
    """
    require(who, Action.SCORE)
    if assignment.inspector_id != who.user_id:
        raise NotAllowed(
            "This assignment is not in your queue.",
            user_id=who.user_id,
            subject=("assignment", assignment.id),
        )
    judged = session.get_one(Interaction, assignment.interaction_id).staff_id
    logged_reason = log_reason(session, judged, reason.strip())
    move(session, assignment, ASSIGNMENT.by("skip"), who=who, now=now, reason=logged_reason)
    assignment.skip_reason = masked(reason.strip())
    if assignment.purpose == "record":
        _leave_record(session, assignment)
    if assignment.purpose == "record" and pass_record_on(session, assignment.interaction_id, now):
        assignment.purpose = "second"
    return _discard(session, assignment)


def take_up(session: Session, *, who: Identity, assignment_id: int, now: datetime) -> None:
    """Put an encounter that one has put aside back into one's own queue.

    Where somebody else has it by now, it becomes a second scoring.

    Raises:
        NotAllowed: the role does not score.
        NotFound: it is somebody else's, or does not exist.
        OutOfTurn: it is not put aside.
        ConsentRefused: the customer refuses.
    """
    assignment = own_assignment(session, who, assignment_id)
    require_open(session, assignment.interaction_id)
    holds = select(Assignment.id).where(
        Assignment.interaction_id == assignment.interaction_id,
        Assignment.id != assignment.id,
        Assignment.state != AssignmentState.SKIPPED,
    )
    assignment.purpose = "record" if session.scalar(holds.limit(1)) is None else "second"
    assignment.skip_reason = None
    move(session, assignment, ASSIGNMENT.by("take_up"), who=who, now=now)


def _leave_record(session: Session, assignment: Assignment) -> None:
    """Let an open second scoring take the place of a first one that will not come."""
    same = select(Assignment).filter_by(interaction_id=assignment.interaction_id)
    second = session.scalars(
        same.where(Assignment.state == AssignmentState.OPEN).limit(1).with_for_update()
    ).first()
    if second is not None:
        assignment.purpose, second.purpose = "second", "record"


def _discard(session: Session, assignment: Assignment) -> frozenset[str]:
    """Forget a draft; the names of its photos."""
    session.execute(delete(Draft).where(Draft.of(ASSIGNMENT, assignment.id)))
    return drop_photos(session, assignment.id)


def _open(session: Session, inspector_id: int) -> list[tuple[Assignment, int, int | None, bool]]:
    """Each with the station of the encounter, that of the scored person, and if it is begun."""
    rows = session.execute(
        select(Assignment, Interaction.station_id, Staff.station_id)
        .join(Interaction, Assignment.interaction_id == Interaction.id)
        .outerjoin(Staff, Staff.id == Interaction.staff_id)
        .where(
            Assignment.inspector_id == inspector_id,
            Assignment.state == AssignmentState.OPEN,
            open_to_use(Assignment.interaction_id),
        )
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    ).all()
    ids = [assignment.id for assignment, *_ in rows]
    drafted = select(Draft.task_id).where(Draft.kind == ASSIGNMENT.kind, Draft.task_id.in_(ids))
    begun = set(session.scalars(drafted))
    return [(row[0], row[1], row[2], row[0].id in begun) for row in rows]


def _not_given(session: Session, others: list[Inspector], interaction_id: int) -> list[int]:
    """Those who were never given the interaction."""
    holders = set(
        session.scalars(
            select(Assignment.inspector_id).where(Assignment.interaction_id == interaction_id)
        )
    )
    return [one.user_id for one in others if one.user_id not in holders]
