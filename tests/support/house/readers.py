"""Every public function of db that reads what was said, recorded or written of an encounter.

Found in the source: it names a table of such things, a field of them, or a function that hands
them on unasked; in its own body or through what is private in its module.
`python -m tests.support.house.readers` prints them.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from tests.support.requirements import ROOT

TABLES = frozenset({"Turn", "ClearSpan", "Photo", "Draft", "Evidence", "CaseSetMember"})
FIELDS = frozenset({"recording", "attributes", "events", "answers", "evidence", "note", "question"})
INDEX = "search_document"
_AWAY = ("db/migrations/", "db/demo/", "db/safekeeping/backups/")


def readers(handing_on: Collection[str] = ()) -> set[str]:
    """`module.name` of functions, `module.Class` of classes.

    Args:
        handing_on: names as they stand here, of functions whose callers count as readers too.
    """
    names = {name.rpartition(".")[2] for name in handing_on}
    found: set[str] = set()
    for path in sorted((ROOT / "db").rglob("*.py")):
        place = path.relative_to(ROOT)
        if place.name != "models.py" and not str(place).startswith(_AWAY):
            module = ".".join(place.with_suffix("").parts[1:])
            found |= {f"{module}.{name}" for name in in_module(path, names)}
    return found


def in_module(path: Path, handing_on: Collection[str]) -> Iterator[str]:
    parts = dict(_parts(ast.parse(path.read_text(encoding="utf-8"))))
    used = {name: _names(node) for name, node in parts.items()}
    reading = {name for name, node in parts.items() if _reads(node, {*handing_on} - {name})}
    while more := {
        name
        for name in parts.keys() - reading
        if used[name] & {each for each in reading if each.startswith("_")}
    }:
        reading |= more
    for name in reading:
        if not name.startswith("_") and isinstance(parts[name], ast.FunctionDef | ast.ClassDef):
            yield name


def _parts(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What stands at the top of a module, by its name."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, node


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _reads(node: ast.stmt, handing_on: Collection[str]) -> bool:
    called = {id(each.func) for each in ast.walk(node) if isinstance(each, ast.Call)}
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in TABLES | set(handing_on):
            return True
        if isinstance(each, ast.Attribute):
            if each.attr in FIELDS and id(each) not in called:
                return True
            if each.attr in handing_on:
                return True
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and INDEX in each.value:
            return True
    return False


def main() -> None:
    for name in sorted(readers()):
        print(name)


if __name__ == "__main__":
    main()
