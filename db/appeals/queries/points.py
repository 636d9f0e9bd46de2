"""The points of appeals, named in the words of the checklist."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.appeals.deadlines import WHOLE
from core.checklist import Checklist, Texts
from core.i18n import DEFAULT
from core.people.staff_names import StaffNames
from db.appeals.models import Appeal, AppealPoint
from db.checklists.parsed_versions import checklists_of


class Point(NamedTuple):
    """One contested item; the name is empty for the result as a whole."""

    item_key: str
    name: Texts
    reason: str
    outcome: str | None
    decision: str


def without_names(point: Point, names: StaffNames) -> Point:
    """The point with these people's names hidden in its reason and its decision."""
    return point._replace(reason=names.hide(point.reason), decision=names.hide(point.decision))


def points_by_appeal(
    session: Session, versions: Iterable[tuple[int, int]]
) -> dict[int, tuple[Point, ...]]:
    """The points by appeal, in the checklist's order; `versions` pairs appeal and version."""
    version_of = dict(versions)
    checklists = checklists_of(session, version_of.values())
    rows_by_appeal: dict[int, list[AppealPoint]] = {key: [] for key in version_of}
    for row in session.scalars(select(AppealPoint).where(AppealPoint.appeal_id.in_(version_of))):
        rows_by_appeal[row.appeal_id].append(row)
    return {
        key: _ordered(checklists[version_of[key]], rows) for key, rows in rows_by_appeal.items()
    }


def decisions_on(session: Session, inspection_ids: Collection[int]) -> dict[int, str]:
    """The reasons why an appeal changed inspections, by inspection; unchanged ones are left out."""
    rows = session.execute(
        select(Appeal.inspection_id, AppealPoint.decision)
        .join(AppealPoint, AppealPoint.appeal_id == Appeal.id)
        .where(Appeal.inspection_id.in_(inspection_ids), AppealPoint.outcome == "changed")
        .order_by(AppealPoint.appeal_id, AppealPoint.item_key)
    )
    decisions: dict[int, list[str]] = {}
    for inspection_id, decision in rows:
        decisions.setdefault(inspection_id, []).append(decision)
    return {key: " ".join(reasons) for key, reasons in decisions.items()}


def name_of(checklist: Checklist, key: str) -> Texts:
    """An item's short name, its key where it has no words; empty for the whole."""
    return {} if key == WHOLE else checklist.by_key[key].name or {DEFAULT: key}


def _ordered(checklist: Checklist, rows: list[AppealPoint]) -> tuple[Point, ...]:
    order = {key: number for number, key in enumerate([WHOLE, *checklist.by_key])}
    return tuple(
        Point(
            row.item_key,
            name_of(checklist, row.item_key),
            reason=row.reason,
            outcome=row.outcome,
            decision=row.decision,
        )
        for row in sorted(rows, key=lambda row: order[row.item_key])
    )
