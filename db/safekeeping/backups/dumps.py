"""The two databases, saved while they are in use and brought back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.engine import URL

from core.errors import InvalidInput, PortalError

SQLITE, POSTGRESQL = "database.sqlite", "database.dump"


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
    options = {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}"],
            engine.url,
        )
        return row_counts(connection)


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
    listed = _run(["psql", "--no-psqlrc", "--tuples-only", "--command=\\dt"], url)
    if listed.strip():
        raise InvalidInput("The database of DATABASE_URL is not empty.")
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    _run([*command, f"--dbname={url.database}", str(source)], url)


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
        lines = done.stderr.strip().splitlines() or ["?"]
        raise DumpFailed("{program} failed: {problem}", program=command[0], problem=lines[-1])
    return done.stdout


def _environment(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host")
    variables = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {**os.environ, **{name: value for name, value in variables.items() if value}}


def _counted(table: str) -> str:
    return f'SELECT count(*) FROM "{table}"'  # noqa: S608  # nosec B608  a table's own name
