"""Files as other programs write them give the right rows, or one sentence that says why not."""

from __future__ import annotations

import json

import pytest

from tests.support.databases import sqlite_only
from tests.support.importing.others_files import (
    FOLDER,
    NAMES,
    expected,
    faults,
    load,
    make_stations,
)

every_file = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def office(databases):
    with databases.like("office of others", make_stations) as engine:
        yield engine


@sqlite_only
@every_file
def test_a_file_gives_the_right_rows_or_one_sentence(office, tmp_path, name):
    assert faults(office, tmp_path, name) == []


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
