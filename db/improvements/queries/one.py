"""One action with all that was said of it, its effect, and what the reader may do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from core.improvements.judging import JudgingPlan
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind, Cause, Subject
from core.measures.change import Effect, Verdict
from core.measures.stored_effect import effect_of
from core.periods import Period
from db.improvements.models import Improvement, ImprovementStation
from db.improvements.sight import may_plan, plan_of, verdict_of, visible
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames
from db.people.services.identities import is_same_person


class Rights(NamedTuple):
    """What the reader may do with the action, in whatever state that is its turn."""

    plan: bool
    agree: bool
    reopen: bool
    own: bool


class JudgedEffect(NamedTuple):
    """An effect with the months and the level that it was judged by."""

    effect: Effect
    before: Period
    after: Period
    level: float


@dataclass(frozen=True)
class ActionView:
    """One action.

    Attributes:
        stations: the names of those where it is carried out, the one of the finding first.
        control: of those with which they are compared.
        owner: empty where the owner's account is not active any more.
        after: the months that count afterwards, as things stand.
        effect: of the last time it was judged, which may be of other months; None before.
        verdict: that stands, see `verdict_of`.
        successor_id: the action that came in its place.
    """

    improvement_id: int
    station_id: int
    stations: tuple[Mapping[str, str], ...]
    control: tuple[Mapping[str, str], ...]
    timezone: str
    subject: Subject
    subject_key: str
    finding: str
    cause: Cause
    kind: ActionKind
    doing: str
    measure: str
    target: float | None
    judging: JudgingPlan
    after: Period
    owner_id: int
    owner: str
    due_on: date
    state: ImprovementState
    proposed_by: str
    proposed_at: datetime
    agreed_by: str
    agreed_at: datetime | None
    done_on: date | None
    proof: str
    look_on: date | None
    looks: int
    effect: JudgedEffect | None
    verdict: Verdict | None
    decision: str
    ended_at: datetime | None
    follows_id: int | None
    successor_id: int | None
    rights: Rights


def action(session: Session, who: Identity, improvement_id: int) -> ActionView:
    """One action.

    Raises:
        NotFound: there is none, or the person does not see it.
        NotAllowed: the role has no part in actions.
    """
    row = visible(session, who, improvement_id)
    hide = HiddenNames(session, who).anywhere.hide
    own, control = _stations(session, row)
    people = {user.id: user for user in session.scalars(_people(row))}
    owner, plan, verdict = people[row.owner_id], plan_of(row), verdict_of(row)
    looks_before = row.looks if verdict is None else row.looks - 1
    return ActionView(
        improvement_id=row.id,
        station_id=row.station_id,
        stations=tuple(station.names for station in own),
        control=tuple(station.names for station in control),
        timezone=own[0].timezone,
        subject=Subject(row.subject),
        subject_key=row.subject_key,
        finding=hide(row.finding),
        cause=Cause(row.cause),
        kind=ActionKind(row.kind),
        doing=hide(row.doing),
        measure=row.measure,
        target=row.target,
        judging=plan,
        after=plan.after(row.due_on, row.done_on, looks=looks_before),
        owner_id=row.owner_id,
        owner=hide(owner.name) if owner.active else "",
        due_on=row.due_on,
        state=row.state,
        proposed_by=hide(people[row.proposed_by].name),
        proposed_at=row.proposed_at,
        agreed_by=hide(people[row.agreed_by].name) if row.agreed_by else "",
        agreed_at=row.agreed_at,
        done_on=row.done_on,
        proof=hide(row.proof),
        look_on=row.look_on,
        looks=row.looks,
        effect=None if row.effect is None else _effect(row.effect),
        verdict=verdict,
        decision=hide(row.decision),
        ended_at=row.ended_at,
        follows_id=row.follows_id,
        successor_id=session.scalar(select(Improvement.id).where(Improvement.follows_id == row.id)),
        rights=_rights(session, who, row),
    )


def _stations(session: Session, row: Improvement) -> tuple[list[Station], list[Station]]:
    """Those where it is carried out, that of the finding first, and the others, by code."""
    sides = session.execute(
        select(Station, ImprovementStation.is_control)
        .join(ImprovementStation, ImprovementStation.station_id == Station.id)
        .where(ImprovementStation.improvement_id == row.id)
        .order_by(Station.id != row.station_id, Station.code)
    ).all()
    return (
        [station for station, is_control in sides if not is_control],
        [station for station, is_control in sides if is_control],
    )


def _people(row: Improvement) -> Any:  # noqa: ANN401  a query
    ids = {row.owner_id, row.proposed_by, row.agreed_by} - {None}
    return select(User).where(User.id.in_(ids))


def _effect(data: Mapping[str, Any]) -> JudgedEffect:
    return JudgedEffect(
        effect=effect_of(data),
        before=Period.parse(data["before"]),
        after=Period.parse(data["after"]),
        level=data["level"],
    )


def _rights(session: Session, who: Identity, row: Improvement) -> Rights:
    plans = may_plan(who, row)
    agrees = plans and can(who, Action.AGREE_ACTIONS)
    return Rights(
        plan=plans,
        agree=agrees and not is_same_person(session, who, row.proposed_by),
        reopen=agrees,
        own=row.owner_id == who.user_id,
    )
