"""Leans that stand out: an inspector reads the own ones, quality managers all afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspectors.leans import MONTHS, Lean
from core.periods import Period, shift
from core.results.figures import DifferenceInterval
from db.inspectors.models import InspectorLean
from db.people.models import User


@dataclass(frozen=True)
class ToldLean:
    """A lean in a period of whole months.

    Attributes:
        looked_at: how many inspectors and groups were looked at together then.
        shown_at: when the inspector was shown it first; None before.
    """

    inspector: str
    period: Period
    lean: Lean
    looked_at: int
    shown_at: datetime | None


def own_leans(session: Session, who: Identity, period: Period) -> tuple[ToldLean, ...]:
    """The person's of the newest months that end within a period, those hard on a group first.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    rows = _rows(
        session, InspectorLean.user_id == who.user_id, InspectorLean.month.between(*period)
    )
    return tuple(row for row in rows if row.period == rows[0].period)


def shown_leans(session: Session, who: Identity, period: Period) -> tuple[ToldLean, ...]:
    """Those of all inspectors that end within a period and were shown to the inspector.

    Raises:
        NotAllowed: the role does not look after inspectors.
    """
    require(who, Action.SEE_LEANS)
    return _rows(session, InspectorLean.shown_at.is_not(None), InspectorLean.month.between(*period))


def _rows(session: Session, *conditions: ColumnElement[bool]) -> tuple[ToldLean, ...]:
    rows = session.execute(
        select(InspectorLean, User.name)
        .join(User, User.id == InspectorLean.user_id)
        .where(*conditions)
        .order_by(InspectorLean.month.desc(), InspectorLean.points, InspectorLean.id)
    )
    return tuple(
        ToldLean(
            inspector=name,
            period=Period(shift(row.month, 1 - MONTHS), row.month),
            lean=_lean(row),
            looked_at=row.looked_at,
            shown_at=row.shown_at,
        )
        for row, name in rows
    )


def _lean(row: InspectorLean) -> Lean:
    return Lean(
        inspector=row.user_id,
        by=row.facet,
        group=row.facet_value,
        own=row.own,
        own_others=row.own_others,
        colleagues=row.colleagues,
        theirs=row.theirs,
        points=DifferenceInterval(row.points, low=row.low, high=row.high),
    )
