"""An inspector's unsubmitted work: saved as it is typed, its evidence checked before.

The version number guards against lost edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.errors import StaleEdit
from core.inspection.evidence import Lacking, check_moments, check_photos, parse_pins, unproven
from core.inspection.states import ASSIGNMENT
from core.safekeeping.masking import masked
from core.scoring import ScoreSheet, parse_answers, reworded, score
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import require_open
from db.inspection.models import Assignment, Draft, Photo
from db.inspection.queries.desk import not_in_queue
from db.store.base import reworded_data

_OWN = (
    select(Assignment)
    .where(
        Assignment.id == bindparam("assignment_id"), Assignment.inspector_id == bindparam("user_id")
    )
    .with_for_update()
)


@dataclass(frozen=True)
class Work:
    """What an inspector has entered so far: answers by item key, evidence pins, a note."""

    answers: dict[str, Any] = field(default_factory=dict)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    active_seconds: float = 0.0


@dataclass(frozen=True)
class Saved:
    """The stored version of a draft, the score it stands at, and the items that lack evidence."""

    version: int
    saved_at: datetime
    sheet: ScoreSheet
    unproven: Lacking


def own_assignment(session: Session, who: Identity, assignment_id: int) -> Assignment:
    """The inspector's own assignment, locked until the transaction ends.

    Raises:
        NotAllowed: the role does not score.
        NotFound: it is not this inspector's, or does not exist.
    """
    require(who, Action.SCORE)
    mine = {"assignment_id": assignment_id, "user_id": who.user_id}
    assignment = session.scalar(_OWN, mine)
    if assignment is None:
        raise not_in_queue(session, who, assignment_id)
    return assignment


def open_assignment(session: Session, who: Identity, assignment_id: int) -> Assignment:
    """As `own_assignment`, of work that can go on.

    Raises:
        OutOfTurn: the work is no longer open.
        ConsentRefused: the customer refuses.
    """
    assignment = own_assignment(session, who, assignment_id)
    ASSIGNMENT.by("submit").check(assignment.state)
    require_open(session, assignment.interaction_id)
    return assignment


def save_draft(
    session: Session,
    *,
    who: Identity,
    assignment_id: int,
    version: int,
    work: Work,
    now: datetime,
) -> Saved:
    """Store the work and return the score it stands at.

    A save that is repeated, because its first answer was lost on the way, changes nothing.

    Args:
        version: the version the editor started from, 0 for none yet.

    Raises:
        InvalidInput: an answer or pin does not fit its item.
        OutOfTurn: the work is no longer open.
        StaleEdit: another tab saved in between; `current` is the stored Work.
    """
    assignment = open_assignment(session, who, assignment_id)
    checklist = checklist_of(session, assignment.checklist_version_id)
    answers = parse_answers(checklist, work.answers)
    sheet = score(checklist, answers)
    work = masked_work(checklist, work)
    pins = checked_pins(session, assignment, checklist, work.evidence)
    lacking = unproven(checklist, sheet, answers, pins)
    draft = session.get(Draft, assignment_id)
    if draft and draft.version == version + 1 and _holds(draft, work, pins):
        return Saved(draft.version, draft.saved_at, sheet, lacking)
    if (draft.version if draft else 0) != version:
        raise StaleEdit("This draft was changed in another tab.", stored_work(draft))
    if draft is None:
        draft = Draft(assignment_id=assignment_id, started_at=now)
        session.add(draft)
    draft.version = version + 1
    draft.answers, draft.evidence, draft.note = work.answers, pins, work.note
    draft.active_seconds = work.active_seconds
    draft.saved_at = now
    return Saved(draft.version, now, sheet, lacking)


def masked_work(checklist: Checklist, work: Work) -> Work:
    """The same with personal data hidden in what was written: on the whole, in answers and pins."""
    answers = reworded(checklist, work.answers, masked)
    pins = reworded_data(work.evidence, ("note",), masked)
    return replace(work, answers=answers, evidence=pins, note=masked(work.note))


def stored_work(draft: Draft | None) -> Work:
    if draft is None:
        return Work()
    return Work(draft.answers, draft.evidence, draft.note, draft.active_seconds)


def _holds(draft: Draft, work: Work, pins: list[dict[str, Any]]) -> bool:
    return (draft.answers, draft.evidence, draft.note) == (work.answers, pins, work.note)


def checked_pins(
    session: Session,
    assignment: Assignment | Row[*tuple[Any, ...]],
    checklist: Checklist,
    evidence: object,
) -> list[dict[str, Any]]:
    """The pins as they are stored.

    Raises:
        InvalidInput: a pin makes no sense, names a photo that is not of this assignment, or a
            moment that no system recorded.
    """
    pins = parse_pins(checklist.by_key, evidence)
    if any(pin["photo"] for pin in pins):
        check_photos(pins, photos_of(session, assignment.id))
    if any(pin["moment_kind"] == "system" for pin in pins):
        check_moments(pins, session.get_one(Interaction, assignment.interaction_id).events)
    return pins


def photos_of(session: Session, assignment_id: int) -> frozenset[str]:
    return frozenset(
        session.scalars(select(Photo.name).where(Photo.assignment_id == assignment_id))
    )
