"""Which files are looked for, in lists and in figures alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import Level
from core.clock.days import begin_of
from core.files.course import ENDED, FileState
from core.files.kinds import Kind
from core.files.steps import Step
from core.files.timing import Outcome
from db.files.derived_columns import TIMED_COLUMNS
from db.files.models import File

UNMERGED = func.coalesce(File.duplicate_of, 0) == 0
"""No duplicate of another; not by IS NULL, for whose index SQLite reads nearly all files."""
RUNNING = sorted(state.value for state in FileState if state not in ENDED)


class Which(StrEnum):
    """Running: not closed, not cancelled. Late: those of them that are late, or were.

    All leaves out merged duplicates: the file that goes on for them stands for the matter.
    """

    RUNNING = auto()
    LATE = auto()
    ENDED = auto()
    ALL = auto()


class Timeliness(StrEnum):
    """How a step with a limit in use stands; overdue is one that has not come in time or at all."""

    MET = auto()
    LATE = auto()
    OVERDUE = auto()


@dataclass(frozen=True)
class FileFilter:
    """What is looked for; None narrows nothing.

    Attributes:
        mine: owned by the person.
        nobodys: owned by nobody yet.
        number: the whole number of the file.
        since: received from this day on, in the portal's zone.
        topic, sub_topic: empty for files without one.
        weekday_hour: see `core.files.timing.Timing`.
        timed: a step of the first round, and how it stands.
    """

    which: Which = Which.RUNNING
    kind: Kind | None = None
    station_id: int | None = None
    level: Level | None = None
    mine: bool = False
    nobodys: bool = False
    number: str = ""
    since: date | None = None
    topic: str | None = None
    sub_topic: str | None = None
    weekday_hour: int | None = None
    timed: tuple[Step, Timeliness] | None = None


def is_late(now: datetime) -> ColumnElement[bool]:
    """Of running files: late now, or at any time before."""
    return or_(
        and_(File.late_since.is_not(None), File.late_since <= now),
        and_(File.next_due_at.is_not(None), File.next_due_at < now),
    )


def narrowing(
    file_filter: FileFilter, *, user_id: int, kinds: Collection[Kind], zone: str, now: datetime
) -> list[ColumnElement[bool]]:
    """The conditions but for sight and for `which`.

    Args:
        user_id: whose files are *mine*.
        kinds: those in use; files of others are left out.
        zone: the portal's, in which days begin.
    """
    same: dict[InstrumentedAttribute[object], object] = {
        File.kind: file_filter.kind.value if file_filter.kind else None,
        File.station_id: file_filter.station_id,
        File.level: file_filter.level.value if file_filter.level else None,
        File.external_id: file_filter.number.strip() or None,
        File.topic: file_filter.topic,
        File.sub_topic: file_filter.sub_topic,
        File.weekday_hour: file_filter.weekday_hour,
    }
    conditions: list[ColumnElement[bool]] = [File.kind.in_(kinds)]
    conditions += [column == value for column, value in same.items() if value is not None]
    if file_filter.mine:
        conditions.append(File.owner_id == user_id)
    if file_filter.nobodys:
        conditions.append(File.owner_id.is_(None))
    if file_filter.since is not None:
        conditions.append(File.received_at >= begin_of(file_filter.since, zone))
    if file_filter.timed is not None:
        conditions.append(stands(*file_filter.timed, now=now))
    return conditions


def stands(step: Step, timeliness: Timeliness, *, now: datetime) -> ColumnElement[bool]:
    """Whether a step of the first round was in time, too late, or is overdue at a moment."""
    outcome, due = (getattr(File, name) for name in TIMED_COLUMNS[step])
    if timeliness is Timeliness.OVERDUE:
        overdue: ColumnElement[bool] = and_(outcome == Outcome.OPEN.value, due < now)
        return overdue
    came: ColumnElement[bool] = outcome == timeliness.value
    return came
