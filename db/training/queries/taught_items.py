"""What a course teaches, and people's scores on just that, month by month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.drafting.weight_shares import shares
from core.effect import Scores
from core.periods import Period, shift
from db.checklists.models import ChecklistVersion
from db.checklists.queries.texts import newest_checklists
from db.inspection.models import Finding
from db.results.models import StaffMonth
from db.training.models import TrainingCourse
from db.training.queries.courses import planned_course


class TaughtTally(NamedTuple):
    """A person's month: inspections, those with a loss on the taught items, and their scores."""

    inspections: int
    losing: int
    scores: Scores


class _Losses(NamedTuple):
    """What the inspections of a person and month with a loss come to, of 100 each."""

    losing: int = 0
    lost: float = 0.0
    squares: float = 0.0


def taught_items(session: Session, course: TrainingCourse) -> frozenset[str]:
    """Keys of the items a course is linked to, by themselves or by their section."""
    sections = set(course.sections)
    of_sections = (
        item.key
        for checklist in newest_checklists(session).values()
        for section in checklist.sections
        if f"{checklist.key}/{section.key}" in sections
        for item in section.items
    )
    return frozenset([*course.items, *of_sections])


def items_of(session: Session, who: Identity, course_id: int) -> frozenset[str]:
    """Keys of the items a course is linked to.

    Raises:
        NotAllowed: the role does not plan training.
        NotFound: there is no such course.
    """
    return taught_items(session, planned_course(session, who, course_id))


def people_tallies(
    session: Session, who: Identity, items: frozenset[str], period: Period
) -> dict[int, dict[int, TaughtTally]]:
    """`tallies` for who plans training."""
    require(who, Action.PLAN_TRAINING)
    return tallies(session, items, period)


def tallies(
    session: Session, items: frozenset[str], period: Period
) -> dict[int, dict[int, TaughtTally]]:
    """Everybody's inspections by staff id and month, scored on the taught items alone.

    An inspection scores 100 less the share of the taught items' weight that was lost in it, and
    counts if its checklist has such items at all; a taught item that was N/A lost nothing. What the
    items weigh is read off the newest version of each checklist. Without items the score before
    critical effects counts, and nothing is known of losses (0).
    """
    if not items:
        return _whole_scores(session, period)
    worths = _worths(session, items)
    losses = _losses(session, items, worths, period) if worths else {}
    by_staff: dict[int, dict[int, TaughtTally]] = {}
    for staff, month, n in _inspections(session, worths, period):
        lost = losses.get((staff, month), _Losses())
        scores = Scores(n, total=100.0 * n - lost.lost, squares=100.0**2 * n + lost.squares)
        by_staff.setdefault(staff, {})[month] = TaughtTally(
            inspections=n, losing=lost.losing, scores=scores
        )
    return by_staff


def newest_month(session: Session) -> int | None:
    """The newest month with an inspection; None before the first."""
    return session.scalar(select(func.max(StaffMonth.month)))


def newest_whole_month(session: Session, running: int) -> int | None:
    """As `newest_month`, but none from the running month on, which is like no other."""
    newest = newest_month(session)
    return None if newest is None else min(newest, shift(running, -1))


def _worths(session: Session, items: frozenset[str]) -> dict[int, float]:
    """What the taught items weigh of 100, by checklist that has them."""
    worths = {}
    for checklist_id, checklist in newest_checklists(session).items():
        parts = shares(checklist).items
        worth = sum(parts.get(item, 0.0) for item in items)
        if worth > 0:
            worths[checklist_id] = worth
    return worths


def _inspections(
    session: Session, checklists: Iterable[int], period: Period
) -> list[tuple[int, int, int]]:
    table = StaffMonth
    rows = session.execute(
        select(table.staff_id, table.month, func.sum(table.n))
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(
            table.month.between(period.first, period.last),
            ChecklistVersion.checklist_id.in_(list(checklists)),
            table.staff_id != 0,
        )
        .group_by(table.staff_id, table.month)
        .having(func.sum(table.n) > 0)
    )
    return [(staff, month, int(n)) for staff, month, n in rows]


def _losses(
    session: Session, items: frozenset[str], worths: dict[int, float], period: Period
) -> dict[tuple[int, int], _Losses]:
    """Summed up in the database, from an index that holds all it needs."""
    key = (Finding.staff_id, Finding.month)
    share = func.sum(Finding.points_lost) / case(worths, value=Finding.checklist_id)
    by_inspection = (
        select(*key, share.label("share"))
        .where(
            Finding.item_key.in_(items),
            Finding.month.between(period.first, period.last),
            Finding.staff_id.is_not(None),
            Finding.checklist_id.in_(list(worths)),
        )
        .group_by(*key, Finding.inspection_id, Finding.checklist_id)
        .subquery()
    )
    lost = 100.0 * case((by_inspection.c.share > 1.0, 1.0), else_=by_inspection.c.share)
    rows = session.execute(
        select(
            by_inspection.c.staff_id,
            by_inspection.c.month,
            func.sum(case((lost > 0, 1), else_=0)),
            func.sum(lost),
            func.sum((100.0 - lost) * (100.0 - lost) - 10_000.0),
        ).group_by(by_inspection.c.staff_id, by_inspection.c.month)
    )
    return {
        (staff, month): _Losses(int(n), lost=sum_, squares=squares)
        for staff, month, n, sum_, squares in rows
    }


def _whole_scores(session: Session, period: Period) -> dict[int, dict[int, TaughtTally]]:
    table = StaffMonth
    rows = session.execute(
        select(
            table.staff_id,
            table.month,
            func.sum(table.n),
            func.sum(table.total_before),
            func.sum(table.squares_before),
        )
        .where(table.month.between(period.first, period.last), table.staff_id != 0)
        .group_by(table.staff_id, table.month)
        .having(func.sum(table.n) > 0)
    )
    by_staff: dict[int, dict[int, TaughtTally]] = {}
    for staff, month, n, total, squares in rows:
        by_staff.setdefault(staff, {})[month] = TaughtTally(
            inspections=int(n), losing=0, scores=Scores(int(n), total=total, squares=squares)
        )
    return by_staff
