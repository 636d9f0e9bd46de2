"""The database and keys of the settings, for commands that need them ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from core.errors import InvalidInput, PortalError
from db.migrations import migrate
from db.safekeeping.database_key import keys_for, take_over
from db.store import claims
from db.store.config import load_settings
from db.store.keys import Keys
from db.store.session import make_engine, reading


class DatabaseNotReady(PortalError):
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
def migrated() -> Iterator[Engine]:
    """The database of the settings, whichever key it is written with, on damaged tables as well.

    Raises:
        DatabaseNotReady: it is not migrated or not reachable.
        UnknownRevision: a newer version of the portal changed it.
    """
    with opened() as engine:
        with suppress(SQLAlchemyError):  # which the next line puts into words
            migrate.refuse_unknown_revision(engine)
        if problem := migrate.problem(engine):
            raise DatabaseNotReady(
                "Not possible: {problem}. Run: python -m db migrate", problem=problem
            )
        yield engine


@contextmanager
def ready() -> Iterator[Engine]:
    """The database of the settings, which is written with the key of the settings.

    Raises:
        DatabaseNotReady, UnknownRevision: as in `migrated`.
        WrongSchema: its tables are not what its revision says.
        KeyUnusable: the key is not the database's.
    """
    with migrated() as engine:
        migrate.refuse_wrong_schema(engine)
        take_over(engine, load_settings().var_dir)
        yield engine


def refuse_while_served(engine: Engine) -> None:
    """For what a portal would not notice, or write after.

    Raises:
        InvalidInput: one of the portals holds the worker's lease.
    """
    with reading(engine) as session:
        if claims.is_leased(session, claims.WORKER, now=now()):
            raise InvalidInput(
                "A portal of this database is running, or was killed half a minute ago: stop it"
                " first, then try again."
            )


def keys(engine: Engine) -> Keys:
    return keys_for(engine, load_settings().var_dir)


def now() -> datetime:
    return datetime.now(UTC)
