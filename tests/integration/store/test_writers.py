"""Engines: several writers at once in one process, times in one zone."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import DDL
from sqlalchemy.exc import OperationalError

from db.store import session as sessions
from db.store.models import Meta
from db.store.session import make_engine, reading, transaction
from tests.support.databases import postgres_only, sqlite_only

pytestmark = pytest.mark.both


@pytest.fixture
def impatient(engine, monkeypatch):
    """A database whose writers never look a second time whether it is free."""
    monkeypatch.setattr(sessions, "sleep", lambda _seconds: pytest.fail("not its turn"))
    return engine


def test_writers_wait_in_line_and_none_is_refused(impatient):
    start = Barrier(8)

    def write(number):
        start.wait()
        with transaction(impatient) as session:
            session.add(Meta(key=f"writer {number}", value=""))
            session.flush()
            time.sleep(0.01)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with reading(impatient) as session:
        assert session.query(Meta).filter(Meta.key.startswith("writer")).count() == 8


def test_a_writer_that_fails_lets_the_next_one_in(impatient):
    with pytest.raises(ZeroDivisionError), transaction(impatient):
        raise ZeroDivisionError
    with transaction(impatient) as session:
        session.add(Meta(key="next", value=""))


def test_writers_of_two_processes_wait_for_each_other(engine):
    other = make_engine(engine.url.render_as_string(hide_password=False))

    def write(number):
        with transaction((engine, other)[number % 2]) as session:
            session.add(Meta(key=f"writer {number}", value=""))
            session.flush()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    other.dispose()
    with reading(engine) as session:
        assert session.query(Meta).filter(Meta.key.startswith("writer")).count() == 40


@sqlite_only
def test_a_database_that_stays_locked_is_said_to_be(engine, monkeypatch):
    monkeypatch.setattr(sessions, "_PATIENCE", 0.01)
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with transaction(other) as first:
        first.connection()
        with pytest.raises(OperationalError, match="locked"), transaction(engine) as second:
            second.connection()
    other.dispose()


@postgres_only
def test_times_come_in_utc_whatever_zone_the_server_is_set_to(empty_engine):
    name = empty_engine.url.database
    with empty_engine.begin() as connection:
        connection.execute(DDL(f"ALTER DATABASE \"{name}\" SET timezone TO 'Asia/Taipei'"))
    empty_engine.dispose()
    noon = "SELECT timestamptz '2026-03-09 12:00+08'"
    with empty_engine.connect() as connection:
        found = connection.exec_driver_sql(noon).scalar_one()
    assert (found.hour, found.utcoffset()) == (4, timedelta(0))
