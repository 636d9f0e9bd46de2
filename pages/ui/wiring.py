"""The process's settings, keys and engine, and the only place in pages that opens sessions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.settings import Settings
from db import session as sessions
from db.config import load_settings
from db.keys import Keys, load_keys


@cache
def settings() -> Settings:
    return load_settings()


@cache
def keys() -> Keys:
    return load_keys(settings().var_dir)


@cache
def engine() -> Engine:
    return sessions.make_engine(settings().database_url)


def transaction() -> AbstractContextManager[Session]:
    """A session that commits when the block ends. No `st.` call belongs inside the block."""
    return sessions.transaction(engine())


def reading() -> AbstractContextManager[Session]:
    return sessions.reading(engine())


def now() -> datetime:
    return datetime.now(UTC)
