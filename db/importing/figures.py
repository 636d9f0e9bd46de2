"""Entering many inspections into findings and rollups at once, each rollup row written once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.scoring import ScoreSheet
from db import doubles, rollups, search_index
from db.models import Finding, Inspection, Model


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
    sums: dict[type[Model], rollups.Rows] = {table: {} for table in rollups.TABLES}
    for one in counted:
        for increment in rollups.increments(one.inspection, one.sheet):
            rollups.gather(sums[increment.table], increment)
    for table, rows in sums.items():
        if rows:
            in_order = [rows[key] for key in sorted(rows, key=str)]
            rollups.write(session, table, in_order)
    doubles.add(session, [doubles.Scored(one.inspection, one.sheet) for one in scored])
    for one in counted:
        search_index.index_notes(session, one.inspection)
