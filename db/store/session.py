"""Engines and sessions: the one place that knows how each database is driven."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, RLock
from time import monotonic, sleep
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from db.store.base import Model, table_of

__all__ = ["Session", "alone", "make_engine", "nothing_collected", "reading", "transaction"]

_WRITES = "portal_writes"
_BUSY = "PRAGMA busy_timeout=10000"
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    _BUSY,
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
)
_PATIENCE = 10
_PAUSE = 0.001
_STARTING = 0x706F7274616C  # any number that no other program locks by
_turns: WeakKeyDictionary[Engine, RLock] = WeakKeyDictionary()
_turns_lock = Lock()


def make_engine(database_url: str, *, pool_size: int = 20) -> Engine:
    """An engine for SQLite or PostgreSQL; the folder of a SQLite file is made if missing."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=pool_size, max_overflow=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits when the block ends and rolls back when it raises.

    On SQLite the write lock is taken at the start, so that a read inside can be trusted and two
    writers wait for each other instead of failing.
    """
    with (
        _in_turn(engine),
        Session(engine.execution_options(**{_WRITES: True}), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one consistent state and changes nothing."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Without looking for garbage: rows by the thousand are none, and others wait meanwhile."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """One process of a database after another, for what is done before it can serve.

    Not to be entered twice by one process: it would wait for itself.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(select(func.pg_advisory_lock(_STARTING)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(_STARTING)))
        return
    path = Path(engine.url.database or ":memory:")
    if path.name == ":memory:":
        yield
        return
    with closing(sqlite3.connect(path.with_name(path.name + "-starting"), timeout=600)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _in_turn(engine: Engine) -> Iterator[None]:
    """One writer of this process after another, where SQLite has but one writer.

    Left to SQLite they would look again and again with growing pauses, and under load some would
    never find it free. Who waits too long here asks SQLite, which then says that it is locked.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _turns_lock:
        turn = _turns.setdefault(engine, RLock())
    has_turn = turn.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if has_turn:
            turn.release()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  driver's own type
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401  driver's own type
    """Times come in UTC, whatever zone the server is set to: the driver reads no other as fast."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES, False):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Take the write lock, looking for it often.

    SQLite's own pauses grow to a tenth of a second, and writers of another process, who look as
    soon as one of them ends, would go first again and again.
    """
    driver: Any = connection.connection.dbapi_connection
    last = monotonic() + _PATIENCE
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while monotonic() < last and not _is_settled(driver):
            sleep(_PAUSE)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # or says in the usual way what is wrong
    finally:
        driver.execute(_BUSY)


def _is_settled(driver: sqlite3.Connection) -> bool:
    """Whether the lock is taken, or cannot be for another reason than another writer."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode != sqlite3.SQLITE_BUSY
    return True


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def insert_into(model: type[Model], dialect: str) -> Any:  # noqa: ANN401  one of two Insert types
    return (postgresql if dialect == "postgresql" else sqlite).insert(table_of(model))


def write_each(
    session: Session, model: type[Model], rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Set the given attributes of each row, by its id; those that are alike go in one statement."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row_id, values in rows:
        alike.setdefault(frozenset(values), []).append({**values, "id": row_id})
    for names, group in alike.items():
        if names:
            session.execute(update(model), group)
