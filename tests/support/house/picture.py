"""The picture of the house as the imports draw it: which subject stands in which room, on which.

`python -m tests.support.house.picture` prints it for docs/architecture.md.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.support.requirements import ROOT

ROOMS = ("core", "db", "pages/ui", "pages/web")
GROUND = {"core": (), "db": ("store",), "pages/ui": ("kit",), "pages/web": ()}
"""What every subject of a room may stand on without a word."""


def table() -> list[str]:
    """A line for each subject: the rooms in which it has modules.

    How many is not drawn, or every module that comes or goes would change the page.
    """
    subjects = sorted({name for room in ROOMS for name in _folders(room)})
    lines = ["| subject | " + " | ".join(f"`{room}`" for room in ROOMS) + " |"]
    lines.append("|---|" + "---|" * len(ROOMS))
    for name in subjects:
        marks = ["x" if _modules(ROOT / room / name) else "" for room in ROOMS]
        lines.append(f"| {name} | " + " | ".join(marks) + " |")
    return lines


def arrows(room: str) -> list[str]:
    """A line for each subject of a room that stands on others there; ground and tables aside."""
    return [
        f"{name}: {' '.join(sorted(below))}"
        for name in _folders(room)
        if (below := _below(room, name))
    ]


def _below(room: str, subject: str) -> set[str]:
    package = room.replace("/", ".")
    below: set[str] = set()
    for path in _modules(ROOT / room / subject):
        for module in _imports(path):
            if not module.startswith(f"{package}."):
                continue
            parts = module.removeprefix(f"{package}.").split(".")
            is_table = room == "db" and parts[1:2] == ["models"]
            if parts[0] in _folders(room) and not is_table:
                below.add(parts[0])
    return below - {subject} - set(GROUND[room])


@cache
def _folders(room: str) -> tuple[str, ...]:
    return tuple(
        sorted(path.name for path in (ROOT / room).iterdir() if (path / "__init__.py").exists())
    )


def _modules(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*.py"))
        if path.name != "__init__.py" and "versions" not in path.parts
    ]


def _imports(path: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
    return {module for module in modules if _is_module(module)}


@cache
def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def main() -> None:
    print("\n".join(table()))
    for room in ROOMS:
        print(f"\n{room}\n" + "\n".join(f"    {line}" for line in arrows(room)))


if __name__ == "__main__":
    main()
