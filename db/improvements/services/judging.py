"""Judging an action by its computed effect, and deciding what follows."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.days import day_of
from core.errors import InvalidInput, OutOfTurn
from core.improvements.judging import MOST_LOOKS, level_of, may_reopen
from core.improvements.states import IMPROVEMENT, ImprovementState
from core.improvements.terms import SEE_RECORD, check_words
from core.measures.change import Verdict
from core.measures.stored_effect import effect_data
from core.safekeeping.masking import masked
from db.improvements.models import Improvement, ImprovementStation
from db.improvements.queries.owners import check_owner
from db.improvements.sight import check_planner, locked, plan_of
from db.measures.queries import Sides, Spans, effect_between
from db.people.models import Station
from db.store.moving import move


def judge_improvement(
    session: Session, *, who: Identity, improvement_id: int, now: datetime
) -> Verdict:
    """Compute whether the measure changed where it was carried out, and more than elsewhere.

    Which months count was fixed before; nobody enters a result.

    Raises:
        InvalidInput: the day to look at it has not come.
        OutOfTurn: it is not carried out, or judged already.
        NotAllowed: somebody else answers for its station.
        NotFound: the person does not see it.
    """
    require(who, Action.PLAN_ACTIONS)
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    judge = IMPROVEMENT.by("judge_improvement")
    judge.check(row.state)
    zone = session.get_one(Station, row.station_id).timezone
    assert row.look_on is not None
    if day_of(now, zone) < row.look_on:
        raise InvalidInput("It can be judged from {day} on.", day=row.look_on.isoformat())
    plan = plan_of(row)
    spans = Spans(plan.before, plan.after(row.due_on, row.done_on, looks=row.looks))
    effect = effect_between(
        session, row.measure, spans, _sides(session, row), level=level_of(row.looks), now=now
    )
    row.effect = effect_data(effect) | {
        "before": spans.before.code,
        "after": spans.after.code,
        "level": level_of(row.looks),
    }
    row.verdict, row.looks, row.told = effect.verdict.value, row.looks + 1, ""
    session.flush()
    move(session, row, judge, who=who, now=now, verdict=effect.verdict.value)
    return effect.verdict


def look_again_improvement(
    session: Session, *, who: Identity, improvement_id: int, reason: str, now: datetime
) -> None:
    """Go on with an action that was not shown to help, and judge it by more months; once.

    Raises:
        InvalidInput: no reason, it was looked at twice, or it was effective.
        OutOfTurn: it is not judged.
        NotFound: the person does not see it.
    """
    row, words = _judged(session, who, improvement_id, reason)
    again = IMPROVEMENT.by("look_again_improvement")
    again.check(row.state)
    check_words(words)
    if row.verdict == Verdict.EFFECTIVE:
        raise InvalidInput("It was effective: close it.")
    if row.looks >= MOST_LOOKS:
        raise InvalidInput("It was looked at again already; change it, or accept how it is.")
    row.decision = words
    row.look_on = row.next_on = plan_of(row).look_on(row.due_on, row.done_on, looks=row.looks)
    session.flush()
    move(session, row, again, who=who, now=now, reason=SEE_RECORD)


def close_improvement(
    session: Session, *, who: Identity, improvement_id: int, reason: str = "", now: datetime
) -> None:
    """End a judged action; one that was not shown to help is accepted with a reason.

    Raises:
        InvalidInput: a reason is lacking.
        OutOfTurn: it is not judged.
        NotFound: the person does not see it.
    """
    row, words = _judged(session, who, improvement_id, reason)
    if row.state == ImprovementState.CLOSED and row.decision == words:
        return
    close = IMPROVEMENT.by("close_improvement")
    close.check(row.state)
    if words or row.verdict != Verdict.EFFECTIVE:
        check_words(words)
    row.decision = words
    session.flush()
    move(session, row, close, who=who, now=now)


def reopen_improvement(
    session: Session,
    *,
    who: Identity,
    improvement_id: int,
    reason: str,
    due_on: date,
    now: datetime,
) -> None:
    """Take up a closed action again, as the finding is back within half a year.

    It is compared with the same months before; those afterwards follow from the new day.

    Raises:
        InvalidInput: no reason, a day before today, or it ended too long ago.
        OutOfTurn: it is not closed.
        NotFound: the person does not see it.
    """
    require(who, Action.AGREE_ACTIONS)
    row, words = _judged(session, who, improvement_id, reason)
    reopen = IMPROVEMENT.by("reopen_improvement")
    reopen.check(row.state)
    check_words(words)
    check_owner(session, row.owner_id, row.station_id)
    zone = session.get_one(Station, row.station_id).timezone
    today = day_of(now, zone)
    if row.ended_at is None or not may_reopen(day_of(row.ended_at, zone), today):
        raise InvalidInput("It ended more than half a year ago; propose a new action.")
    if _successor(session, row.id) is not None:
        raise OutOfTurn("Another action came in its place.", row.state)
    plan = plan_of(row)
    plan.check(due_on=due_on, today=today)
    row.decision, row.agreed_by, row.agreed_at = words, who.user_id, now
    row.due_on = row.next_on = due_on
    row.done_on, row.looks, row.told, row.ended_at = None, 0, "", None
    row.look_on = plan.look_on(due_on)
    session.flush()
    move(session, row, reopen, who=who, now=now, reason=SEE_RECORD)


def _judged(
    session: Session, who: Identity, improvement_id: int, reason: str
) -> tuple[Improvement, str]:
    require(who, Action.PLAN_ACTIONS)
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    return row, masked(reason.strip())


def _sides(session: Session, row: Improvement) -> Sides:
    stations = session.execute(
        select(ImprovementStation.station_id, ImprovementStation.is_control).where(
            ImprovementStation.improvement_id == row.id
        )
    ).all()
    own, control = (
        [key for key, is_control in stations if is_control is side] for side in (False, True)
    )
    return Sides(own=own, control=control)


def _successor(session: Session, improvement_id: int) -> int | None:
    return session.scalar(select(Improvement.id).where(Improvement.follows_id == improvement_id))
