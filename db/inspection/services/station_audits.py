"""Beginning a station audit on site: one for each station, form and half-year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, is_own_team, require
from core.checklist import Checklist
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed, NotFound
from core.inspection.states import AssignmentState, InspectionState
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Inspection
from db.inspection.queries.observations import SITE, audit_forms
from db.inspection.tasks import observed_task
from db.people.models import Station
from db.store import audit
from db.store.session import dialect_of, insert_into

SOURCE = "station_audit"


@dataclass(frozen=True)
class StationAudit:
    """What is known when an audit begins; `occurred_at` is None for the present moment."""

    station_id: int | None
    checklist_version_id: int
    occurred_at: datetime | None = None


def begin_audit(
    session: Session, *, who: Identity, wanted: StationAudit, now: datetime
) -> Assignment:
    """An assignment of the inspector's own, ready to score; begun twice it is the same one.

    Raises:
        InvalidInput: no station, a time to come, a form not in force there, or the half-year has
            its audit.
        NotAllowed: it is the inspector's own station, or the role does not score.
        NotFound: there is no such station.
    """
    require(who, Action.SCORE)
    if wanted.station_id is None:
        raise InvalidInput("Choose the station first.")
    station = session.get(Station, wanted.station_id)
    if station is None or not station.active:
        raise NotFound("This station does not exist.")
    if is_own_team(who, station.id):
        raise NotAllowed(
            "Nobody audits their own station.", user_id=who.user_id, subject=("station", station.id)
        )
    occurred_at = wanted.occurred_at or now
    if occurred_at > now:
        raise InvalidInput("The time of the observation lies in the future.")
    day = day_of(occurred_at, station.timezone)
    forms = {form.version_id: form.checklist for form in audit_forms(session, who, station.id, day)}
    if wanted.checklist_version_id not in forms:
        raise InvalidInput("This checklist is not in force at that station on that day.")
    encounter = _encounter(session, station, forms[wanted.checklist_version_id], occurred_at, now)
    return _assignment(session, who, encounter, wanted.checklist_version_id, day, now)


def half_year(day: date) -> str:
    """Such as 2026-H1, January to June."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def _encounter(
    session: Session, station: Station, form: Checklist, occurred_at: datetime, now: datetime
) -> int:
    """The id of the half-year's one, locked; whoever comes second finds the first one's."""
    day = day_of(occurred_at, station.timezone)
    number = f"AUDIT-{half_year(day)}-{station.id}-{form.key}"
    values = {
        "source": SOURCE,
        "external_id": number,
        "channel": SITE,
        "business_line": form.business_line or "airline",
        "station_id": station.id,
        "occurred_at": occurred_at,
        "language": "",
        "case_kind": "station_audit",
        "checklist": form.key,
        "is_repeat": False,
        "events": [],
        "attributes": {"half_year": half_year(day)},
        "turn_count": 0,
        "content_digest": number[:64],
        "imported_at": now,
    }
    insert = insert_into(Interaction, dialect_of(session))
    session.execute(insert.values(values).on_conflict_do_nothing())
    query = select(Interaction.id).filter_by(source=SOURCE, external_id=number).with_for_update()
    return session.scalars(query).one()


def _assignment(
    session: Session,
    who: Identity,
    interaction_id: int,
    version_id: int,
    day: date,
    now: datetime,
) -> Assignment:
    earlier = session.scalars(select(Assignment).filter_by(interaction_id=interaction_id)).all()
    own = [one for one in earlier if one.inspector_id == who.user_id]
    if own and own[0].state == AssignmentState.OPEN:
        return own[0]
    standing = select(Inspection.id).filter_by(
        interaction_id=interaction_id, state=InspectionState.VALID
    )
    begun = any(one.state == AssignmentState.OPEN for one in earlier)
    if own or begun or session.scalar(standing.limit(1)) is not None:
        raise InvalidInput("This station has its audit with this form for the half-year.")
    assignment = observed_task(
        interaction_id=interaction_id,
        version_id=version_id,
        inspector_id=who.user_id,
        day=day,
        now=now,
    )
    session.add(assignment)
    session.flush()  # the caller goes on with its id
    audit.record(session, who, "begin_audit", ("assignment", assignment.id), now=now)
    return assignment
