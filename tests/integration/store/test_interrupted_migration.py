"""A migration of a populated database that is cut off in the middle leaves the older database."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import select, text

from db.migrations import migrate
from db.people.models import Staff
from tests.support.requirements import ROOT
from tests.support.store.revisions import NEXT, use_versions_of, write_next

pytestmark = pytest.mark.both

STEPS = """
def upgrade():
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("nickname", sa.String(64), nullable=True))
    op.execute("UPDATE staff SET nickname = name")
    if os.environ.get("FAIL") == "raise":
        raise RuntimeError("cut off")
    if os.environ.get("FAIL") == "sleep":
        open(os.environ["HALFWAY"], "w").close()
        time.sleep(600)


def downgrade():
    raise NotImplementedError
"""


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """Migrations as they are plus one more: a new column, filled; then it may be slow or fail."""
    folder = tmp_path / "versions"
    write_next(folder, STEPS)
    use_versions_of(folder, monkeypatch.setattr)
    return folder


def names(seeded, column="name"):
    with seeded.engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT {column} FROM staff ORDER BY id")))


def test_one_that_fails_halfway_is_taken_back_and_can_be_repeated(
    seeded, next_version, monkeypatch
):
    before, newest = names(seeded), migrate.revision(seeded.engine)
    monkeypatch.setenv("FAIL", "raise")
    with pytest.raises(RuntimeError, match="cut off"):
        migrate.upgrade(seeded.engine)
    assert migrate.revision(seeded.engine) == newest
    with seeded.reading() as session:
        assert list(session.scalars(select(Staff.name).order_by(Staff.id))) == before
    monkeypatch.delenv("FAIL")
    migrate.upgrade(seeded.engine)
    assert migrate.revision(seeded.engine) == NEXT
    assert names(seeded, "nickname") == before


def test_one_that_is_killed_halfway_is_taken_back_and_can_be_repeated(
    seeded, next_version, tmp_path
):
    before, halfway = names(seeded), tmp_path / "halfway"
    newest = migrate.revision(seeded.engine)
    seeded.engine.dispose()
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(next_version)],
        cwd=ROOT,
        env={
            **os.environ,
            "FAIL": "sleep",
            "HALFWAY": str(halfway),
            "URL": seeded.engine.url.render_as_string(hide_password=False),
        },
    )
    deadline = time.monotonic() + 300
    while not halfway.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert migrate.revision(seeded.engine) == newest
    assert names(seeded) == before
    migrate.upgrade(seeded.engine)
    assert names(seeded, "nickname") == before


_SCRIPT = """
import os, sys
from db.migrations import migrate
from db.store.session import make_engine
from tests.support.store.revisions import use_versions_of
use_versions_of(sys.argv[1])
migrate.upgrade(make_engine(os.environ["URL"]))
"""
