"""One file whole: its story, its clocks, its fields, and what may come next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, can, scope_of, visible_stations
from core.clock import Level
from core.files.clocks import ReadClock, read_clocks
from core.files.course import ENDED, Course, FileState, Mark, hands
from core.files.kinds import Kind
from core.files.order import is_permitted, permitted
from core.files.severity import REPEATED_WITHIN, Matter, repeats
from core.files.steps import FileEvent, Step
from core.people.staff_names import StaffNames
from db.files.clock_settings import StoredSettings
from db.files.derived_columns import event_of, facts_of, steps_of
from db.files.models import Accountability, File, FileStep
from db.files.queries.inspected_as import AsEncounter, as_encounter
from db.files.queries.sight import FileName, seen_file
from db.people.models import Staff, User
from db.people.queries.shown_texts import HiddenNames
from db.store.models import Notice


@dataclass(frozen=True)
class StoryLine:
    """One event as it is told.

    Attributes:
        by: who took it; the name another system gave, or none.
        reply: what was sent to the customer with it.
        of: the merged file it belongs to; empty for the file's own.
        is_recomputed: it was written down after a later event, or struck out: results changed.
    """

    event_id: int
    step: Step
    at: datetime
    written_at: datetime
    by: str
    is_by_hand: bool
    note: str
    reply: str
    level: Level | None
    owner: str
    of: str
    is_recomputed: bool
    struck_at: datetime | None
    struck_by: str
    struck_reason: str


@dataclass(frozen=True)
class AccountabilityNote:
    """Who answers for a file, as somebody found."""

    about: str
    finding: str
    decided_by: str
    at: datetime


@dataclass(frozen=True)
class FileFields:
    """What stands in a file besides its events; codes are those of `core/files/fields.py`."""

    channel: str
    business_line: str
    topic: str
    sub_topic: str
    content: str
    demand: str
    contact: str
    cause: str
    finding: str
    emotion: str
    solution: str
    compensation: float | None
    promised_at: datetime | None
    deputy_id: int | None
    deputy: str


@dataclass(frozen=True)
class FileView:
    """A file as one person sees it.

    Attributes:
        reads: whether what is written in it is read; without it the words are empty.
        is_known: whether the customer is; their name is nowhere.
        repeats: files of the same customer and class in the 30 days before.
        merged: the duplicates that this file goes on for.
        duplicate_of: the file that goes on in place of this one.
        encounter: what it became when it was closed; None while it was not.
        owner: None where the person does not read the file, empty where nobody owns it yet.
        next: the steps that the person may take now, the likeliest first.
        may_work, may_note: whether the person may change it, or note who answers for it.
        accountability: None where the person does not see such notes.
        is_supervisors: two answers did not satisfy.
        is_unread: the person has a notice of it that is unread.
    """

    file_id: int
    number: str
    source: str
    kind: Kind
    first_kind: Kind
    station_id: int
    station: str
    station_names: Mapping[str, str]
    timezone: str
    state: FileState
    level: Level
    round: int
    is_major: bool
    marks: frozenset[Mark]
    owner_id: int | None
    owner: str | None
    received_at: datetime
    reads: bool
    is_known: bool
    fields: FileFields
    story: tuple[StoryLine, ...]
    clocks: tuple[ReadClock, ...]
    missing: tuple[Step, ...]
    next: tuple[Step, ...]
    may_work: bool
    may_note: bool
    repeats: tuple[FileName, ...]
    merged: tuple[FileName, ...]
    duplicate_of: FileName | None
    encounter: AsEncounter | None
    accountability: tuple[AccountabilityNote, ...] | None
    is_supervisors: bool
    is_unread: bool


def file_view(session: Session, who: Identity, file_id: int, *, now: datetime) -> FileView:
    """A file as it stands now, by the person's sight.

    Raises:
        NotFound: there is none, or the person does not see it.
    """
    file, station, reads = seen_file(session, who, file_id)
    merged = session.execute(
        select(File.id, File.external_id).where(File.duplicate_of == file_id).order_by(File.id)
    ).all()
    steps = steps_of(session, [file_id, *(row.id for row in merged)])
    own = steps[file_id]
    facts = facts_of(file, own)
    course = Course(facts)
    settings = StoredSettings(session).of(station.id, station.timezone, file.received_at).by(now)
    names = HiddenNames(session, who).in_case(file.station_id, None)
    people = _people(session, file, [row for rows in steps.values() for row in rows], names)
    told = _Told(people, names, reads=reads)
    works = visible_stations(who, Action.WORK_FILES) if can(who, Action.WORK_FILES) else ()
    may_work = works is None or file.station_id in works
    is_major, earlier = course.is_major, earlier_files(session, file)
    sees_notes = _sees_accountability(session, who, file)
    return FileView(
        file_id=file_id,
        number=file.external_id,
        source=file.source,
        kind=Kind(file.kind),
        first_kind=Kind(file.first_kind),
        station_id=station.id,
        station=station.code,
        station_names=station.names,
        timezone=station.timezone,
        state=course.state,
        level=course.level,
        round=course.round.number,
        is_major=is_major,
        marks=facts.marks,
        owner_id=course.owner,
        owner=people(course.owner) if reads else None,
        received_at=course.received_at,
        reads=reads,
        is_known=file.customer_ref is not None,
        fields=_fields(file, names, people, reads=reads),
        story=told.story({"": own} | {row.external_id: steps[row.id] for row in merged}),
        clocks=read_clocks(facts, now=now, **vars(settings)),
        missing=() if course.state in ENDED else course.missing,
        next=_next(who, course, own, now=now, may_work=may_work, station_id=station.id),
        may_work=may_work,
        may_note=may_work and (is_major or bool(earlier) or course.is_reopened),
        repeats=earlier,
        merged=tuple(FileName(*row) for row in merged),
        duplicate_of=_named(session, file.duplicate_of),
        encounter=as_encounter(session, who, file.interaction_id),
        accountability=_accountability(session, file, names) if sees_notes else None,
        is_supervisors=course.wants_supervisor,
        is_unread=_is_unread(session, who, file_id),
    )


def _next(
    who: Identity,
    course: Course,
    steps: Sequence[FileStep],
    *,
    now: datetime,
    may_work: bool,
    station_id: int,
) -> tuple[Step, ...]:
    """The permitted steps: those that are still required in their order, then the others."""
    allowed = permitted(course.facts, now=now)
    if Step.CANCELLED not in allowed and course.kind.closes not in allowed:
        closing = FileEvent(course.kind.closes, now, absent=frozenset(course.missing))
        allowed += (closing.step,) if is_permitted(course.facts, closing) else ()
    checks = can(who, Action.RECHECK_FILES) and who.user_id not in hands(map(event_of, steps))
    stations = visible_stations(who, Action.RECHECK_FILES) if checks else frozenset()
    checks = checks and (stations is None or station_id in stations)
    mine = {step for step in allowed if (checks if step is Step.RECHECKED else may_work)}
    ordered = [step for step in course.missing if step in mine]
    return (*ordered, *(step for step in allowed if step in mine and step not in ordered))


class _Told:
    """The story as one reader reads it."""

    def __init__(
        self, people: Callable[[int | None], str], names: StaffNames, *, reads: bool
    ) -> None:
        self._people, self._names, self._reads = people, names, reads

    def story(self, files: Mapping[str, Sequence[FileStep]]) -> tuple[StoryLine, ...]:
        lines = [line for number, steps in files.items() for line in self._lines(number, steps)]
        return tuple(sorted(lines, key=lambda line: (line.at, line.event_id)))

    def _lines(self, number: str, steps: Sequence[FileStep]) -> list[StoryLine]:
        known = sorted((row.written_at, row.at) for row in steps if row.source == "manual")
        return [self._line(number, row, known) for row in steps]

    def _line(
        self, number: str, row: FileStep, known: Sequence[tuple[datetime, datetime]]
    ) -> StoryLine:
        is_late = any(written < row.written_at and at > row.at for written, at in known)
        reads = self._reads
        return StoryLine(
            event_id=row.id,
            step=Step(row.step),
            at=row.at,
            written_at=row.written_at,
            by=(self._people(row.user_id) or self._names.hide(row.told_by)) if reads else "",
            is_by_hand=row.source == "manual",
            note=self._names.hide(row.note) if reads else "",
            reply=self._names.hide(row.reply or "") if reads else "",
            level=Level(row.level) if row.level else None,
            owner=self._people(row.owner_id) if reads else "",
            of=number,
            is_recomputed=is_late or row.struck_at is not None,
            struck_at=row.struck_at,
            struck_by=self._people(row.struck_by) if reads else "",
            struck_reason=self._names.hide(row.struck_reason) if reads else "",
        )


def _people(
    session: Session, file: File, steps: Collection[FileStep], names: StaffNames
) -> Callable[[int | None], str]:
    """The names of the accounts that occur in a file, as one reader reads them."""
    ids = {i for row in steps for i in (row.user_id, row.owner_id, row.struck_by)}
    ids |= {file.deputy_id}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids - {None})))
    names_by_id = {user_id: names.hide(name) for user_id, name in rows}
    return lambda user_id: names_by_id.get(user_id or 0, "")


def _fields(
    file: File, names: StaffNames, people: Callable[[int | None], str], *, reads: bool
) -> FileFields:
    def words(text: str) -> str:
        return names.hide(text) if reads else ""

    return FileFields(
        channel=file.channel,
        business_line=file.business_line,
        topic=file.topic,
        sub_topic=file.sub_topic,
        content=words(file.content),
        demand=words(file.demand),
        contact=words(file.contact),
        cause=file.cause,
        finding=file.finding,
        emotion=file.emotion,
        solution=file.solution,
        compensation=file.compensation,
        promised_at=file.promised_at,
        deputy_id=file.deputy_id,
        deputy=people(file.deputy_id) if reads else "",
    )


def earlier_files(session: Session, file: File) -> tuple[FileName, ...]:
    """The files of the same customer and class in the 30 days before, for who may see this one."""
    if not file.customer_ref or not file.topic:
        return ()
    rows = session.execute(
        select(File.id, File.external_id, File.received_at).where(
            File.customer_ref == file.customer_ref,
            File.topic == file.topic,
            File.received_at >= file.received_at - REPEATED_WITHIN,
            File.received_at <= file.received_at,
        )
    ).all()
    numbers = {row.id: row.external_id for row in rows}
    matters = [_matter(file, row.id, row.received_at) for row in rows]
    here = _matter(file, file.id, file.received_at)
    return tuple(FileName(key, numbers[key]) for key in repeats(here, matters))


def _matter(file: File, file_id: int, received_at: datetime) -> Matter:
    """One that is about the same as a file."""
    return Matter(
        file_id=file_id,
        customer_ref=file.customer_ref,
        topic=file.topic,
        received_at=received_at,
    )


def _is_unread(session: Session, who: Identity, file_id: int) -> bool:
    mine = (Notice.user_id == who.user_id, Notice.kind == "file", Notice.record_id == file_id)
    return (
        session.scalar(select(Notice.id).where(*mine, Notice.seen_at.is_(None)).limit(1))
        is not None
    )


def _named(session: Session, file_id: int | None) -> FileName | None:
    row = session.execute(select(File.id, File.external_id).where(File.id == file_id)).one_or_none()
    return None if row is None else FileName(*row)


def _sees_accountability(session: Session, who: Identity, file: File) -> bool:
    """The line and the quality manager; the person whom a note is about."""
    scope = scope_of(who, Action.SEE_ACCOUNTABILITY)
    if scope is None or scope is Scope.ALL:
        return scope is not None
    if scope is Scope.SUBTREE and file.station_id in (who.station_ids or frozenset()):
        return True
    about = select(Accountability.id).where(
        Accountability.file_id == file.id, Accountability.staff_id == who.staff_id
    )
    return who.staff_id is not None and session.scalar(about.limit(1)) is not None


def _accountability(
    session: Session, file: File, names: StaffNames
) -> tuple[AccountabilityNote, ...]:
    rows = session.execute(
        select(Accountability, Staff.name, User.name)
        .outerjoin(Staff, Staff.id == Accountability.staff_id)
        .join(User, User.id == Accountability.decided_by)
        .where(Accountability.file_id == file.id)
        .order_by(Accountability.id)
    ).all()
    return tuple(
        AccountabilityNote(
            about=names.hide(staff or row.department),
            finding=names.hide(row.finding),
            decided_by=names.hide(name),
            at=row.at,
        )
        for row, staff, name in rows
    )
