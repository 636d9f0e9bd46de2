"""Beginning an observation on site: an encounter that nobody imported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, is_own_team, require
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed, NotFound
from core.inspection.na_answers import SITUATIONS
from db.encounters.models import Interaction
from db.encounters.queries.consent import require_open
from db.inspection.models import Assignment
from db.inspection.queries.observations import CHANNEL, checklists
from db.inspection.tasks import OBSERVED, observed_task
from db.people.models import Staff, Station
from db.store import audit
from db.store.session import dialect_of, insert_into

SOURCE = "observation"
_KEY = re.compile(r"[0-9a-f]{32}")
_SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Observation:
    """What is known when somebody begins to watch.

    Attributes:
        key: 32 hexadecimal digits made by whoever begins; the same key is the same observation.
        staff_id: who is watched; None while nobody is chosen, which begins nothing.
        occurred_at: None for the present moment of this machine; else typed, and marked so.
        situation: of the passenger, one of SITUATIONS.
        station_id: where it was; None for where the watched person works.
    """

    key: str
    staff_id: int | None
    checklist_version_id: int
    occurred_at: datetime | None = None
    situation: str = "ordinary"
    station_id: int | None = None


def begin_observation(
    session: Session, *, who: Identity, observation: Observation, now: datetime
) -> Assignment:
    """An assignment of the inspector's own, ready to score; begun twice it is the same one.

    Raises:
        InvalidInput: nobody is chosen, a time to come, an unknown situation, a checklist not in
            force there.
        NotAllowed: it is the inspector's own work or team, or the role does not score.
        NotFound: there is no such member of staff.
    """
    require(who, Action.SCORE)
    if not _KEY.fullmatch(observation.key) or observation.situation not in SITUATIONS:
        raise InvalidInput("The request is not readable.")
    if observation.staff_id is None:
        raise InvalidInput("Choose whose encounter you watch.")
    staff = session.get(Staff, observation.staff_id)
    if staff is None or not staff.active:
        raise NotFound("This member of staff does not exist.")
    station_id = observation.station_id or staff.station_id
    for place in {station_id, staff.station_id}:
        _refuse_own(who, staff, place)
    occurred_at = observation.occurred_at or now
    if occurred_at > now + _SLACK:
        raise InvalidInput("The time of the observation lies in the future.")
    day = day_of(occurred_at, session.get_one(Station, station_id).timezone)
    usable = checklists(session, who, station_id, day)
    if observation.checklist_version_id not in {one.version_id for one in usable}:
        raise InvalidInput("This checklist is not in force at that station on that day.")
    interaction_id = _interaction(session, observation, staff, occurred_at, now)
    require_open(session, interaction_id)  # begun before, and refused since
    return _assignment(session, who, interaction_id, observation, day, now)


def case_number(key: str) -> str:
    return f"OBS-{key[:12].upper()}"


def _refuse_own(who: Identity, staff: Staff, station_id: int) -> None:
    if who.staff_id == staff.id:
        raise NotAllowed(
            "Nobody scores their own work.", user_id=who.user_id, subject=("staff", staff.id)
        )
    if is_own_team(who, station_id):
        raise NotAllowed(
            "Nobody scores their own team.", user_id=who.user_id, subject=("staff", staff.id)
        )


def _interaction(
    session: Session, observation: Observation, staff: Staff, occurred_at: datetime, now: datetime
) -> int:
    """The encounter's id; whoever comes second with the same key finds the first one's."""
    number = case_number(observation.key)
    values: dict[str, Any] = {
        "source": SOURCE,
        "external_id": number,
        "channel": CHANNEL,
        "business_line": "airline",
        "station_id": observation.station_id or staff.station_id,
        "staff_id": staff.id,
        "occurred_at": occurred_at,
        "language": "",
        "case_kind": "none",
        "is_repeat": False,
        "events": [
            {
                "name": OBSERVED,
                "at": occurred_at.isoformat(timespec="seconds"),
                "source": "manual" if observation.occurred_at else "system",
            }
        ],
        "attributes": {"passenger_situation": observation.situation}
        | ({"uniform_variant": staff.uniform_variant} if staff.uniform_variant else {}),
        "turn_count": 0,
        "content_digest": observation.key,
        "imported_at": now,
    }
    insert = insert_into(Interaction, dialect_of(session))
    session.execute(insert.values(values).on_conflict_do_nothing())
    query = select(Interaction.id).where(
        Interaction.source == SOURCE, Interaction.external_id == number
    )
    return session.scalars(query).one()


def _assignment(
    session: Session,
    who: Identity,
    interaction_id: int,
    observation: Observation,
    day: date,
    now: datetime,
) -> Assignment:
    first_assignment = session.scalar(
        select(Assignment).where(Assignment.interaction_id == interaction_id)
    )
    if first_assignment is not None:
        if first_assignment.inspector_id != who.user_id:
            raise NotAllowed(
                "This observation is somebody else's.",
                user_id=who.user_id,
                subject=("interaction", interaction_id),
            )
        return first_assignment
    assignment = observed_task(
        interaction_id=interaction_id,
        version_id=observation.checklist_version_id,
        inspector_id=who.user_id,
        day=day,
        now=now,
    )
    session.add(assignment)
    session.flush()  # the caller goes on with its id
    audit.record(session, who, "observe", ("assignment", assignment.id), now=now)
    return assignment
