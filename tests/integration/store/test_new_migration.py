"""`make migration`: a revision from what changed in the models, which runs on both databases."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest

from db.migrations import migrate
from tests.support.databases import quick_folder
from tests.support.requirements import ROOT
from tests.support.store.migration import main

pytestmark = pytest.mark.sampled(3)

VERSIONS = "db/migrations/versions"
TOYS = """
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String
from core.appeals.states import APPEAL
from db.store.base import InState, Json, Model, PersonalJson, PersonalText, UtcDateTime

_lease = Model.metadata.tables["lease"]
_lease.append_column(Column("toy", String(20), nullable=True))
_lease.append_column(Column("toy_at", UtcDateTime(), nullable=True))
_lease.append_column(Column("toy_kinds", Json, nullable=True))
_lease.append_column(Column("toy_note", PersonalText(), nullable=True))
_lease.append_column(Column("toy_title", PersonalText(200), nullable=True))
_lease.append_column(Column("toy_words", PersonalJson(("note",)), nullable=True))
_lease.append_column(Column("toy_state", InState(APPEAL), nullable=True))
Index(None, _lease.c.toy)
"""
AGAIN = """
from db.store.base import Model

Model.metadata.tables["lease"].c.holder.nullable = True
Model.metadata.tables["lease"].append_column(Column("must", String(20), nullable=False))
Model.metadata.tables["staff"].indexes.clear()
"""
UP_AND_DOWN = """
import sys
from sqlalchemy import inspect
from db.migrations import migrate
from db.store.session import make_engine

for url in sys.argv[2:]:
    engine = make_engine(url)
    migrate.bring_up_to_date(engine)
    columns = {column["name"] for column in inspect(engine).get_columns("lease")}
    assert columns >= {"toy", "toy_at", "toy_kinds", "toy_note", "toy_words", "must"}, columns
    migrate.downgrade(engine, sys.argv[1])
    print("up and down", end=" ")
"""
GUARDED = """
from db.store.base import Model

Model.metadata.tables["inspection"].c.note.nullable = True
"""


@pytest.fixture
def copy():
    """The portal in a folder of its own, where models and revisions may change."""
    folder = quick_folder("portal-migration-")
    for room in ("core", "db", "tests/support"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    yield folder
    shutil.rmtree(folder)


def change(copy, models):
    with (copy / "db/__init__.py").open("a") as file:
        file.write(models)


def run(copy, *arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "VAR_DIR": str(copy / "var"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def make(copy, message):
    """The revision file that `make migration` writes, and what it says."""
    before = set((copy / VERSIONS).glob("*.py"))
    ended = run(copy, "-m", "tests.support.store.migration", MESSAGE=message)
    assert ended.returncode == 0, ended.stderr[-1500:]
    (path,) = set((copy / VERSIONS).glob("*.py")) - before
    return path, ended.stdout


def following(steps):
    return f"{max(map(int, migrate.revisions())) + steps:04}"


def test_changed_models_make_a_revision_that_runs_up_and_down(
    copy, sqlite_databases, postgres_databases
):
    change(copy, TOYS)
    path, told = make(copy, 'Add "toys" to \\ lease')
    assert path.name == f"{following(1)}_add_toys_to_lease.py"
    assert "by hand" not in told
    text = path.read_text()
    imports = {node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert {node.module for node in imports} == {"alembic", "sqlalchemy", "sqlalchemy.dialects"}
    assert set(re.findall(r"batch_alter_table\(\"(\w+)\"", text)) == {"lease"}
    assert run(copy, "-m", "ruff", "format", "--check", str(path)).returncode == 0
    change(copy, AGAIN)
    second, told = make(copy, "holder may be empty")
    assert second.name == f"{following(2)}_holder_may_be_empty.py"
    assert "by hand: table lease: which must do rows get that are there already?" in told
    assert "drop_index" in second.read_text()
    with sqlite_databases.empty() as lite, postgres_databases.empty() as postgres:
        urls = [engine.url.render_as_string(hide_password=False) for engine in (lite, postgres)]
        ended = run(copy, "-c", UP_AND_DOWN, following(0), *urls)
        assert (ended.returncode, ended.stdout) == (0, "up and down up and down "), ended.stderr
        assert [migrate.differences(engine) for engine in (lite, postgres)] == [[], []]


def test_what_a_revision_does_not_do_by_itself_is_named(copy):
    """SQLite makes the table anew for it, and the table's guard is gone."""
    change(copy, GUARDED)
    _, told = make(copy, "notes may be lacking")
    for way in ("upgrade", "downgrade"):
        line = f"trigger inspection_not_of_a_draft is missing after the {way}"
        assert f"by hand: table inspection: {line}" in told


def test_nothing_is_written_without_a_difference(copy):
    before = sorted((copy / VERSIONS).glob("*.py"))
    ended = run(copy, "-m", "tests.support.store.migration", MESSAGE="nothing")
    assert (ended.returncode, "nothing to migrate" in ended.stderr) == (2, True)
    assert sorted((copy / VERSIONS).glob("*.py")) == before


@pytest.mark.parametrize("message", ["", " ", "!?", '"""'])
def test_nothing_is_written_without_a_message(message, capsys, monkeypatch):
    monkeypatch.setattr(migrate, "write_revision", pytest.fail)
    assert main(message) == 2
    assert 'make migration MESSAGE="' in capsys.readouterr().err


def test_revisions_are_one_line_and_bear_their_numbers():
    names = sorted(path.name for path in (ROOT / VERSIONS).glob("*.py"))
    assert [name[:5] for name in names] == [f"{one}_" for one in reversed(migrate.revisions())]
    assert all(re.fullmatch(r"\d{4}_\w+\.py", name) for name in names)
