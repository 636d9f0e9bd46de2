"""Amending and voiding inspections: the old row stays, every derived figure moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import NotFound
from core.inspection.na_answers import unexplained
from core.inspection.states import INSPECTION
from core.safekeeping.masking import masked
from core.scoring import parse_answers, reworded, score, with_hidden_words
from core.states import Move
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.inspection.derived_figures import EVIDENCE_FIELDS, enter, leave, results, store_evidence
from db.inspection.models import Amendment, Evidence, Inspection
from db.inspection.queries.own_work import refuse_own
from db.inspection.services.records import pass_record_on
from db.inspection.services.submission import Unanswered, Unexplained
from db.people.staff_list import log_reason
from db.store.events import Published, publish
from db.store.moving import move

_CARRIED = (
    "assignment_id",
    "interaction_id",
    "checklist_version_id",
    "station_id",
    "staff_id",
    "inspector_id",
    "channel",
    "purpose",
    "sample_class",
    "stratum",
    "inclusion_probability",
    "occurred_at",
    "day",
    "month",
    "shift",
    "business_line",
    "post",
    "language",
    "submitted_at",
    "active_seconds",
    "note",
)


def amend(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    answers: dict[str, Any],
    reason: str,
    now: datetime,
) -> int:
    """Replace an inspection by a corrected one; the old row stays, every derived figure moves.

    Returns:
        The id of the new row.

    Raises:
        InvalidInput: no reason, or an unfit answer.
        OutOfTurn: the row is no longer valid.
        Unanswered: required items are blank.
        Unexplained: critical items are N/A without a reason, and were not so before.
        NotAllowed, NotFound.
    """
    by = INSPECTION.by("amend")
    old = _changeable(session, who, inspection_id, by, reason)
    checklist = checklist_of(session, old.checklist_version_id)
    answers = with_hidden_words(checklist, answers, old.answers)
    parsed = parse_answers(checklist, answers)
    sheet = score(checklist, parsed)
    if sheet.missing:
        raise Unanswered(sheet.missing)
    stood = parse_answers(checklist, old.answers)
    if owing := unexplained(checklist, sheet, parsed, stood):
        raise Unexplained(owing)
    _withdraw(session, old, by, who=who, reason=reason, now=now)
    new = Inspection(
        **{c: getattr(old, c) for c in _CARRIED},
        submission_key=str(uuid4()),
        answers=reworded(checklist, answers, masked),
        replaces_id=old.id,
        **results(sheet),
    )
    session.add(new)
    session.flush()  # evidence, findings and the amendment need the new id
    _copy_evidence(session, old.id, new.id)
    version = ChecklistVersion.id == old.checklist_version_id
    checklist_id = session.scalars(select(ChecklistVersion.checklist_id).where(version)).one()
    enter(session, new, sheet, checklist_id)
    _note_amendment(session, who, old.id, new.id, reason, now)
    event = Published(kind="inspection", deed="replace", ids=(new.id,), who=who, now=now)
    publish(session, event)
    return new.id


def void(
    session: Session, *, who: Identity, inspection_id: int, reason: str, now: datetime
) -> None:
    """Take an inspection out of every figure; the row stays with the reason.

    A second scoring takes the place of one of record.

    Raises:
        InvalidInput: no reason.
        OutOfTurn: the row is no longer valid.
        NotAllowed, NotFound.
    """
    by = INSPECTION.by("void")
    old = _changeable(session, who, inspection_id, by, reason)
    _withdraw(session, old, by, who=who, reason=reason, now=now)
    _note_amendment(session, who, old.id, None, reason, now)
    if old.purpose == "record":
        pass_record_on(session, old.interaction_id, now)


def _withdraw(
    session: Session, old: Inspection, by: Move, *, who: Identity, reason: str, now: datetime
) -> None:
    leave(session, old)
    logged_reason = log_reason(session, old.staff_id, reason.strip())
    move(session, old, by, who=who, now=now, reason=logged_reason)


def _changeable(
    session: Session, who: Identity, inspection_id: int, by: Move, reason: str
) -> Inspection:
    by.permit(who, reason)
    row = session.scalar(select(Inspection).where(Inspection.id == inspection_id).with_for_update())
    if row is None:
        raise NotFound("This inspection does not exist.")
    by.check(row.state)
    refuse_own(session, who, row)
    return row


def _copy_evidence(session: Session, old_id: int, new_id: int) -> None:
    pins = session.execute(
        select(*(getattr(Evidence, name) for name in EVIDENCE_FIELDS)).where(
            Evidence.inspection_id == old_id
        )
    ).mappings()
    store_evidence(session, new_id, [dict(pin) for pin in pins])


def _note_amendment(
    session: Session, who: Identity, old_id: int, new_id: int | None, reason: str, now: datetime
) -> None:
    kind = "void" if new_id is None else "amend"
    session.add(
        Amendment(
            inspection_id=old_id,
            new_inspection_id=new_id,
            kind=kind,
            reason=masked(reason.strip()),
            user_id=who.user_id,
            at=now,
        )
    )
