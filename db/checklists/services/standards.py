"""Bringing the shipped standards library and checklists into the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from core.checklist import Checklist, to_data
from core.checklist.states import VersionState
from core.library import LibraryItem, load_checklists, load_library
from db.checklists.models import ChecklistRecord, ChecklistVersion, StandardItem
from db.inspection.models import Assignment


@dataclass(frozen=True)
class Synced:
    """What a sync changed: items written, checklists new, versions changed or drafted."""

    items: int
    checklists: int
    versions: int


def sync_standards(session: Session, *, now: datetime) -> Synced:
    """Seed or refresh the library and the shipped checklists; repeating it changes nothing.

    A checklist made or changed in the portal is never touched: changed shipped content arrives
    as a new draft version. A shipped version that is active but not yet used is brought up to
    date in place.

    Raises:
        PortalError: a shipped file is wrong; the message names file, line and item.
    """
    library = load_library()
    rows = {row.id: row for row in session.scalars(select(StandardItem))}
    items = sum(_sync_item(session, rows.get(item.id), item) for item in library)
    checklists = versions = 0
    for checklist in load_checklists(library):
        record = session.scalar(select(ChecklistRecord).where(ChecklistRecord.key == checklist.key))
        if record is None:
            record = ChecklistRecord(key=checklist.key, origin="seed", created_at=now)
            session.add(record)
            session.flush()  # the first version needs its id
            checklists += 1
        versions += _sync_version(session, record, checklist, now)
    return Synced(items=items, checklists=checklists, versions=versions)


def digest(content: dict[str, Any]) -> str:
    """A fingerprint of JSON content, the same however its keys are ordered."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _sync_item(session: Session, row: StandardItem | None, item: LibraryItem) -> int:
    content = item.to_data()
    fingerprint = digest(content)
    if row is None:
        row = StandardItem(id=item.id)
        session.add(row)
    elif row.content_digest == fingerprint:
        return 0
    row.group, row.content, row.content_digest = item.group, content, fingerprint
    return 1


def _sync_version(
    session: Session, record: ChecklistRecord, checklist: Checklist, now: datetime
) -> int:
    content = to_data(checklist)
    fingerprint = digest(content)
    versions = session.scalars(
        select(ChecklistVersion).where(ChecklistVersion.checklist_id == record.id)
    ).all()
    if any(version.content_digest == fingerprint for version in versions):
        return 0
    active = next((version for version in versions if version.state == VersionState.ACTIVE), None)
    untouched = active is not None and active.created_by is None
    if active and untouched and not _is_used(session, active.id):
        active.content, active.content_digest = content, fingerprint
        return 1
    newest = session.scalar(
        select(func.max(ChecklistVersion.number)).where(ChecklistVersion.checklist_id == record.id)
    )
    session.add(
        ChecklistVersion(
            checklist_id=record.id,
            number=(newest or 0) + 1,
            state=VersionState.DRAFT if versions else VersionState.ACTIVE,
            content=content,
            content_digest=fingerprint,
            effective_from=None,
            created_at=now,
        )
    )
    return 1


def _is_used(session: Session, version_id: int) -> bool:
    used = select(exists().where(Assignment.checklist_version_id == version_id))
    return bool(session.scalar(used))
