"""What a start needs: a current database, the standards, and on a laptop the demo."""

from __future__ import annotations

import secrets
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.errors import InvalidInput, SettingError
from core.settings import Settings
from db.checklists.services.standards import sync_standards
from db.demo.load_state import state
from db.encounters.search_index import is_up_to_date, reindex
from db.migrations import migrate
from db.people.models import User
from db.safekeeping.database_key import keys_for, take_over
from db.sign_in.services.accounts import start_set_up
from db.sign_in.services.passwords import hash_password
from db.store.session import alone, reading, transaction

_DEMO_PASSWORD = "demo"  # noqa: S105  refused beyond loopback, see Settings.allows_demo_accounts


@dataclass(frozen=True)
class Account:
    """A demo account as it is printed at the start."""

    username: str
    password: str
    purpose: str


def prepare(engine: Engine, settings: Settings) -> list[Account]:
    """Bring the database up to date; load the demo once if it is empty and demo is allowed.

    Returns:
        The demo accounts that may sign in, with their passwords.

    Raises:
        SettingError: the database cannot be reached.
        KeyUnusable: the key is not the database's.
        WrongSchema: its tables are not what its revision says.
        UnknownRevision: a newer version of the portal changed it.
    """
    with _alone(engine):
        _bring_up_to_date(engine, settings)
        return _accounts(engine, settings)


def load_demo(engine: Engine, settings: Settings) -> list[Account]:
    """Load the demo because someone asked for it, or go on where a load was interrupted.

    Raises:
        InvalidInput: the database is in use, or others could reach the demo accounts.
        SettingError: the database cannot be reached.
        KeyUnusable: the key is not the database's.
    """
    if not settings.allows_demo_accounts:
        raise InvalidInput("Beyond this machine demo accounts need DEMO_ACCOUNTS=1.")
    with _alone(engine):
        _bring_up_to_date(engine, settings)
        if not _takes_demo(engine):
            raise InvalidInput("The database is in use: the demo goes into an empty one only.")
        return _accounts(engine, settings)


def set_up_key(engine: Engine) -> str | None:
    """What the set-up link ends with, while nobody has an account."""
    with transaction(engine) as session:
        return start_set_up(session, now=datetime.now(UTC))


def account_table(accounts: Sequence[Account]) -> str:
    """The accounts for the terminal, one a line."""
    lines = (
        f"    {account.username:<14} {account.password:<20} {account.purpose}"
        for account in accounts
    )
    return "\n".join(("  Demo accounts (user name / password):", *lines))


def _bring_up_to_date(engine: Engine, settings: Settings) -> None:
    """Whose key is not the database's is refused before anything is changed."""
    with _put_into_words():
        keys_for(engine, settings.var_dir)
        migrate.bring_up_to_date(engine)
    take_over(engine, settings.var_dir)
    index_anew_where_needed(engine)
    with transaction(engine) as session:
        sync_standards(session, now=datetime.now(UTC))


def index_anew_where_needed(engine: Engine) -> None:
    """Give stored texts the terms that searches look for, where an older version indexed them."""
    with transaction(engine) as session:
        if not is_up_to_date(session):
            reindex(session, partial(_show_progress, "Indexing the texts anew"))


def _accounts(engine: Engine, settings: Settings) -> list[Account]:
    """The demo accounts; the demo is loaded first where it belongs."""
    if settings.allows_demo_accounts and _takes_demo(engine):
        from db.demo.load import load  # noqa: PLC0415  two seconds that later starts do without

        load(
            engine,
            settings,
            now=datetime.now(UTC),
            progress=partial(_show_progress, "Loading the demo"),
        )
    with transaction(engine) as session:
        return _demo_accounts(session, settings)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Of several processes that start at once one prepares, and the others find it done."""
    with ExitStack() as stack:
        with _put_into_words():
            stack.enter_context(alone(engine))
        yield


@contextmanager
def _put_into_words() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise SettingError(
            "The database of DATABASE_URL cannot be used: {problem}.",
            problem=str(error.__cause__ or error).splitlines()[0],
        ) from error


def _takes_demo(engine: Engine) -> bool:
    """Whether nobody uses the database yet, or an earlier load of the demo was interrupted."""
    with reading(engine) as session:
        so_far = state(session)
        users = session.scalar(select(func.count()).select_from(User))
    return so_far == "loading" or (so_far is None and not users)


def _show_progress(doing: str, done: int, total: int) -> None:
    width = 40
    filled = width * done // total
    sys.stderr.write(f"\r  {doing} [{'#' * filled:<{width}}] {done} of {total}")
    if done >= total:
        sys.stderr.write("\n")
    sys.stderr.flush()


def _demo_accounts(session: Session, settings: Settings) -> list[Account]:
    """Give the demo accounts their password: a known one on this machine, else a random one."""
    if not settings.allows_demo_accounts:
        return []
    users = session.scalars(select(User).where(User.is_demo).order_by(User.id)).all()
    shared = hash_password(_DEMO_PASSWORD)
    accounts = []
    for user in users:
        password = _DEMO_PASSWORD if settings.is_loopback else secrets.token_urlsafe(12)
        user.password_hash = shared if settings.is_loopback else hash_password(password)
        purpose = ", ".join(role.role.replace("_", " ") for role in user.roles)
        accounts.append(Account(username=user.username, password=password, purpose=purpose))
    return accounts
