"""What a month's sample is drawn from, and what of the month is left out of it, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.checklist.choice import EncounterKind
from core.clock.days import at_wall_clock, begin_of, day_of
from core.inspection.states import AssignmentState
from core.periods import first_day, month_of, shift
from core.plan import FrameEncounter, scored_person
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN
from db.inspection.models import Assignment, Inspection
from db.inspection.queries.own_work import who_handled
from db.people.models import Staff, Station
from db.store.session import nothing_collected

_DAY = timedelta(days=1)
_KIND = (
    *(Interaction.channel, Interaction.case_kind, Interaction.business_line),
    func.coalesce(Interaction.checklist, literal_column("''")),
)
_ZONES = select(Station.id, Station.timezone)
_PEOPLE = select(Staff.id, Staff.employed_from, Staff.station_id)


Choice = Callable[[EncounterKind], str | None]
"""Which checklist is for a kind of encounter, by key; None where none is."""


@dataclass(frozen=True)
class FrameCount:
    """How many encounters of a month wait to be drawn, and how many are left out.

    Attributes:
        given: what a draw draws from, by channel and the key of its checklist, most first.
        unfit: those that no checklist is for, by kind, most first.
        refused: those whose customer refuses, with a checklist or without.
    """

    given: tuple[tuple[str, str, int], ...]
    unfit: tuple[tuple[EncounterKind, int], ...]
    refused: int

    @property
    def drawable(self) -> int:
        """What a draw draws from."""
        return sum(count for *_, count in self.given)


def frame_count(session: Session, month: int, choice: Choice) -> FrameCount:
    """What `sampling_frame` gives and leaves out, counted by the same rule."""
    rows = session.execute(
        select(*_KIND, func.count(), func.sum(case((OPEN, 0), else_=1)))
        .where(*_waiting(session, month))
        .group_by(*_KIND)
        .order_by(*_KIND)
    ).all()
    given, unfit, refused = Counter[tuple[str, str]](), Counter[EncounterKind](), 0
    for *kind_of, count, closed in rows:
        kind = EncounterKind(*kind_of)
        key, is_open = choice(kind), count - int(closed)
        refused += int(closed)
        if key is None:
            unfit[kind] += is_open
        else:
            given[kind.channel, key] += is_open
    return FrameCount(
        tuple((*pair, count) for pair, count in given.most_common() if count),
        tuple((kind, count) for kind, count in unfit.most_common() if count),
        refused,
    )


def sampling_frame(
    session: Session, month: int, choice: Choice, *conditions: ColumnElement[bool]
) -> list[FrameEncounter]:
    """The encounters of a month (yyyymm, station time) that a checklist is for, by id.

    Those that came inspected from another system are none, nor those whose customer refuses.

    Args:
        conditions: on the interaction, which narrow it further.
    """
    rows = session.connection().execute(
        select(
            Interaction.id,
            Interaction.station_id,
            Interaction.staff_id,
            Interaction.occurred_at,
            Interaction.severity,
            Interaction.is_repeat,
            Interaction.customer_rating,
            Interaction.rating_low,
            Interaction.rating_high,
            *_KIND,
            Interaction.must_inspect,
        )
        .where(OPEN, *_waiting(session, month), *conditions)
        .order_by(Interaction.id)
        .execution_options(yield_per=10_000)
    )
    zones: dict[int, str] = dict(session.execute(_ZONES).all())
    people = {key: (since, team) for key, since, team in session.execute(_PEOPLE)}
    of_month = select(Interaction.id).where(OPEN, *_waiting(session, month), *conditions)
    handled = who_handled(session, of_month)
    fits = cache(lambda *kind: choice(EncounterKind(*kind)) is not None)
    frame = []
    with nothing_collected():
        for key, station, staff, occurred_at, severity, repeat, *scale_and_kind in rows:
            *scale, channel, kind, line, named, marked = scale_and_kind
            if not fits(channel, kind, line, named):
                continue
            local = at_wall_clock(occurred_at, zones[station])
            origin, share = (key, station, staff, channel, local), _rating_share(*scale)
            since, team = (None, None) if staff is None else people[staff]
            of_case = (kind, severity, repeat, share)
            hands = handled.get(key, frozenset())
            frame.append(
                FrameEncounter(*origin, *of_case, since, team, line, named, marked is True, hands)
            )
    return frame


def drawn_before(session: Session, month: int) -> Counter[int]:
    """How many of a month were drawn at random and not put aside, by `scored_person`.

    Put aside is also what was drawn and is not done, where the customer refuses since.
    """
    rows = session.execute(
        select(
            Interaction.staff_id,
            Interaction.station_id,
            Interaction.channel,
            Interaction.occurred_at,
            Station.timezone,
        )
        .join(Assignment, Assignment.interaction_id == Interaction.id)
        .join(Station, Station.id == Interaction.station_id)
        .where(
            Assignment.plan_id.is_not(None),
            Assignment.purpose == "record",
            Assignment.sample_class == "random",
            Assignment.state != AssignmentState.SKIPPED,
            or_(Assignment.state != AssignmentState.OPEN, OPEN),
            *_around(month, Interaction.occurred_at),
        )
    )
    return Counter(
        scored_person(row.staff_id, row.station_id, row.channel)
        for row in rows
        if month_of(day_of(row.occurred_at, row.timezone)) == month
    )


def _waiting(session: Session, month: int) -> list[ColumnElement[bool]]:
    """Encounters of a month, at the time of their stations, that nobody was given or inspected."""
    assigned = exists().where(Assignment.interaction_id == Interaction.id)
    inspected = exists().where(
        Inspection.interaction_id == Interaction.id, Inspection.assignment_id.is_(None)
    )
    stations: dict[str, list[int]] = {}
    for station, zone in session.execute(_ZONES):
        stations.setdefault(zone, []).append(station)
    here = (
        and_(Interaction.station_id.in_(ids), *_month_at(zone, month))
        for zone, ids in stations.items()
    )
    return [*_around(month, Interaction.occurred_at), or_(false(), *here), ~assigned, ~inspected]


def _month_at(zone: str, month: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    begin, end = (begin_of(first_day(first), zone) for first in (month, shift(month, 1)))
    return Interaction.occurred_at >= begin, Interaction.occurred_at < end


def _around(
    month: int, moment: InstrumentedAttribute[datetime]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The month and a day on either side, as months begin at different moments."""
    first = begin_of(first_day(month), "UTC")
    return moment >= first - _DAY, moment < first + 33 * _DAY


def _rating_share(rating: float | None, low: float | None, high: float | None) -> float | None:
    """Where a rating lies on its scale, 0 at the low end; None without rating or scale."""
    if rating is None or low is None or high is None or high <= low:
        return None
    return (rating - low) / (high - low)
