"""Drawing a month's sampling plan into the inspectors' queues, and moving work between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.errors import InvalidInput, NotFound
from core.plan import Encounter, Inspector, Plan, Share, choose, components, share_out
from db import audit
from db.checklists import active_versions
from db.models import (
    Assignment,
    Draft,
    Interaction,
    SamplingPlan,
    Staff,
    Station,
    User,
    UserRole,
)

_CHANNELS = ("counter", "phone", "chat", "email", "bot", "record", "site")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Drawn:
    """What a draw gave.

    `unlinked` are the stations whose inspectors score no station of the largest linked group:
    there severity cannot be told from quality.
    """

    plan_id: int
    frame: int
    random: int
    must_inspect: int
    doubles: int
    unlinked: tuple[int, ...]


def draw_plan(
    session: Session, *, who: Identity, month: int, plan: Plan, due_on: date, now: datetime
) -> Drawn:
    """Draw from what was imported for a month (yyyymm, station time) and not yet assigned.

    Raises:
        InvalidInput: the plan cannot be drawn, or there is nothing or nobody to draw for.
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    plan.check()
    if not 1 <= month % 100 <= 12 or not 1900 <= month // 100 <= 9998:
        raise InvalidInput("A month is six digits, such as 202606.")
    versions = _Versions(session, now.date())
    frame = _frame(session, month, versions.channels())
    if not frame:
        raise InvalidInput("No interaction of this month is waiting to be drawn.")
    inspectors = _inspectors(session)
    if not inspectors:
        raise InvalidInput("There is no active inspector.")
    regions = dict(session.execute(select(Station.id, Station.region)).all())
    shares = share_out(choose(frame, plan), inspectors, regions, plan)
    record = SamplingPlan(
        month=month,
        settings=asdict(plan) | {"due_on": due_on.isoformat()},
        frame_size=len(frame),
        drawn=len(shares),
        drawn_at=now,
        drawn_by=who.user_id,
    )
    session.add(record)
    session.flush()  # the assignments name the plan
    _store(session, shares, versions, {"plan_id": record.id, "due_on": due_on, "assigned_at": now})
    audit.record(session, who, "draw_plan", ("sampling_plan", record.id), now=now)
    return _summary(record.id, len(frame), shares)


def hand_over(
    session: Session, *, who: Identity, inspector_id: int, reason: str, now: datetime
) -> int:
    """Give an absent inspector's untouched open assignments to the others, the least busy first.

    Returns:
        How many were moved. Those with a draft stay, and so do those nobody else may score.
    """
    require(who, Action.ASSIGN)
    if not reason.strip():
        raise InvalidInput("Give a reason.")
    others = [one for one in _inspectors(session) if one.user_id != inspector_id]
    if not others:
        raise NotFound("There is no other active inspector.")
    load = {one.user_id: one.open_tasks for one in others}
    moved = 0
    for assignment, station_id in _untouched(session, inspector_id):
        holders = set(
            session.scalars(
                select(Assignment.inspector_id).where(
                    Assignment.interaction_id == assignment.interaction_id
                )
            )
        )
        allowed = [
            one.user_id
            for one in others
            if one.user_id not in holders and one.team_station_id != station_id
        ]
        if allowed:
            assignment.inspector_id = min(allowed, key=lambda user_id: (load[user_id], user_id))
            load[assignment.inspector_id] += 1
            moved += 1
    audit.record(
        session, who, "hand_over", ("user", inspector_id), now=now, reason=reason.strip(), n=moved
    )
    return moved


class _Versions:
    """The checklist version that is meant first of all for a channel, at each station."""

    def __init__(self, session: Session, on: date) -> None:
        self._session, self._on = session, on
        self._found: dict[tuple[str, int | None], int | None] = {}

    def channels(self) -> list[str]:
        return [channel for channel in _CHANNELS if self.version(channel, None) is not None]

    def version(self, channel: str, station_id: int | None) -> int | None:
        """A pilot of the station stands for the general version; None: nothing fits."""
        key = (channel, station_id)
        if key not in self._found:
            active = active_versions(self._session, channel, on=self._on, station_id=station_id)
            own = (version for version, checklist in active if checklist.channels[0] == channel)
            self._found[key] = next(own, None)
        return self._found[key]


def _frame(session: Session, month: int, channels: Sequence[str]) -> list[Encounter]:
    first = datetime(month // 100, month % 100, 1, tzinfo=ZoneInfo("UTC"))
    rows = session.connection().execute(
        select(
            Interaction.id,
            Interaction.station_id,
            Interaction.staff_id,
            Interaction.channel,
            Interaction.occurred_at,
            Interaction.case_kind,
            Interaction.severity,
            Interaction.is_repeat,
            Interaction.customer_rating,
            Interaction.rating_low,
            Interaction.rating_high,
            Staff.employed_from,
            Station.timezone,
        )
        .join(Station, Interaction.station_id == Station.id)
        .join(Staff, Interaction.staff_id == Staff.id, isouter=True)
        .outerjoin(Assignment, Assignment.interaction_id == Interaction.id)
        .where(
            Assignment.id.is_(None),
            Interaction.channel.in_(channels),
            Interaction.occurred_at >= first - _DAY,
            Interaction.occurred_at < first + 32 * _DAY + _DAY,
        )
        .order_by(Interaction.id)
        .execution_options(yield_per=10_000)
    )
    zones = {name: ZoneInfo(name) for name in session.scalars(select(Station.timezone).distinct())}
    frame = []
    for key, station, staff, channel, at, kind, severity, repeat, *scale, since, zone in rows:
        local = at.astimezone(zones[zone])
        if local.month == month % 100:
            place = (key, station, staff, channel, local)
            frame.append(Encounter(*place, kind, severity, repeat, _rating_share(*scale), since))
    return frame


def _rating_share(rating: float | None, low: float | None, high: float | None) -> float | None:
    """Where a rating lies on its scale, 0 at the low end; None without rating or scale."""
    if rating is None or low is None or high is None or high <= low:
        return None
    return (rating - low) / (high - low)


def _inspectors(session: Session) -> list[Inspector]:
    waiting = (
        select(Assignment.inspector_id, func.count().label("n"))
        .where(Assignment.state == "open")
        .group_by(Assignment.inspector_id)
        .subquery()
    )
    rows = session.execute(
        select(User.id, User.region, func.coalesce(waiting.c.n, 0), Staff.station_id)
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(waiting, waiting.c.inspector_id == User.id)
        .outerjoin(Staff, User.staff_id == Staff.id)
        .where(UserRole.role == Role.INSPECTOR, User.active)
        .order_by(User.id)
    )
    return [Inspector(*row) for row in rows]


def _store(
    session: Session, shares: Sequence[Share], versions: _Versions, common: dict[str, Any]
) -> None:
    rows = [
        common
        | {
            "interaction_id": share.chosen.encounter.interaction_id,
            "checklist_version_id": versions.version(
                share.chosen.encounter.channel, share.chosen.encounter.station_id
            ),
            "inspector_id": inspector_id,
            "purpose": "record" if place == 0 else "second",
            "sample_class": share.chosen.sample_class,
            "stratum": share.chosen.stratum,
            "inclusion_probability": share.chosen.probability,
            "state": "open",
            "submission_key": str(uuid4()),
        }
        for share in shares
        for place, inspector_id in enumerate(share.inspectors)
    ]
    if rows:
        session.execute(insert(Assignment), rows)


def _summary(plan_id: int, frame: int, shares: Sequence[Share]) -> Drawn:
    kinds = Counter(share.chosen.sample_class for share in shares)
    pairs = ((s.chosen.encounter.station_id, one) for s in shares for one in s.inspectors)
    groups = components(pairs)
    return Drawn(
        plan_id,
        frame,
        kinds["random"],
        kinds["must_inspect"],
        sum(len(share.inspectors) > 1 for share in shares),
        tuple(sorted(station for group in groups[1:] for station in group)),
    )


def _untouched(session: Session, inspector_id: int) -> list[tuple[Assignment, int]]:
    rows = session.execute(
        select(Assignment, Interaction.station_id)
        .join(Interaction, Assignment.interaction_id == Interaction.id)
        .where(
            Assignment.inspector_id == inspector_id,
            Assignment.state == "open",
            Assignment.id.not_in(select(Draft.assignment_id)),
        )
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    return [(assignment, station_id) for assignment, station_id in rows]
