"""What each released version left is brought up to date with nothing lost, on both databases."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import MetaData, func, select

from db.__main__ import main
from db.inspection.models import Inspection
from db.migrations import migrate
from db.store.config import portal_version
from db.store.session import reading
from tests.support.requirements import ROOT
from tests.support.store.releases import RELEASES, restore

pytestmark = pytest.mark.both
_GROWS = {"meta"}
"""The key's id is noted when a database is brought up to date."""
FILES = sorted(RELEASES.glob("*.json.gz"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.removesuffix(".json.gz"))
def test_a_database_of_a_release_is_brought_up_to_date(file, empty_engine):
    before = restore(file, empty_engine)
    migrate.bring_up_to_date(empty_engine)
    assert migrate.differences(empty_engine) == []
    rows = {name: len(rows) for name, rows in before.items() if name not in _GROWS}
    assert _counted(empty_engine, rows) == rows
    with reading(empty_engine) as session:
        after = session.execute(select(Inspection.id, Inspection.score, Inspection.state)).all()
    assert {row.id: (row.score, row.state) for row in after} == {
        row["id"]: (row["score"], row["state"]) for row in before["inspection"]
    }


def test_every_version_of_the_changelog_left_a_database():
    headings = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings
    assert {f"{version}.json.gz" for version in headings} == {file.name for file in FILES}


def test_the_command_line_says_which_version_and_revision_it_is(engine, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    newest = migrate.newest_revision()
    assert main(["version"]) == 0
    assert capsys.readouterr().out == (
        f"Portal {portal_version()}, for databases of revision {newest}.\n"
        f"The database ({engine.dialect.name}) has revision {newest}.\n"
    )


def test_the_version_is_that_of_the_changelog_s_first_release():
    headings = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert portal_version() == headings[0]


def _counted(engine, names):
    schema = MetaData()
    schema.reflect(engine, only=list(names))
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in (schema.tables[name] for name in names)
        }
