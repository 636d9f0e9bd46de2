"""Making and changing drafts of checklists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import to_data
from core.checklist.states import VersionState
from core.drafting import examine
from core.errors import InvalidInput, NotFound, StaleEdit
from db.checklists.models import ChecklistRecord, ChecklistVersion
from db.checklists.services.standards import digest
from db.people.models import User
from db.store import audit

Content = dict[str, Any]
_LONGEST_KEY = 64
_LARGEST = 2_000_000  # characters of JSON; 45 items in three languages have about 60,000


@dataclass(frozen=True)
class StoredDraft:
    """A draft as it is stored, and who changed it last."""

    content: Content
    edit: int
    changed_by: str
    changed_at: datetime


def create(
    session: Session, *, who: Identity | None, content: Mapping[str, Any], now: datetime
) -> int:
    """A first draft of a new checklist, or a new draft of the one that has its key.

    Nobody as `who` is the operator at the terminal.

    Returns:
        The id of the draft's version.

    Raises:
        InvalidInput: it has no key, or the key or the content is too long.
    """
    if who is not None:
        require(who, Action.EDIT_CHECKLISTS)
    key = content.get("key")
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY or key != "".join(key.split()):
        raise InvalidInput(
            "A key of 1 to {most} characters without spaces is needed.", most=_LONGEST_KEY
        )
    record = session.scalar(select(ChecklistRecord).where(ChecklistRecord.key == key))
    if record is None:
        record = ChecklistRecord(key=key, origin="portal", created_at=now)
        session.add(record)
        session.flush()  # the draft needs its id
    return _new_draft(session, who, record.id, dict(content), now)


def derive(session: Session, *, who: Identity, version_id: int, now: datetime) -> int:
    """A new draft that begins as a version stands; returns its id."""
    require(who, Action.EDIT_CHECKLISTS)
    version = version_of(session, version_id)
    checklist = examine(version.content).checklist
    content = to_data(checklist) if checklist else dict(version.content)
    return _new_draft(session, who, version.checklist_id, content, now)


def save(
    session: Session,
    *,
    who: Identity,
    version_id: int,
    edit: int,
    content: Mapping[str, Any],
    now: datetime,
) -> int:
    """Store a draft, faulty or not; returns the number of this edit.

    A save that is repeated, because its first answer was lost on the way, changes nothing.

    Args:
        edit: the edit the editor started from.

    Raises:
        StaleEdit: somebody else saved in between; `current` is the StoredDraft.
        InvalidInput: it is no draft any more, or too long.
    """
    require(who, Action.EDIT_CHECKLISTS)
    version = draft_of(session, version_id)
    data = {**content, "key": version.content["key"]}
    fingerprint = digest(data)
    if version.edit == edit + 1 and version.content_digest == fingerprint:
        return version.edit
    if version.edit != edit:
        raise StaleEdit("Somebody else changed this draft.", stored_draft(session, version))
    store(version, who, data, now)
    return version.edit


def discard(session: Session, *, who: Identity, version_id: int, now: datetime) -> None:
    """Delete a draft, and its checklist when that was its only version."""
    require(who, Action.EDIT_CHECKLISTS)
    version = draft_of(session, version_id)
    checklist_id = version.checklist_id
    session.delete(version)
    session.flush()  # before counting what is left
    left = select(exists().where(ChecklistVersion.checklist_id == checklist_id))
    if not session.scalar(left):
        session.execute(delete(ChecklistRecord).where(ChecklistRecord.id == checklist_id))
    audit.record(session, who, "discard", ("checklist_version", version_id), now=now)


def version_of(session: Session, version_id: int) -> ChecklistVersion:
    version = session.scalar(
        select(ChecklistVersion).where(ChecklistVersion.id == version_id).with_for_update()
    )
    if version is None:
        raise NotFound("This checklist version does not exist.")
    return version


def draft_of(session: Session, version_id: int) -> ChecklistVersion:
    version = version_of(session, version_id)
    if version.state != VersionState.DRAFT:
        raise InvalidInput("Only a draft can be changed. Make a new draft of this version.")
    return version


def store(version: ChecklistVersion, who: Identity | None, content: Content, now: datetime) -> None:
    if len(str(content)) > _LARGEST:
        raise InvalidInput("This checklist is too long to be stored.")
    version.content, version.content_digest = content, digest(content)
    version.edit += 1
    version.changed_at, version.changed_by = now, who.user_id if who else None


def stored_draft(session: Session, version: ChecklistVersion) -> StoredDraft:
    changer = session.get(User, version.changed_by) if version.changed_by else None
    return StoredDraft(
        version.content,
        version.edit,
        changer.name if changer else "",
        version.changed_at or version.created_at,
    )


def _new_draft(
    session: Session, who: Identity | None, checklist_id: int, content: Content, now: datetime
) -> int:
    session.execute(
        select(ChecklistRecord.id).where(ChecklistRecord.id == checklist_id).with_for_update()
    )
    newest = session.scalar(
        select(func.max(ChecklistVersion.number)).where(
            ChecklistVersion.checklist_id == checklist_id
        )
    )
    version = ChecklistVersion(
        checklist_id=checklist_id,
        number=(newest or 0) + 1,
        edit=0,
        created_at=now,
        created_by=who.user_id if who else None,
    )
    store(version, who, content | {"version": version.number}, now)
    session.add(version)
    session.flush()  # the audit event names the id
    audit.record(session, who, "draft", ("checklist_version", version.id), now=now)
    return version.id
