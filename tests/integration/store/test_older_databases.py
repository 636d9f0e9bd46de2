"""Databases of older revisions: brought up to date whole, or left as they are with the reason."""

from __future__ import annotations

import pytest
from alembic.operations import Operations
from sqlalchemy import select, text

from db.migrations import guards, migrate
from db.migrations.migrate import WrongSchema
from db.people.models import Staff
from tests.support.databases import sqlite_only
from tests.support.store.damage import LACKING, altered, run
from tests.support.store.revisions import NEXT, use_versions_of, write_next

pytestmark = pytest.mark.both

NOTHING_IN_THE_END = """
def upgrade():
    op.add_column("meta", sa.Column("passing", sa.Integer()))
    op.execute("UPDATE meta SET value = 'changed'")
    op.drop_column("meta", "passing")
"""


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """One more revision, which passes through a column of the table `meta`."""
    write_next(tmp_path / "versions", NOTHING_IN_THE_END)
    use_versions_of(tmp_path / "versions", monkeypatch.setattr)


def test_an_older_database_that_lacks_something_stays_as_it_is(engine, next_version):
    """The revision would go through; what the older one lacks would then be lacking for ever."""
    before = migrate.revision(engine)
    run(engine, LACKING[0], "INSERT INTO meta (key, value) VALUES ('a', 'before')")
    with pytest.raises(WrongSchema, match="nothing was changed") as stopped:
        migrate.bring_up_to_date(engine)
    assert stopped.value.differences == (LACKING[1],)
    assert migrate.revision(engine) == before
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM meta WHERE key = 'a'")) == "before"


def test_an_older_database_that_a_revision_cannot_change_is_told_why(
    engine, next_version, command_on
):
    """The column that the revision adds is there already."""
    before = migrate.revision(engine)
    run(engine, "ALTER TABLE meta ADD COLUMN passing INTEGER")
    status, err = command_on(engine, "migrate")
    assert status == 2
    assert err == (
        f"The database is not what its revision {before} says, so nothing was changed in it:\n"
        "  table meta: column passing does not belong there\n"
    )
    assert migrate.revision(engine) == before


def test_a_healthy_older_database_is_brought_up_to_date(engine, next_version):
    assert migrate.bring_up_to_date(engine)
    assert migrate.revision(engine) == NEXT


def test_a_table_made_anew_keeps_rows_that_refer_to_it_and_gets_its_guards_back(seeded):
    """SQLite copies the table; with foreign keys on, dropping the old one takes along what refers
    to it.
    """
    with seeded.reading() as session:
        before = session.scalars(select(Staff.id)).all()

    def make_anew(operations):
        for table in ("station", "assignment", "inspection"):
            with operations.batch_alter_table(table, recreate="always"):
                pass
            with Operations.context(operations.migration_context):
                guards.put_back(table)

    if seeded.engine.dialect.name == "sqlite":
        altered(seeded.engine, make_anew)
    assert migrate.differences(seeded.engine) == []
    with seeded.reading() as session:
        assert session.scalars(select(Staff.id)).all() == before
        is_on = session.scalar(text("PRAGMA foreign_keys")) if _is_sqlite(seeded) else 1
    assert is_on == 1


@sqlite_only
def test_a_change_that_leaves_rows_without_what_they_refer_to_is_taken_back(seeded):
    with pytest.raises(WrongSchema, match="rows of station that are missing"):
        altered(seeded.engine, lambda operations: operations.execute("DELETE FROM station"))
    with seeded.reading() as session:
        assert session.scalars(select(Staff.id)).all()


def _is_sqlite(seeded):
    return seeded.engine.dialect.name == "sqlite"
