"""A measurement on both databases, with the durability they have in use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.support import postgres, requirements
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases

Row = list[str]


def on_both(measured: Callable[[str, Databases], Row]) -> tuple[list[Row], list[str]]:
    """A row for each database, and a note where PostgreSQL is missing."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured("SQLite", SqliteDatabases(Path(folder)))]
    programs = requirements.postgres_programs()
    if not programs:
        return rows, ["MISSING: PostgreSQL, so it was not measured."]
    with postgres.server(programs, settings=()) as url:
        databases = PostgresDatabases(url)
        rows.append(measured("PostgreSQL", databases))
        databases.close()
    return rows, []
