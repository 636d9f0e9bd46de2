"""Recreating findings and rollups from the inspections, which alone are the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.scoring import parse_answers, score
from db import rollups
from db.checklists import checklist_of
from db.models import ChecklistVersion, Finding, Inspection, Model

_CHUNK = 2000
Progress = Callable[[int, int], None]
_Rows = dict[tuple[Any, ...], dict[str, Any]]


def rebuild(session: Session, progress: Progress) -> int:
    """Replace every derived row by one computed anew, in the caller's one transaction.

    Returns:
        How many valid inspections of record were read.
    """
    derived: tuple[type[Model], ...] = (Finding, *rollups.TABLES)
    for model in derived:
        session.execute(delete(model))
    total = session.scalar(select(func.count()).select_from(_counted().subquery())) or 0
    sums: dict[type[Model], _Rows] = {table: {} for table in rollups.TABLES}
    checklist_ids = dict(
        session.execute(select(ChecklistVersion.id, ChecklistVersion.checklist_id)).all()
    )
    done = 0
    for chunk in _chunks(session):
        findings: list[dict[str, Any]] = []
        for inspection in chunk:
            checklist = checklist_of(session, inspection.checklist_version_id)
            sheet = score(checklist, parse_answers(checklist, inspection.answers))
            checklist_id = checklist_ids[inspection.checklist_version_id]
            findings += rollups.findings(inspection, sheet, checklist_id)
            for increment in rollups.increments(inspection, sheet):
                _add(sums[increment.table], increment)
        if findings:
            session.execute(insert(Finding), findings)
        done += len(chunk)
        session.expunge_all()
        progress(done, total)
    for table, rows in sums.items():
        if rows:
            session.execute(insert(table), list(rows.values()))
    return done


def _counted() -> Any:  # noqa: ANN401  a Select of one entity
    return select(Inspection).where(Inspection.purpose == "record", Inspection.state == "valid")


def _chunks(session: Session) -> Iterator[list[Inspection]]:
    last = 0
    while chunk := list(
        session.scalars(
            _counted().where(Inspection.id > last).order_by(Inspection.id).limit(_CHUNK)
        )
    ):
        last = chunk[-1].id
        yield chunk


def _add(rows: _Rows, increment: rollups.Increment) -> None:
    sums = rollups.summed(increment.table)
    key = tuple(value for name, value in increment.values.items() if name not in sums)
    row = rows.get(key)
    if row is None:
        rows[key] = dict(increment.values)
        return
    for name in sums:
        row[name] += increment.values[name]
