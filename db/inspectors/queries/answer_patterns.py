"""What stood out of an inspector's answers: to the inspector first, then to who plans the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspectors.straight_lining import MONTHS, Basis
from core.periods import Period, shift
from db.inspectors.models import AnswerPattern
from db.people.models import User


@dataclass(frozen=True)
class ToldPattern:
    """What is told of one inspector's answers in a period of whole months.

    Attributes:
        evaluations, straight: those compared, and in how many of them the same answer was given
            all through, faster than the encounter can be read.
        others, others_straight: the same of colleagues, of the same encounters or, by the basis,
            with the same checklists.
        shown_at: when the inspector was shown it first; None before.
    """

    inspector: str
    period: Period
    basis: Basis
    evaluations: int
    straight: int
    others: int
    others_straight: int
    shown_at: datetime | None


def own_pattern(session: Session, who: Identity, period: Period) -> ToldPattern | None:
    """The person's newest one whose months end within a period.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    rows = _rows(
        session, AnswerPattern.user_id == who.user_id, AnswerPattern.month.between(*period)
    )
    return next(iter(rows), None)


def shown_patterns(session: Session, who: Identity, period: Period) -> tuple[ToldPattern, ...]:
    """Those of all inspectors that end within a period and were shown to the inspector.

    Raises:
        NotAllowed: the role gives no work to inspectors.
    """
    require(who, Action.ASSIGN)
    return _rows(session, AnswerPattern.shown_at.is_not(None), AnswerPattern.month.between(*period))


def _rows(session: Session, *conditions: ColumnElement[bool]) -> tuple[ToldPattern, ...]:
    rows = session.execute(
        select(AnswerPattern, User.name)
        .join(User, User.id == AnswerPattern.user_id)
        .where(*conditions)
        .order_by(AnswerPattern.month.desc(), User.name, AnswerPattern.id)
    )
    return tuple(
        ToldPattern(
            inspector=name,
            period=Period(shift(pattern.month, 1 - MONTHS), pattern.month),
            basis=Basis(pattern.basis),
            evaluations=pattern.evaluations,
            straight=pattern.straight,
            others=pattern.others,
            others_straight=pattern.others_straight,
            shown_at=pattern.shown_at,
        )
        for pattern, name in rows
    )
