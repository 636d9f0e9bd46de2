"""The chances that the standing plan gave, and what it goes by when it gives more."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from core.clock.days import begin_of, day_of
from core.periods import first_day, shift
from core.plan import FrameEncounter, scored_person
from core.plan.chances import Cell, Seen
from db.encounters.models import Interaction
from db.inspection.models import DrawChance
from db.people.models import Staff
from db.store.days import LOG_ZONE

_KNOWN_MONTHS = 3
_CHUNK = 500
CELL = (DrawChance.person, DrawChance.station_id, DrawChance.channel)


def cell_of(row: DrawChance) -> Cell:
    return Cell(person=row.person, station_id=row.station_id, channel=row.channel)


def by_cell(frame: Iterable[FrameEncounter]) -> dict[Cell, list[FrameEncounter]]:
    """Encounters by what their quota is for, in their order."""
    cells: dict[Cell, list[FrameEncounter]] = defaultdict(list)
    for row in frame:
        person = scored_person(row.staff_id, row.station_id, row.channel)
        cells[Cell(person=person, station_id=row.station_id, channel=row.channel)].append(row)
    return cells


def is_seen(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the standing plan has given an interaction its chance, narrowed by conditions."""
    return exists().where(DrawChance.interaction_id == Interaction.id, *conditions)


def perhaps_must(new_staff_days: int, month: int) -> ColumnElement[bool]:
    """What has anything that `must_inspect` looks at; the rest need not be read."""
    since = first_day(month) - timedelta(days=new_staff_days + 1)
    new = select(Staff.id).where(Staff.employed_from >= since)
    return or_(
        Interaction.severity.in_(("urgent", "important")),
        Interaction.is_repeat,
        Interaction.must_inspect.is_(True),
        Interaction.customer_rating.is_not(None),
        Interaction.staff_id.in_(new),
    )


def seen_before(session: Session, month: int) -> dict[Cell, Seen]:
    """What each cell has brought of a month, and the sum of its rates."""
    rows = session.execute(
        select(*CELL, func.count(), func.sum(DrawChance.rate))
        .where(DrawChance.month == month)
        .group_by(*CELL)
    )
    return {
        Cell(person=person, station_id=station, channel=channel): Seen(
            encounters=count, used=int(used)
        )
        for person, station, channel, count, used in rows
    }


def expected(session: Session, month: int) -> dict[Cell, float]:
    """How many encounters a month like this brings, from those of up to three months before."""
    begin = first_day(month)
    since = first_day(shift(month, -_KNOWN_MONTHS))
    span = [Interaction.occurred_at >= _midnight(since), Interaction.occurred_at < _midnight(begin)]
    first = session.scalar(select(func.min(Interaction.occurred_at)).where(*span))
    if first is None:
        return {}
    days = max(1, (begin - max(since, day_of(first, LOG_ZONE))).days)
    grain = (Interaction.staff_id, Interaction.station_id, Interaction.channel)
    rows = session.execute(select(*grain, func.count()).where(*span).group_by(*grain))
    length = monthrange(*divmod(month, 100))[1]
    return {
        Cell(
            person=scored_person(staff, station, channel), station_id=station, channel=channel
        ): count * length / days
        for staff, station, channel, count in rows
    }


def _midnight(day: date) -> datetime:
    return begin_of(day, LOG_ZONE)


def chances_of(session: Session, ids: Sequence[int]) -> Iterator[DrawChance]:
    """The chances of interactions that were seen."""
    for begin in range(0, len(ids), _CHUNK):
        chunk = ids[begin : begin + _CHUNK]
        yield from session.scalars(select(DrawChance).where(DrawChance.interaction_id.in_(chunk)))
