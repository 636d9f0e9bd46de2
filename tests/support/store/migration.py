"""A new migration, from the difference of the models and the newest revision (make migration).

`MESSAGE="what changes" python -m tests.support.store.migration` writes it, tries it up and down
on an empty SQLite database, and says what is left to write by hand.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from db.migrations import database_schema, migrate
from db.migrations.declared_schema import declared_schema
from db.migrations.differences import differences
from db.migrations.schema_model import Schema
from db.migrations.search import is_model
from db.store.base import Model

_NAMING = 'Say what changes: make migration MESSAGE="add the gate to stations"'
_NOTHING = "The models are what the newest revision makes: there is nothing to migrate."


def main(message: str) -> int:
    """Returns 2, and writes nothing, where there is no message or nothing to migrate."""
    message = " ".join(message.replace("\\", "/").replace('"', "'").split())
    if not re.search(r"[A-Za-z0-9]", message):
        print(_NAMING, file=sys.stderr)
        return 2
    with migrate.temporary_database() as engine:
        migrate.upgrade(engine)
        if not migrate.differences(engine) and not _seen_by_alembic(engine):
            print(_NOTHING, file=sys.stderr)
            return 2
        before = _schema(engine)
        number = f"{max(map(int, migrate.revisions())) + 1:04}"
        path = migrate.write_revision(engine, number, message)
        _tidy(path)
        print(f"{path}: read it, then run the tests of migrations.")
        for line in [*_unfilled(before, engine), *_left_over(before, engine)]:
            print(f"  by hand: {line}")
    return 0


def _schema(engine: Engine) -> Schema:
    with engine.connect() as connection:
        return database_schema.read(connection)


def _seen_by_alembic(engine: Engine) -> bool:
    """What only a developer's own database may lack: tables and indexes that went."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_model})
        return bool(compare_metadata(context, Model.metadata))


def _tidy(path: Path) -> None:
    """Leave out the imports it does not need."""
    ruff = [sys.executable, "-m", "ruff"]
    choice = ["--quiet", "--fix", "--select", "F401,I001"]
    subprocess.run([*ruff, "check", *choice, str(path)], check=True)
    subprocess.run([*ruff, "format", "--quiet", str(path)], check=True)


def _unfilled(before: Schema, engine: Engine) -> list[str]:
    """New columns that a table with rows refuses, as they say of no row what it gets."""
    return [
        f"table {name}: which {column} do rows get that are there already?"
        for name, table in declared_schema(engine.dialect).tables.items()
        for column, shape in table.columns.items()
        if name in before.tables and column not in before.tables[name].columns
        if not shape.nullable and not shape.default
    ]


def _left_over(before: Schema, engine: Engine) -> list[str]:
    try:
        migrate.upgrade(engine)
    except IntegrityError as error:  # a table that holds rows from an earlier revision
        return [f"the upgrade meets rows that are there already: {error.orig}"]
    lines = [f"{line} after the upgrade" for line in migrate.differences(engine)]
    migrate.downgrade(engine, "-1")
    return lines + [f"{line} after the downgrade" for line in differences(before, _schema(engine))]


if __name__ == "__main__":
    sys.exit(main(os.environ.get("MESSAGE", "")))
