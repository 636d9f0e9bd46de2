"""Checklists, their versions and drafts, as the checklists page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.checklist.model import BOT
from core.checklist.states import VersionState
from core.drafting import examine
from core.drafting.rescoring import Past
from core.errors import NotFound
from core.inspection.states import InspectionState
from core.periods import Period
from db.checklists.models import ChecklistRecord, ChecklistVersion, PilotStation
from db.checklists.parsed_versions import checklist_of, in_force_on
from db.inspection.models import Inspection
from db.people.models import User
from db.results.models import StationMonth

_CHUNK = 2000


class ShownState(StrEnum):
    """The state of a version with its days: those of VersionState, and two more."""

    DRAFT = VersionState.DRAFT
    ACTIVE = VersionState.ACTIVE
    UPCOMING = auto()
    PILOT = auto()
    RETIRED = VersionState.RETIRED


@dataclass(frozen=True)
class VersionRow:
    """A version as it stands today.

    Attributes:
        state: upcoming is activated for a later day; pilot is in force at some stations only.
        inspections: of record, so far.
    """

    id: int
    checklist_id: int
    key: str
    origin: str
    number: int
    state: ShownState
    title: dict[str, str]
    items: int
    edit: int
    effective_from: date | None
    effective_until: date | None
    changed_at: datetime
    changed_by: str
    stations: tuple[int, ...]
    inspections: int


@dataclass(frozen=True)
class Opened:
    """A version with its content; `checklist` is None while a draft makes none."""

    row: VersionRow
    content: dict[str, Any]
    checklist: Checklist | None


@dataclass(frozen=True)
class PilotFigures:
    """Mean score and number of inspections with one version at one group of stations."""

    version: int
    at_pilots: bool
    n: int
    mean: float | None


def versions(session: Session, who: Identity, *, today: date) -> list[VersionRow]:
    """Every version by checklist, the newest first."""
    require(who, Action.EDIT_CHECKLISTS)
    return [_row(session, version, record, today) for version, record in _rows(session)]


def opened(session: Session, who: Identity, version_id: int, *, today: date) -> Opened:
    """One version with its content.

    Raises:
        NotFound: there is no such version.
    """
    require(who, Action.EDIT_CHECKLISTS)
    row = next(iter(_rows(session, version_id)), None)
    if row is None:
        raise NotFound("This checklist version does not exist.")
    version, record = row
    is_draft = version.state == VersionState.DRAFT
    checklist = (
        examine(version.content).checklist if is_draft else checklist_of(session, version.id)
    )
    return Opened(_row(session, version, record, today), version.content, checklist)


def used_by(
    session: Session, who: Identity, *, today: date
) -> dict[str, list[tuple[int, Checklist]]]:
    """By item key, the versions in force that ask it."""
    require(who, Action.EDIT_CHECKLISTS)
    in_force = select(ChecklistVersion.id).where(
        ChecklistVersion.state == VersionState.ACTIVE, in_force_on(today)
    )
    versions_by_item: dict[str, list[tuple[int, Checklist]]] = {}
    for version_id in session.scalars(in_force):
        checklist = checklist_of(session, version_id)
        for item in checklist.items():
            versions_by_item.setdefault(item.key, []).append((version_id, checklist))
    return versions_by_item


def checklists_in_force(session: Session, who: Identity, *, today: date) -> dict[int, Checklist]:
    """The checklists that are scored with, by id, for everybody to know what they are judged by.

    Of one that is tried at some stations the version that holds elsewhere.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    pilots = select(PilotStation.checklist_version_id)
    rows = session.execute(
        select(ChecklistVersion.checklist_id, ChecklistVersion.id)
        .where(
            ChecklistVersion.state == VersionState.ACTIVE,
            in_force_on(today),
            ChecklistVersion.id.not_in(pilots),
        )
        .order_by(ChecklistVersion.number)
    ).all()
    return {checklist_id: checklist_of(session, version_id) for checklist_id, version_id in rows}


def past_inspections(
    session: Session, who: Identity, checklist_id: int, period: Period, *, after: int = 0
) -> tuple[list[Past], int | None]:
    """The next inspections of a checklist in a period, and the id to go on from, if any."""
    require(who, Action.EDIT_CHECKLISTS)
    rows = session.execute(
        select(
            Inspection.id,
            *(Inspection.station_id, Inspection.score, Inspection.answers),
            *(Inspection.band, Inspection.passed),
        )
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .where(
            ChecklistVersion.checklist_id == checklist_id,
            Inspection.month.between(*period),
            Inspection.state == InspectionState.VALID,
            Inspection.purpose == "record",
            Inspection.id > after,
        )
        .order_by(Inspection.id)
        .limit(_CHUNK)
    ).all()
    past = [
        Past(row.station_id, row.score, row.answers, band=row.band, passed=row.passed)
        for row in rows
    ]
    return past, rows[-1].id if len(rows) == _CHUNK else None


def count_past(session: Session, who: Identity, checklist_id: int, period: Period) -> int:
    """How many inspections `past_inspections` gives in all, from the rollup."""
    require(who, Action.EDIT_CHECKLISTS)
    total = session.scalar(
        select(func.sum(StationMonth.n + StationMonth.unscored))
        .join(ChecklistVersion, ChecklistVersion.id == StationMonth.checklist_version_id)
        .where(ChecklistVersion.checklist_id == checklist_id, StationMonth.month.between(*period))
    )
    return int(total or 0)


def months_of(session: Session, who: Identity, checklist_id: int) -> tuple[int, int] | None:
    """The first and last month in which a checklist was scored."""
    require(who, Action.EDIT_CHECKLISTS)
    first, last = session.execute(
        select(func.min(StationMonth.month), func.max(StationMonth.month))
        .join(ChecklistVersion, ChecklistVersion.id == StationMonth.checklist_version_id)
        .where(ChecklistVersion.checklist_id == checklist_id)
    ).one()
    return None if first is None else (first, last)


def pilot_figures(
    session: Session, who: Identity, checklist_id: int, stations: Iterable[int]
) -> list[PilotFigures]:
    """Each version's mean score at the pilot's stations and at the others, by version."""
    require(who, Action.EDIT_CHECKLISTS)
    pilots = set(stations)
    sums: dict[tuple[int, bool], list[float]] = {}
    rows = session.execute(
        select(
            ChecklistVersion.number,
            StationMonth.station_id,
            func.sum(StationMonth.n),
            func.sum(StationMonth.total),
        )
        .join(ChecklistVersion, ChecklistVersion.id == StationMonth.checklist_version_id)
        .where(ChecklistVersion.checklist_id == checklist_id, StationMonth.channel != BOT)
        .group_by(ChecklistVersion.number, StationMonth.station_id)
    )
    for number, station_id, n, total in rows:
        added = sums.setdefault((number, station_id in pilots), [0, 0.0])
        added[0] += n
        added[1] += total
    return [
        PilotFigures(number, at_pilots, int(n), total / n if n else None)
        for (number, at_pilots), (n, total) in sorted(sums.items())
    ]


def _rows(
    session: Session, version_id: int | None = None
) -> list[tuple[ChecklistVersion, ChecklistRecord]]:
    query = (
        select(ChecklistVersion, ChecklistRecord)
        .join(ChecklistRecord)
        .order_by(ChecklistRecord.key, ChecklistVersion.number.desc())
    )
    if version_id is not None:
        query = query.where(ChecklistVersion.id == version_id)
    return [(version, record) for version, record in session.execute(query)]


def _row(
    session: Session, version: ChecklistVersion, record: ChecklistRecord, today: date
) -> VersionRow:
    stations = session.scalars(
        select(PilotStation.station_id)
        .where(PilotStation.checklist_version_id == version.id)
        .order_by(PilotStation.station_id)
    ).all()
    count = session.scalar(
        select(func.sum(StationMonth.n + StationMonth.unscored)).where(
            StationMonth.checklist_version_id == version.id
        )
    )
    changer = version.changed_by or version.created_by
    user = session.get(User, changer) if changer else None
    sections = version.content.get("sections") or []
    return VersionRow(
        id=version.id,
        checklist_id=record.id,
        key=record.key,
        origin=record.origin,
        number=version.number,
        state=_state(version, today, is_pilot=bool(stations)),
        title=version.content.get("title") or {},
        items=sum(len(section.get("items") or []) for section in sections),
        edit=version.edit,
        effective_from=version.effective_from,
        effective_until=version.effective_until,
        changed_at=version.changed_at or version.created_at,
        changed_by=user.name if user else "",
        stations=tuple(stations),
        inspections=int(count or 0),
    )


def _state(version: ChecklistVersion, today: date, *, is_pilot: bool) -> ShownState:
    if version.state != VersionState.ACTIVE:
        return ShownState(version.state)
    if version.effective_until is not None and version.effective_until <= today:
        return ShownState.RETIRED
    if version.effective_from is not None and version.effective_from > today:
        return ShownState.UPCOMING
    return ShownState.PILOT if is_pilot else ShownState.ACTIVE
