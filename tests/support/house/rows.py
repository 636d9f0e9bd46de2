"""Calls that give a row of ours its fields by position, where a swap of two would stay silent.

A row is a dataclass or a named tuple of the project; models of SQLAlchemy and pydantic take their
fields by name only.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from pkgutil import resolve_name
from types import NoneType, UnionType
from typing import NamedTuple, Union, get_args, get_origin

from tests.support.requirements import ROOT

ROOMS = ("core", "db", "pages")
PLAIN = {str, int, float, bool, date, datetime}
LONG = 6  # from here on nobody counts positions

# Neighbours that everybody writes in this order: ends of a stretch, sides, the outer and the inner.
IN_ORDER = {
    *(("first", "last"), ("start", "end"), ("start", "stop"), ("since", "until")),
    *(("low", "high"), ("lower", "upper"), ("best", "worst"), ("k", "n"), ("width", "height")),
    *(("section", "item"), ("group", "question")),
}


class Field(NamedTuple):
    name: str
    type: object


class Finding(NamedTuple):
    line: int
    row: str
    reason: str


def modules() -> Iterator[tuple[Path, str]]:
    """The files of the rooms with their names as modules."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    for path in (ROOT / "app.py", *paths):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield path, name.removesuffix(".__init__")


def findings(source: str, module: str) -> Iterator[Finding]:
    """The calls in the source of a module that should name the fields of a row."""
    tree = ast.parse(source)
    names = _names(tree, module)
    for statement in tree.body:
        own = {"cls": names[statement.name]} if isinstance(statement, ast.ClassDef) else {}
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and (row := _row(node.func, names | own)):
                reason = fault(node, fields_of(row))
                if reason:
                    yield Finding(node.lineno, row.__name__, reason)


def fault(call: ast.Call, fields: tuple[Field, ...]) -> str:
    """Why the call should name the fields; empty when it may stay as it is."""
    arguments = positional(call)
    counted = list(takewhile(lambda argument: not isinstance(argument, ast.Starred), arguments))
    if len(counted) < len(arguments) and len(fields) >= LONG:
        return "unpacked"
    if len(arguments) >= LONG:
        return f"{len(arguments)} positional arguments"
    for left, right in pairwise(fields[: len(counted)]):
        names = (left.name, right.name)
        if left.type == right.type and left.type in PLAIN and names not in IN_ORDER:
            return f"{left.name} and {right.name} are of one type"
    return ""


def positional(call: ast.Call) -> list[ast.expr]:
    """Positional arguments, also those of a tuple that is written and unpacked in the call."""
    arguments = []
    for argument in call.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Tuple):
            arguments += argument.value.elts
        else:
            arguments.append(argument)
    return arguments


@cache
def fields_of(row: type) -> tuple[Field, ...]:
    """What the class takes, in its order."""
    names = getattr(row, "_fields", None) or inspect.signature(row).parameters
    return tuple(Field(name, _type(row, name)) for name in names)


def _type(row: type, field: str) -> object:
    """The type of a field, without None; its text where only the type checker imports it."""
    owner = next(base for base in row.__mro__ if field in vars(base).get("__annotations__", {}))
    annotation = vars(owner)["__annotations__"][field]
    text = getattr(annotation, "__forward_arg__", annotation)
    try:
        hint = eval(text, vars(sys.modules[owner.__module__]))
    except NameError:
        return text
    if get_origin(hint) in {Union, UnionType}:
        hints = [kind for kind in get_args(hint) if kind is not NoneType]
        return hints[0] if len(hints) == 1 else hint
    return hint


def _names(tree: ast.Module, module: str) -> dict[str, str]:
    """What the names in a module stand for, in full: its classes, and what it imports."""
    names = {
        node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.ClassDef)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _row(function: ast.expr, names: Mapping[str, str]) -> type | None:
    """The row that a call makes, if it makes one of ours."""
    name, *attributes = ast.unparse(function).split(".")
    path = ".".join([names.get(name, name), *attributes])
    return _row_at(path) if path.startswith(tuple(f"{room}." for room in ROOMS)) else None


@cache
def _row_at(path: str) -> type | None:
    try:
        value = resolve_name(path)
    except (ImportError, AttributeError, ValueError):
        return None
    is_row = isinstance(value, type) and (is_dataclass(value) or hasattr(value, "_fields"))
    return value if is_row else None
