"""What happened on days that a station's trend covers: of versions, people, training, and noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum, auto
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, require, scope_of
from core.clock.days import begin_of, day_of
from core.periods import Period, first_day, shift
from db.checklists.models import ChecklistChoice, ChecklistVersion, ClockChange, PilotStation
from db.checklists.parsed_versions import checklists_of
from db.people.models import Staff, Station
from db.people.queries.shown_texts import HiddenNames
from db.results.models import TrendNote
from db.results.queries.stations import Slice
from db.training.models import TrainingCourse, TrainingEnrolment, TrainingRun


class NoteKind(StrEnum):
    """What a note is of; written is what a person noted."""

    VERSION = auto()
    PILOT = auto()
    CLOCK = auto()
    CHOICE = auto()
    STAFF = auto()
    TRAINING = auto()
    WRITTEN = auto()


class DatedNote(NamedTuple):
    """Something that happened.

    Attributes:
        what: the number of a version, the key of a clock's item, the title of a course, the words
            of a person; empty where the kind says everything.
        people: how many began, or came to a training.
        note_id: of a written note that the reader may take away.
    """

    day: date
    kind: NoteKind
    what: str = ""
    people: int = 0
    note_id: int | None = None


class _Span(NamedTuple):
    first: date
    last: date


def dated_notes(
    session: Session, who: Identity, slice_: Slice, station_id: int
) -> tuple[DatedNote, ...]:
    """What happened at a station, or to the checklist of a slice, in its period; in order."""
    require(who, Action.SEE_STATIONS)
    span = _span(slice_.period)
    station = session.get_one(Station, station_id)
    notes = [
        *_versions(session, slice_.checklist_id, station_id, span),
        *_clocks(session, slice_.checklist_id, span),
        *_choices(session, station.timezone, span),
        *_new_staff(session, station_id, span),
        *_training(session, who, station_id, span),
        *_written(session, who, station_id, span),
    ]
    return tuple(sorted(notes, key=lambda note: (note.day, note.kind, note.what)))


def _span(period: Period) -> _Span:
    return _Span(first_day(period.first), first_day(shift(period.last, 1)) - timedelta(days=1))


def _versions(
    session: Session, checklist_id: int, station_id: int, span: _Span
) -> Iterable[DatedNote]:
    """Versions that came into force for every station, or on trial at this one."""
    here = or_(PilotStation.station_id.is_(None), PilotStation.station_id == station_id)
    rows = session.execute(
        select(ChecklistVersion.effective_from, ChecklistVersion.number, PilotStation.station_id)
        .outerjoin(PilotStation, PilotStation.checklist_version_id == ChecklistVersion.id)
        .where(
            ChecklistVersion.checklist_id == checklist_id,
            ChecklistVersion.effective_from.between(*span),
            here,
        )
    )
    for begin, number, pilot in rows:
        assert begin is not None
        kind = NoteKind.VERSION if pilot is None else NoteKind.PILOT
        yield DatedNote(begin, kind, str(number))


def _clocks(session: Session, checklist_id: int, span: _Span) -> Iterable[DatedNote]:
    """Clocks of items that some version of the checklist asks."""
    changes = session.execute(
        select(ClockChange.effective_from, ClockChange.item_id)
        .where(ClockChange.effective_from.between(*span))
        .distinct()
    ).all()
    if not changes:
        return
    versions = select(ChecklistVersion.id).filter_by(checklist_id=checklist_id)
    checklists = checklists_of(session, session.scalars(versions).all())
    asked = {key for checklist in checklists.values() for key in checklist.by_key}
    for begin, item_id in changes:
        if item_id in asked:
            yield DatedNote(begin, NoteKind.CLOCK, item_id)


def _choices(session: Session, zone: str, span: _Span) -> Iterable[DatedNote]:
    """New editions of the table that says which checklist is for what."""
    after = begin_of(span.last + timedelta(days=1), zone)
    saved = session.scalars(
        select(ChecklistChoice.saved_at).where(
            ChecklistChoice.saved_at >= begin_of(span.first, zone), ChecklistChoice.saved_at < after
        )
    )
    days = {day_of(moment, zone) for moment in saved}
    return [DatedNote(day, NoteKind.CHOICE) for day in days]


def _new_staff(session: Session, station_id: int, span: _Span) -> Iterable[DatedNote]:
    rows = session.execute(
        select(Staff.employed_from, func.count())
        .where(Staff.station_id == station_id, Staff.employed_from.between(*span))
        .group_by(Staff.employed_from)
    )
    return [DatedNote(begin, NoteKind.STAFF, people=count) for begin, count in rows if begin]


def _training(session: Session, who: Identity, station_id: int, span: _Span) -> Iterable[DatedNote]:
    """Runs to which somebody of the station came."""
    rows = session.execute(
        select(TrainingRun.starts_on, TrainingCourse.title, func.count())
        .join(TrainingCourse, TrainingCourse.id == TrainingRun.course_id)
        .join(TrainingEnrolment, TrainingEnrolment.run_id == TrainingRun.id)
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .where(
            Staff.station_id == station_id,
            TrainingEnrolment.attended.is_(True),
            TrainingRun.starts_on.between(*span),
        )
        .group_by(TrainingRun.id, TrainingRun.starts_on, TrainingCourse.title)
    )
    hide = HiddenNames(session, who).anywhere.hide
    return [DatedNote(day, NoteKind.TRAINING, hide(title), count) for day, title, count in rows]


def _written(session: Session, who: Identity, station_id: int, span: _Span) -> Iterable[DatedNote]:
    rows = session.scalars(
        select(TrendNote).where(
            TrendNote.day.between(*span),
            or_(TrendNote.station_id.is_(None), TrendNote.station_id == station_id),
        )
    )
    hide = HiddenNames(session, who).anywhere.hide
    return [
        DatedNote(
            row.day,
            NoteKind.WRITTEN,
            hide(row.words),
            note_id=row.id if may_take_away(who, row) else None,
        )
        for row in rows
    ]


def may_take_away(who: Identity, note: TrendNote) -> bool:
    """One's own notes, and for whom notes reach everywhere any."""
    scope = scope_of(who, Action.NOTE_TRENDS)
    return scope is Scope.ALL or (scope is not None and note.written_by == who.user_id)
