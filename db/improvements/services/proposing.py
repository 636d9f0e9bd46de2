"""Proposing an action, agreeing to it, handing it on, withdrawing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require, visible_stations
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed, finite, not_found
from core.improvements.judging import JudgingPlan
from core.improvements.states import IMPROVEMENT, ImprovementState
from core.improvements.terms import SEE_RECORD, ActionKind, Cause, Subject, check_words
from core.measures import Form, measure_of
from core.measures.change import Verdict
from core.safekeeping.masking import masked
from db.appeals.models import Appeal
from db.improvements.models import Improvement, ImprovementStation
from db.improvements.queries.owners import check_owner
from db.improvements.sight import check_planner, locked, plan_of
from db.inspection.models import Inspection
from db.measures.queries import figure_of
from db.people.models import Station
from db.people.services.identities import is_same_person
from db.store import audit, notices
from db.store.moving import move
from db.warning.models import EarlyWarning

_LONGEST_KEY = 64


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes.

    Attributes:
        station_ids: where it is carried out; the first is where it was found.
        control_ids: stations where it is not, with which they are compared.
        subject_key: the key of an item or the id of an appeal or warning, empty of a station.
        target: what the measure should reach, in its unit.
        follows_id: an action that was judged, and in whose place this one comes.
    """

    station_ids: tuple[int, ...]
    control_ids: tuple[int, ...]
    subject: Subject
    subject_key: str
    finding: str
    cause: Cause
    kind: ActionKind
    doing: str
    measure: str
    target: float | None
    judging: JudgingPlan
    owner_id: int
    due_on: date
    follows_id: int | None = None


def propose_improvement(
    session: Session, *, who: Identity, proposal: Proposal, now: datetime
) -> int:
    """Propose an action; returns its id.

    Raises:
        NotFound: a station that the person does not answer for, or what it is about is not there.
        NotAllowed: who plans training alone proposes something else.
        InvalidInput: words, days, months, owner or measure by which it could not be judged.
    """
    reach = visible_stations(who, Action.PLAN_ACTIONS)
    if not can(who, Action.AGREE_ACTIONS) and proposal.kind is not ActionKind.TRAINING:
        raise NotAllowed(
            "Trainers propose training; managers propose the rest.",
            user_id=who.user_id,
            subject=("action", Action.PLAN_ACTIONS.value),
        )
    home = _check_stations(session, who, proposal, reach)
    _check_subject(session, proposal)
    check_words(proposal.finding, proposal.doing)
    _check_measure(proposal)
    check_owner(session, proposal.owner_id, proposal.station_ids[0])
    proposal.judging.check(due_on=proposal.due_on, today=day_of(now, home.timezone))
    _check_baseline(session, proposal, now)
    row = _row(who, proposal, now)
    session.add(row)
    session.flush()  # the stations and the log need its id
    session.add_all(
        ImprovementStation(improvement_id=row.id, station_id=station_id, is_control=is_control)
        for ids, is_control in ((proposal.station_ids, False), (proposal.control_ids, True))
        for station_id in ids
    )
    subject = (IMPROVEMENT.kind, row.id)
    audit.record(session, who, "propose_improvement", subject, now=now, station=home.id)
    if proposal.follows_id is not None:
        _replace(session, who, proposal.follows_id, row.id, now)
    return row.id


def agree_improvement(
    session: Session, *, who: Identity, improvement_id: int, now: datetime
) -> None:
    """Agree to an action that somebody else proposed; by which months it is judged is fixed then.

    Repeating it changes nothing.

    Raises:
        NotAllowed: the person proposed it.
        InvalidInput: its due day is over, or its months before have no value any more.
        OutOfTurn: it is not waiting for that.
        NotFound: the person does not see it.
    """
    require(who, Action.AGREE_ACTIONS)
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    if row.state == ImprovementState.AGREED and row.agreed_by == who.user_id:
        return
    if is_same_person(session, who, row.proposed_by):
        raise NotAllowed(
            "Somebody else than who proposed it agrees, so that two have looked at it.",
            user_id=who.user_id,
            subject=(IMPROVEMENT.kind, improvement_id),
        )
    agree = IMPROVEMENT.by("agree_improvement")
    agree.check(row.state)
    zone = session.get_one(Station, row.station_id).timezone
    plan = plan_of(row)
    plan.check(due_on=row.due_on, today=day_of(now, zone))
    check_owner(session, row.owner_id, row.station_id)
    row.agreed_by, row.agreed_at = who.user_id, now
    row.look_on = plan.look_on(row.due_on)
    session.flush()
    move(session, row, agree, who=who, now=now)


def hand_on_improvement(
    session: Session, *, who: Identity, improvement_id: int, owner_id: int, now: datetime
) -> None:
    """Give an action another owner, who is told; to the same one it changes nothing.

    Raises:
        InvalidInput: the account may own none, or the action has ended.
        NotFound: the person does not see it.
    """
    require(who, Action.PLAN_ACTIONS)
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    if row.owner_id == owner_id:
        return
    if row.state in IMPROVEMENT.ends:
        raise InvalidInput("This action has ended.")
    check_owner(session, owner_id, row.station_id)
    details: dict[str, Any] = {"before": row.owner_id, "after": owner_id}
    row.owner_id, row.told = owner_id, ""
    subject = (IMPROVEMENT.kind, improvement_id)
    audit.record(session, who, "hand_on_improvement", subject, now=now, **details)
    if owner_id != who.user_id:
        notices.tell(session, subject, "hand_on_improvement", [owner_id], now=now)


def withdraw_improvement(
    session: Session, *, who: Identity, improvement_id: int, reason: str, now: datetime
) -> None:
    """Give up an action that is not carried out yet; it stays, with the reason.

    Raises:
        InvalidInput: there is no reason.
        OutOfTurn: it was carried out, or has ended.
        NotFound: the person does not see it.
    """
    require(who, Action.PLAN_ACTIONS)
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    words = masked(reason.strip())
    if row.state == ImprovementState.WITHDRAWN and row.decision == words:
        return
    check_words(words)
    withdraw = IMPROVEMENT.by("withdraw_improvement")
    withdraw.check(row.state)
    row.decision = words
    session.flush()
    move(session, row, withdraw, who=who, now=now, reason=SEE_RECORD)


def _row(who: Identity, proposal: Proposal, now: datetime) -> Improvement:
    plan = proposal.judging
    return Improvement(
        station_id=proposal.station_ids[0],
        subject=proposal.subject.value,
        subject_key=proposal.subject_key,
        finding=proposal.finding.strip(),
        cause=proposal.cause.value,
        kind=proposal.kind.value,
        doing=proposal.doing.strip(),
        measure=proposal.measure,
        target=proposal.target,
        finding_first=plan.finding.first,
        finding_last=plan.finding.last,
        before_first=plan.before.first,
        before_last=plan.before.last,
        waits=plan.wait,
        lasts=plan.length,
        owner_id=proposal.owner_id,
        due_on=proposal.due_on,
        next_on=proposal.due_on,
        proposed_by=who.user_id,
        proposed_at=now,
        follows_id=proposal.follows_id,
    )


def _check_stations(
    session: Session, who: Identity, proposal: Proposal, reach: frozenset[int] | None
) -> Station:
    """The station where it was found."""
    own, control = set(proposal.station_ids), set(proposal.control_ids)
    if not own:
        raise InvalidInput("Choose at least one station.")
    existing = set(session.scalars(select(Station.id).where(Station.id.in_(own | control))))
    outside = set() if reach is None else own - reach
    if outside or own | control != existing:
        raise not_found(
            "This station does not exist.",
            user_id=who.user_id,
            subject=("station", min(outside or (own | control) - existing)),
            exists=bool(outside & existing),
        )
    if own & control:
        raise InvalidInput("A station cannot be its own control group.")
    return session.get_one(Station, proposal.station_ids[0])


def _check_subject(session: Session, proposal: Proposal) -> None:
    key = proposal.subject_key
    if proposal.subject is Subject.STATION:
        if key:
            raise InvalidInput("An action about a station is about nothing else.")
    elif proposal.subject is Subject.ITEM:
        if not 0 < len(key) <= _LONGEST_KEY:
            raise InvalidInput("Choose an item.")
    elif proposal.subject is Subject.WARNING:
        warned = select(EarlyWarning.station_id).where(EarlyWarning.id == _row_id(key))
        if session.scalar(warned) != proposal.station_ids[0]:
            raise InvalidInput("This warning is none of the station.")
    else:
        home = select(Inspection.station_id).join(Appeal, Appeal.inspection_id == Inspection.id)
        if session.scalar(home.where(Appeal.id == _row_id(key))) != proposal.station_ids[0]:
            raise InvalidInput("This appeal is none of the station.")


def _row_id(key: str) -> int:
    """The id that a key names; 0, which is nobody's, where it names none."""
    return int(key) if key.isdecimal() and len(key) < 18 else 0


def _check_measure(proposal: Proposal) -> None:
    measure = measure_of(proposal.measure)
    if measure.form is Form.COUNT:
        raise InvalidInput("A count without an interval cannot tell a change from chance.")
    if len(proposal.measure) > _LONGEST_KEY:
        raise InvalidInput("There is no measure called {key}.", key=proposal.measure[:_LONGEST_KEY])
    if proposal.target is not None:
        value = finite(proposal.target)
        if measure.is_share and not 0 <= value <= 100:
            raise InvalidInput("A share lies from 0 to 100.")


def _check_baseline(session: Session, proposal: Proposal, now: datetime) -> None:
    sides = [proposal.station_ids, proposal.control_ids]
    for stations in filter(None, sides):
        before = figure_of(session, proposal.measure, proposal.judging.before, stations, now=now)
        if before.value is None:
            is_own = stations is proposal.station_ids
            raise InvalidInput(
                "In the months before, the measure has no value where it is carried out."
                if is_own
                else "In the months before, the measure has no value at the control stations."
            )


def _replace(
    session: Session, who: Identity, improvement_id: int, successor: int, now: datetime
) -> None:
    """End an action that did not help, as the new one comes in its place."""
    row = locked(session, who, improvement_id)
    check_planner(who, row)
    if row.verdict == Verdict.EFFECTIVE:
        raise InvalidInput("It was effective; nothing need come in its place.")
    close = IMPROVEMENT.by("close_improvement")
    move(session, row, close, who=who, now=now, successor=successor)
