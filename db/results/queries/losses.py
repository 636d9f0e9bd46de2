"""What inspections lost points by, in the words of their checklists."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.checklist import Texts
from db.checklists.parsed_versions import checklists_of
from db.inspection.models import Finding, Inspection

_MOST_LOST = 5


class Loss(NamedTuple):
    item_key: str
    term: Texts
    points: float
    effect: str | None


class ItemLosses(NamedTuple):
    item_key: str
    term: Texts
    cases: int


def losses_of(session: Session, ids: list[int]) -> dict[int, tuple[Loss, ...]]:
    """What each of some inspections lost, most points first."""
    rows = session.execute(
        select(
            Finding.inspection_id,
            Inspection.checklist_version_id,
            Finding.item_key,
            Finding.points_lost,
            Finding.effect,
        )
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.inspection_id.in_(ids))
        .order_by(Finding.points_lost.desc(), Finding.item_key)
    ).all()
    checklists = checklists_of(session, (row.checklist_version_id for row in rows))
    by_inspection: dict[int, list[Loss]] = {}
    for inspection_id, version_id, key, points, effect in rows:
        loss = Loss(key, checklists[version_id].by_key[key].name, points, effect)
        by_inspection.setdefault(inspection_id, []).append(loss)
    return {key: tuple(losses) for key, losses in by_inspection.items()}


def most_lost(session: Session, ids: list[int]) -> tuple[ItemLosses, ...]:
    """The items that most of some inspections lost points by, the most frequent first."""
    rows = session.execute(
        select(Finding.item_key, func.max(Inspection.checklist_version_id), func.count())
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.inspection_id.in_(ids))
        .group_by(Finding.item_key)
    )
    most = sorted(rows, key=lambda row: (-row[2], row[0]))[:_MOST_LOST]
    checklists = checklists_of(session, (version_id for _, version_id, _ in most))
    return tuple(
        ItemLosses(key, checklists[version_id].by_key[key].name, count)
        for key, version_id, count in most
    )
