"""When the database cannot serve, or somebody was faster: what happened, as one sentence."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import InvalidInput, Unavailable
from db.store.files import why_closed
from db.store.session import reading

_DISK_FULL = (
    "The disk of the portal is full, so nothing can be stored. What you entered stays here; tell"
    " the administrator, then try again."
)
_READ_ONLY = (
    "The database cannot be written to. What you entered stays here; tell the administrator, then"
    " try again."
)
_GONE = "The database does not answer. What you entered stays here; try again in a moment."
_NO_FILES = (
    "The portal cannot store files. What you entered stays here; tell the administrator, then try"
    " again."
)
_TAKEN = (
    "Somebody stored the same a moment ago, so nothing was stored now. Load the page again to see"
    " it."
)
_OUTAGES = (OperationalError, InterfaceError, InternalError)
_SIGNS = (
    (_DISK_FULL, ("disk is full", "No space left on device", "could not extend file")),
    (_READ_ONLY, ("readonly database", "read-only transaction", "Read-only file system")),
)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR})


@contextmanager
def full_disk_explained() -> Iterator[None]:
    """Turn the system's error about a disk that is full, gone or closed into our own.

    Raises:
        Unavailable: instead of the error; any other error goes through.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL | _CLOSED:
            raise
        raise Unavailable(_DISK_FULL if error.errno in _FULL else _NO_FILES) from error


@contextmanager
def outage_explained() -> Iterator[None]:
    """Turn the driver's error about a database that is gone or full into our own.

    Raises:
        Unavailable: instead of the error.
        InvalidInput: two people stored at the same moment what there can be only once; any other
            error goes through.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(_GONE) from error
    except IntegrityError as error:
        if not _is_taken(error):
            raise
        raise InvalidInput(_TAKEN) from error
    except DBAPIError as error:
        if not isinstance(error, _OUTAGES) and not error.connection_invalidated:
            raise
        raise Unavailable(_sentence(str(error.orig))) from error


def writing_problem(engine: Engine) -> str | None:
    """Why a database that answers takes nothing now, in a few words; None where it does.

    Nothing is written into it, so that nobody waits: of SQLite the folder is tried.
    """
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or ":memory:")
        problem = None if file.name == ":memory:" else why_closed(file.parent)
    else:
        with reading(engine) as session:
            is_closed = session.scalar(text("SHOW transaction_read_only")) == "on"
        problem = "it is read-only" if is_closed else None
    return f"the database cannot be written: {problem}" if problem else None


def _is_taken(error: IntegrityError) -> bool:
    """Whether a unique value was there already, by PostgreSQL's code or SQLite's words."""
    is_told = getattr(error.orig, "sqlstate", None) == "23505"
    return is_told or "UNIQUE constraint failed" in str(error.orig)


def _sentence(problem: str) -> str:
    for sentence, signs in _SIGNS:
        if any(sign in problem for sign in signs):
            return sentence
    return _GONE
