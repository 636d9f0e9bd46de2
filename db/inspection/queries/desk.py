"""A case with its checklist, as the person who is to score it may see it.

Nothing here tells how anybody else judged the encounter: who scores does so blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.errors import not_found
from core.people.staff_names import NOBODY, StaffNames
from core.text.cache_keys import Same
from db.checklists.models import StandardItem
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import ConsentRefused, is_closed
from db.encounters.queries.encounter import Encounter, encounter_of, without_names
from db.inspection.models import Assignment, Inspection
from db.inspection.services.drafts import Work
from db.inspection.task_kinds import TaskKey, TaskKind, TaskRow
from db.store.models import AuditEvent, Meta

WITHDRAWN = "withdrawn"
"""What the state of open work is called while its customer refuses."""
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
    """Everything needed to score one case; `sources` say where its items are laid down.

    `ruled_out` are the items that facts of the encounter rule out, while it is open.
    `staff` is who was observed, where the inspector chose that person by the badge; else empty.
    With `asks_about_n` the key n is new to the inspector. With `is_unseen` it is still to be noted
    that the person saw the case, as the kind of task wants it.
    """

    task_id: int
    state: str
    version: int
    checklist: Checklist
    sources: Mapping[str, str]
    encounter: Encounter
    draft: DraftState
    staff: str = ""
    ruled_out: frozenset[str] = frozenset()
    asks_about_n: bool = False
    is_unseen: bool = False


def desk(session: Session, who: Identity, task: TaskKey) -> Desk:
    """One of the person's own tasks, open or not, with all it takes to score it.

    While the customer refuses, open work is WITHDRAWN: its encounter and draft tell nothing.

    Raises:
        NotAllowed: the role does not work at such tasks.
        NotFound: it is not this person's, or does not exist.
    """
    kind = task.kind
    require(who, kind.action)
    mine = {"task_id": task.task_id, "user_id": who.user_id}
    row = session.execute(kind.looking, mine).one_or_none()
    if row is None:
        raise kind.unknown(session, who, task.task_id)
    checklist = kind.asked(row, checklist_of(session, row.checklist_version_id, row.content_digest))
    names = kind.hidden_names(session)
    encounter = encounter_of(session, row)
    return kind.shown(
        session,
        who,
        row,
        Desk(
            task_id=row.id,
            state=_state(kind, row),
            version=row.number,
            checklist=checklist,
            sources=_sources(session, checklist),
            encounter=encounter if names is NOBODY else without_names(encounter, names),
            draft=_draft(row, checklist, names) if row.is_open else DraftState(),
        ),
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


def _state(kind: TaskKind, row: TaskRow) -> str:
    if row.is_over:
        return kind.submit.target
    is_open = row.state in kind.submit.deed.sources
    return WITHDRAWN if is_open and not row.is_open else str(row.state)


def _draft(row: TaskRow, checklist: Checklist, names: StaffNames) -> DraftState:
    """What is stored; before the first save nothing is answered."""
    if row.version is None:
        return DraftState(answers={})
    work = Work(row.answers, row.evidence, row.note, row.active_seconds).without(names, checklist)
    return DraftState(
        version=row.version,
        answers=work.answers,
        evidence=tuple(work.evidence),
        note=work.note,
        active_seconds=work.active_seconds,
        saved_at=row.saved_at,
    )


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


def asks_about_n(session: Session, user_id: int) -> bool:
    """Whether the person has submitted fewer than ten forms since n means No.

    A form counts once, however often it is amended; imported history does not.
    """
    since = session.scalar(select(Meta.value).where(Meta.key == SINCE))
    if since is None:
        return False
    mine = {"user_id": user_id, "since": datetime.fromisoformat(since)}
    return len(session.scalars(_SUBMITTED, mine).all()) < FORMS
