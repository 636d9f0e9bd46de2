"""The revisions of the database stand in one row, each behind the one before it."""

from __future__ import annotations

import ast

import pytest

from tests.support.requirements import ROOT

FOLDER = ROOT / "db/migrations/versions"


def numbers(code):
    """The number of a revision, and of the one it follows."""
    values = {
        node.targets[0].id: node.value.value
        for node in ast.parse(code).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    return values["revision"], values["down_revision"]


def faults(files):
    """What is wrong with files, by name in their order, whose numbers are to be 0001, 0002, …"""
    former, wrong = None, []
    for position, (name, code) in enumerate(sorted(files.items()), start=1):
        number = f"{position:04}"
        if not name.startswith(f"{number}_") or numbers(code) != (number, former):
            wrong.append(f"{name}: has the numbers {numbers(code)}, not {(number, former)}")
        former = number
    return wrong


def test_each_revision_follows_the_one_before_it():
    assert faults({path.name: path.read_text("utf-8") for path in FOLDER.glob("*.py")}) == []


FIRST = "revision = '0001'\ndown_revision = None\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("0001_two.py", "revision = '0001'\ndown_revision = None\n"),
        ("0002_two.py", "revision = '0001'\ndown_revision = None\n"),
        ("0002_two.py", "revision = '0002'\ndown_revision = None\n"),
        ("0003_two.py", "revision = '0003'\ndown_revision = '0001'\n"),
    ],
    ids=["same number", "same number inside", "second beginning", "a number left out"],
)
def test_two_that_were_made_at_the_same_time_are_seen(name, code):
    assert faults({"0001_one.py": FIRST, name: code})
    assert not faults(
        {"0001_one.py": FIRST, "0002_two.py": "revision = '0002'\ndown_revision = '0001'\n"}
    )
