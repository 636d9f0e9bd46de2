"""What a person chose in a form that is not stored yet, so that a reload goes on with it.

A form of a person has a number, which grows each time it is stored. All of the person's tabs that
show it meanwhile have the same one. Choices are numbers, days, ids and codes; the words of people
are masked, as everywhere (see OpenForm).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.access import Identity
from db.store.claims import KEPT
from db.store.models import OpenForm
from db.store.session import dialect_of, insert_into


@dataclass(frozen=True)
class KeptForm:
    """`number` counts how often the person stored this form; `values` are by name of the field."""

    number: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    kept_at: datetime | None = None


def kept_form(session: Session, who: Identity, form: str, *, now: datetime) -> KeptForm:
    """What the person's open form holds; nothing where it was last touched before KEPT."""
    row = session.get(OpenForm, (who.user_id, form))
    if row is None or row.kept_at < now - KEPT:
        return KeptForm()
    return KeptForm(row.number, row.choices, row.kept_at)


def keep(
    session: Session,
    *,
    who: Identity,
    form: str,
    number: int,
    values: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep these fields beside what the form holds already.

    Nothing is kept for a form that was stored meanwhile, in another tab for example.
    """
    row = _locked(session, who, form, now)
    if row.number == number:
        row.choices, row.kept_at = {**row.choices, **values}, now


def forget(session: Session, *, who: Identity, form: str, number: int, now: datetime) -> None:
    """The form is stored or given up: the next one is another, and empty; repeated, nothing."""
    row = _locked(session, who, form, now)
    if row.number == number:
        row.number, row.choices, row.kept_at = number + 1, {}, now


def _locked(session: Session, who: Identity, form: str, now: datetime) -> OpenForm:
    session.execute(
        delete(OpenForm).where(OpenForm.user_id == who.user_id, OpenForm.kept_at < now - KEPT)
    )
    values = {"user_id": who.user_id, "form": form, "number": 0, "choices": {}, "kept_at": now}
    session.execute(
        insert_into(OpenForm, dialect_of(session)).values(values).on_conflict_do_nothing()
    )
    return session.get_one(OpenForm, (who.user_id, form), with_for_update=True)
