"""Which function names which, all through the code: read from the source, nothing is run.

A name that is mentioned counts as reached, called or not: a callback is handed over by its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.requirements import ROOT

Graph = dict[str, frozenset[str]]


@cache
def graph() -> Graph:
    """By the dotted name of a function, class or value of a module: the dotted names it mentions.

    What a module does when it is loaded stands under the module's own name.
    """
    return {name: mentioned for module, tree in _modules() for name, mentioned in _of(module, tree)}


def reached(start: str, within: str) -> set[str]:
    """What is mentioned from `start` on; what lies behind a name outside of a room is not."""
    known: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            waiting += graph().get(name, ()) if name.startswith(f"{within}.") else ()
    return known


def callers(name: str) -> set[str]:
    """Who mentions a function, where private helpers stand for those of their module they serve."""
    found: set[str] = set()
    waiting, seen = [name], {name}
    while waiting:
        wanted = waiting.pop()
        for caller in _mentioning().get(wanted, ()):
            if caller in seen:
                continue
            seen.add(caller)
            if caller.rsplit(".", 1)[-1].startswith("_"):
                waiting.append(caller)
            else:
                found.add(caller)
    return found


@cache
def _mentioning() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, mentioned in graph().items():
        for each in mentioned:
            found.setdefault(each, set()).add(name)
    return found


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ("db", "pages"):
        for path in (ROOT / room).rglob("*.py"):
            yield _name(path), ast.parse(path.read_text("utf-8"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _of(module: str, tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    names = {node_name: f"{module}.{node_name}" for node_name in _defined(tree)} | _imported(tree)
    at_load: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{module}.{node.name}", frozenset(_mentioned(node, names))
            continue
        mentioned = set(_mentioned(node, names))
        at_load |= mentioned
        for name in _assigned(node):
            yield f"{module}.{name}", frozenset(mentioned)
    yield module, frozenset(at_load)


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        else:
            yield from _assigned(node)


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local names of what is imported anywhere in a module, with its full name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname: a.name for a in node.names if a.asname}
            found |= {
                a.name.split(".")[0]: a.name.split(".")[0] for a in node.names if not a.asname
            }
    return found


def _mentioned(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """Full names of what is read in a piece of code."""
    for each in ast.walk(node):
        parts, inner = [], each
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load) and inner.id in names:
            yield ".".join([names[inner.id], *reversed(parts)])
