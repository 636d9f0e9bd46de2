"""One submission of a 40-item checklist beside a bare durable commit of the same rows.

Three equal databases: in one the services work and are timed; from the second the statements that
write are listened to; into the third the bare driver puts the same rows, in one transaction of its
own, with the same durability. Services and driver take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event, func, select

from core.access import Identity
from db.inspection.models import Inspection
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.results.models import StationMonth
from db.store.session import reading, transaction
from tests.bench.both import on_both
from tests.bench.report import Table, Times, ms, ratio
from tests.factories import identity, make_assignment, make_interaction, make_version, seed
from tests.support.clock import NOW
from tests.support.databases import Databases
from tests.support.inspection.inspector import forty

BAR = 15
REPEATS = 100
WARM = 10
LOST = ("Q00", "Q11", "Q22", "Q30", "Q41", "Q42")


class Write(NamedTuple):
    statement: str
    parameters: Any
    many: bool

    @property
    def rows(self) -> int:
        return len(self.parameters) if self.many else 1


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    rows, notes = on_both(_compared)
    head = ("database", "rows", "write statements", "save draft ms", "submit ms", "submit p95 ms")
    yield Table(
        f"Submitting 40 items, {len(LOST)} of them lost with evidence (medians of {REPEATS})",
        (*head, "bare commit ms", "submit / bare", "bar"),
        rows,
        notes,
    )


def _compared(name: str, databases: Databases) -> list[str]:
    saving, submitting, bare = Times(), Times(), Times()
    with (
        databases.like("queue", _fill) as timed,
        databases.like("queue", _fill) as heard,
        databases.like("queue", _fill) as plain,
    ):
        with reading(timed) as session:
            alice = identity(session, "alice")
        connection = plain.raw_connection()
        for task in range(1, WARM + REPEATS + 1):
            with saving.measured():
                _save(timed, alice, task)
            with submitting.measured():
                _submit(timed, alice, task)
            with _listening(heard) as drafted:
                _save(heard, alice, task)
            with _listening(heard) as writes:
                _submit(heard, alice, task)
            _replay(connection.driver_connection, drafted)
            with bare.measured():
                _replay(connection.driver_connection, writes)
        connection.close()
        assert _state(timed) == _state(plain)
    for each in (saving, submitting, bare):
        del each.taken[:WARM]
    return [
        *(name, str(sum(write.rows for write in writes)), str(len(writes))),
        *(ms(saving.median), ms(submitting.median), ms(submitting.p95), ms(bare.median)),
        *(ratio(submitting.median / bare.median), str(BAR)),
    ]


def _fill(engine: Engine) -> None:
    """The cast, and as many calls in alice's queue as are submitted."""
    seed(engine)
    with transaction(engine) as session:
        version_id = make_version(session, forty()).id
        alice = identity(session, "alice")
        for number in range(WARM + REPEATS):
            call = make_interaction(session, external_id=f"bench-{number}")
            make_assignment(
                session, interaction=call, inspector=alice, checklist_version_id=version_id
            )


def work() -> Work:
    answers: dict[str, Any] = {}
    for section in forty()["sections"]:
        for item in section["items"]:
            best = 3 if item["kind"] == "graded" else "yes"
            worst = 0 if item["kind"] == "graded" else "no"
            answers[item["key"]] = {"value": worst if item["key"] in LOST else best}
    pins = [
        {"item_key": key, "turn_position": 2, "start_offset": 0, "end_offset": 3} for key in LOST
    ]
    return Work(answers, pins, "bench", 300.0)


def _save(engine: Engine, who: Identity, task: int) -> None:
    with transaction(engine) as session:
        save_draft(session, who=who, task=ASSIGNED.task(task), version=0, work=work(), now=NOW)


def _submit(engine: Engine, who: Identity, task: int) -> None:
    with transaction(engine) as session:
        submit(session, who=who, task=ASSIGNED.task(task), version=1, now=NOW)


@contextmanager
def _listening(engine: Engine) -> Iterator[list[Write]]:
    heard: list[Write] = []

    def listen(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            heard.append(Write(statement, given, many))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def _replay(connection: Any, writes: list[Write]) -> None:
    """SQLite's driver has to be told to begin."""
    cursor = connection.cursor()
    if isinstance(connection, sqlite3.Connection):
        cursor.execute("BEGIN IMMEDIATE")
    for write in writes:
        (cursor.executemany if write.many else cursor.execute)(write.statement, write.parameters)
    connection.commit()


def _state(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        inspections = select(func.count(), func.sum(Inspection.score))
        months = select(func.sum(StationMonth.n), func.sum(StationMonth.total))
        return [tuple(session.execute(query).one()) for query in (inspections, months)]
