"""Checklist versions as core sees them, parsed once per content and kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.checklist import Checklist, parse_checklist
from core.errors import NotFound
from db.models import ChecklistRecord, ChecklistVersion

_parsed: dict[str, Checklist] = {}


def checklist_of(session: Session, version_id: int) -> Checklist:
    """The checklist of a version.

    Raises:
        NotFound: there is no such version.
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


def active_versions(session: Session, channel: str) -> list[tuple[int, Checklist]]:
    """The active checklist versions that score encounters of a channel, in order of their key."""
    rows = session.execute(
        select(ChecklistVersion.id)
        .join(ChecklistRecord)
        .where(ChecklistVersion.state == "active")
        .order_by(ChecklistRecord.key)
    ).scalars()
    found = [(version_id, checklist_of(session, version_id)) for version_id in rows]
    return [
        (version_id, checklist) for version_id, checklist in found if channel in checklist.channels
    ]
