"""What is stored about the person who asks: how much of each kind, how long, and who opened it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.inspection.states import InspectionState
from core.safekeeping.retention import RetainedKind
from db.appeals.models import Appeal
from db.encounters.models import Interaction
from db.files.models import File, FileStep
from db.inspection.models import Assignment, Inspection, Photo
from db.people.models import Staff, UserRole
from db.safekeeping.keeping_times import rules_at
from db.safekeeping.log_sealing import OPENINGS
from db.store.models import AuditEvent
from db.teaching.models import PracticeTask
from db.training.models import ExamAttempt, TrainingEnrolment

_AT_ONCE = 500


@dataclass(frozen=True)
class StoredAmounts:
    """How many records of each kind are stored about a person.

    Attributes:
        encounters: in which the person served, scored or not.
        with_words, with_recording, with_photo: those of them that have the like.
        inspections: valid scorings of them, a second one of the same encounter included.
        files: problems, complaints and work orders in which the person took a step.
    """

    encounters: int
    with_words: int
    with_recording: int
    with_photo: int
    inspections: int
    appeals: int
    courses: int
    exams: int
    files: int


class Openings(NamedTuple):
    """How often people of the same roles opened something of the person's, and when last.

    `roles` are those that they have today, empty for an account without any; `deed` is what the
    log calls it; `records` is how many different records it was.
    """

    roles: frozenset[Role]
    deed: str
    times: int
    records: int
    last: datetime


@dataclass(frozen=True)
class OwnRecord:
    """What is stored about the person, how long it is kept, and who opened it since `since`.

    `months` is by kind, as it holds at the person's station, None for good. `since` is the first
    moment that the log tells of, None where it is empty. The person's own openings do not count.
    """

    amounts: StoredAmounts
    months: Mapping[RetainedKind, int | None]
    openings: tuple[Openings, ...]
    since: datetime | None


def own_record(session: Session, who: Identity) -> OwnRecord:
    """What is stored about the person who asks.

    Raises:
        NotAllowed: the person is not scored.
    """
    require(who, Action.SEE_OWN_RESULTS)
    return OwnRecord(
        _amounts(session, who),
        rules_at(session, who.team_id),
        _openings(session, who),
        session.scalar(select(func.min(AuditEvent.at))),
    )


def _person(who: Identity) -> int:
    """The key of the person's staff entry; 0, which nobody has, for an account without one."""
    return who.staff_id or 0


def _amounts(session: Session, who: Identity) -> StoredAmounts:
    def count(table: type, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    person = _person(who)
    mine, scored = Interaction.staff_id == person, Inspection.staff_id == person
    enrolled = select(TrainingEnrolment.id).where(TrainingEnrolment.staff_id == person)
    acted = exists().where(FileStep.file_id == File.id, FileStep.user_id == who.user_id)
    photographed = (
        exists()
        .where(Photo.assignment_id == Assignment.id, Assignment.interaction_id == Interaction.id)
        .correlate(Interaction)
    )
    return StoredAmounts(
        encounters=count(Interaction, mine),
        with_words=count(Interaction, mine, Interaction.turn_count > 0),
        with_recording=count(Interaction, mine, Interaction.recording.is_not(None)),
        with_photo=count(Interaction, mine, photographed),
        inspections=count(Inspection, scored, Inspection.state == InspectionState.VALID),
        appeals=count(Appeal, Appeal.inspection_id.in_(select(Inspection.id).where(scored))),
        courses=count(TrainingEnrolment, TrainingEnrolment.staff_id == person),
        exams=count(ExamAttempt, ExamAttempt.enrolment_id.in_(enrolled)),
        files=count(File, acted),
    )


class _Opening(NamedTuple):
    user_id: int
    deed: str
    record: tuple[str, str]
    at: datetime


def _openings(session: Session, who: Identity) -> tuple[Openings, ...]:
    by_roles: dict[tuple[frozenset[Role], str], list[_Opening]] = {}
    openings = list(_logged(session, who))
    roles = _roles(session, {row.user_id for row in openings})
    for row in openings:
        by_roles.setdefault((roles.get(row.user_id, frozenset()), row.deed), []).append(row)
    rows = [
        Openings(
            roles=by,
            deed=deed,
            times=len(each),
            records=len({row.record for row in each}),
            last=max(row.at for row in each),
        )
        for (by, deed), each in by_roles.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.times, row.deed, sorted(row.roles))))


def _logged(session: Session, who: Identity) -> Iterator[_Opening]:
    """Each opening of a record of the person's by somebody else."""
    mine = Interaction.staff_id == _person(who)
    of_encounters = Assignment.interaction_id == Interaction.id
    records: tuple[tuple[str, Select[int] | Select[str]], ...] = (
        ("inspection", select(Inspection.id).where(Inspection.staff_id == _person(who))),
        ("interaction", select(Interaction.id).where(mine)),
        (
            "photo",
            select(Photo.name)
            .join(Assignment, Assignment.id == Photo.assignment_id)
            .join(Interaction, of_encounters)
            .where(mine),
        ),
        ("practice_task", select(PracticeTask.id).where(PracticeTask.user_id == who.user_id)),
        ("staff", select(Staff.id).where(Staff.id == _person(who))),
    )
    for kind, query in records:
        keys: Sequence[int | str] = session.scalars(query).all()
        for begin in range(0, len(keys), _AT_ONCE):
            some = keys[begin : begin + _AT_ONCE]
            logged = select(
                AuditEvent.user_id, AuditEvent.action, AuditEvent.object_id, AuditEvent.at
            ).where(
                AuditEvent.object_type == kind,
                AuditEvent.object_id.in_([str(key) for key in some]),
                AuditEvent.action.in_((*OPENINGS, "export")),
                AuditEvent.user_id.is_not(None),
                AuditEvent.user_id != who.user_id,
            )
            for user_id, deed, record_id, at in session.execute(logged):
                yield _Opening(user_id or 0, deed, (kind, record_id), at)


def _roles(session: Session, users: set[int]) -> dict[int, frozenset[Role]]:
    roles: dict[int, set[Role]] = {}
    for user_id, role in session.execute(
        select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(users))
    ):
        roles.setdefault(user_id, set()).add(Role(role))
    return {user_id: frozenset(held) for user_id, held in roles.items()}
