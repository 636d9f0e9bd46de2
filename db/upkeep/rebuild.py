"""Recreating what is derived: findings and rollups from inspections, of files from their events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.inspection.states import InspectionState
from db.checklists.models import ChecklistVersion
from db.files.derived_columns import derive_all
from db.inspection.models import Finding, Inspection
from db.inspectors import double_scorings
from db.results import rollups
from db.store.base import Model

_CHUNK = 2000
Progress = Callable[[int, int], None]
_Sums = dict[type[Model], rollups.Rows]


def rebuild(session: Session, progress: Progress) -> int:
    """Replace every derived row by one computed anew, in the caller's one transaction.

    Returns:
        How many valid inspections of record were read.
    """
    derived: tuple[type[Model], ...] = (Finding, *rollups.TABLES, *double_scorings.TABLES)
    for model in derived:
        session.execute(delete(model))
    sums: _Sums = {table: {} for table in (*rollups.TABLES, *double_scorings.TABLES)}
    done = _records(session, sums, progress)
    _second_scorings(session, sums)
    for table, rows in sums.items():
        if rows:
            session.execute(insert(table), list(rows.values()))
    derive_all(session)
    return done


def _records(session: Session, sums: _Sums, progress: Progress) -> int:
    """Sum up the inspections of record, and write their findings."""
    counted = select(func.count()).select_from(_valid("record").subquery())
    total = session.scalar(counted) or 0
    checklist_ids = dict(
        session.execute(select(ChecklistVersion.id, ChecklistVersion.checklist_id)).all()
    )
    done = 0
    for chunk in _chunks(session, "record"):
        findings: list[dict[str, Any]] = []
        for inspection, sheet in double_scorings.scored(session, chunk):
            checklist_id = checklist_ids[inspection.checklist_version_id]
            findings += rollups.findings(inspection, sheet, checklist_id)
            for increment in rollups.increments(inspection, sheet):
                rollups.gather(sums[increment.table], increment)
        if findings:
            session.execute(insert(Finding), findings)
        done += len(chunk)
        session.expunge_all()
        progress(done, total)
    return done


def _second_scorings(session: Session, sums: _Sums) -> None:
    for chunk in _chunks(session, "second"):
        for increment in double_scorings.all_pairs(session, chunk):
            rollups.gather(sums[increment.table], increment)
        session.expunge_all()


def _valid(purpose: str) -> Any:  # noqa: ANN401  a Select of one entity
    return select(Inspection).where(
        Inspection.purpose == purpose, Inspection.state == InspectionState.VALID
    )


def _chunks(session: Session, purpose: str) -> Iterator[list[Inspection]]:
    last = 0
    while chunk := list(
        session.scalars(
            _valid(purpose).where(Inspection.id > last).order_by(Inspection.id).limit(_CHUNK)
        )
    ):
        last = chunk[-1].id
        yield chunk
