"""Submitting an inspection, exactly once, and acknowledging its result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit, Withheld
from core.evidence import unproven
from core.masking import masked
from core.scoring import ScoreSheet, parse_answers, score
from db import audit, doubles, rollups
from db.checklists import checklist_of
from db.models import (
    Acknowledgement,
    Assignment,
    ChecklistVersion,
    Draft,
    Evidence,
    Inspection,
    Interaction,
    Station,
    table_of,
)
from db.services.drafts import Work, masked_work, own_assignment, stored_work
from db.services.pins import checked_pins

EVIDENCE_FIELDS = (
    "item_key",
    "turn_position",
    "start_offset",
    "end_offset",
    "start_second",
    "end_second",
    "photo",
    "region_left",
    "region_top",
    "region_width",
    "region_height",
    "moment",
    "moment_kind",
    "note",
)


_ENCOUNTER = (
    select(Interaction, Station.timezone)
    .join(Station, Station.id == Interaction.station_id)
    .where(Interaction.id == bindparam("interaction_id"))
)
_CHECKLIST = select(ChecklistVersion.checklist_id).where(
    ChecklistVersion.id == bindparam("version_id")
)


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
        Unproven: points were lost without the evidence that the checklist asks for.
        StaleEdit: the draft was changed elsewhere since; `current` is the stored Work.
        NotAllowed, NotFound: not this inspector's work.
    """
    assignment = own_assignment(session, who, assignment_id)
    if assignment.state == "submitted":
        return _already_submitted(session, assignment)
    if assignment.state != "open":
        raise InvalidInput("This assignment is no longer open.")
    draft = session.get(Draft, assignment_id)
    if work is None and draft is None:
        raise InvalidInput("Answer the checklist before submitting.")
    if (draft.version if draft else 0) != version:
        raise StaleEdit("This draft was changed in another tab.", stored_work(draft))
    where = {"interaction_id": assignment.interaction_id}
    interaction, zone = session.execute(_ENCOUNTER, where).one()
    if who.staff_id is not None and who.staff_id == interaction.staff_id:
        raise NotAllowed(
            "Nobody scores their own work.",
            user_id=who.user_id,
            wanted=("assignment", assignment_id),
        )
    checklist = checklist_of(session, assignment.checklist_version_id)
    work = work or stored_work(draft)
    pins = checked_pins(session, assignment, checklist, work.evidence)
    sheet = _complete(checklist, work, pins)
    work = masked_work(checklist, work)
    pins = [pin | {"note": masked(pin.get("note") or "")} for pin in pins]
    local = interaction.occurred_at.astimezone(ZoneInfo(zone))
    inspection = _from_assignment(assignment, interaction, local, work, sheet, now)
    session.add(inspection)
    assignment.state = "submitted"
    if draft is not None:
        session.delete(draft)
    session.flush()  # evidence, findings and the audit event need the new id
    store_evidence(session, inspection.id, pins)
    enter(session, inspection, sheet)
    audit.record(session, who, "submit", ("inspection", inspection.id), now=now)
    return Submitted(inspection.id, inspection.score, repeated=False)


def acknowledge(
    session: Session, *, who: Identity, inspection_id: int, comment: str, now: datetime
) -> None:
    """The scored person confirms having seen the result; repeating it keeps the first.

    Raises:
        NotFound: it is not a result of this person.
    """
    require(who, Action.SEE_OWN_RESULTS)
    inspection = session.get(Inspection, inspection_id)
    if inspection is None:
        raise NotFound("This result is not yours.")
    if who.staff_id is None or inspection.staff_id != who.staff_id:
        wanted = ("inspection", inspection_id)
        raise Withheld("This result is not yours.", user_id=who.user_id, wanted=wanted)
    if session.get(Acknowledgement, inspection_id) is None:
        session.add(
            Acknowledgement(
                inspection_id=inspection_id,
                user_id=who.user_id,
                at=now,
                comment=masked(comment.strip()),
            )
        )
        audit.record(session, who, "acknowledge", ("inspection", inspection_id), now=now)


def _already_submitted(session: Session, assignment: Assignment) -> Submitted:
    row = session.execute(
        select(Inspection.id, Inspection.score).where(
            Inspection.submission_key == assignment.submission_key
        )
    ).one()
    return Submitted(row.id, row.score, repeated=True)


def _complete(checklist: Checklist, work: Work, pins: list[dict[str, Any]]) -> ScoreSheet:
    """The score sheet of finished work."""
    answers = parse_answers(checklist, work.answers)
    sheet = score(checklist, answers)
    if sheet.missing:
        raise Unanswered(sheet.missing)
    if lacking := unproven(checklist, sheet, answers, pins).required:
        raise Unproven(lacking)
    return sheet


def _from_assignment(
    assignment: Assignment,
    interaction: Interaction,
    local: datetime,
    work: Work,
    sheet: ScoreSheet,
    now: datetime,
) -> Inspection:
    """`local` is when it occurred in the station's zone."""
    return Inspection(
        submission_key=assignment.submission_key,
        assignment_id=assignment.id,
        interaction_id=interaction.id,
        checklist_version_id=assignment.checklist_version_id,
        station_id=interaction.station_id,
        staff_id=interaction.staff_id,
        inspector_id=assignment.inspector_id,
        channel=interaction.channel,
        purpose=assignment.purpose,
        sample_class=assignment.sample_class,
        stratum=assignment.stratum,
        inclusion_probability=assignment.inclusion_probability,
        occurred_at=interaction.occurred_at,
        day=local.date(),
        month=local.year * 100 + local.month,
        submitted_at=now,
        active_seconds=work.active_seconds or None,
        answers=work.answers,
        note=work.note,
        state="valid",
        **results(sheet),
    )


def results(sheet: ScoreSheet) -> dict[str, Any]:
    """The columns of an inspection that its score sheet fills."""
    return {
        "score": sheet.score,
        "score_before_critical": sheet.score_before_critical,
        "key_moment_score": sheet.key_moment_score,
        "band": sheet.band,
        "passed": sheet.passed,
        "critical": sheet.critical,
    }


def enter(session: Session, inspection: Inspection, sheet: ScoreSheet) -> None:
    """Bring findings and rollups up to date with a stored inspection."""
    if rollups.counts(inspection):
        version = {"version_id": inspection.checklist_version_id}
        checklist_id = session.scalars(_CHECKLIST, version).one()
        rollups.add(session, inspection, sheet, checklist_id)
    doubles.add(session, [doubles.Scored(inspection, sheet)])


def store_evidence(session: Session, inspection_id: int, pins: Iterable[dict[str, Any]]) -> None:
    rows = [
        {name: pin.get(name) for name in EVIDENCE_FIELDS}
        | {
            "inspection_id": inspection_id,
            "moment": _instant(pin.get("moment")),
            "note": pin.get("note") or "",
        }
        for pin in pins
    ]
    if rows:
        session.execute(insert(table_of(Evidence)), rows)


def _instant(moment: str | datetime | None) -> datetime | None:
    """Drafts hold text, as they are JSON."""
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment
