"""One encounter with its checklist, as the inspector who scores it may see it.

Nothing here tells how anybody else judged the encounter: who scores does so blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, require, scope_of
from core.checklist import Checklist
from core.errors import NotFound, not_found
from core.i18n import DEFAULT
from core.inspection.na_answers import prefilled
from core.inspection.states import AssignmentState
from core.text.cache_keys import Same
from db.checklists.models import ChecklistVersion, StandardItem
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import ConsentRefused, is_closed
from db.encounters.queries.encounter import ENCOUNTER, Encounter, encounter_of, facts_of
from db.inspection.models import Assignment, Draft, Inspection
from db.people.models import Staff, Station
from db.store.models import AuditEvent, Meta

_DESK = (
    select(
        Assignment.id,
        Assignment.state,
        Assignment.due_on,
        Assignment.sample_class,
        Assignment.checklist_version_id,
        ChecklistVersion.number,
        ChecklistVersion.content_digest,
        Draft.version,
        Draft.answers,
        Draft.evidence,
        Draft.note,
        Draft.active_seconds,
        Draft.saved_at,
        *ENCOUNTER,
    )
    .join(Interaction, Interaction.id == Assignment.interaction_id)
    .join(Station, Station.id == Interaction.station_id)
    .join(ChecklistVersion, ChecklistVersion.id == Assignment.checklist_version_id)
    .outerjoin(Draft, Draft.assignment_id == Assignment.id)
    .where(
        Assignment.id == bindparam("assignment_id"), Assignment.inspector_id == bindparam("user_id")
    )
)
WITHDRAWN = "withdrawn"
"""What the state of open work is called while its customer refuses."""
OBSERVED = "observed"
"""The sample class of what an inspector begins on site."""
_known_sources: dict[Same[Checklist], Mapping[str, str]] = {}
SINCE = "n_is_no_since"
FORMS = 10
"""So many forms of an inspector are asked about."""
_SUBMITTED = (
    select(Inspection.id)
    .where(
        Inspection.inspector_id == bindparam("user_id"),
        Inspection.submitted_at >= bindparam("since"),
        Inspection.assignment_id.is_not(None),
        Inspection.replaces_id.is_(None),
    )
    .limit(FORMS)
)


@dataclass(frozen=True)
class DraftState:
    """What is stored of unsubmitted work; version 0 means nothing yet."""

    version: int = 0
    answers: Mapping[str, Any] | None = None
    evidence: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    active_seconds: float = 0.0
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """Everything needed to score one encounter; `sources` say where its items are laid down.

    `staff` is who was observed, where the inspector chose that person by the badge; else empty.
    With `asks_about_n` the key n is new to the inspector.
    """

    assignment_id: int
    state: str
    due_on: date
    version_id: int
    version: int
    checklist: Checklist
    sources: Mapping[str, str]
    encounter: Encounter
    draft: DraftState
    staff: str = ""
    asks_about_n: bool = False


def desk(session: Session, who: Identity, assignment_id: int) -> Desk:
    """One of the inspector's own assignments, open or not, with all it takes to score it.

    While the customer refuses, open work is WITHDRAWN: its encounter and draft tell nothing.

    Raises:
        NotAllowed: the role does not score.
        NotFound: it is not this inspector's, or does not exist.
    """
    require(who, Action.SCORE)
    mine = {"assignment_id": assignment_id, "user_id": who.user_id}
    row = session.execute(_DESK, mine).one_or_none()
    if row is None:
        raise not_in_queue(session, who, assignment_id)
    checklist = checklist_of(session, row.checklist_version_id, row.content_digest)
    return Desk(
        assignment_id=row.id,
        state=row.state if row.is_open or row.state != AssignmentState.OPEN else WITHDRAWN,
        due_on=row.due_on,
        version_id=row.checklist_version_id,
        version=row.number,
        checklist=checklist,
        sources=_sources(session, checklist),
        encounter=encounter_of(session, row),
        draft=_draft(session, row, checklist, who.language) if row.is_open else DraftState(),
        staff=_observed_staff(session, who, row),
        asks_about_n=row.is_open
        and row.state == AssignmentState.OPEN
        and asks_about_n(session, who.user_id),
    )


def not_in_queue(session: Session, who: Identity, assignment_id: int) -> NotFound:
    """What to raise for an assignment that does not exist or belongs to someone else."""
    return not_found(
        "This assignment is not in your queue.",
        user_id=who.user_id,
        subject=("assignment", assignment_id),
        exists=session.get(Assignment, assignment_id) is not None,
    )


def recording(session: Session, who: Identity, interaction_id: int) -> str | None:
    """Where the recording of an encounter is kept, for who scores it; None when there is none.

    Raises:
        NotAllowed: the role does not score.
        NotFound: the person has no assignment for this encounter.
        ConsentRefused: the customer refuses.
    """
    require(who, Action.SCORE)
    interaction = session.scalar(
        select(Interaction)
        .join(Assignment, Assignment.interaction_id == Interaction.id)
        .where(Interaction.id == interaction_id, Assignment.inspector_id == who.user_id)
    )
    if interaction is None:
        raise not_found(
            "This recording is not in your queue.",
            user_id=who.user_id,
            subject=("interaction", interaction_id),
            exists=session.get(Interaction, interaction_id) is not None,
        )
    if is_closed(interaction):
        raise ConsentRefused
    return interaction.recording


def heard_since(session: Session, who: Identity, interaction_id: int, since: datetime) -> bool:
    """Whether the log holds that the person began to listen to a recording."""
    require(who, Action.SCORE)
    noted = select(AuditEvent.id).where(
        AuditEvent.user_id == who.user_id,
        AuditEvent.action == "listen",
        AuditEvent.at >= since,
        AuditEvent.object_type == "interaction",
        AuditEvent.object_id == str(interaction_id),
    )
    return session.scalar(noted.limit(1)) is not None


def _observed_staff(session: Session, who: Identity, row: Row[Any]) -> str:
    """Whose badge was read, with the name for those who may know it; empty in what was drawn."""
    if row.sample_class != OBSERVED or row.staff_id is None:
        return ""
    staff = session.get_one(Staff, row.staff_id)
    return f"{staff.staff_no} {staff.name}" if _may_name(who, staff.station_id) else staff.staff_no


def _may_name(who: Identity, station_id: int) -> bool:
    scope = scope_of(who, Action.SEE_STAFF_NAMES)
    within = scope is Scope.SUBTREE and station_id in (who.station_ids or ())
    return scope is Scope.ALL or within


def _sources(session: Session, checklist: Checklist) -> Mapping[str, str]:
    """Read once for each checklist: the library changes with the portal's own versions only."""
    key = Same(checklist)
    if key not in _known_sources:
        _known_sources[key] = sources_of(session, checklist.by_key)
    return _known_sources[key]


def sources_of(session: Session, items: Iterable[str]) -> dict[str, str]:
    """The sources of the library's items among some keys."""
    source = StandardItem.content["source"].as_string()
    rows = session.execute(select(StandardItem.id, source).where(StandardItem.id.in_(list(items))))
    return {item_id: document or "" for item_id, document in rows}


def _draft(
    session: Session, row: Row[Any], checklist: Checklist, language: str | None
) -> DraftState:
    """What is stored; before the first save, what the encounter itself rules out."""
    if row.version is None:
        facts = facts_of(session, row.attributes, row.staff_id)
        return DraftState(answers=prefilled(checklist, facts, language or DEFAULT))
    return DraftState(
        version=row.version,
        answers=row.answers,
        evidence=tuple(row.evidence),
        note=row.note,
        active_seconds=row.active_seconds,
        saved_at=row.saved_at,
    )


def asks_about_n(session: Session, user_id: int) -> bool:
    """Whether the person has submitted fewer than ten forms since n means No.

    A form counts once, however often it is amended; imported history does not.
    """
    since = session.scalar(select(Meta.value).where(Meta.key == SINCE))
    if since is None:
        return False
    mine = {"user_id": user_id, "since": datetime.fromisoformat(since)}
    return len(session.scalars(_SUBMITTED, mine).all()) < FORMS
