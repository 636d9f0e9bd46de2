"""Rows that a form makes or changes: found again, filled, and written to the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Mapped, Session

from core.access import Identity
from core.errors import InvalidInput, NotFound
from db.store import audit


class Numbered(Protocol):
    """A table whose key is a number of its own."""

    @property
    def id(self) -> int: ...


_Row = TypeVar("_Row", bound=Numbered)


def existing(session: Session, model: type[_Row], row_id: int | None) -> _Row | None:
    """The row to change; None where a new one is to be made.

    Raises:
        NotFound: it was removed since.
    """
    if row_id is None:
        return None
    row = session.get(model, row_id)
    if row is None:
        raise NotFound("This entry does not exist any more.")
    return row


def store(
    session: Session,
    who: Identity,
    row: Numbered,
    fields: Mapping[str, object],
    kind: str,
    now: datetime,
) -> int:
    """Fill a row and note which of its fields changed; returns its id."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    session.add(row)
    session.flush()  # the audit event names the id
    audit.record(session, who, "save", (kind, row.id), now=now, fields=changed)
    return row.id


def check_filled(*fields: str) -> None:
    if not all(field.strip() for field in fields):
        raise InvalidInput("Fill in every required field.")


def check_free(
    session: Session, column: Mapped[int], match: ColumnElement[bool], own_id: int | None, code: str
) -> None:
    taken = session.scalar(select(column).where(match))
    if taken is not None and taken != own_id:
        raise InvalidInput("{code} is already taken.", code=code)
