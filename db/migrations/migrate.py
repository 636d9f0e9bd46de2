"""Alembic, configured in Python: bring a database up to date, or say what keeps it from serving."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import PortalError
from db.migrations import database_schema
from db.migrations.declared_schema import declared_schema
from db.migrations.differences import differences as compared
from db.migrations.schema_model import Schema
from db.store.session import make_engine

_AT_MOST = 10


class WrongSchema(PortalError):
    """The tables are not what their revision says; `differences` are the lines that say how."""

    def __init__(self, differences: Sequence[str], *, revision: str | None, undone: bool) -> None:
        self.differences = tuple(differences)
        super().__init__(
            "The database is not what its revision {revision} says{undone}:\n{lines}",
            revision=revision,
            undone=", so nothing was changed in it" if undone else "",
            lines=listed(self.differences),
        )


class UnknownRevision(PortalError):
    """A newer version of the portal, or another program, changed the database."""

    def __init__(self, revision: str, newest: str) -> None:
        super().__init__(
            "The database is at revision {revision}, which this version of the portal does not"
            " know: its own newest is {newest}. Start the version that the database comes from.",
            revision=revision,
            newest=newest,
        )


class NoRevision(PortalError):
    """There are tables of the portal, and nothing says of which revision."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(
            "The database has tables of the portal but no revision, so it cannot be brought up to"
            " date. They are: {tables}.",
            tables=", ".join(tables[:_AT_MOST]) + " …" * (len(tables) > _AT_MOST),
        )


def listed(differences: Sequence[str]) -> str:
    """At most ten of them, one a line, and how many more there are."""
    more = len(differences) - _AT_MOST
    lines = [f"  {line}" for line in differences[:_AT_MOST]]
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


def bring_up_to_date(engine: Engine) -> bool:
    """Migrate to the newest revision, in one step that leaves a database or the older one.

    Returns:
        Whether there was anything to do.

    Raises:
        WrongSchema: the tables are not what their revision says; nothing was changed.
        UnknownRevision: a newer version of the portal changed the database.
        NoRevision: tables of the portal are there, their revision is not.
    """
    refuse_unknown_revision(engine)
    before = revision(engine)
    if before == newest_revision():
        if lines := differences(engine):
            raise WrongSchema(lines, revision=before, undone=False)
        return False
    if before is None:
        _refuse_tables_without_revision(engine)
    try:
        _upgrade_and_compare(engine)
    except WrongSchema:
        raise
    except Exception as error:
        if before and (lines := _differences_as_of(engine, before)):
            raise WrongSchema(lines, revision=before, undone=True) from error
        raise
    return True


def _upgrade_and_compare(engine: Engine) -> None:
    with _changing(engine) as connection:
        command.upgrade(_config(connection), "head")
        if lines := _differences(connection):
            raise WrongSchema(lines, revision=newest_revision(), undone=True)


def upgrade(engine: Engine, revision: str = "head") -> None:
    with _changing(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    with _changing(engine) as connection:
        command.downgrade(_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    return revision(engine) == newest_revision()


def newest_revision() -> str:
    """The revision that this version of the portal works with."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest
    return newest


def revisions() -> list[str]:
    """Every revision that this version knows, the newest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()]


def revision(engine: Engine) -> str | None:
    """The revision the database is at, several with commas; None when it has no tables."""
    with engine.connect() as connection:
        return ", ".join(MigrationContext.configure(connection).get_current_heads()) or None


def problem(engine: Engine) -> str | None:
    """Why the database cannot serve now, in a few words; None when it can.

    It looks at the revision only: `differences` looks at the tables.
    """
    try:
        refuse_unknown_revision(engine)
        return None if is_current(engine) else "the database is not migrated"
    except UnknownRevision:
        return "the database belongs to another version"
    except SQLAlchemyError:
        return "the database is not reachable"


def refuse_wrong_schema(engine: Engine) -> None:
    """Look whether the tables of a current database are what the models describe.

    Raises:
        WrongSchema: they are not.
    """
    if lines := differences(engine):
        raise WrongSchema(lines, revision=newest_revision(), undone=False)


def differences(engine: Engine) -> list[str]:
    """What separates the database from the newest revision, a line each."""
    with engine.connect() as connection:
        return _differences(connection)


def write_revision(engine: Engine, number: str, message: str) -> Path:
    """Write a revision from what the models have and a database at the newest revision lacks."""
    with engine.connect() as connection:
        made: Any = command.revision(
            _config(connection), message=message, autogenerate=True, rev_id=number
        )
    return Path(made.path)


def _differences(connection: Connection) -> list[str]:
    return compared(declared_schema(connection.dialect), database_schema.read(connection))


def refuse_unknown_revision(engine: Engine) -> None:
    """Look whether this version knows the revision that the database is at.

    Raises:
        UnknownRevision: it does not.
    """
    revision_id = revision(engine)
    if revision_id is not None and revision_id not in revisions():
        raise UnknownRevision(revision_id, newest_revision())


def _refuse_tables_without_revision(engine: Engine) -> None:
    """The revision is read last: another process may have made both meanwhile."""
    with engine.connect() as connection:
        there = database_schema.read(connection).tables
    tables = sorted(there.keys() & declared_schema(engine.dialect).tables)
    if tables and revision(engine) is None:
        raise NoRevision(tables)


def _differences_as_of(engine: Engine, revision: str) -> list[str]:
    """What separates the database from an older revision; empty when that cannot be found out."""
    with suppress(SQLAlchemyError):
        reference = _made_by(engine, revision)
        with engine.connect() as connection:
            return compared(reference, database_schema.read(connection))
    return []


def _made_by(engine: Engine, revision: str) -> Schema:
    """The schema that the revisions up to one make, tried out where nobody sees it."""
    if engine.dialect.name == "sqlite":
        with temporary_database() as aside:
            upgrade(aside, revision)
            with aside.connect() as connection:
                return database_schema.read(connection)
    name = f"portal_reference_{uuid4().hex}"
    with engine.connect() as connection, connection.begin() as attempt:
        connection.execute(text(f"CREATE SCHEMA {name}"))
        connection.execute(text(f"SET LOCAL search_path = {name}"))
        command.upgrade(_config(connection), revision)
        schema = database_schema.read(connection)
        attempt.rollback()
    return schema


@contextmanager
def temporary_database() -> Iterator[Engine]:
    """An empty SQLite database, for a while."""
    folder = Path(tempfile.mkdtemp(prefix="portal-schema-"))
    engine = make_engine(f"sqlite:///{folder / 'portal.db'}")
    try:
        yield engine
    finally:
        engine.dispose()
        shutil.rmtree(folder)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be changed, on SQLite made anew.

    SQLite changes a column by copying the table and dropping the old one. With foreign keys on,
    that deletes the rows that refer to it, and a trigger that names it makes the renaming fail.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA legacy_alter_table=ON")
        try:
            with connection.begin():
                yield connection
                _refuse_lost_references(connection)
        finally:
            driver.execute("PRAGMA legacy_alter_table=OFF")
            driver.execute("PRAGMA foreign_keys=ON")


def _refuse_lost_references(connection: Connection) -> None:
    """What SQLite would have refused with foreign keys on."""
    lost = connection.execute(text('SELECT DISTINCT "table", parent FROM pragma_foreign_key_check'))
    lines = [
        f"table {table}: rows refer to rows of {parent} that are missing" for table, parent in lost
    ]
    if lines:
        raise WrongSchema(sorted(lines), revision=newest_revision(), undone=True)


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
