"""Closed files become encounters, so that draws reach them and their clocks come filled in.

A file becomes one encounter, whose id it keeps. Closed again it brings the same one up to date,
until that was given to an inspector or inspected: what evidence rests on stays as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from core.files.course import Course
from core.files.encounters import (
    CASE_KINDS,
    CHANNEL,
    becomes_encounter,
    encounter_events,
    must_be_inspected,
)
from core.files.severity import Matter, repeats
from core.files.steps import FileEvent, Step
from db.encounters import search_index
from db.encounters.models import Interaction, Turn
from db.files.models import File, FileStep
from db.inspection.models import Assignment, Inspection
from db.people.models import User
from db.store.base import table_of
from db.store.session import write_each

SOURCE = "file"
_Row = Row[*tuple[Any, ...]]
_COLUMNS = (
    *(File.id, File.external_id, File.station_id, File.business_line, File.customer_ref),
    *(File.topic, File.sub_topic, File.content, File.demand, File.compensation),
    *(File.received_at, File.interaction_id),
)
"""Read as columns: what is stored is masked, what a row holds in memory may not be yet."""


def store_encounters(session: Session, courses: Mapping[int, Course]) -> None:
    """Make or bring up to date the encounters of those of some files that are closed.

    Nothing is done for what has not changed since, so it may be repeated.
    """
    closed = {key: course for key, course in courses.items() if becomes_encounter(course)}
    if not closed:
        return
    files = session.execute(
        select(*_COLUMNS, Interaction.content_digest, _is_used().label("is_used"), User.staff_id)
        .outerjoin(Interaction, Interaction.id == File.interaction_id)
        .outerjoin(User, User.id == File.owner_id)
        .where(File.id.in_(closed))
        .order_by(File.id)
    ).all()
    matters = _Matters(session, files)
    steps = _steps(session, [file.id for file in files if not file.is_used])
    new, changed = [], []
    for file in files:
        if file.is_used:
            continue
        is_repeat = matters.is_repeated(file)
        content = _Content(
            _values(file, closed[file.id], steps[file.id], is_repeat=is_repeat),
            _turns(file, steps[file.id]),
        )
        if file.interaction_id is None:
            new.append((file.id, content))
        elif content.digest != file.content_digest:
            changed.append((file.interaction_id, content))
    _write_turns(session, [*_made(session, new), *_changed(session, changed)])
    _mark(session, matters.made_repeated(files))


class _Content(NamedTuple):
    """What a file tells as an encounter: its columns, and its turns as speaker and words."""

    columns: dict[str, Any]
    turns: list[tuple[str, str]]

    @property
    def digest(self) -> str:
        """Of masked words alone, so that it gives nothing away and needs no key."""
        written = json.dumps(self, sort_keys=True, default=datetime.isoformat)
        return hashlib.sha256(written.encode()).hexdigest()

    @property
    def row(self) -> dict[str, Any]:
        return {
            **self.columns,
            "turn_count": len(self.turns),
            "content_digest": self.digest,
        }


def _is_used() -> Any:  # noqa: ANN401  one of SQLAlchemy's conditions
    """An inspector was given the encounter, or has inspected it."""
    return or_(
        exists().where(Assignment.interaction_id == File.interaction_id),
        exists().where(Inspection.interaction_id == File.interaction_id),
    )


def _steps(session: Session, ids: Collection[int]) -> dict[int, list[_Row]]:
    """The events of some files that count, in their order."""
    steps: dict[int, list[_Row]] = {file_id: [] for file_id in ids}
    query = select(
        *(FileStep.file_id, FileStep.step, FileStep.at, FileStep.source),
        *(FileStep.note, FileStep.reply, FileStep.written_at),
    ).where(FileStep.file_id.in_(ids), FileStep.struck_at.is_(None))
    for row in session.execute(query.order_by(FileStep.at, FileStep.id)):
        steps[row.file_id].append(row)
    return steps


def _values(
    file: _Row,
    course: Course,
    steps: Sequence[_Row],
    *,
    is_repeat: bool,
) -> dict[str, Any]:
    """The columns of an encounter; it took place when the file was closed, for a draw to find it.

    Its person is the member of staff who owned the file last, where an account names one.
    """
    events = [(FileEvent(Step(row.step), row.at), row.source) for row in steps]
    facts = {
        "file_number": file.external_id,
        "file_class": [code for code in (file.topic, file.sub_topic) if code],
        "file_demand": file.demand,
        "file_compensation": file.compensation,
    }
    return {
        "channel": CHANNEL,
        "business_line": file.business_line,
        "station_id": file.station_id,
        "staff_id": file.staff_id,
        "occurred_at": course.round.ended or course.events[-1].at,
        "customer_ref": file.customer_ref,
        "case_kind": CASE_KINDS[course.kind.key],
        "severity": course.level.value,
        "is_repeat": is_repeat or course.is_reopened,
        "must_inspect": must_be_inspected(course, is_repeated=is_repeat),
        "events": encounter_events(events),
        "attributes": {name: value for name, value in facts.items() if value},
        "imported_at": max(row.written_at for row in steps),
    }


def _turns(file: _Row, steps: Sequence[_Row]) -> list[tuple[str, str]]:
    """What the customer said, then the notes and replies of the steps, as speaker and words."""
    wrote = [("agent", words) for row in steps for words in (row.note, row.reply or "")]
    return [turn for turn in (("customer", file.content), *wrote) if turn[1].strip()]


def _made(session: Session, new: Sequence[tuple[int, _Content]]) -> list[tuple[int, _Content]]:
    """Store new encounters, with their ids; their files are locked by the writing before."""
    if not new:
        return []
    contents = {f"FILE-{file_id}": (file_id, content) for file_id, content in new}
    named = {"source": SOURCE, "language": ""}
    rows = [
        named | {"external_id": name} | content.row for name, (_id, content) in contents.items()
    ]
    session.execute(insert(table_of(Interaction)), rows)
    query = select(Interaction.external_id, Interaction.id).where(
        Interaction.source == SOURCE, Interaction.external_id.in_(contents)
    )
    ids = dict(session.execute(query).all())
    links = [(contents[name][0], {"interaction_id": ids[name]}) for name in contents]
    write_each(session, File, links)
    return [(ids[name], contents[name][1]) for name in contents]


def _changed(
    session: Session, changed: Sequence[tuple[int, _Content]]
) -> Sequence[tuple[int, _Content]]:
    """Bring stored encounters up to date but for their turns, of which the former are gone then."""
    ids = [interaction_id for interaction_id, _content in changed]
    if ids:
        search_index.forget(session, ids)
        session.execute(delete(Turn).where(Turn.interaction_id.in_(ids)))
        write_each(session, Interaction, [(key, content.row) for key, content in changed])
    return changed


def _write_turns(session: Session, encounters: Sequence[tuple[int, _Content]]) -> None:
    rows = [
        {"interaction_id": key, "position": position, "speaker": speaker, "text": words}
        for key, content in encounters
        for position, (speaker, words) in enumerate(content.turns, 1)
    ]
    if rows:
        session.execute(insert(table_of(Turn)), rows)
    search_index.index_interactions(session, [key for key, _content in encounters])


def _mark(session: Session, interaction_ids: Collection[int]) -> None:
    """Mark encounters as repeated, where nobody has them yet."""
    if interaction_ids:
        unused = select(File.interaction_id).where(
            File.interaction_id.in_(interaction_ids), ~_is_used()
        )
        session.execute(
            update(Interaction)
            .where(Interaction.id.in_(unused), Interaction.is_repeat.is_(False))
            .values(is_repeat=True, must_inspect=True)
        )


class _Matters:
    """What customers of some files came with, in these and in all others."""

    def __init__(self, session: Session, files: Sequence[_Row]) -> None:
        refs = {file.customer_ref for file in files if file.customer_ref and file.topic}
        self._of: dict[str, list[Matter]] = defaultdict(list)
        self._encounters: dict[int, int] = {}
        query = select(File.id, File.customer_ref, File.topic, File.received_at)
        of_customers = query.add_columns(File.interaction_id).where(File.customer_ref.in_(refs))
        for *matter, interaction_id in session.execute(of_customers):
            self._of[matter[1]].append(Matter(*matter))
            if interaction_id is not None:
                self._encounters[matter[0]] = interaction_id

    def is_repeated(self, file: _Row) -> bool:
        """Whether the customer came with the same matter in the 30 days before."""
        return bool(repeats(_matter(file), self._of.get(file.customer_ref or "", ())))

    def made_repeated(self, files: Sequence[_Row]) -> frozenset[int]:
        """The encounters of later files that one of these makes repeated."""
        here = {file.id for file in files}
        matters = [_matter(file) for file in files]
        return frozenset(
            self._encounters[later.file_id]
            for ref in {file.customer_ref for file in files} - {None}
            for later in self._of.get(ref, ())
            if later.file_id in self._encounters
            and later.file_id not in here
            and repeats(later, (m for m in matters if m.customer_ref == ref))
        )


def _matter(file: _Row) -> Matter:
    return Matter(
        file_id=file.id,
        customer_ref=file.customer_ref,
        topic=file.topic,
        received_at=file.received_at,
    )
