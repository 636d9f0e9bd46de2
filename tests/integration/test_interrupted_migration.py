"""A migration of a populated database that is cut off in the middle leaves the older database."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from db import migrate
from db.models import Staff
from tests.support.requirements import ROOT

HEAD = ScriptDirectory.from_config(migrate._config()).get_current_head()
NEXT = '''
"""the next one: a new column, filled; the third step may be slow or fail"""
import os
import time
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "HEAD", None, None


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
'''
HEAD = ScriptDirectory.from_config(migrate._config()).get_current_head()


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """Migrations as they are plus one more."""
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "9999_next.py").write_text(NEXT.replace("HEAD", HEAD))
    made = migrate._config

    def with_next(connection=None) -> Config:
        config = made(connection)
        places = f"{ROOT / 'db/migrations/versions'}{os.pathsep}{folder}"
        config.set_main_option("version_locations", places)
        config.set_main_option("path_separator", "os")
        return config

    monkeypatch.setattr(migrate, "_config", with_next)
    return folder


def names(seeded, column="name"):
    with seeded.engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT {column} FROM staff ORDER BY id")))


def test_one_that_fails_halfway_is_taken_back_and_can_be_repeated(
    seeded, next_version, monkeypatch
):
    before = names(seeded)
    monkeypatch.setenv("FAIL", "raise")
    with pytest.raises(RuntimeError, match="cut off"):
        migrate.upgrade(seeded.engine)
    assert migrate.revision(seeded.engine) == HEAD
    with seeded.reading() as session:
        assert list(session.scalars(select(Staff.name).order_by(Staff.id))) == before
    monkeypatch.delenv("FAIL")
    migrate.upgrade(seeded.engine)
    assert migrate.revision(seeded.engine) == "9999"
    assert names(seeded, "nickname") == before


def test_one_that_is_killed_halfway_is_taken_back_and_can_be_repeated(
    seeded, next_version, tmp_path
):
    before, halfway = names(seeded), tmp_path / "halfway"
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
    assert migrate.revision(seeded.engine) == HEAD
    assert names(seeded) == before
    migrate.upgrade(seeded.engine)
    assert names(seeded, "nickname") == before


_SCRIPT = f"""
import os, sys
from db import migrate
from db.session import make_engine
made = migrate._config
def with_next(connection=None):
    config = made(connection)
    config.set_main_option(
        "version_locations", {str(ROOT / "db/migrations/versions")!r} + os.pathsep + sys.argv[1]
    )
    config.set_main_option("path_separator", "os")
    return config
migrate._config = with_next
migrate.upgrade(make_engine(os.environ["URL"]))
"""
