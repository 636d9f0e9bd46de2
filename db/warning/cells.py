"""What the rules look at: for each cell, a station and what of it, its windows and their signs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.checklist.model import BOT
from core.clock.days import begin_of, day_of
from core.files.course import Mark
from core.files.encounters import CHANNEL
from core.files.kinds import Kind
from core.files.timing import TIMED, Outcome
from core.periods import Period, first_day, month_of, shift
from core.warning.counts import Alarm, MonthCount
from core.warning.rules import RuleKey
from core.warning.signs import Sign, WindowCount, count_signs, share_signs, threshold_sign
from db.encounters.models import Interaction
from db.files.derived_columns import TIMED_COLUMNS
from db.files.models import File
from db.files.queries.file_filter import RUNNING, UNMERGED, Timeliness, stands
from db.files.services.kinds_in_use import kinds_in_use
from db.inspection.personal_losses import losses_by_person
from db.people.models import Station
from db.results.models import StationItemMonth
from db.store.days import portal_zone

MONTHS_READ = 36
"""Far enough back for twelve months that were not under suspicion."""
WINDOWS_CHARTED = 13
_WEEK = timedelta(days=7)
_SEVERE = frozenset({Mark.SAFETY.value, Mark.PERSONAL_DATA.value})
_SEVERE_FOR = timedelta(days=30)
"""A single event is looked for so long after it came."""
_Clusters = list[tuple[float, float]]
_TOO_LATE = (Timeliness.LATE, Timeliness.OVERDUE)


class Cell(NamedTuple):
    """A station, and the class, item, step or file that is looked at there."""

    station_id: int
    key: str


@dataclass(frozen=True)
class LookedAt:
    """What a rule found.

    Attributes:
        on: the newest window it looked at.
        signs: what the windows say, the oldest first, of cells that could be compared.
        is_now: it tells how it is now, so that windows before are not computed again.
    """

    on: date
    signs: Mapping[Cell, tuple[Sign, ...]] = field(default_factory=dict)
    is_now: bool = False

    @property
    def compared(self) -> int:
        """How many cells there was enough of to compare the newest window."""
        return sum(of_cell[-1].is_compared for of_cell in self.signs.values() if of_cell)


def look(
    session: Session, rule: RuleKey, cells: Collection[Cell], *, limit: int | None, now: datetime
) -> LookedAt:
    """What a rule sees at a moment, of every cell with data and of `cells` in any case."""
    zone = portal_zone(session)
    month, week = first_day(_newest(now, zone)), _monday(day_of(now, zone)) - _WEEK
    if rule is RuleKey.COMPLAINTS:
        counts = complaint_months(session, cells, now)
        return LookedAt(month, {cell: count_signs(of_cell) for cell, of_cell in counts.items()})
    if rule is RuleKey.LOST_ITEMS:
        return LookedAt(
            month, _shares(lost_windows(session, cells, now), partial(_people, session))
        )
    if rule is RuleKey.LATE_STEPS:
        return LookedAt(week, _shares(late_windows(session, cells, now)))
    if rule is RuleKey.OVERDUE_FILES:
        assert limit is not None
        return _overdue(session, limit, now)
    return _severe(session, now)


def complaint_months(
    session: Session, cells: Collection[Cell], now: datetime, *, alone: bool = False
) -> dict[Cell, list[MonthCount]]:
    """Complaints of a class and encounters of a station in each whole month, the oldest first.

    Months begin in the portal's zone; those before the station's first encounter are left out.

    Args:
        alone: of `cells` and no others.
    """
    zone = portal_zone(session)
    months = _whole_months(now, zone, MONTHS_READ)
    complaints: dict[int, Counter[Cell]] = {}
    contacts: dict[int, Counter[int]] = {}
    places = {cell.station_id for cell in cells}
    files = [File.station_id.in_(places)] if alone else []
    encounters = [Interaction.station_id.in_(places)] if alone else []
    for month in months:
        begin, end = (begin_of(first_day(each), zone) for each in (month, shift(month, 1)))
        of_class = (
            select(File.station_id, File.topic, func.count())
            .where(UNMERGED, File.kind == Kind.COMPLAINT.value, *files)
            .where(File.received_at >= begin, File.received_at < end)
            .group_by(File.station_id, File.topic)
        )
        complaints[month] = Counter(
            {Cell(s, topic): n for s, topic, n in session.execute(of_class)}
        )
        served = (
            select(Interaction.station_id, func.count())
            .where(Interaction.channel.not_in((BOT, CHANNEL)), *encounters)
            .where(Interaction.occurred_at >= begin, Interaction.occurred_at < end)
            .group_by(Interaction.station_id)
        )
        contacts[month] = Counter(dict(session.execute(served).all()))
    every = set(cells) if alone else set(cells).union(*complaints.values())
    return {cell: _known(cell, months, complaints, contacts) for cell in sorted(every)}


def _known(
    cell: Cell,
    months: list[int],
    complaints: Mapping[int, Counter[Cell]],
    contacts: Mapping[int, Counter[int]],
) -> list[MonthCount]:
    counts = [
        MonthCount(
            month=month,
            events=complaints[month][cell],
            chances=contacts[month][cell.station_id],
        )
        for month in months
    ]
    first = next((k for k, count in enumerate(counts) if count.chances), len(counts))
    return counts[first:]


def lost_windows(
    session: Session, cells: Collection[Cell], now: datetime, *, alone: bool = False
) -> dict[Cell, list[WindowCount]]:
    """How often each item was lost at each station, in each of 13 whole months.

    `cells` and `alone` as in `complaint_months`.
    """
    newest = _newest(now, portal_zone(session))
    charted = Period(shift(newest, 1 - WINDOWS_CHARTED), newest)
    table = StationItemMonth
    query = (
        select(
            *(table.station_id, table.item_key, table.month),
            *(func.sum(table.lost), func.sum(table.answered)),
        )
        .where(table.month.between(*charted), table.channel != BOT)
        .group_by(table.station_id, table.item_key, table.month)
    )
    if alone:
        places, items = ({cell[k] for cell in cells} for k in (0, 1))
        query = query.where(table.station_id.in_(places), table.item_key.in_(items))
    days = [first_day(month) for month in charted.months()]
    counts: dict[Cell, dict[date, tuple[int, int]]] = defaultdict(dict)
    for station, item, month, lost, answered in session.execute(query):
        counts[Cell(station, item)][first_day(month)] = (int(lost), int(answered))
    return _dense(counts, days, cells, alone=alone)


def late_windows(
    session: Session, cells: Collection[Cell], now: datetime, *, alone: bool = False
) -> dict[Cell, list[WindowCount]]:
    """How often each timed step was too late, of the files received in each of 13 whole weeks.

    Weeks begin on Mondays in the portal's zone. Steps still open that are not due are in none.
    `cells` and `alone` as in `complaint_months`.
    """
    zone = portal_zone(session)
    running = _monday(day_of(now, zone))
    days = [running - k * _WEEK for k in range(WINDOWS_CHARTED, 0, -1)]
    where = [UNMERGED, File.kind.in_(kinds_in_use(session))]
    if alone:
        where.append(File.station_id.in_({cell.station_id for cell in cells}))
    counts: dict[Cell, dict[date, tuple[int, int]]] = defaultdict(dict)
    for on in days:
        begin, end = begin_of(on, zone), begin_of(on + _WEEK, zone)
        columns = [
            func.sum(case((or_(*(stands(step, each, now=now) for each in which)), 1), else_=0))
            for step in TIMED
            for which in (_TOO_LATE, Timeliness)
        ]
        query = select(File.station_id, *columns).where(
            *where, File.received_at >= begin, File.received_at < end
        )
        for station, *sums in session.execute(query.group_by(File.station_id)):
            for k, step in enumerate(TIMED):
                late, counted = int(sums[2 * k]), int(sums[2 * k + 1])
                if counted:
                    counts[Cell(station, step.value)][on] = (late, counted)
    return _dense(counts, days, cells, alone=alone)


def _overdue(session: Session, limit: int, now: datetime) -> LookedAt:
    """How many running files of each station with any are overdue now."""
    on = _monday(day_of(now, portal_zone(session)))
    is_overdue = or_(
        *(
            and_(getattr(File, name) == Outcome.OPEN.value, getattr(File, due) < now)
            for name, due in TIMED_COLUMNS.values()
        )
    )
    query = (
        select(File.station_id, func.sum(case((is_overdue, 1), else_=0)))
        .where(UNMERGED, File.kind.in_(kinds_in_use(session)), File.state.in_(RUNNING))
        .group_by(File.station_id)
    )
    signs = {
        Cell(station, ""): (threshold_sign(on, int(n), limit),)
        for station, n in session.execute(query)
    }
    return LookedAt(on=on, signs=signs, is_now=True)


def _severe(session: Session, now: datetime) -> LookedAt:
    """Files about safety or personal data that came lately, each a cell of its own."""
    query = (
        select(File.id, File.station_id, File.received_at, File.marks, Station.timezone)
        .join(Station, Station.id == File.station_id)
        .where(UNMERGED, File.kind.in_(kinds_in_use(session)))
        .where(File.received_at > now - _SEVERE_FOR, File.received_at <= now)
    )
    signs = {}
    for file_id, station, received_at, marks, zone in session.execute(query):
        alarm = Alarm.RAISED if _SEVERE & set(marks) else Alarm.QUIET
        sign = Sign(on=day_of(received_at, zone), alarm=alarm, times=1)
        signs[Cell(station, str(file_id))] = (sign,)
    return LookedAt(on=day_of(now, portal_zone(session)), signs=signs)


def _shares(
    windows: Mapping[Cell, list[WindowCount]],
    people: Callable[[date, Sequence[Cell]], Mapping[Cell, _Clusters]] = lambda _on, _cells: {},
) -> dict[Cell, tuple[Sign, ...]]:
    names = {f"{cell.station_id} {cell.key}": cell for cell in windows}

    def behind(on: date, beyond: Sequence[str]) -> dict[str, _Clusters]:
        of_cells = people(on, [names[name] for name in beyond])
        return {name: of_cells.get(names[name], []) for name in beyond}

    by_name = share_signs({name: windows[cell] for name, cell in names.items()}, behind)
    return {names[name]: of_cell for name, of_cell in by_name.items()}


def _people(session: Session, on: date, cells: Sequence[Cell]) -> dict[Cell, _Clusters]:
    """Each person's losses and inspections at the station in the month, by cell."""
    items: dict[int, list[str]] = defaultdict(list)
    for cell in cells:
        items[cell.station_id].append(cell.key)
    return {
        Cell(station, item): clusters
        for station, keys in items.items()
        for item, clusters in losses_by_person(session, keys, month_of(on), [station]).items()
    }


def _dense(
    counts: Mapping[Cell, Mapping[date, tuple[int, int]]],
    days: list[date],
    cells: Collection[Cell],
    *,
    alone: bool,
) -> dict[Cell, list[WindowCount]]:
    every = set(cells) if alone else {*counts, *cells}
    return {
        cell: [WindowCount(on, *counts.get(cell, {}).get(on, (0, 0))) for on in days]
        for cell in sorted(every)
    }


def _newest(now: datetime, zone: str) -> int:
    """The last month that is over."""
    return shift(month_of(day_of(now, zone)), -1)


def _whole_months(now: datetime, zone: str, length: int) -> list[int]:
    newest = _newest(now, zone)
    return Period(shift(newest, 1 - length), newest).months()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
