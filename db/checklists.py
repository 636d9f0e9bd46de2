"""Checklist versions as core sees them, parsed once per content and kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.checklist import Checklist, parse_checklist
from core.errors import NotFound
from db.models import ChecklistRecord, ChecklistVersion, PilotStation

_parsed: dict[str, Checklist] = {}


def checklist_of(session: Session, version_id: int) -> Checklist:
    """The checklist of a version.

    Raises:
        NotFound: there is no such version.
        ChecklistError: it is a draft that makes no checklist yet.
    """
    digest = session.scalar(
        select(ChecklistVersion.content_digest).where(ChecklistVersion.id == version_id)
    )
    if digest is None:
        raise NotFound("This checklist version does not exist.")
    if digest not in _parsed:
        content = session.scalars(
            select(ChecklistVersion.content).where(ChecklistVersion.id == version_id)
        ).one()
        _parsed[digest] = parse_checklist(content)
    return _parsed[digest]


def active_versions(
    session: Session, channel: str, *, on: date | None = None, station_id: int | None = None
) -> list[tuple[int, Checklist]]:
    """The versions that score encounters of a channel, in order of their checklist's key.

    Args:
        on: the day they have to be in force; None: whatever their dates.
        station_id: a pilot of this station stands for its checklist's general version; without a
            station pilots are left out.
    """
    chosen: dict[int, int] = {}
    for version_id, checklist_id, is_pilot in _in_force(session, on, station_id):
        if is_pilot or checklist_id not in chosen:
            chosen[checklist_id] = version_id
    found = [(version_id, checklist_of(session, version_id)) for version_id in chosen.values()]
    return [
        (version_id, checklist) for version_id, checklist in found if channel in checklist.channels
    ]


def in_force_on(day: date) -> ColumnElement[bool]:
    """Whether a version's dates include a day."""
    begun = or_(ChecklistVersion.effective_from.is_(None), ChecklistVersion.effective_from <= day)
    running = or_(
        ChecklistVersion.effective_until.is_(None), ChecklistVersion.effective_until > day
    )
    return begun & running


def _in_force(
    session: Session, on: date | None, station_id: int | None
) -> list[tuple[int, int, bool]]:
    """Version, checklist, and whether it is a pilot of the station."""
    pilots: dict[int, set[int]] = {}
    for row in session.scalars(select(PilotStation)):
        pilots.setdefault(row.checklist_version_id, set()).add(row.station_id)
    query = (
        select(ChecklistVersion.id, ChecklistVersion.checklist_id)
        .join(ChecklistRecord)
        .where(ChecklistVersion.state == "active", *([] if on is None else [in_force_on(on)]))
        .order_by(ChecklistRecord.key, ChecklistVersion.number)
    )
    return [
        (version_id, checklist_id, version_id in pilots)
        for version_id, checklist_id in session.execute(query)
        if version_id not in pilots or station_id in pilots[version_id]
    ]
