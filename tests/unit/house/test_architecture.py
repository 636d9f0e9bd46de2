"""docs/architecture.md draws the house as the imports make it."""

from __future__ import annotations

import re

import pytest

from tests.support.house import picture
from tests.support.requirements import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def test_the_table_of_subjects_is_that_of_the_folders():
    drawn = [line for line in PAGE.split("## Three ways")[0].splitlines() if line.startswith("|")]
    assert drawn == picture.table()


@pytest.mark.parametrize("room", picture.ROOMS)
def test_the_arrows_of_a_room_are_its_imports(room):
    """A new import between subjects is drawn, one that is gone leaves the picture."""
    drawn = re.search(rf"^`{room}`\n\n((?:    .+\n)+)", PAGE, re.MULTILINE)
    assert drawn is not None
    assert [line.strip() for line in drawn[1].splitlines()] == picture.arrows(room)


def test_every_subject_of_db_is_in_the_layers():
    """What the contract does not name could import whatever it liked."""
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r'containers = \["db"\].*?layers = \[(.*?)\]', contract, re.DOTALL)
    assert layers is not None
    named = set(re.findall(r'"(\w+)"', layers[1]))
    folders = {path.parent.name for path in (ROOT / "db").glob("*/__init__.py")}
    assert named == folders
