"""Files as other programs write them give the right rows, or one sentence that says why not."""

from __future__ import annotations

import json
import shutil

import pytest

from db.importing.import_run import Order, run_import
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.importing.files import KEYS
from tests.support.importing.others_files import (
    FOLDER,
    NAMES,
    expected,
    make_stations,
    stored,
)

LATER = NOW.replace(year=NOW.year + 1)  # the files are of 2026
every_file = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def office(databases):
    with databases.like("office of others", make_stations) as engine:
        yield engine


def load(engine, folder, name):
    """What came of a file, under a name that says nothing of its format."""
    told = expected(name)
    path = folder / "rows"
    shutil.copy(FOLDER / name, path)
    order = Order(told.kind, path, choices=FileChoices.of(told.options))
    return run_import(engine, KEYS, order, who=None, clock=lambda: LATER)


def new_or_changed(before, after):
    return {key: row for key, row in after.items() if before.get(key) != row}


@sqlite_only
@every_file
def test_a_file_gives_the_right_rows_or_one_sentence(office, tmp_path, name):
    told = expected(name)
    before = stored(office, told.kind)
    if told.unreadable:
        with pytest.raises(Unreadable) as refusal:
            load(office, tmp_path, name)
        assert str(refusal.value).startswith(told.unreadable)
        assert stored(office, told.kind) == before
        return
    result = load(office, tmp_path, name)
    after = stored(office, told.kind)
    assert [[r.line, r.column] for r in result.first_refusals] == told.refused
    assert all(str(refusal)[-1] == "." for refusal in result.first_refusals)
    named = {key: {c: after[key][c] for c in row} for key, row in told.stored.items()}
    assert named == told.stored
    assert new_or_changed(before, after).keys() <= told.stored.keys()
    notes = [str(note) for note in result.forecast.notes]
    assert all(any(note.startswith(start) for note in notes) for start in told.notes), notes


@sqlite_only
@every_file
def test_the_same_file_again_changes_nothing(office, tmp_path, name):
    told = expected(name)
    if told.unreadable:
        pytest.skip("nothing of it goes in")
    first = load(office, tmp_path, name).counts
    again = load(office, tmp_path, name).counts
    assert (again.added, again.updated, again.refused) == (0, 0, first.refused)


def test_there_are_enough_of_them():
    """Of 19 that were handed in at least 10 are stored, of 60 more at least 40."""
    handed_in = [name for name in NAMES if name[0].isdigit()]
    own = [name for name in NAMES if not name[0].isdigit()]
    assert len(handed_in) == 19
    assert sum(bool(expected(name).stored) for name in handed_in) >= 10
    assert len(own) >= 60
    assert sum(bool(expected(name).stored) for name in own) >= 40


def test_every_expected_result_has_its_file():
    for name in NAMES:
        assert (FOLDER / name).exists()
        json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))
