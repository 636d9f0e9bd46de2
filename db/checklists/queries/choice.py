"""The table that says which checklist is for what, with its editions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import CHANNELS, Checklist
from core.checklist.choice import SHIPPED, ChoiceRow
from db.checklists.models import ChecklistChoice
from db.checklists.parsed_versions import active_versions
from db.people.models import User

Rows = tuple[ChoiceRow, ...]
_EDITIONS_SHOWN = 20


@dataclass(frozen=True)
class Edition:
    """Who saved the table when, and which rows came and went with it."""

    number: int
    saved_at: datetime
    saved_by: str
    added: Rows
    removed: Rows


@dataclass(frozen=True)
class ChoiceTable:
    """The table as it stands; number 0 is the shipped one. `editions` come newest first."""

    number: int
    rows: Rows
    editions: tuple[Edition, ...]


def standing_rows(session: Session) -> Rows:
    """The rows that draws go by."""
    newest = select(func.max(ChecklistChoice.number)).scalar_subquery()
    stored = session.scalars(
        select(ChecklistChoice.rows).where(ChecklistChoice.number == newest)
    ).one_or_none()
    return SHIPPED if stored is None else _rows(stored)


def choice_table(session: Session, who: Identity) -> ChoiceTable:
    """The table and its last editions.

    Raises:
        NotAllowed: the role does not edit checklists.
    """
    require(who, Action.EDIT_CHECKLISTS)
    stored = session.execute(
        select(ChecklistChoice, User.name)
        .join(User, User.id == ChecklistChoice.saved_by)
        .order_by(ChecklistChoice.number.desc())
        .limit(_EDITIONS_SHOWN + 1)
    ).all()
    tables = [_rows(record.rows) for record, _name in stored]
    if len(stored) <= _EDITIONS_SHOWN:
        tables.append(SHIPPED)
    editions = tuple(
        Edition(
            record.number,
            saved_at=record.saved_at,
            saved_by=name,
            added=_beyond(rows, before),
            removed=_beyond(before, rows),
        )
        for (record, name), rows, before in zip(stored, tables, tables[1:], strict=False)
    )
    return ChoiceTable(editions[0].number if editions else 0, tables[0], editions)


def checklists_in_force(session: Session, who: Identity, on: date) -> dict[str, Checklist]:
    """Those in force at every station on a day, by key.

    Raises:
        NotAllowed: the role does not edit checklists.
    """
    require(who, Action.EDIT_CHECKLISTS)
    return {
        checklist.key: checklist
        for channel in CHANNELS
        for _version, checklist in active_versions(session, channel, on=on)
    }


def _rows(stored: list[list[str]]) -> Rows:
    return tuple(ChoiceRow(*row) for row in stored)


def _beyond(rows: Rows, others: Rows) -> Rows:
    return tuple(row for row in rows if row not in others)
