"""The database and keys of the settings, for commands that need them ready."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from core.errors import PortalError
from db import migrate
from db.config import load_settings
from db.keys import Keys, load_keys
from db.session import make_engine


class NotReady(PortalError):
    """The database cannot serve the command; the sentence says what to do."""


def engine() -> Engine:
    """The database of the settings, migrated or not."""
    return make_engine(load_settings().database_url)


def ready_engine() -> Engine:
    """The database of the settings.

    Raises:
        NotReady: it is not migrated or not reachable.
    """
    found = engine()
    if problem := migrate.problem(found):
        raise NotReady("Not possible: {problem}. Run: python -m db migrate", problem=problem)
    return found


def keys() -> Keys:
    return load_keys(load_settings().var_dir)


def now() -> datetime:
    return datetime.now(UTC)
