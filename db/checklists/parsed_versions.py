"""Checklist versions as core sees them, parsed once per content and kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from core.checklist import Checklist, parse_checklist
from core.checklist.states import VersionState
from core.errors import NotFound
from db.checklists.models import ChecklistRecord, ChecklistVersion, PilotStation

_DIGEST = select(ChecklistVersion.content_digest).where(
    ChecklistVersion.id == bindparam("version_id")
)
_parsed: dict[str, Checklist] = {}


def checklist_of(session: Session, version_id: int, digest: str | None = None) -> Checklist:
    """The checklist of a version.

    Args:
        digest: that of its content, where it was read already.

    Raises:
        NotFound: there is no such version.
        ChecklistError: it is a draft that makes no checklist yet.
    """
    digest = digest or session.scalar(_DIGEST, {"version_id": version_id})
    if digest is None:
        raise NotFound("This checklist version does not exist.")
    return _parsed.get(digest) or checklists_of(session, [version_id])[version_id]


def checklists_of(session: Session, version_ids: Iterable[int]) -> dict[int, Checklist]:
    """The checklists of versions, by version; those that do not exist are left out.

    Raises:
        ChecklistError: one is a draft that makes no checklist yet.
    """
    version, ids = ChecklistVersion, set(version_ids)
    if not ids:
        return {}
    rows = session.execute(select(version.id, version.content_digest).where(version.id.in_(ids)))
    digests: dict[int, str] = dict(rows.all())
    new = [version_id for version_id, digest in digests.items() if digest not in _parsed]
    if new:
        contents = select(version.content_digest, version.content).where(version.id.in_(new))
        for digest, content in session.execute(contents):
            _parsed[digest] = parse_checklist(content)
    return {version_id: _parsed[digest] for version_id, digest in digests.items()}


def active_versions(
    session: Session, channel: str, *, on: date | None = None, station_id: int | None = None
) -> list[tuple[int, Checklist]]:
    """The versions that score encounters of a channel, in order of their checklist's key.

    Args:
        on: the day they have to be in force; None: whatever their dates.
        station_id: a pilot of this station stands for its checklist's general version; without a
            station pilots are left out.
    """
    version_by_checklist: dict[int, int] = {}
    for version_id, checklist_id, is_pilot in _in_force(session, on, station_id):
        if is_pilot or checklist_id not in version_by_checklist:
            version_by_checklist[checklist_id] = version_id
    checklists = checklists_of(session, version_by_checklist.values())
    ordered = ((version_id, checklists[version_id]) for version_id in version_by_checklist.values())
    return [pair for pair in ordered if channel in pair[1].channels]


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
        .where(
            ChecklistVersion.state == VersionState.ACTIVE,
            *([] if on is None else [in_force_on(on)]),
        )
        .order_by(ChecklistRecord.key, ChecklistVersion.number)
    )
    return [
        (version_id, checklist_id, version_id in pilots)
        for version_id, checklist_id in session.execute(query)
        if version_id not in pilots or station_id in pilots[version_id]
    ]
