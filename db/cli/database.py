"""The database and keys of the settings, for commands that need them ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine

from core.errors import PortalError
from db import migrate
from db.config import load_settings
from db.keys import Keys, load_keys
from db.session import make_engine


class NotReady(PortalError):
    """The database cannot serve the command; the sentence says what to do."""


@contextmanager
def opened() -> Iterator[Engine]:
    """The database of the settings, migrated or not."""
    engine = make_engine(load_settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def ready() -> Iterator[Engine]:
    """The database of the settings.

    Raises:
        NotReady: it is not migrated or not reachable.
    """
    with opened() as engine:
        if problem := migrate.problem(engine):
            raise NotReady("Not possible: {problem}. Run: python -m db migrate", problem=problem)
        yield engine


def keys() -> Keys:
    return load_keys(load_settings().var_dir)


def now() -> datetime:
    return datetime.now(UTC)
