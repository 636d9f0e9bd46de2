"""The process's settings, keys and engine, and the only place in pages that opens sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import TypeVar

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.settings import Settings
from db.migrations import migrate
from db.safekeeping.database_key import keys_for
from db.store import audit
from db.store import session as sessions
from db.store.config import load_settings
from db.store.files import Files, files_of
from db.store.keys import IN_SESSION, Keys
from db.store.outage import outage_explained

_SAME_READING = timedelta(minutes=10)
Shown = TypeVar("Shown")


@cache
def settings() -> Settings:
    return load_settings()


@cache
def keys() -> Keys:
    """As they were at the start, where they were those of the database.

    Raises:
        KeyUnusable: they are not.
    """
    return keys_for(engine(), settings().var_dir)


@cache
def engine() -> Engine:
    return sessions.make_engine(settings().database_url)


@lru_cache(maxsize=1)
def schema_problem(engine: Engine) -> str | None:
    """Why the tables of a current database cannot serve, checked once; None if they can."""
    is_wrong = bool(migrate.differences(engine))
    return "the tables are not what their revision says" if is_wrong else None


@cache
def files() -> Files:
    return files_of(settings())


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits when the block ends. No `st.` call belongs inside the block.

    Here and in `reading`, who is kept out inside the block is noted in the audit log.

    Raises:
        Unavailable: the database is gone, full or cannot be written to.
    """
    with outage_explained(), _noted(), sessions.transaction(engine()) as session:
        session.info[IN_SESSION] = keys
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    with outage_explained(), _noted(), sessions.reading(engine()) as session:
        session.info[IN_SESSION] = keys
        yield session


def read_noted(
    name: str, record: object, *, read: Callable[[Session], Shown], note: Callable[..., Shown]
) -> Shown:
    """What a record holds; within ten minutes it is the same reading, which is noted once.

    Args:
        name: the kind of record, of which the last one read is remembered.
        record: which one it is.
        read: what of it is shown, from a session.
        note: the same, given the moment as `now`, and makes the entry.
    """
    moment, state_key = now(), f"_opened_{name}"
    before: tuple[object, datetime] | None = st.session_state.get(state_key)
    if before and before[0] == record and moment - before[1] < _SAME_READING:
        with reading() as session:
            return read(session)
    with transaction() as session:
        shown = note(session, now=moment)
    st.session_state[state_key] = (record, moment)
    return shown


def _noted() -> AbstractContextManager[None]:
    return audit.refusals_noted(engine(), now)


def now() -> datetime:
    return datetime.now(UTC)
