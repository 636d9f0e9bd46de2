"""One case whole: the encounter, its answers and evidence, the score and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, visible_stations
from core.checklist import Checklist
from core.errors import NotFound
from core.scoring import ScoreSheet, parse_answers, score
from db.checklists import checklist_of
from db.models import (
    Acknowledgement,
    Amendment,
    Evidence,
    Inspection,
    Interaction,
    Station,
    Turn,
    User,
)
from db.queries.cases import station_names
from db.queries.staff_labels import StaffLabels


@dataclass(frozen=True)
class TurnView:
    position: int
    speaker: str
    text: str
    start_seconds: float | None


@dataclass(frozen=True)
class Pin:
    """Evidence: a turn or seconds that prove an answer, with the marked words if any."""

    item_key: str
    turn_position: int | None
    start_offset: int | None
    end_offset: int | None
    start_second: float | None
    note: str


@dataclass(frozen=True)
class Change:
    """An amendment or voiding of this case, newest last."""

    kind: str
    reason: str
    by: str
    at: datetime
    old_score: float | None


@dataclass(frozen=True)
class CaseView:
    """Everything a reader of the case may see; nothing the person may not know is in it."""

    inspection_id: int
    case_no: str
    station_code: str
    station_names: dict[str, str]
    timezone: str
    staff: str
    inspector: str
    channel: str
    occurred_at: datetime
    submitted_at: datetime
    sample_class: str
    state: str
    version_id: int
    checklist: Checklist
    answers: dict[str, Any]
    sheet: ScoreSheet
    note: str
    turns: tuple[TurnView, ...]
    pins: tuple[Pin, ...]
    changes: tuple[Change, ...]
    acknowledged_at: datetime | None
    comment: str


def case(session: Session, who: Identity, inspection_id: int) -> CaseView:
    """A case for someone who browses cases, or for the scored person's own result.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see.
    """
    inspection = session.get(Inspection, inspection_id)
    if inspection is None or not _may_see(who, inspection):
        raise NotFound("This case does not exist.")
    interaction = session.get_one(Interaction, inspection.interaction_id)
    station = session.get_one(Station, inspection.station_id)
    checklist = checklist_of(session, inspection.checklist_version_id)
    labels = StaffLabels(session, who)
    labels.prepare({inspection.staff_id} if inspection.staff_id else set())
    seen = session.get(Acknowledgement, inspection.id)
    return CaseView(
        inspection_id=inspection.id,
        case_no=interaction.external_id,
        station_code=station.code,
        station_names=station_names(station),
        timezone=station.timezone,
        staff=labels.label(inspection.staff_id, station.id),
        inspector=_inspector(session, who, inspection.inspector_id),
        channel=inspection.channel,
        occurred_at=inspection.occurred_at,
        submitted_at=inspection.submitted_at,
        sample_class=inspection.sample_class,
        state=inspection.state,
        version_id=inspection.checklist_version_id,
        checklist=checklist,
        answers=inspection.answers,
        sheet=score(checklist, parse_answers(checklist, inspection.answers)),
        note=inspection.note,
        turns=_turns(session, inspection.interaction_id),
        pins=_pins(session, inspection.id),
        changes=_changes(session, inspection),
        acknowledged_at=seen.at if seen else None,
        comment=seen.comment if seen else "",
    )


def is_own(who: Identity, inspection: Inspection) -> bool:
    """Whether this is the person's own result."""
    return who.staff_id is not None and inspection.staff_id == who.staff_id


def _may_see(who: Identity, inspection: Inspection) -> bool:
    if can(who, Action.SEE_OWN_RESULTS) and is_own(who, inspection):
        return inspection.purpose == "record"
    if not can(who, Action.SEE_CASES):
        return False
    stations = visible_stations(who, Action.SEE_CASES)
    return stations is None or inspection.station_id in stations


def _inspector(session: Session, who: Identity, inspector_id: int) -> str:
    """The inspector's name for those who manage quality; the scored person sees none."""
    if not can(who, Action.AMEND):
        return ""
    return session.scalars(select(User.name).where(User.id == inspector_id)).one()


def _turns(session: Session, interaction_id: int) -> tuple[TurnView, ...]:
    rows = session.execute(
        select(Turn.position, Turn.speaker, Turn.text, Turn.start_seconds)
        .where(Turn.interaction_id == interaction_id)
        .order_by(Turn.position)
    ).tuples()
    return tuple(TurnView(*row) for row in rows)


def _pins(session: Session, inspection_id: int) -> tuple[Pin, ...]:
    rows = session.execute(
        select(
            Evidence.item_key,
            Evidence.turn_position,
            Evidence.start_offset,
            Evidence.end_offset,
            Evidence.start_second,
            Evidence.note,
        )
        .where(Evidence.inspection_id == inspection_id)
        .order_by(Evidence.turn_position, Evidence.id)
    ).tuples()
    return tuple(Pin(*row) for row in rows)


def _changes(session: Session, inspection: Inspection) -> tuple[Change, ...]:
    """The history behind this row, following what it replaced, and its own end."""
    chain = [inspection.id]
    row: Inspection | None = inspection
    while row is not None and row.replaces_id is not None:
        chain.append(row.replaces_id)
        row = session.get(Inspection, row.replaces_id)
    rows = session.execute(
        select(Amendment, User.name, Inspection.score)
        .join(User, Amendment.user_id == User.id)
        .join(Inspection, Amendment.inspection_id == Inspection.id)
        .where(Amendment.inspection_id.in_(chain))
        .order_by(Amendment.id)
    ).tuples()
    return tuple(
        Change(change.kind, change.reason, name, change.at, old) for change, name, old in rows
    )
