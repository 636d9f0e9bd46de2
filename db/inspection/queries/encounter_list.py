"""Imported encounters to choose from, and open assignments: what is given to inspectors by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspection.states import ASSIGNMENT, AssignmentState, InspectionState
from core.text.search_query import SearchQuery, query_of
from core.text.words import stand_in
from db.checklists.parsed_versions import checklist_of
from db.encounters import search_index
from db.encounters.models import Interaction, Turn
from db.encounters.queries.consent import OPEN, open_to_use
from db.encounters.queries.encounter import rated
from db.inspection.models import Assignment, Draft, Inspection
from db.people.models import Staff, Station, User

_MOST_READ = 3_000
"""Encounters that the index names whose transcripts are read; with more its word is taken."""


@dataclass(frozen=True)
class EncounterFilter:
    """What is looked for; None and empty words narrow nothing.

    `rating` is low, middle or high. `inspected`: whether there is an inspection of record.
    """

    station_id: int | None = None
    channel: str | None = None
    case_kind: str | None = None
    rating: str | None = None
    words: str = ""
    inspected: bool | None = False


class EncounterPosition(NamedTuple):
    """Where in the list an encounter stands."""

    occurred_at: datetime
    interaction_id: int


@dataclass(frozen=True)
class EncounterRow:
    """One encounter; `rating` is (given, highest). `given` is in whose queues it waits."""

    interaction_id: int
    case: str
    occurred_at: datetime
    timezone: str
    station: str
    staff_no: str
    channel: str
    case_kind: str
    rating: tuple[float, float] | None
    inspected: bool
    given: tuple[str, ...]

    @property
    def position(self) -> EncounterPosition:
        return EncounterPosition(self.occurred_at, self.interaction_id)


@dataclass(frozen=True)
class OpenAssignment:
    """An assignment that is not scored yet; `begun` where it has a draft."""

    assignment_id: int
    case: str
    station: str
    channel: str
    checklist: Mapping[str, str]
    inspector_id: int
    inspector: str
    sample_class: str
    due_on: date
    begun: bool


class EncounterPage(NamedTuple):
    rows: tuple[EncounterRow, ...]
    next: EncounterPosition | None


def encounters(
    session: Session,
    who: Identity,
    wanted: EncounterFilter,
    *,
    after: EncounterPosition | None = None,
    limit: int = 50,
) -> EncounterPage:
    """The encounters that match, newest first; none whose customer refuses.

    Words are looked for as on the page of cases, in the transcript.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    rows = session.execute(
        select(
            Interaction.id,
            Interaction.external_id,
            Interaction.occurred_at,
            Station.timezone,
            Station.code,
            Staff.staff_no,
            Interaction.channel,
            Interaction.case_kind,
            Interaction.customer_rating,
            Interaction.rating_high,
            _INSPECTED.label("inspected"),
        )
        .join(Station, Station.id == Interaction.station_id)
        .outerjoin(Staff, Staff.id == Interaction.staff_id)
        .where(OPEN, *_narrowing(session, wanted), *_behind(after))
        .order_by(Interaction.occurred_at.desc(), Interaction.id.desc())
        .limit(limit + 1)
    ).all()
    page = rows[:limit]
    holders = _holders(session, [row[0] for row in page])
    shown = tuple(_row(holders, *row) for row in page)
    return EncounterPage(shown, shown[-1].position if len(rows) > limit else None)


def open_assignments(
    session: Session,
    who: Identity,
    *,
    inspector_id: int | None = None,
    assignment_id: int | None = None,
    limit: int = 200,
) -> list[OpenAssignment]:
    """Assignments that wait to be scored, of one inspector or of all, the first due first.

    Args:
        assignment_id: only this one.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    rows = session.execute(
        select(
            Assignment,
            Interaction.external_id,
            Station.code,
            Interaction.channel,
            User.name,
            exists().where(Draft.of(ASSIGNMENT, Assignment.id)),
        )
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .join(Station, Station.id == Interaction.station_id)
        .join(User, User.id == Assignment.inspector_id)
        .where(
            Assignment.state == AssignmentState.OPEN,
            OPEN,
            *([] if inspector_id is None else [Assignment.inspector_id == inspector_id]),
            *([] if assignment_id is None else [Assignment.id == assignment_id]),
        )
        .order_by(Assignment.due_on, Assignment.id)
        .limit(limit)
    ).all()
    return [
        OpenAssignment(
            assignment_id=row.id,
            case=case_no,
            station=code,
            channel=channel,
            checklist=checklist_of(session, row.checklist_version_id).title,
            inspector_id=row.inspector_id,
            inspector=name,
            sample_class=row.sample_class,
            due_on=row.due_on,
            begun=begun,
        )
        for row, case_no, code, channel, name, begun in rows
    ]


_INSPECTED = exists().where(
    Inspection.interaction_id == Interaction.id,
    Inspection.purpose == "record",
    Inspection.state == InspectionState.VALID,
)


def _narrowing(session: Session, wanted: EncounterFilter) -> list[ColumnElement[bool]]:
    pairs: tuple[tuple[object, ColumnElement[bool]], ...] = (
        (wanted.station_id, Interaction.station_id == wanted.station_id),
        (wanted.channel, Interaction.channel == wanted.channel),
        (wanted.case_kind, Interaction.case_kind == wanted.case_kind),
    )
    conditions = [condition for value, condition in pairs if value is not None]
    if wanted.rating is not None:
        conditions += rated(wanted.rating)
    if wanted.inspected is not None:
        conditions.append(_INSPECTED if wanted.inspected else ~_INSPECTED)
    query = query_of(wanted.words)
    if query.narrowing:
        conditions.append(Interaction.id.in_(_saying(session, query)))
    return conditions


def _saying(session: Session, query: SearchQuery) -> list[int]:
    """The encounters in whose turns is what is looked for."""
    found = search_index.candidates(session, query)
    if len(found) > _MOST_READ:
        return found
    texts: dict[int, list[str]] = {}
    rows = session.execute(
        select(Turn.interaction_id, Turn.text)
        .where(Turn.interaction_id.in_(found), open_to_use(Turn.interaction_id))
        .order_by(Turn.interaction_id, Turn.position)
    )
    for key, text in rows:
        texts.setdefault(key, []).append(text)
    return [key for key, spoken in texts.items() if query.found(stand_in(query.words, spoken))]


def _behind(after: EncounterPosition | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    same = and_(Interaction.occurred_at == after.occurred_at, Interaction.id < after.interaction_id)
    return [or_(Interaction.occurred_at < after.occurred_at, same)]


def _holders(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """In whose queues encounters wait."""
    holders: dict[int, tuple[str, ...]] = {}
    for key, name in session.execute(
        select(Assignment.interaction_id, User.name)
        .join(User, User.id == Assignment.inspector_id)
        .where(Assignment.interaction_id.in_(ids), Assignment.state == AssignmentState.OPEN)
        .order_by(Assignment.id)
    ):
        holders[key] = (*holders.get(key, ()), name)
    return holders


def _row(holders: Mapping[int, tuple[str, ...]], *columns: Any) -> EncounterRow:  # noqa: ANN401  the columns read
    key, case_no, occurred_at, zone, station, staff_no, channel, kind, *rating, inspected = columns
    given, highest = rating
    return EncounterRow(
        interaction_id=key,
        case=case_no,
        occurred_at=occurred_at,
        timezone=zone,
        station=station,
        staff_no=staff_no or "",
        channel=channel,
        case_kind=kind,
        rating=None if given is None or highest is None else (given, highest),
        inspected=bool(inspected),
        given=holders.get(key, ()),
    )
