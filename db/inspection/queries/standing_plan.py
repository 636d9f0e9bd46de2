"""The standing plan as it holds, what it has drawn, what waits, and who is absent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.inspection.states import AssignmentState
from core.periods import month_of, shift
from core.plan import StandingPlan
from core.plan.standing import DrawKind
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN
from db.inspection.models import (
    Assignment,
    DrawChance,
    InspectorAbsence,
    SamplingPlan,
    StandingPlanEdition,
)
from db.people.models import User

MONTHS_BACK = 2
"""How many months before the running one the standing plan still draws from."""
_OFF = StandingPlan(active=False, first_month=0)


@dataclass(frozen=True)
class CurrentPlan:
    """The newest edition with its seed; number 0 and switched off where none was saved."""

    number: int
    plan: StandingPlan
    seed: int
    saved_at: datetime | None = None
    saved_by: str = ""


class DrawnRow(NamedTuple):
    """A drawn plan: from how many, and what it put into queues.

    `drawn_by` is None where the portal drew by itself. `random` and `must_inspect` count
    encounters, `twice` those of them that a second inspector scores as well, `done` those that are
    scored.
    """

    id: int
    kind: DrawKind
    month: int
    day: date
    drawn_at: datetime
    drawn_by: str | None
    seed: int
    frame: int
    random: int
    must_inspect: int
    twice: int
    done: int


class AbsenceRow(NamedTuple):
    id: int
    user_id: int
    name: str
    first_day: date
    last_day: date


def current_plan(session: Session) -> CurrentPlan:
    """The standing plan that holds now."""
    row = session.execute(
        select(StandingPlanEdition, User.name)
        .join(User, User.id == StandingPlanEdition.saved_by)
        .order_by(StandingPlanEdition.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return CurrentPlan(0, _OFF, 0)
    edition, name = row
    plan = StandingPlan(**edition.settings)
    return CurrentPlan(edition.number, plan, edition.seed, edition.saved_at, name)


def standing_plan(session: Session, who: Identity) -> CurrentPlan:
    """The standing plan that holds now, for whoever may change it.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    return current_plan(session)


def closed_months(session: Session, months: Sequence[int]) -> frozenset[int]:
    """Those whose lack the standing plan has drawn."""
    closed = select(SamplingPlan.month).where(
        SamplingPlan.kind == DrawKind.MONTH_END, SamplingPlan.month.in_(months)
    )
    return frozenset(session.scalars(closed))


def months_not_closed(session: Session, months: Sequence[int]) -> list[int]:
    """Those of which the standing plan has seen encounters and not drawn what lacks."""
    seen = select(DrawChance.month).where(DrawChance.month.in_(months)).distinct()
    return sorted(set(session.scalars(seen)) - closed_months(session, months))


def months_to_close(session: Session, who: Identity, *, on: date) -> list[int]:
    """Months that are over on a day, of which the standing plan has seen encounters, not closed.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    running = month_of(on)
    return months_not_closed(session, [shift(running, -by) for by in range(MONTHS_BACK, 0, -1)])


def waiting_for_inspectors(session: Session, who: Identity) -> int:
    """How many encounters were drawn by night that nobody who is there may score.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    assigned = select(Assignment.id).where(Assignment.interaction_id == DrawChance.interaction_id)
    return (
        session.scalar(
            select(func.count())
            .select_from(DrawChance)
            .join(Interaction, Interaction.id == DrawChance.interaction_id)
            .where(DrawChance.drawn_in.is_not(None), OPEN, ~assigned.exists())
        )
        or 0
    )


def drawn_plans(session: Session, who: Identity, *, limit: int) -> list[DrawnRow]:
    """The newest drawn plans, by hand and by themselves, the newest first.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    plans = session.execute(
        select(SamplingPlan, User.name)
        .outerjoin(User, User.id == SamplingPlan.drawn_by)
        .order_by(SamplingPlan.drawn_at.desc(), SamplingPlan.id.desc())
        .limit(limit)
    ).all()
    counts = _counts(session, [plan.id for plan, _name in plans])
    return [
        DrawnRow(
            id=plan.id,
            kind=DrawKind(plan.kind),
            month=plan.month,
            day=plan.day,
            drawn_at=plan.drawn_at,
            drawn_by=name,
            seed=plan.settings["seed"],
            frame=plan.frame_size,
            **{key: counts[plan.id][key] for key in ("random", "must_inspect", "twice", "done")},
        )
        for plan, name in plans
    ]


def _counts(session: Session, plan_ids: list[int]) -> dict[int, Counter[str]]:
    columns = (Assignment.plan_id, Assignment.purpose, Assignment.sample_class, Assignment.state)
    rows = session.execute(
        select(*columns, func.count()).where(Assignment.plan_id.in_(plan_ids)).group_by(*columns)
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for plan_id, purpose, sample_class, state, count in rows:
        assert plan_id is not None  # the query's condition
        if purpose == "second":
            counts[plan_id]["twice"] += count
            continue
        counts[plan_id][sample_class] += count
        counts[plan_id]["done"] += count * (state == AssignmentState.SUBMITTED)
    return counts


def absences(session: Session, who: Identity, *, on: date) -> list[AbsenceRow]:
    """Who is absent on a day or later, the first to go first.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    rows = session.execute(
        select(
            InspectorAbsence.id,
            InspectorAbsence.user_id,
            User.name,
            InspectorAbsence.first_day,
            InspectorAbsence.last_day,
        )
        .join(User, User.id == InspectorAbsence.user_id)
        .where(InspectorAbsence.last_day >= on)
        .order_by(InspectorAbsence.first_day, User.name, InspectorAbsence.id)
    )
    return [AbsenceRow(*row) for row in rows]
