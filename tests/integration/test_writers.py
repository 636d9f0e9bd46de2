"""Several writers at once in one process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event

from db.models import Meta
from db.session import reading, transaction


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
