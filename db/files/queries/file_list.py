"""The list of files: how many are late, and a page of rows by what is due next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, visible_stations
from core.clock import Level
from core.files.clocks import ReadClock, foremost, late_since, read_clocks
from core.files.course import ENDED, FileState
from core.files.kinds import Kind
from core.files.order import is_permitted
from core.files.steps import FileEvent, Step
from db.files.clock_settings import StoredSettings
from db.files.derived_columns import facts_of, steps_of
from db.files.models import File
from db.files.queries.file_filter import RUNNING, UNMERGED, FileFilter, Which, is_late, narrowing
from db.files.queries.sight import sight_of
from db.files.services.kinds_in_use import kinds_in_use
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames
from db.store.days import portal_zone

SOON = timedelta(hours=2)
ROWS = 25
PRESSED = (Step.FIRST_RESPONSE, Step.EXECUTED, Step.TOLD)
"""The steps that are taken from the list, by one press."""
_FIRST_WORDS = 160


class FilePosition(NamedTuple):
    """Where in the list a file stands: when it is due, in lists by receiving when it came."""

    at: datetime | None
    file_id: int


@dataclass(frozen=True)
class FileRow:
    """One file of the list.

    Attributes:
        owner: None where the person does not read the file, empty where nobody owns it yet.
        words: the first of what it says; empty where the person does not read it.
        clock: what is due first; None where nothing is.
        late_since: since when it is or was late.
        takes: which of the steps that are one press may be taken now.
    """

    file_id: int
    number: str
    kind: Kind
    station_id: int
    station: str
    timezone: str
    level: Level
    state: FileState
    owner: str | None
    received_at: datetime
    words: str
    clock: ReadClock | None
    late_since: datetime | None
    takes: tuple[Step, ...]
    position: FilePosition


class FilePage(NamedTuple):
    rows: tuple[FileRow, ...]
    next: FilePosition | None


class Counts(NamedTuple):
    """Of the running files: how many are late, are due within two hours besides, are there."""

    late: int
    due_soon: int
    running: int


def counts(session: Session, who: Identity, file_filter: FileFilter, *, now: datetime) -> Counts:
    """How the running files that match stand, whichever part of them is listed.

    Raises:
        NotAllowed: the role shows no files.
    """
    conditions = _conditions(session, who, file_filter, now)
    late = is_late(now)
    soon = and_(~late, File.next_due_at <= now + SOON)
    figures = select(
        func.coalesce(func.sum(case((late, 1), else_=0)), 0),
        func.coalesce(func.sum(case((soon, 1), else_=0)), 0),
        func.count(),
    )
    query = figures.select_from(File).where(File.state.in_(RUNNING), *conditions)
    return Counts(*session.execute(query).one())


def files(
    session: Session,
    who: Identity,
    file_filter: FileFilter,
    *,
    now: datetime,
    after: FilePosition | None = None,
    limit: int = ROWS,
) -> FilePage:
    """The files that match: running ones by what is due next, the others by when they came.

    What waits for the customer has no due moment and comes last.

    Raises:
        NotAllowed: the role shows no files.
    """
    sight = sight_of(session, who)
    conditions = _conditions(session, who, file_filter, now)
    query = (
        select(File, Station.code, Station.timezone, User.name, sight.read_condition())
        .join(Station, Station.id == File.station_id)
        .outerjoin(User, User.id == File.owner_id)
        .where(*conditions)
    )
    by_due = file_filter.which in {Which.RUNNING, Which.LATE}
    if not by_due:
        rows = _by_receiving(session, query.where(_of(file_filter.which)), after, limit + 1)
    else:
        if file_filter.which is Which.LATE:
            query = query.where(is_late(now))
        rows = _by_due(session, query.where(File.state.in_(RUNNING)), after, limit + 1)
    page = rows[:limit]
    listed = _rows(session, who, page, now, by_due=by_due)
    return FilePage(listed, listed[-1].position if len(rows) > limit else None)


def _conditions(
    session: Session, who: Identity, file_filter: FileFilter, now: datetime
) -> list[ColumnElement[bool]]:
    seen = sight_of(session, who).condition()
    narrowed = narrowing(
        file_filter,
        user_id=who.user_id,
        kinds=kinds_in_use(session),
        zone=portal_zone(session),
        now=now,
    )
    return [seen, *narrowed]


def _by_due(
    session: Session, query: Select[*tuple[Any, ...]], after: FilePosition | None, limit: int
) -> list[Row[*tuple[Any, ...]]]:
    """What has a due moment by it, then the rest by number; each part goes by an index."""
    rows: list[Row[*tuple[Any, ...]]] = []
    if after is None or after.at is not None:
        due = query.where(File.next_due_at.is_not(None))
        if after is not None:
            same = and_(File.next_due_at == after.at, File.id > after.file_id)
            due = due.where(or_(File.next_due_at > after.at, same))
        rows += session.execute(due.order_by(File.next_due_at, File.id).limit(limit)).all()
    if len(rows) < limit:
        begin = after.file_id if after is not None and after.at is None else 0
        without_due = query.where(File.next_due_at.is_(None), File.id > begin)
        rows += session.execute(without_due.order_by(File.id).limit(limit - len(rows))).all()
    return rows


def _of(which: Which) -> ColumnElement[bool]:
    ended = File.state.in_(sorted(ENDED))
    return ended if which is Which.ENDED else UNMERGED


def _by_receiving(
    session: Session, query: Select[*tuple[Any, ...]], after: FilePosition | None, limit: int
) -> list[Row[*tuple[Any, ...]]]:
    if after is not None:
        same = and_(File.received_at == after.at, File.id < after.file_id)
        query = query.where(or_(File.received_at < after.at, same))
    newest = query.order_by(File.received_at.desc(), File.id.desc()).limit(limit)
    return list(session.execute(newest).all())


def _rows(
    session: Session,
    who: Identity,
    page: Sequence[Row[*tuple[Any, ...]]],
    now: datetime,
    *,
    by_due: bool,
) -> tuple[FileRow, ...]:
    steps = steps_of(session, [row[0].id for row in page])
    hidden, settings = HiddenNames(session, who), StoredSettings(session)
    works = visible_stations(who, Action.WORK_FILES) if can(who, Action.WORK_FILES) else ()
    rows = []
    for file, station, zone, owner, reads in page:
        facts = facts_of(file, steps[file.id])
        by = settings.of(file.station_id, zone, file.received_at).by(now)
        clocks = read_clocks(facts, now=now, **vars(by))
        names = hidden.in_case(file.station_id, None)
        may_work = works is None or file.station_id in works
        ended = FileState(file.state) in ENDED
        rows.append(
            FileRow(
                file_id=file.id,
                number=file.external_id,
                kind=Kind(file.kind),
                station_id=file.station_id,
                station=station,
                timezone=zone,
                level=Level(file.level),
                state=FileState(file.state),
                owner=names.hide(owner or "") if reads else None,
                received_at=file.received_at,
                words=names.hide(file.content)[:_FIRST_WORDS] if reads else "",
                clock=None if ended else foremost(clocks),
                late_since=late_since(clocks),
                takes=tuple(
                    step
                    for step in (PRESSED if may_work and not ended else ())
                    if is_permitted(facts, FileEvent(step, now))
                ),
                position=FilePosition(file.next_due_at if by_due else file.received_at, file.id),
            )
        )
    return tuple(rows)
