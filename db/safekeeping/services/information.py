"""Issuing the information sheet, and noting who has read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, StaleEdit
from core.safekeeping.information import PartTexts, checked_texts
from db.safekeeping.models import InformationSheet, SheetReading
from db.safekeeping.queries.information import OWN_WORDS, sheet_to_change
from db.store import audit
from db.store.base import Model
from db.store.session import dialect_of, insert_into


def issue_sheet(
    session: Session,
    *,
    who: Identity,
    seen: int,
    texts: PartTexts,
    asks_again: bool,
    now: datetime,
) -> int:
    """Put a sheet in force; its number. The same texts again issue nothing.

    Args:
        seen: the number of the sheet that the person has changed.
        texts: of the whole sheet; parts without text are said in the portal's own words.
        asks_again: whether everybody is asked to read it, whatever they have read.

    Raises:
        InvalidInput: a text is too long.
        NotAllowed: the role does not keep the data.
        StaleEdit: somebody else issued one in between.
    """
    require(who, Action.KEEP_DATA)
    checked = checked_texts(texts)
    newest = sheet_to_change(session, who)
    if newest.number != seen:
        raise StaleEdit("Somebody else issued a sheet in between.", newest)
    if checked == checked_texts(newest.texts):
        raise InvalidInput("Nothing was changed.")
    number = newest.number + 1
    row = {"number": number, "texts": checked, "asks_again": asks_again}
    if not _is_new(session, InformationSheet, row | {"issued_at": now, "issued_by": who.user_id}):
        raise StaleEdit("Somebody else issued a sheet in between.", newest)
    subject = ("information_sheet", number)
    audit.record(session, who, "issue", subject, now=now, parts=sorted(checked))
    return number


def note_read(session: Session, *, who: Identity, number: int, now: datetime) -> None:
    """Note that the person has read a sheet; again keeps the first time.

    Raises:
        InvalidInput: there is no such sheet.
        NotAllowed: the person is not scored.
    """
    require(who, Action.SEE_OWN_RESULTS)
    if number != OWN_WORDS and session.get(InformationSheet, number) is None:
        raise InvalidInput("There is no such sheet.")
    row = {"user_id": who.user_id, "number": number, "read_at": now}
    if _is_new(session, SheetReading, row):
        audit.record(session, who, "acknowledge", ("information_sheet", number), now=now)


def _is_new(session: Session, table: type[Model], row: Mapping[str, object]) -> bool:
    """Add a row; False where its key is there already, even since this transaction began."""
    added = insert_into(table, dialect_of(session)).values(**row).on_conflict_do_nothing()
    return session.scalar(added.returning(*table.__table__.primary_key)) is not None
