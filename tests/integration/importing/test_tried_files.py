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


def test_the_page_counts_the_files_that_are_tried():
    assert on_the_page(tried_files.TRIED_HEADER)
    missing = [row for row in tried_files.tried() if not on_the_page(row)]
    assert missing == []
    assert f"All {len(NAMES)} go through" in PAGE


@pytest.mark.sampled(5)
@pytest.mark.parametrize("encoded", ENCODED, ids=lambda encoded: encoded.title)
def test_the_page_says_how_each_encoding_is_told(encoded):
    """Of each 100 files some are read as they were written, the others refused, none otherwise."""
    counts = list(tried_files.told(encoded))
    assert sum(each.wrong for each in counts) == 0
    assert on_the_page(tried_files.cells(encoded))
