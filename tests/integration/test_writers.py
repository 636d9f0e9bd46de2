"""Engines: several writers at once in one process, times in one zone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import DDL, event

from db.models import Meta
from db.session import reading, transaction
from tests.support.databases import postgres_only


@pytest.fixture
def impatient(engine):
    """A database that refuses a second writer at once instead of letting it look again."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _refuse_at_once)
        engine.dispose()
    return engine


def test_writers_wait_in_line_and_none_is_refused(impatient):
    start = Barrier(8)

    def write(number):
        start.wait()
        with transaction(impatient) as session:
            session.add(Meta(key=f"writer {number}", value=""))
            session.flush()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with reading(impatient) as session:
        assert session.query(Meta).filter(Meta.key.startswith("writer")).count() == 8


def test_a_writer_that_fails_lets_the_next_one_in(impatient):
    with pytest.raises(ZeroDivisionError), transaction(impatient):
        raise ZeroDivisionError
    with transaction(impatient) as session:
        session.add(Meta(key="next", value=""))


def _refuse_at_once(connection, _record):
    connection.execute("PRAGMA busy_timeout=0")


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
