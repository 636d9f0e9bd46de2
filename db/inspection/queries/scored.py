"""What an inspector has scored: the own submissions, and which can still be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspection.states import InspectionState
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import open_to_use
from db.inspection.models import RECALLED, Acknowledgement, Amendment, Inspection
from db.people.models import Station
from db.people.queries.shown_texts import HiddenNames
from db.store.models import AuditEvent

_LOOKS = ("view", "preview", "print")


@dataclass(frozen=True)
class ScoredRow:
    """One of the person's submissions that counts; `active_seconds` of work, as far as known.

    `recallable` says that it can still be taken back. Its score is the present one, which an
    amendment may have changed.
    """

    inspection_id: int
    case: str
    channel: str
    station: str
    timezone: str
    checklist: Mapping[str, str]
    version: int
    submitted_at: datetime
    active_seconds: float | None
    score: float | None
    critical: bool
    amended: bool
    recallable: bool


def scored(
    session: Session,
    who: Identity,
    *,
    since: datetime,
    recallable_from: datetime,
) -> list[ScoredRow]:
    """The inspector's own submissions since a moment, newest first.

    Those whose customer refuses are left out.

    Args:
        recallable_from: what was submitted since then can be taken back, if nobody has opened it.
    """
    require(who, Action.SCORE)
    rows = session.execute(
        select(
            Inspection,
            Interaction.external_id,
            Station.code,
            Station.timezone,
            ChecklistVersion.number,
        )
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(Station, Station.id == Inspection.station_id)
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .where(
            Inspection.inspector_id == who.user_id,
            Inspection.submitted_at >= since,
            Inspection.assignment_id.is_not(None),
            Inspection.state == InspectionState.VALID,
            open_to_use(Inspection.interaction_id),
        )
        .order_by(Inspection.submitted_at.desc(), Inspection.id.desc())
    ).all()
    fresh = [row.Inspection.id for row in rows if row.Inspection.submitted_at >= recallable_from]
    kept = touched(session, who, fresh)
    names = HiddenNames(session, who)
    amended = _amended(session, [row.Inspection.id for row in rows])
    return [
        ScoredRow(
            inspection_id=row.Inspection.id,
            case=names.in_inspection(row.Inspection).hide(row.external_id),
            channel=row.Inspection.channel,
            station=row.code,
            timezone=row.timezone,
            checklist=checklist_of(session, row.Inspection.checklist_version_id).title,
            version=row.number,
            submitted_at=row.Inspection.submitted_at,
            active_seconds=row.Inspection.active_seconds,
            score=row.Inspection.score,
            critical=row.Inspection.critical,
            amended=row.Inspection.id in amended,
            recallable=row.Inspection.id in fresh and row.Inspection.id not in kept,
        )
        for row in rows
    ]


def touched(session: Session, who: Identity, inspections: Sequence[int]) -> frozenset[int]:
    """Those of some inspections that others have opened, acknowledged or amended.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    if not inspections:
        return frozenset()
    looks = select(AuditEvent.object_id).where(
        AuditEvent.object_type == "inspection",
        AuditEvent.object_id.in_([str(one) for one in inspections]),
        AuditEvent.action.in_(_LOOKS),
        AuditEvent.user_id != who.user_id,
    )
    seen = select(Acknowledgement.inspection_id).where(
        Acknowledgement.inspection_id.in_(inspections)
    )
    found = {int(one) for one in session.scalars(looks)} | set(session.scalars(seen))
    return frozenset(found | _amended(session, inspections))


def _amended(session: Session, inspections: Sequence[int]) -> frozenset[int]:
    made = select(Amendment.new_inspection_id).where(
        Amendment.new_inspection_id.in_(inspections), Amendment.kind != RECALLED
    )
    return frozenset(one for one in session.scalars(made) if one is not None)
