"""Reading the information sheet, and who has read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.safekeeping.information import InformationPart
from db.people.models import User, UserRole
from db.safekeeping.models import InformationSheet, SheetReading

OWN_WORDS = 0
"""The number of the sheet before any was issued: all parts in the portal's own words."""


@dataclass(frozen=True)
class Sheet:
    """The sheet in force; `issued_at` and `issued_by` are None and empty for the portal's own."""

    number: int
    texts: Mapping[InformationPart, Mapping[str, str]]
    issued_at: datetime | None = None
    issued_by: str = ""


class SheetReaders(NamedTuple):
    """Of the active accounts that are scored, how many have read the sheet in force."""

    readers: int
    accounts: int


def sheet(session: Session, who: Identity) -> Sheet:
    """The newest sheet, for whoever it tells of.

    Raises:
        NotAllowed: the person is not scored.
    """
    require(who, Action.SEE_OWN_RESULTS)
    return _newest(session)


def sheet_to_change(session: Session, who: Identity) -> Sheet:
    """The newest sheet, for whoever may issue the next one.

    Raises:
        NotAllowed: the role does not keep the data.
    """
    require(who, Action.KEEP_DATA)
    return _newest(session)


def _newest(session: Session) -> Sheet:
    query = (
        select(InformationSheet, User.name)
        .outerjoin(User, User.id == InformationSheet.issued_by)
        .order_by(InformationSheet.number.desc())
    )
    row = session.execute(query.limit(1)).first()
    if row is None:
        return Sheet(OWN_WORDS, {})
    newest, name = row
    texts = {InformationPart(key): words for key, words in newest.texts.items()}
    return Sheet(newest.number, texts, newest.issued_at, name or "")


def is_unread(session: Session, who: Identity) -> bool:
    """Whether the person is to be asked to read the sheet: never has, or not since it asks again.

    Raises:
        NotAllowed: the person is not scored.
    """
    require(who, Action.SEE_OWN_RESULTS)
    read = session.scalar(
        select(func.max(SheetReading.number)).where(SheetReading.user_id == who.user_id)
    )
    return read is None or read < _asked_of(session)


def sheet_readers(session: Session, who: Identity) -> SheetReaders:
    """How many people have read the sheet that they are asked to read.

    Raises:
        NotAllowed: the role does not keep the data.
    """
    require(who, Action.KEEP_DATA)
    scored = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role == Role.STAFF.value)
    )
    read = select(SheetReading.user_id).where(SheetReading.number >= _asked_of(session))
    counted = select(func.count()).select_from(User).where(User.id.in_(scored))
    readers = session.scalar(counted.where(User.id.in_(read)))
    return SheetReaders(readers=readers or 0, accounts=session.scalar(counted) or 0)


def _asked_of(session: Session) -> int:
    """The number of the newest sheet that everybody is asked to read."""
    query = select(func.max(InformationSheet.number)).where(InformationSheet.asks_again)
    return session.scalar(query) or OWN_WORDS
