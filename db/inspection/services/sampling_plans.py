"""Drawing a month's sampling plan into the inspectors' queues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.periods import first_day, shift
from core.plan import AssignedEncounter, FrameEncounter, Plan, choose, components, share_out
from db.checklists.queries.choice import standing_rows
from db.inspection.models import Assignment, SamplingPlan
from db.inspection.queries.coverage import active_inspectors
from db.inspection.queries.fitting_versions import FittingVersions
from db.inspection.queries.sampling_frame import (
    FrameCount,
    drawn_before,
    frame_count,
    sampling_frame,
)
from db.inspection.queries.standing_plan import closed_months, current_plan
from db.people.models import Station
from db.store import audit
from db.store.days import portal_day


@dataclass(frozen=True)
class DrawnPlan:
    """What a draw gave.

    `frame` is what was drawn from and what was left out of it. `unlinked` are the stations whose
    inspectors score no station of the largest linked group: there severity cannot be told from
    quality.
    """

    plan_id: int
    frame: FrameCount
    random: int
    must_inspect: int
    doubles: int
    unlinked: tuple[int, ...]


def draw_plan(
    session: Session, *, who: Identity, month: int, plan: Plan, due_on: date, now: datetime
) -> DrawnPlan:
    """Draw from what was imported for a month (yyyymm, station time) and not yet assigned.

    A month may be drawn again, after another import or for a larger quota: everybody gets what is
    still lacking, and whoever clicks twice draws once.

    Raises:
        InvalidInput: the plan cannot be drawn, there is nothing or nobody to draw for, or the
            standing plan draws this month.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    plan.check()
    _check_month(month)
    one_draw_at_a_time(session)
    _refuse_standing(session, month)
    versions = FittingVersions(session, standing_rows(session), portal_day(session, now))
    counted = frame_count(session, month, versions.general)
    frame = sampling_frame(session, month, versions.general)
    if not frame:
        raise InvalidInput("No interaction of this month is waiting to be drawn.")
    inspectors = active_inspectors(session)
    if not inspectors:
        raise InvalidInput("There is no active inspector.")
    regions = dict(session.execute(select(Station.id, Station.region)).all())
    already = drawn_before(session, month)
    sample = choose(frame, plan, already)
    if not sample:
        raise InvalidInput("Everybody already has as many encounters of this month.")
    shares = share_out(sample, inspectors, regions, plan)
    record = SamplingPlan(
        month=month,
        settings=asdict(plan)
        | {"due_on": due_on.isoformat(), "choice": versions.rows, "already": already}
        | {"given": counted.given, "left_out": _left_out(counted)},
        day=portal_day(session, now),
        frame_size=len(frame),
        drawn=len(shares),
        drawn_at=now,
        drawn_by=who.user_id,
    )
    session.add(record)
    session.flush()  # the assignments name the plan
    common = {"plan_id": record.id, "assigned_at": now}
    into_queues(session, shares, versions, common, lambda _inspector_id: due_on)
    audit.record(session, who, "draw_plan", ("sampling_plan", record.id), now=now)
    return _summary(record.id, counted, shares)


def to_be_drawn(session: Session, *, who: Identity, month: int, now: datetime) -> FrameCount:
    """What `draw_plan` would draw from now, and what it would leave out.

    Raises:
        InvalidInput: this is no month.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    _check_month(month)
    return frame_count(
        session,
        month,
        FittingVersions(session, standing_rows(session), portal_day(session, now)).general,
    )


def _check_month(month: int) -> None:
    if not 1 <= month % 100 <= 12 or not 1900 <= month // 100 <= 9998:
        raise InvalidInput("A month is six digits, such as 202606.")


def _refuse_standing(session: Session, month: int) -> None:
    """Another draw would change chances that the standing plan has stored."""
    plan = current_plan(session).plan
    if plan.active and month >= plan.first_month and not closed_months(session, [month]):
        raise InvalidInput(
            "The standing plan draws this month, and on {day} what it lacks.",
            day=first_day(shift(month, 1)) + timedelta(days=plan.close_day - 1),
        )


def one_draw_at_a_time(session: Session) -> None:
    """PostgreSQL lets others insert meanwhile, but not draw; SQLite has one writer anyway."""
    session.execute(
        select(Station.id).order_by(Station.id).limit(1).with_for_update(key_share=True)
    )


def into_queues(
    session: Session,
    shares: Sequence[AssignedEncounter],
    versions: FittingVersions,
    common: dict[str, Any],
    due_on: Callable[[int], date],
) -> None:
    """Put drawn encounters into the queues of their inspectors.

    Args:
        common: columns that all assignments share.
        due_on: by the inspector's id.
    """
    rows = [
        common
        | {
            "interaction_id": share.sampled.encounter.interaction_id,
            "checklist_version_id": _version(versions, share.sampled.encounter),
            "inspector_id": inspector_id,
            "due_on": due_on(inspector_id),
            "purpose": "record" if position == 0 else "second",
            "sample_class": share.sampled.sample_class,
            "stratum": share.sampled.stratum,
            "inclusion_probability": share.sampled.probability,
            "submission_key": str(uuid4()),
        }
        for share in shares
        for position, inspector_id in enumerate(share.inspectors)
    ]
    if rows:
        session.execute(insert(Assignment), rows)


def _version(versions: FittingVersions, encounter: FrameEncounter) -> int:
    version_id = versions.version(encounter.kind, encounter.station_id)
    assert version_id is not None  # a general one is in force, or it were not in the frame
    return version_id


def _left_out(counted: FrameCount) -> dict[str, Any]:
    unfit = [[*kind, count] for kind, count in counted.unfit]
    return {"refused": counted.refused, "unfit": unfit}


def _summary(plan_id: int, frame: FrameCount, shares: Sequence[AssignedEncounter]) -> DrawnPlan:
    kinds = Counter(share.sampled.sample_class for share in shares)
    pairs = ((s.sampled.encounter.station_id, one) for s in shares for one in s.inspectors)
    groups = components(pairs)
    return DrawnPlan(
        plan_id=plan_id,
        frame=frame,
        random=kinds["random"],
        must_inspect=kinds["must_inspect"],
        doubles=sum(len(share.inspectors) > 1 for share in shares),
        unlinked=tuple(sorted(station for group in groups[1:] for station in group)),
    )
