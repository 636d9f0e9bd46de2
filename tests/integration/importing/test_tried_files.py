"""The tables of docs/imports.md say what is measured now."""

from __future__ import annotations

import pytest

from tests.support.importing import tried_files
from tests.support.importing.others_files import NAMES
from tests.support.importing.tried_files import ENCODED, KINDS
from tests.support.requirements import ROOT

PAGE = (ROOT / "docs/imports.md").read_text(encoding="utf-8")


def on_the_page(cells):
    return f"| {' | '.join(cells)} |" in PAGE


def test_every_file_is_of_one_kind():
    kinds = {
        name: [kind for kind, begins in KINDS.items() if name.startswith(begins)] for name in NAMES
    }
    assert {name: found for name, found in kinds.items() if len(found) != 1} == {}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_what_comes_of_the_files_of_each_kind(kind, sqlite_databases):
    row = tried_files.tried(kind, sqlite_databases)
    assert row[-1] == "0"
    assert on_the_page(row)


def test_the_page_adds_the_kinds_up():
    assert on_the_page(tried_files.TRIED_HEADER)
    lines = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    rows = [cells for cells in lines if cells[0] in KINDS]
    assert [cells[0] for cells in rows] == list(KINDS)
    assert on_the_page(tried_files.total(rows))
    assert sum(int(cells[1]) for cells in rows) == len(NAMES)
    assert f"All {len(NAMES)} go through" in PAGE


@pytest.mark.sampled(5)
@pytest.mark.parametrize("encoded", ENCODED, ids=lambda encoded: encoded.title)
def test_the_page_says_how_each_encoding_is_told(encoded):
    """Of each 100 files some are read as they were written, the others refused, none otherwise."""
    counts = list(tried_files.told(encoded))
    assert sum(each.wrong for each in counts) == 0
    assert on_the_page(tried_files.cells(encoded))
