"""Saving the standing plan, and noting when inspectors are absent."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.plan import StandingPlan
from db.inspection.models import InspectorAbsence, StandingPlanEdition
from db.inspection.queries.coverage import active_inspectors
from db.inspection.queries.standing_plan import current_plan
from db.store import audit
from db.store.session import dialect_of, insert_into

_SEEDS = 2**31
_LONGEST = timedelta(days=366)


def save_standing_plan(
    session: Session, *, who: Identity, plan: StandingPlan, number: int, now: datetime
) -> None:
    """Let a standing plan hold from now on; the same one again changes nothing.

    Args:
        number: of the edition that was looked at, 0 where there was none.

    Raises:
        InvalidInput: the plan cannot be kept, or somebody else saved another one meanwhile.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    plan.check()
    current = current_plan(session)
    if current.number and current.plan == plan:
        return
    saved = session.execute(
        insert_into(StandingPlanEdition, dialect_of(session))
        .values(
            number=current.number + 1,
            settings=asdict(plan),
            seed=current.seed if current.number else secrets.randbelow(_SEEDS),
            saved_at=now,
            saved_by=who.user_id,
        )
        .on_conflict_do_nothing()
        .returning(StandingPlanEdition.number)
    ).all()
    if number != current.number or not saved:
        raise InvalidInput("Somebody else changed the standing plan. Load the page again.")
    before, after = asdict(current.plan), asdict(plan)
    audit.record(
        session,
        who,
        "save_standing_plan",
        ("standing_plan", current.number + 1),
        now=now,
        before={name: before[name] for name in after if before[name] != after[name]},
        after={name: after[name] for name in after if before[name] != after[name]},
    )


def note_absence(
    session: Session,
    *,
    who: Identity,
    inspector_id: int | None,
    days: tuple[date, date],
    now: datetime,
) -> int:
    """Note that an inspector is absent from the first to the last of two days; the entry's id.

    Noted twice is noted once.

    Raises:
        InvalidInput: no inspector, or the days are not in order or more than a year apart.
        NotAllowed: the role does not assign.
        NotFound: there is no such active inspector.
    """
    require(who, Action.ASSIGN)
    first, last = days
    if inspector_id is None:
        raise InvalidInput("Choose the inspector.")
    if not timedelta(0) <= last - first < _LONGEST:
        raise InvalidInput("An absence ends after it begins, and within a year.")
    if inspector_id not in {one.user_id for one in active_inspectors(session)}:
        raise NotFound("There is no such active inspector.")
    same = {"user_id": inspector_id, "first_day": first, "last_day": last}
    if noted := session.scalar(select(InspectorAbsence.id).filter_by(**same)):
        return noted
    absence = InspectorAbsence(**same, noted_at=now, noted_by=who.user_id)
    session.add(absence)
    session.flush()  # the log names it
    audit.record(session, who, "note_absence", ("user", inspector_id), now=now)
    return absence.id


def strike_absence(session: Session, *, who: Identity, absence_id: int, now: datetime) -> None:
    """Take back that an inspector is absent.

    Raises:
        NotAllowed: the role does not assign.
        NotFound: there is no such entry.
    """
    require(who, Action.ASSIGN)
    absence = session.get(InspectorAbsence, absence_id)
    if absence is None:
        raise NotFound("This absence is not noted any more.")
    session.execute(delete(InspectorAbsence).where(InspectorAbsence.id == absence_id))
    audit.record(session, who, "strike_absence", ("user", absence.user_id), now=now)
