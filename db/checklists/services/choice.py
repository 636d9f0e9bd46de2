"""Saving which checklist is for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist.choice import ChoiceRow, check_rows
from core.errors import InvalidInput
from db.checklists.models import ChecklistChoice
from db.checklists.queries.choice import checklists_in_force, standing_rows
from db.store import audit
from db.store.days import portal_day
from db.store.session import dialect_of, insert_into


def save_choice(
    session: Session, *, who: Identity, rows: Sequence[ChoiceRow], number: int, now: datetime
) -> None:
    """Let a table stand from now on; the same one again changes nothing.

    Args:
        number: of the edition that was looked at, 0 for the shipped one.

    Raises:
        InvalidInput: a row is not clear, or somebody else saved another table meanwhile.
        NotAllowed: the role does not edit checklists.
    """
    require(who, Action.EDIT_CHECKLISTS)
    before = standing_rows(session)
    if tuple(rows) == before:
        return
    newest = session.scalar(select(func.max(ChecklistChoice.number))) or 0
    check_rows(rows, checklists_in_force(session, who, portal_day(session, now)))
    stored = session.execute(
        insert_into(ChecklistChoice, dialect_of(session))
        .values(
            number=number + 1, rows=[list(row) for row in rows], saved_at=now, saved_by=who.user_id
        )
        .on_conflict_do_nothing()
        .returning(ChecklistChoice.number)
    ).all()
    if number != newest or not stored:
        raise InvalidInput("Somebody else changed this table. Load the page again.")
    audit.record(
        session,
        who,
        "save_choice",
        ("checklist_choice", number + 1),
        now=now,
        added=[list(row) for row in rows if row not in before],
        removed=[list(row) for row in before if row not in rows],
    )
