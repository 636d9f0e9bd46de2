"""Photos taken as evidence while scoring. Files are written before a row, and removed after it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput
from core.inspection.picture import Picture
from core.inspection.states import AssignmentState
from db.inspection.models import Assignment, Evidence, Photo
from db.inspection.task_kinds import open_task
from db.inspection.tasks import ASSIGNED
from db.store.files import FileKey, FileKind

MOST_PHOTOS = 30


@dataclass(frozen=True)
class Added:
    name: str
    width: int
    height: int


def new_name() -> str:
    return secrets.token_hex(16)


def photo_file(name: str) -> FileKey:
    return FileKey(FileKind.PHOTOS, f"{name[:2]}/{name}.jpg")


def add_photo(
    session: Session,
    *,
    who: Identity,
    assignment_id: int,
    name: str,
    picture: Picture,
    now: datetime,
) -> Added:
    """Take a stored picture up among the photos of an open assignment.

    Raises:
        InvalidInput: the work is no longer open, or has too many photos.
        NotAllowed, NotFound: not this inspector's work.
    """
    open_task(session, who, ASSIGNED.task(assignment_id))
    if len(ASSIGNED.photos(session, assignment_id)) >= MOST_PHOTOS:
        raise InvalidInput("An encounter has at most {most} photos.", most=MOST_PHOTOS)
    session.add(
        Photo(
            name=name,
            assignment_id=assignment_id,
            width=picture.width,
            height=picture.height,
            size=len(picture.data),
            added_at=now,
        )
    )
    return Added(name, picture.width, picture.height)


def drop_photos(session: Session, assignment_id: int) -> frozenset[str]:
    """Forget the photos of work that was never submitted.

    Returns:
        The names whose files are to be removed once this is committed.
    """
    names = ASSIGNED.photos(session, assignment_id)
    session.execute(delete(Photo).where(Photo.assignment_id == assignment_id))
    return names


def drop_lost(session: Session, *, before: datetime) -> set[str]:
    """Forget old photos of work that is no longer open and that no evidence shows."""
    lost = set(
        session.scalars(
            select(Photo.name)
            .join(Assignment, Assignment.id == Photo.assignment_id)
            .where(
                Photo.added_at < before,
                Assignment.state != AssignmentState.OPEN,
                ~exists().where(Evidence.photo == Photo.name),
            )
        )
    )
    session.execute(delete(Photo).where(Photo.name.in_(lost)))
    return lost


def unknown(session: Session, names: Collection[str]) -> set[str]:
    """Those names that no photo has."""
    return set(names) - set(session.scalars(select(Photo.name).where(Photo.name.in_(names))))
