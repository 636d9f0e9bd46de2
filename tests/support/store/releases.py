"""Small databases of released versions, as rows that both kinds of database take.

`python -m tests.support.store.releases VERSION` loads the demo, small, and writes its rows to
tests/data/releases/VERSION.json.gz; it is run once, with the code of that version.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    MetaData,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.migrations import migrate
from tests.support.requirements import ROOT

RELEASES = ROOT / "tests" / "data" / "releases"
_NOT_COPIED = ("alembic_version", "search", "sqlite_")
"""What migrations and the search index make by themselves, by the beginning of its name."""

_UNCHECKED = {
    "sqlite": "PRAGMA defer_foreign_keys = ON",
    "postgresql": "SET LOCAL session_replication_role = replica",
}
"""Lets rows come in the order of their tables' names, before those they refer to."""
Rows = dict[str, list[dict[str, Any]]]


def write(database: Path, file: Path) -> None:
    """Keep every row of a SQLite database, as stored, with its revision."""
    with sqlite3.connect(database) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
            if not name.startswith(_NOT_COPIED)
        ]
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        tables = {name: _rows(connection, name) for name in names}
    text = json.dumps({"revision": revision, "tables": tables}, ensure_ascii=False)
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def _rows(connection: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    rows = connection.execute(f'SELECT * FROM "{name}"')
    return [{key: _written(row[key]) for key in row.keys()} for row in rows]  # noqa: SIM118


def _written(value: object) -> object:
    return {"bytes": b64encode(value).decode()} if isinstance(value, bytes) else value


def restore(file: Path, engine: Engine) -> Rows:
    """Make an empty database what the version left, at its revision.

    Returns:
        The rows of each table as they were written.
    """
    kept = json.loads(gzip.decompress(file.read_bytes()))
    tables: Rows = {name: rows for name, rows in kept["tables"].items() if rows}
    migrate.upgrade(engine, kept["revision"])
    schema = MetaData()
    schema.reflect(engine, only=list(tables))
    with engine.begin() as connection:
        connection.exec_driver_sql(_UNCHECKED[engine.dialect.name])
        for name, rows in tables.items():
            _fill(connection, schema.tables[name], rows)
    return tables


def _fill(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    connection.execute(table.delete())
    is_postgres = connection.dialect.name == "postgresql"
    for row in rows:
        values = {
            column: _read(value, table.c[column].type, is_postgres=is_postgres)
            for column, value in row.items()
        }
        connection.execute(insert(table).values(values))
    keys = list(table.primary_key)
    if is_postgres and len(keys) == 1 and isinstance(rows[0].get(keys[0].name), int):
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, keys[0].name)))
        if sequence:
            connection.execute(select(func.setval(sequence, max(r[keys[0].name] for r in rows))))


def _read(value: Any, kind: Any, *, is_postgres: bool) -> Any:
    """A value as SQLite stored it, for a reflected column of either database."""
    if value is None or isinstance(value, dict):
        return value and b64decode(value["bytes"])
    if isinstance(kind, DateTime):
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if is_postgres else at
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, JSON):
        return cast(literal(value), JSONB) if is_postgres else json.loads(value)
    return value


def main(version: str) -> None:
    from core.settings import Settings  # noqa: PLC0415  the demo takes seconds to read
    from db.demo import load  # noqa: PLC0415
    from db.store.session import make_engine  # noqa: PLC0415
    from db.upkeep import prepare  # noqa: PLC0415

    defaults = load.load.__kwdefaults__
    assert defaults
    defaults["size"] = load.Size(inspections=36, open=8)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "portal.db"
        url = f"sqlite:///{database}"
        engine = make_engine(url)
        prepare.load_demo(engine, Settings.parse({"DATABASE_URL": url, "VAR_DIR": folder}))
        engine.dispose()
        write(database, RELEASES / f"{version}.json.gz")


if __name__ == "__main__":
    main(sys.argv[1])
