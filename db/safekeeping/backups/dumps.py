"""The two databases, saved while they are in use and brought back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from psycopg.pq import Conninfo
from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.schema import CreateSchema

from core.errors import InvalidInput, PortalError
from db.store.session import make_engine

SQLITE, POSTGRESQL = "database.sqlite", "database.dump"
_OWN_SCHEMA = """SELECT relnamespace::regnamespace::text FROM pg_class
    WHERE oid = to_regclass('user_account')"""
_TABLE = re.compile(r"^\d+; \d+ \d+ TABLE (?!DATA )(.+) user_account ", re.MULTILINE)
"""The line of a table in the list of what a dump holds, with its schema."""


class DumpFailed(PortalError):
    """The database could not be saved or brought back; nothing half-done is kept."""


def save(engine: Engine, folder: Path) -> dict[str, int]:
    """Save one consistent state into a folder; the number of rows of each table in it.

    Raises:
        DumpFailed: the disk is full, or the database's own program says no.
    """
    if engine.dialect.name == "sqlite":
        return _save_sqlite(engine, folder / SQLITE)
    return _save_postgresql(engine, folder / POSTGRESQL)


def bring_back(folder: Path, database_url: str) -> None:
    """Fill an empty database from a saved one of the same kind.

    Raises:
        InvalidInput: the database is of the other kind, or not empty.
    """
    url = make_url(database_url)
    dump = SQLITE if url.get_backend_name() == "sqlite" else POSTGRESQL
    if not (folder / dump).exists():
        raise InvalidInput("The backup is of another kind of database than DATABASE_URL.")
    if dump == SQLITE:
        _bring_back_sqlite(folder / SQLITE, Path(url.database or ""))
    else:
        _bring_back_postgresql(folder / POSTGRESQL, url)


def row_counts(connection: Connection) -> dict[str, int]:
    names = sorted(inspect(connection).get_table_names())
    return {
        name: connection.scalar(text(_counted(name))) or 0
        for name in names
        if not name.startswith("search_document")
    }


def _save_sqlite(engine: Engine, target: Path) -> dict[str, int]:
    """In one step: it reads one state, and in WAL mode nobody waits for a reader."""
    source = f"file:{Path(engine.url.database or '').absolute()}?mode=ro"
    try:
        with (
            closing(sqlite3.connect(source, uri=True)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
            if verdict != "ok":
                raise DumpFailed("The database could not be saved: {problem}.", problem=verdict)
            names = [
                row[0]
                for row in copy.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE"
                    " 'sqlite_%' AND name NOT LIKE 'search_document%' ORDER BY name"
                )
            ]
            counts = (copy.execute(_counted(name)) for name in names)
            return {name: row.fetchone()[0] for name, row in zip(names, counts, strict=True)}
    except sqlite3.Error as error:
        raise DumpFailed("The database could not be saved: {problem}.", problem=error) from error


def _save_postgresql(engine: Engine, target: Path) -> dict[str, int]:
    """The schema of the portal's tables alone: others in the database belong to others."""
    options = {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection:
        _refuse_older_program(connection, engine.url)
        schema = connection.scalar(text(_OWN_SCHEMA))
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        command = ["pg_dump", "--no-password", "--format=custom", f"--schema={schema}"]
        _run([*command, f"--snapshot={snapshot}", f"--file={target}"], engine.url)
        return row_counts(connection)


def _refuse_older_program(connection: Connection, url: URL) -> None:
    server = int((connection.dialect.server_version_info or (0,))[0])
    own = re.search(r"\d+", _run(["pg_dump", "--version"], url))
    if own and int(own[0]) < server:
        raise DumpFailed(
            "pg_dump is of version {own} and saves no server of version {server}: install"
            " PostgreSQL's client programs of version {server}.",
            own=own[0],
            server=server,
        )


def _bring_back_sqlite(source: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size:
        raise InvalidInput("The database of DATABASE_URL is not empty.")
    for ending in ("-wal", "-journal"):  # of a database that crashed: SQLite would read it in
        left = target.with_name(target.name + ending)
        if left.exists():
            raise InvalidInput("{file} exists already; restore into an empty place.", file=left)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    shutil.copyfile(source, unfinished)
    unfinished.replace(target)


def _bring_back_postgresql(source: Path, url: URL) -> None:
    """Into the schema that the tables stood in; owner and rights are those of who restores."""
    listed = _TABLE.search(_run(["pg_restore", "--list", str(source)], url))
    if listed is None:
        raise DumpFailed("{file} holds no portal.", file=source)
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        with engine.begin() as connection:
            if inspect(connection).get_table_names():
                raise InvalidInput("The database of DATABASE_URL is not empty.")
            _make_ready(connection, listed[1])
    finally:
        engine.dispose()
    command = ["pg_restore", "--no-password", "--no-owner", "--no-privileges", "--exit-on-error"]
    command += ["--single-transaction", f"--schema={listed[1]}", f"--dbname={url.database}"]
    _run([*command, str(source)], url)


def _make_ready(connection: Connection, schema: str) -> None:
    """Look before anything is restored whether the role finds the schema and may write to it.

    Raises:
        InvalidInput: it does not, or may not.
    """
    exists = text("SELECT count(*) FROM pg_namespace WHERE nspname = :schema")
    if not connection.scalar(exists, {"schema": schema}):
        connection.execute(CreateSchema(schema))
    role = connection.scalar(text("SELECT current_user"))
    may = text("SELECT has_schema_privilege(:schema, 'CREATE')")
    if not connection.scalar(may, {"schema": schema}):
        raise InvalidInput(
            "The role {role} may not make tables in the schema {schema}: let an administrator of"
            " PostgreSQL run GRANT CREATE ON SCHEMA {schema} TO {role}.",
            role=role,
            schema=schema,
        )
    if connection.scalar(text("SELECT current_schema()")) != schema:
        raise InvalidInput(
            "The tables of the backup stand in the schema {schema}, and the role {role} would not"
            " find them there: let an administrator of PostgreSQL run ALTER ROLE {role} SET"
            " search_path = {schema}.",
            role=role,
            schema=schema,
        )


def _run(command: Sequence[str], url: URL) -> str:
    """One of PostgreSQL's programs; the password goes by the environment, which others cannot see.

    Raises:
        DumpFailed: it is not installed, or failed; the sentence ends with its own words.
    """
    try:
        done = subprocess.run(  # noqa: S603  fixed programs, values as single arguments
            command, env=_environment(url), capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise DumpFailed(
            "{program} is not installed; it comes with PostgreSQL's client programs.",
            program=command[0],
        ) from None
    if done.returncode:
        raise DumpFailed(
            "{program} failed: {problem}", program=command[0], problem=_telling(done.stderr)
        )
    return done.stdout


def _telling(complaint: str) -> str:
    """The line that says what is wrong: details and the statement stand below it."""
    lines = complaint.strip().splitlines() or ["?"]
    return next((line for line in lines if "error:" in line.lower()), lines[-1])


def _environment(url: URL) -> dict[str, str]:
    """All that the address says of the connection, certificates and the way of search too."""
    _, options = url.get_dialect()().create_connect_args(url)
    variables = {
        option.envvar.decode(): str(options[keyword])
        for option in Conninfo.get_defaults()
        if option.envvar and (keyword := option.keyword.decode()) in options
    }
    return {**os.environ, **variables}


def _counted(table: str) -> str:
    return f'SELECT count(*) FROM "{table}"'  # noqa: S608  # nosec B608  a table's own name
