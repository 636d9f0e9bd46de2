"""What waits for a person and what the person is told of, over every kind of record with states."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from core.access import Identity, Scope, scope_of
from core.states import States
from db.store.base import InState, Model, models, table_of
from db.store.models import Notice


class DueRecord(NamedTuple):
    """A record that waits for somebody, and the day by which it is to end."""

    kind: str
    record_id: int
    due_on: date


def waiting(session: Session, who: Identity, kinds: Collection[str]) -> dict[str, int]:
    """How many records of some kinds wait for the person; kinds that never do are left out."""
    counts = [
        select(func.count()).where(*conditions).scalar_subquery().label(states.kind)
        for states, _model, conditions in _waiting_for(who)
        if states.kind in kinds
    ]
    return dict(session.execute(select(*counts)).mappings().one()) if counts else {}


def due(session: Session, who: Identity, *, until: date, limit: int = 200) -> tuple[DueRecord, ...]:
    """What waits for the person and is due by a day, the most urgent first, whatever its kind.

    A kind is listed if its table has a column `due_on`.
    """
    lists = [
        select(literal(states.kind).label("kind"), table.c.id, table.c.due_on).where(
            table.c.due_on <= until, *conditions
        )
        for states, model, conditions in _waiting_for(who)
        if "due_on" in (table := table_of(model)).c
    ]
    if not lists:
        return ()
    rows = union_all(*lists).subquery()
    urgent = select(rows).order_by(rows.c.due_on, rows.c.kind, rows.c.id).limit(limit)
    return tuple(DueRecord(*row) for row in session.execute(urgent))


def unread(session: Session, who: Identity, kinds: Collection[str]) -> dict[str, int]:
    """How many records of some kinds the person has a notice of, unread; those without left out."""
    if not kinds:
        return {}
    mine = (Notice.user_id == who.user_id, Notice.kind.in_(kinds), Notice.seen_at.is_(None))
    records = func.count(Notice.record_id.distinct())
    rows = session.execute(select(Notice.kind, records).where(*mine).group_by(Notice.kind))
    return dict(rows.all())


def kinds_of_records() -> dict[str, tuple[States, type[Model]]]:
    """Every kind with its table of states and its model, found by the type of a column."""
    kinds = {}
    for model in models():
        for column in table_of(model).columns:
            if isinstance(column.type, InState):
                kinds[column.type.states.kind] = (column.type.states, model)
    return kinds


def _waiting_for(
    who: Identity,
) -> Iterator[tuple[States, type[Model], list[ColumnElement[bool]]]]:
    for states, model in kinds_of_records().values():
        scope = states.waits_for and scope_of(who, states.waits_for)
        if scope:
            columns = table_of(model).c
            is_open = columns.state.in_(sorted(states.open))
            yield states, model, [is_open, *_within(who, scope, states, columns)]


def _within(
    who: Identity,
    scope: Scope,
    states: States,
    columns: Any,  # noqa: ANN401  SQLAlchemy's own
) -> list[ColumnElement[bool]]:
    """One's own, or those of one's stations where the table names one; of nobody else's any."""
    if scope is Scope.ALL:
        return []
    if scope is Scope.OWN or "station_id" not in columns:
        return [columns[states.owner] == who.user_id]
    return [columns.station_id.in_(who.station_ids or frozenset())]
