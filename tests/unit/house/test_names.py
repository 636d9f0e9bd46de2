"""Names say what they hold, with nouns of the field (docs/glossary.md)."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.support.requirements import ROOT

FILLERS = frozenset(
    {
        "found",
        "given",
        "part",
        "place",
        "each",
        "told",
        "said",
        "wanted",
        "known",
        "it",
        "whole",
        "rest",
        "asked",
        "chosen",
        "shown",
        "kept",
        "stored",
        "beyond",
        "at",
    }
)
MOST = 0.01  # columns of the database and public parameters keep such names


def assigned(tree: ast.AST) -> Iterator[str]:
    """Names of variables, parameters, fields and loop targets."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def modules() -> Iterator[Path]:
    yield ROOT / "app.py"
    for room in ("core", "db", "pages"):
        yield from sorted((ROOT / room).rglob("*.py"))


def test_of_a_hundred_assigned_names_at_most_one_is_a_filler():
    fillers: Counter[str] = Counter()
    names = 0
    for path in modules():
        for name in assigned(ast.parse(path.read_text("utf-8"))):
            names += 1
            if name.strip("_") in FILLERS:
                fillers[f"{path.relative_to(ROOT)}: {name}"] += 1
    assert fillers.total() <= MOST * names, fillers.most_common(20)


def test_a_filler_is_seen_wherever_a_name_can_be_assigned():
    source = "def f(found, *, given=1):\n    for each, (part, x) in found:\n        kept: int = x\n"
    assert {*assigned(ast.parse(source))} & FILLERS == {"found", "given", "each", "part", "kept"}
