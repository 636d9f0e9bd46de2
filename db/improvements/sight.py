"""Which actions a person sees and may plan; their months and verdict as they stand."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require, visible_stations
from core.errors import NotAllowed, not_found
from core.improvements.judging import JudgingPlan
from core.improvements.states import IMPROVEMENT, WITH_VERDICT
from core.improvements.terms import ActionKind
from core.measures.change import Verdict
from core.periods import Period
from db.improvements.models import Improvement, ImprovementStation


def seen(who: Identity) -> ColumnElement[bool]:
    """The condition that keeps a query to the actions a person sees.

    Those of the stations one answers for, one's own and those one proposed; who may plan training
    alone sees what is training.

    Raises:
        NotAllowed: the role has no part in actions.
    """
    require(who, Action.OWN_ACTIONS)
    own = or_(Improvement.owner_id == who.user_id, Improvement.proposed_by == who.user_id)
    return or_(own, _planned(who))


def _planned(who: Identity) -> ColumnElement[bool]:
    if not can(who, Action.PLAN_ACTIONS):
        return false()
    if not can(who, Action.AGREE_ACTIONS):
        return Improvement.kind == ActionKind.TRAINING.value
    stations = visible_stations(who, Action.AGREE_ACTIONS)
    if stations is None:
        return true()
    carried_out_here = select(ImprovementStation.improvement_id).where(
        ImprovementStation.station_id.in_(stations), ~ImprovementStation.is_control
    )
    return Improvement.id.in_(carried_out_here)


def locked(session: Session, who: Identity, improvement_id: int) -> Improvement:
    """As `visible`, held until the transaction ends."""
    return visible(session, who, improvement_id, is_held=True)


def visible(
    session: Session, who: Identity, improvement_id: int, *, is_held: bool = False
) -> Improvement:
    """An action that the person sees.

    Raises:
        NotFound: there is none, or the person does not see it.
        NotAllowed: the role has no part in actions.
    """
    query = select(Improvement).where(seen(who), Improvement.id == improvement_id)
    if is_held:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise not_found(
            "This action does not exist.",
            user_id=who.user_id,
            subject=(IMPROVEMENT.kind, improvement_id),
            exists=session.get(Improvement, improvement_id) is not None,
        )
    return row


def may_plan(who: Identity, row: Improvement) -> bool:
    """Whether the person may judge, decide on, hand on and withdraw an action they see."""
    if not can(who, Action.PLAN_ACTIONS):
        return False
    if not can(who, Action.AGREE_ACTIONS):
        return row.kind == ActionKind.TRAINING
    stations = visible_stations(who, Action.AGREE_ACTIONS)
    return stations is None or row.station_id in stations


def check_planner(who: Identity, row: Improvement) -> None:
    """Raises NotAllowed where the person may not plan this action."""
    if not may_plan(who, row):
        raise NotAllowed(
            "Whoever answers for its station decides on this action.",
            user_id=who.user_id,
            subject=(IMPROVEMENT.kind, row.id),
        )


def plan_of(row: Improvement) -> JudgingPlan:
    """By which months an action is judged."""
    return JudgingPlan(
        finding=Period(row.finding_first, row.finding_last),
        before=Period(row.before_first, row.before_last),
        wait=row.waits,
        length=row.lasts,
    )


def verdict_of(row: Improvement) -> Verdict | None:
    """The verdict that stands; None before it is judged, and while it is to be judged again."""
    if row.verdict is None or row.state not in WITH_VERDICT:
        return None
    return Verdict(row.verdict)
