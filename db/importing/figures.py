"""Entering many inspections into findings and rollups at once, each rollup row written once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.scoring import ScoreSheet
from db import doubles, rollups, search_index
from db.models import Finding, Inspection, Model

_Rows = dict[tuple[Any, ...], dict[str, Any]]


class Scored(NamedTuple):
    """A stored inspection, how it was scored, and its checklist."""

    inspection: Inspection
    sheet: ScoreSheet
    checklist_id: int


def enter_all(session: Session, scored: Sequence[Scored]) -> None:
    """As `rollups.add` for each, in the order of tables and keys in which every writer goes."""
    counted = [one for one in scored if rollups.counts(one.inspection)]
    findings = [finding for one in counted for finding in rollups.findings(*one)]
    if findings:
        session.execute(insert(Finding), findings)
    sums: dict[type[Model], _Rows] = {table: {} for table in rollups.TABLES}
    for one in counted:
        for increment in rollups.increments(one.inspection, one.sheet):
            _add(sums[increment.table], increment)
    for table, rows in sums.items():
        if rows:
            in_order = [rows[key] for key in sorted(rows, key=str)]
            session.execute(_upsert(table, session.get_bind().dialect.name), in_order)
    doubles.add(session, [doubles.Scored(one.inspection, one.sheet) for one in scored])
    for one in counted:
        search_index.index_notes(session, one.inspection)


def _add(rows: _Rows, increment: rollups.Increment) -> None:
    sums = rollups.summed(increment.table)
    key = tuple(value for name, value in increment.values.items() if name not in sums)
    row = rows.get(key)
    if row is None:
        rows[key] = dict(increment.values)
        return
    for name in sums:
        row[name] += increment.values[name]


@cache
def _upsert(model: type[Model], dialect: str) -> Any:  # noqa: ANN401  one of two Insert types
    table = cast("Table", model.__table__)
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + statement.excluded[name] for name in rollups.summed(model)},
    )
