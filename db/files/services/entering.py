"""Entering a file that somebody told, and changing what stands in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.checklist.model import CHANNELS
from core.clock import Level
from core.errors import InvalidInput, not_found
from core.files.course import Course, FileFacts, Mark
from core.files.fields import CHOICES
from core.files.kinds import Kind
from core.files.order import check_step
from core.files.steps import FileEvent, Step
from db.files.derived_columns import derive
from db.files.models import File, FileStep
from db.files.queries.handlers import handlers_of
from db.files.services.kinds_in_use import kinds_in_use
from db.files.writing import locked
from db.people.models import Station
from db.safekeeping.models import Customer
from db.store import audit
from db.store.keys import keys_of
from db.store.session import dialect_of, insert_into

PORTAL = "portal"
"""The source of files that are entered here."""
DONE_AT_ONCE = (Step.FIRST_RESPONSE, Step.EXECUTED, Step.TOLD)
"""What may have been done while the customer was still there."""
LONGEST_CONTENT, LONGEST_WORDS, LONGEST_CODE, LONGEST_REFERENCE = 20_000, 2_000, 64, 200


@dataclass(frozen=True)
class FileEntry:
    """A file as somebody enters it.

    Attributes:
        level: None where it is not known yet.
        customer: what identifies the customer in other systems; stored as a pseudonym only.
        done: of DONE_AT_ONCE, what was done already; the file is then in the person's hands.
        received_at: None for now.
    """

    kind: Kind
    station_id: int
    channel: str
    content: str
    topic: str = ""
    sub_topic: str = ""
    level: Level | None = None
    marks: frozenset[Mark] = field(default_factory=frozenset)
    demand: str = ""
    contact: str = ""
    customer: str = ""
    business_line: str = "airline"
    done: frozenset[Step] = field(default_factory=frozenset)
    received_at: datetime | None = None


@dataclass(frozen=True)
class FileChanges:
    """What stands in a file besides its events, as `FileFields` names it."""

    topic: str = ""
    sub_topic: str = ""
    demand: str = ""
    contact: str = ""
    cause: str = ""
    finding: str = ""
    emotion: str = ""
    solution: str = ""
    compensation: float | None = None
    promised_at: datetime | None = None
    deputy_id: int | None = None


def enter_file(session: Session, *, who: Identity, entry: FileEntry, now: datetime) -> int:
    """Store a file with the steps that were taken as it was told; its id.

    It is recorded, in the person's hands, and classified and graded where that is said.

    Raises:
        InvalidInput: the kind is not in use, a text is missing or too long, a step comes too early.
        NotFound: the station does not exist, or is none of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    _check(session, who, entry, stations)
    received = entry.received_at or now
    events = _events(entry, who, received=received, now=now)
    facts = FileFacts(entry.kind, events[:1], None, entry.channel, entry.marks)
    for event in events[1:]:
        check_step(facts, event, now=now)
        facts = FileFacts(entry.kind, (*facts.events, event), None, entry.channel, entry.marks)
    file = File(
        source=PORTAL,
        external_id=uuid4().hex,
        first_kind=entry.kind.value,
        station_id=entry.station_id,
        channel=entry.channel,
        business_line=entry.business_line,
        received_at=received,
        topic=entry.topic.strip(),
        sub_topic=entry.sub_topic.strip(),
        marks=sorted(mark.value for mark in entry.marks),
        customer_ref=_pseudonym(session, entry.customer),
        content=entry.content.strip(),
        demand=entry.demand.strip(),
        contact=entry.contact.strip(),
        **_as_derived(facts),
    )
    session.add(file)
    session.flush()
    file_id = file.id
    file.external_id = f"F-{file_id:06d}"
    for event in events:
        session.add(_row(file_id, event, who, now))
    derive(session, [file_id])
    steps = [event.step.value for event in events]
    audit.record(session, who, "enter", ("file", file_id), now=now, steps=steps)
    return file_id


def change_fields(
    session: Session, *, who: Identity, file_id: int, changes: FileChanges, now: datetime
) -> None:
    """Store what stands in a file besides its events.

    Raises:
        InvalidInput: a code is unknown, a text too long, a sum below 0, or the deputy may not work
            on the file.
        NotFound: the file does not exist, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    file, _steps = locked(session, who, stations, file_id)
    for name, codes in CHOICES.items():
        if getattr(changes, name) not in ("", *codes):
            raise InvalidInput("This choice does not exist.")
    _check_lengths(changes.demand, changes.contact, topic=changes.topic, more=changes.sub_topic)
    if changes.compensation is not None and changes.compensation < 0:
        raise InvalidInput("A sum is not below 0.")
    if changes.deputy_id is not None and changes.deputy_id not in handlers_of(
        session, [file.station_id]
    ):
        raise InvalidInput("This person does not work on files of the station.")
    changed = [name for name, value in asdict(changes).items() if getattr(file, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(file, name, getattr(changes, name))
    derive(session, [file_id])
    audit.record(session, who, "change", ("file", file_id), now=now, fields=changed)


def _check(
    session: Session, who: Identity, entry: FileEntry, stations: frozenset[int] | None
) -> None:
    exists = session.get(Station, entry.station_id) is not None
    if not exists or (stations is not None and entry.station_id not in stations):
        raise not_found(
            "This station does not exist.",
            user_id=who.user_id,
            subject=("station", entry.station_id),
            exists=exists,
        )
    if entry.kind not in kinds_in_use(session):
        raise InvalidInput("Files of this kind are switched off.")
    if entry.channel not in CHANNELS:
        raise InvalidInput("Choose the channel.")
    if not entry.content.strip():
        raise InvalidInput("Write down what happened.")
    if len(entry.content) > LONGEST_CONTENT:
        raise InvalidInput("The text is longer than {limit} characters.", limit=LONGEST_CONTENT)
    if len(entry.customer) > LONGEST_REFERENCE:
        raise InvalidInput("The text is longer than {limit} characters.", limit=LONGEST_REFERENCE)
    if not entry.done <= set(DONE_AT_ONCE):
        raise InvalidInput("This choice does not exist.")
    _check_lengths(entry.demand, entry.contact, topic=entry.topic, more=entry.sub_topic)


def _check_lengths(*words: str, topic: str, more: str) -> None:
    limits = [*((text, LONGEST_WORDS) for text in words), (topic, LONGEST_CODE)]
    for text, limit in [*limits, (more, LONGEST_CODE)]:
        if len(text) > limit:
            raise InvalidInput("The text is longer than {limit} characters.", limit=limit)


def _events(
    entry: FileEntry, who: Identity, *, received: datetime, now: datetime
) -> tuple[FileEvent, ...]:
    """What was done by now: receiving first, the rest as it is written down."""
    steps = [FileEvent(Step.RECEIVED, received, by=who.user_id)]
    course = Course(FileFacts(entry.kind, tuple(steps)))
    required = set(course.kind.required)
    if Step.RECORDED in required:
        steps.append(FileEvent(Step.RECORDED, now, by=who.user_id))
    if Step.CLASSIFIED in required and entry.topic:
        steps.append(FileEvent(Step.CLASSIFIED, now, by=who.user_id))
    if entry.level is not None:
        steps.append(FileEvent(Step.SEVERITY_SET, now, by=who.user_id, level=entry.level))
    if Step.ASSIGNED in required:
        steps.append(FileEvent(Step.ASSIGNED, now, by=who.user_id, owner=who.user_id))
    done = [step for step in DONE_AT_ONCE if step in entry.done]
    return (*steps, *(FileEvent(step, now, by=who.user_id) for step in done))


def _as_derived(facts: FileFacts) -> dict[str, object]:
    """What the row needs before its events are stored."""
    course = Course(facts)
    return {
        "kind": course.kind.key.value,
        "state": course.state.value,
        "level": course.level.value,
        "round": 1,
    }


def _row(file_id: int, event: FileEvent, who: Identity, now: datetime) -> FileStep:
    return FileStep(
        file_id=file_id,
        step=event.step.value,
        at=event.at,
        source="manual",
        user_id=who.user_id,
        level=event.level.value if event.level else None,
        owner_id=event.owner,
        absent=[],
        written_at=now,
    )


def _pseudonym(session: Session, reference: str) -> str | None:
    """The customer's pseudonym; the clear reference is kept beside it, encrypted."""
    reference = reference.strip()
    if not reference:
        return None
    keys = keys_of(session)
    ref = keys.pseudonym(reference)
    values = {"ref": ref, "cipher": keys.encrypt(reference)}
    into = insert_into(Customer, dialect_of(session)).values(values)
    session.execute(into.on_conflict_do_nothing())
    return ref
