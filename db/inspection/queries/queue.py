"""What an inspector works from: the queue and the week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.inspection.facets import NOT_RECORDED
from core.inspection.states import ASSIGNMENT, AssignmentState
from core.plan import Inspector, daily_target
from core.scoring import parse_answers, score
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.consent import open_to_use
from db.inspection.models import Assignment, Draft, Inspection
from db.inspection.queries.working_days import WorkingDays
from db.people.models import Staff, Station, User


class QueuePosition(NamedTuple):
    """Where in the queue an assignment stands."""

    due_on: date
    assignment_id: int


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to; None is everything, an empty language one not recorded."""

    channel: str | None = None
    language: str | None = None
    station: str | None = None

    @classmethod
    def of_address(cls, codes: Mapping[str, str]) -> QueueFilter:
        """As the address says it; its other fields, and what can be no code, are passed over."""
        names = {name: codes.get(name, "") for name in cls.__dataclass_fields__}
        named = {name: code for name, code in names.items() if code and code.isprintable()}
        return cls(**{name: "" if code == NOT_RECORDED else code for name, code in named.items()})

    def as_address(self) -> dict[str, str]:
        """The codes of what it is narrowed to, by the names of the fields."""
        return {
            name: code or NOT_RECORDED for name, code in asdict(self).items() if code is not None
        }

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """For a query of interactions with their stations."""
        asked = (
            (Interaction.channel, self.channel),
            (Interaction.language, self.language),
            (Station.code, self.station),
        )
        return tuple(column == value for column, value in asked if value is not None)

    def narrowing(self, assignments: Select[int]) -> Select[int]:
        """A query of assignments, of what the filter leaves of them."""
        return (
            assignments.join(Interaction, Interaction.id == Assignment.interaction_id)
            .join(Station, Station.id == Interaction.station_id)
            .where(*self.conditions())
        )


class QueueChoices(NamedTuple):
    """What the open assignments of an inspector can be narrowed by: codes, in order."""

    channels: tuple[str, ...]
    languages: tuple[str, ...]
    stations: tuple[str, ...]


class Load(NamedTuple):
    """How many open assignments wait, and how many of them are due."""

    open: int
    due_today: int
    overdue: int


class Week(NamedTuple):
    """What an inspector scored since a moment; the median is None before the first."""

    scored: int
    median_seconds: float | None


class DayTarget(NamedTuple):
    """How many an inspector scored today, of those that keep every due day if done today."""

    scored: int
    target: int


@dataclass(frozen=True)
class ChecklistTime:
    """How long an inspection with a checklist takes an inspector; `count` were measured."""

    checklist: Mapping[str, str]
    count: int
    median_seconds: float


EVERYTHING = QueueFilter()
_FIRST = (
    select(Assignment.id)
    .where(
        Assignment.inspector_id == bindparam("user_id"),
        Assignment.state == AssignmentState.OPEN,
        open_to_use(Assignment.interaction_id),
        Assignment.id != bindparam("besides"),
    )
    .order_by(Assignment.due_on, Assignment.id)
    .limit(1)
)
_OVERDUE = _FIRST.where(Assignment.due_on < bindparam("today"))
_here = aliased(Assignment)
_NEXT = _FIRST.join(_here, _here.id == bindparam("besides")).where(
    or_(
        Assignment.due_on > _here.due_on,
        and_(Assignment.due_on == _here.due_on, Assignment.id > _here.id),
    )
)


@dataclass(frozen=True)
class QueueRow:
    """One open assignment; of `visible_items` items, `answered` have an answer."""

    assignment_id: int
    case: str
    occurred_at: datetime
    timezone: str
    channel: str
    station: str
    language: str
    checklist: Mapping[str, str]
    version: int
    due_on: date
    answered: int
    visible_items: int
    saved_at: datetime | None

    @property
    def position(self) -> QueuePosition:
        return QueuePosition(self.due_on, self.assignment_id)


def load(session: Session, who: Identity, *, today: date, only: QueueFilter = EVERYTHING) -> Load:
    due = func.coalesce(func.sum(case((Assignment.due_on == today, 1), else_=0)), 0)
    late = func.coalesce(func.sum(case((Assignment.due_on < today, 1), else_=0)), 0)
    counts = session.execute(
        select(func.count(), due, late)
        .select_from(Assignment)
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .join(Station, Station.id == Interaction.station_id)
        .where(*_own_open(who), *only.conditions())
    ).one()
    return Load(open=int(counts[0]), due_today=int(counts[1]), overdue=int(counts[2]))


def queue_choices(session: Session, who: Identity) -> QueueChoices:
    """The channels, languages and stations of the inspector's open assignments."""
    rows = session.execute(
        select(Interaction.channel, Interaction.language, Station.code)
        .join(Assignment, Assignment.interaction_id == Interaction.id)
        .join(Station, Station.id == Interaction.station_id)
        .where(*_own_open(who))
        .distinct()
    ).all()
    channels, languages, stations = ({row[place] for row in rows} for place in range(3))
    return QueueChoices(tuple(sorted(channels)), tuple(sorted(languages)), tuple(sorted(stations)))


def queue(
    session: Session,
    who: Identity,
    *,
    after: QueuePosition | None = None,
    limit: int = 50,
    only: QueueFilter = EVERYTHING,
) -> list[QueueRow]:
    """The inspector's open assignments, most urgent first, from behind a position on."""
    statement = _queue_statement(who, after).where(*only.conditions())
    return [_queue_row(session, row) for row in session.execute(statement.limit(limit)).all()]


def week(session: Session, who: Identity, *, since: datetime) -> Week:
    """The inspector's own submissions since a moment; an amendment is not a second one."""
    require(who, Action.SCORE)
    seconds = session.scalars(
        select(Inspection.active_seconds).where(
            Inspection.inspector_id == who.user_id,
            Inspection.submitted_at >= since,
            Inspection.replaces_id.is_(None),
        )
    ).all()
    durations = [value for value in seconds if value is not None]
    return Week(len(seconds), median(durations) if durations else None)


def day_target(session: Session, who: Identity, *, today: date, since: datetime) -> DayTarget:
    """What the day asks for: what was open this morning, spread over the working days it has.

    Args:
        today: the reader's.
        since: the moment at which it began.
    """
    own = _own_open(who)
    done = session.execute(
        select(Assignment.due_on, func.count(Inspection.id.distinct()))
        .join(Inspection, Inspection.assignment_id == Assignment.id)
        .where(
            Inspection.inspector_id == who.user_id,
            Inspection.submitted_at >= since,
            Inspection.replaces_id.is_(None),
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .group_by(Assignment.due_on)
    ).all()
    waiting = session.execute(
        select(Assignment.due_on, func.count()).where(*own).group_by(Assignment.due_on)
    ).all()
    due = Counter[date]()
    for day, count in (*done, *waiting):
        due[day] += count
    team = session.scalar(
        select(Staff.station_id).join(User, User.staff_id == Staff.id).where(User.id == who.user_id)
    )
    me = Inspector(who.user_id, region="", team_station_id=team)
    is_free = WorkingDays(session, today).free_days(me)
    scored = sum(count for _day, count in done)
    return DayTarget(scored=scored, target=daily_target(due, today, is_free))


def checklist_times(session: Session, who: Identity, *, since: datetime) -> list[ChecklistTime]:
    """The inspector's own median time with each checklist since a moment, the most used first."""
    require(who, Action.SCORE)
    rows = session.execute(
        select(
            ChecklistVersion.checklist_id,
            ChecklistVersion.id,
            Inspection.active_seconds,
        )
        .join(ChecklistVersion, ChecklistVersion.id == Inspection.checklist_version_id)
        .where(
            Inspection.inspector_id == who.user_id,
            Inspection.submitted_at >= since,
            Inspection.replaces_id.is_(None),
            Inspection.active_seconds.is_not(None),
        )
        .order_by(Inspection.id)
    )
    seconds: dict[int, list[float]] = defaultdict(list)
    newest: dict[int, int] = {}
    for checklist_id, version_id, active in rows:
        seconds[checklist_id].append(active or 0.0)
        newest[checklist_id] = version_id
    return sorted(
        (
            ChecklistTime(checklist_of(session, newest[key]).title, len(times), median(times))
            for key, times in seconds.items()
        ),
        key=lambda row: -row.count,
    )


def next_assignment(
    session: Session,
    who: Identity,
    *,
    after: int | None = None,
    today: date | None = None,
    only: QueueFilter = EVERYTHING,
) -> int | None:
    """The open assignment behind one in the queue, else the first; None when none is left.

    Who began in the middle, or narrowed the queue, is not led past what is overdue: that comes
    before what lies behind. When nothing is left of a narrowed queue, the whole one goes on.

    Args:
        today: the day by which something is overdue; None: nothing is.
    """
    require(who, Action.SCORE)
    mine = {"user_id": who.user_id, "besides": after or 0}
    overdue = None if today is None else session.scalar(_OVERDUE, mine | {"today": today})
    if overdue:
        return overdue
    ways = (_FIRST,) if after is None else (_NEXT, _FIRST)
    if only != EVERYTHING:
        ways = (*(only.narrowing(way) for way in ways), *ways)
    for way in ways:
        if assignment_id := session.scalar(way, mine):
            return assignment_id
    return None


def _own_open(who: Identity) -> tuple[ColumnElement[bool], ...]:
    require(who, Action.SCORE)
    return (
        Assignment.inspector_id == who.user_id,
        Assignment.state == AssignmentState.OPEN,
        open_to_use(Assignment.interaction_id),
    )


def _behind(position: QueuePosition | None) -> tuple[ColumnElement[bool], ...]:
    if position is None:
        return ()
    same_day = and_(Assignment.due_on == position.due_on, Assignment.id > position.assignment_id)
    return (or_(Assignment.due_on > position.due_on, same_day),)


def _queue_statement(who: Identity, after: QueuePosition | None) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Assignment.id,
        Assignment.due_on,
        Assignment.checklist_version_id,
        ChecklistVersion.number,
        Interaction.external_id,
        Interaction.occurred_at,
        Interaction.channel,
        Interaction.language,
        Station.code,
        Station.timezone,
        Draft.answers,
        Draft.saved_at,
    )
    return (
        select(*columns)
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .join(Station, Station.id == Interaction.station_id)
        .join(ChecklistVersion, ChecklistVersion.id == Assignment.checklist_version_id)
        .outerjoin(Draft, Draft.of(ASSIGNMENT, Assignment.id))
        .where(*_own_open(who), *_behind(after))
        .order_by(Assignment.due_on, Assignment.id)
    )


def _queue_row(session: Session, row: Row[Any]) -> QueueRow:
    checklist = checklist_of(session, row.checklist_version_id)
    answered, visible_items = _progress(checklist, row.answers or {}) if row.saved_at else (0, 0)
    return QueueRow(
        assignment_id=row.id,
        case=row.external_id,
        occurred_at=row.occurred_at,
        timezone=row.timezone,
        channel=row.channel,
        station=row.code,
        language=row.language,
        checklist=checklist.title,
        version=row.number,
        due_on=row.due_on,
        answered=answered,
        visible_items=visible_items,
        saved_at=row.saved_at,
    )


def _progress(checklist: Checklist, answers: Mapping[str, Any]) -> tuple[int, int]:
    parsed_answers = parse_answers(checklist, answers)
    visible_items = {
        item.key for item in score(checklist, parsed_answers).items if item.status != "hidden"
    }
    return len(visible_items & parsed_answers.keys()), len(visible_items)
