"""An encounter as somebody may see it who is to score it: nothing of how others judged it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, select
from sqlalchemy.orm import Session

from core.clock.turn_waits import turn_waits
from core.inspection.clock_times import WRITTEN, Recorded, happenings_of
from core.people.staff_names import StaffNames
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import OPEN, open_to_use
from db.encounters.queries.event_names import with_keys
from db.people.models import Staff, Station

ENCOUNTER = (
    Interaction.id.label("interaction_id"),
    Interaction.external_id,
    Interaction.channel,
    Interaction.staff_id,
    Interaction.occurred_at,
    Interaction.language,
    Interaction.duration_seconds,
    and_(OPEN, Interaction.recording.is_not(None)).label("has_recording"),
    Interaction.case_kind,
    Interaction.is_repeat,
    Interaction.events,
    Interaction.attributes,
    Station.code,
    Station.timezone,
    OPEN.label("is_open"),
)
"""The columns that `encounter_of` reads."""
_TURNS = (
    select(Turn.position, Turn.speaker, Turn.text, Turn.start_seconds)
    .where(Turn.interaction_id == bindparam("interaction_id"), open_to_use(Turn.interaction_id))
    .order_by(Turn.position)
)
_RATES = re.compile(  # an operating carrier rates nobody
    r"(?<!ope)(?<!gene)rating|score|csat|nps|satisf|sentiment|評|评|滿意|满意", re.IGNORECASE
)


@dataclass(frozen=True)
class TurnRow:
    position: int
    speaker: str
    text: str
    start_seconds: float | None


@dataclass(frozen=True)
class Encounter:
    """What an inspector may know of an encounter; `facts` are the record's own fields.

    `events` have the keys of core.clock for names, where anybody knows which is meant.
    """

    interaction_id: int
    case: str
    channel: str
    station: str
    timezone: str
    occurred_at: datetime
    language: str
    duration_seconds: float | None
    has_recording: bool
    case_kind: str
    is_repeat: bool
    events: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Any]
    turns: tuple[TurnRow, ...]


def encounter_of(session: Session, row: Row[Any]) -> Encounter:
    """The encounter of a row with the columns of ENCOUNTER; a closed one tells nothing."""
    turns = session.execute(_TURNS, {"interaction_id": row.interaction_id})
    return Encounter(
        interaction_id=row.interaction_id,
        case=row.external_id,
        channel=row.channel,
        station=row.code,
        timezone=row.timezone,
        occurred_at=row.occurred_at,
        language=row.language,
        duration_seconds=row.duration_seconds,
        has_recording=row.has_recording,
        case_kind=row.case_kind,
        is_repeat=row.is_repeat,
        events=with_keys(session, row.events) if row.is_open else (),
        facts=_unrated(row.attributes) if row.is_open else {},
        turns=tuple(TurnRow(*turn) for turn in turns),
    )


def recorded_of(encounter: Encounter) -> Recorded:
    """What its clocks read; turns are timed in written channels alone."""
    is_written = encounter.channel in WRITTEN
    return Recorded(
        began=encounter.occurred_at,
        timezone=encounter.timezone,
        case_kind=encounter.case_kind,
        happenings=happenings_of(encounter.events),
        waits=turn_waits(encounter.turns) if is_written else (),
    )


def without_names(encounter: Encounter, names: StaffNames) -> Encounter:
    """The encounter with these people hidden in what was said and recorded."""
    return replace(
        encounter,
        case=names.hide(encounter.case),
        events=names.hide_data(encounter.events),
        facts=names.hide_data(dict(encounter.facts)),
        turns=tuple(replace(turn, text=names.hide(turn.text)) for turn in encounter.turns),
    )


def facts_of(
    session: Session, attributes: Mapping[str, Any], staff_id: int | None
) -> dict[str, Any]:
    """The record's own fields of an encounter, and the uniform of its staff member."""
    facts = dict(attributes)
    if staff_id is not None:
        staff = session.get_one(Staff, staff_id)
        facts.setdefault("uniform_variant", staff.uniform_variant)
    return facts


def _unrated(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """A field of a record without what tells how somebody judged the encounter."""
    if isinstance(value, list):
        return [_unrated(field) for field in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _unrated(field) for name, field in value.items() if not _RATES.search(name)}


def rated(rating: str | None) -> list[ColumnElement[bool]]:
    """Conditions on an encounter that its customer rated low, middle or high."""
    above = (Interaction.customer_rating - Interaction.rating_low) * 4
    scale = Interaction.rating_high - Interaction.rating_low
    is_rated = Interaction.customer_rating.is_not(None)
    if rating == "low":
        return [is_rated, above <= scale]
    if rating == "high":
        return [is_rated, above >= 3 * scale]
    return [is_rated, above > scale, above < 3 * scale]
