"""What others call by name: commands, packages of the domain, cases of other systems, tables.

`python -m tests.support.house.public_addresses` adds what is new to its list,
tests/data/public_addresses.txt. What has gone stays there until somebody strikes it out by hand.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from inspect import Parameter
from typing import Any

import db
from db.store.base import Model
from tests.support.requirements import ROOT

LIST = ROOT / "tests/data/public_addresses.txt"
PROGRAMS = ("core", "core.prescore", "db", "pages.web")
PACKAGES = (
    *("core.checklist", "core.scoring", "core.library", "core.agreement"),
    *("core.control", "core.sampling", "core.ranking", "core.effect"),
)
HANDED_OUT = (
    "core.checklist.model.NaRule",
    "core.checklist.worth.Worth",
    "core.text.sentence.Sentence",
)
"""Classes of results that no package names; only what they hold is promised."""
TABLES = ("interaction", "staff", "station")
CASES = "tests/unit/test_peer_cases.py"


def listed() -> list[str]:
    return LIST.read_text(encoding="utf-8").splitlines()


def addresses() -> list[str]:
    """Every address as the code has it now, one a line, sorted."""
    return sorted({*_programs(), *_packages(), *_cases(), *_columns()})


def _programs() -> Iterator[str]:
    for name in PROGRAMS:
        if find_spec(f"{name}.__main__"):
            yield f"python -m {name}"
    for command in importlib.import_module("db.__main__").COMMANDS:
        yield f"python -m db {command}"


def _packages() -> Iterator[str]:
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            yield from _of_object(f"{package}.{name}", getattr(module, name))
    for address in HANDED_OUT:
        module_name, _dot, name = address.rpartition(".")
        handed_out = getattr(importlib.import_module(module_name), name)
        yield from (f"{address}.{attribute}" for attribute in _attributes(handed_out))


def _of_object(address: str, named: Any) -> Iterator[str]:
    yield address
    if inspect.isclass(named):
        yield from _of_class(address, named)
    elif inspect.isfunction(named):
        yield from _parameters(address, named)


def _of_class(address: str, named: type) -> Iterator[str]:
    for position, name in enumerate(getattr(named, "_fields", ()), start=1):
        yield f"{address}.{name} is entry {position}"  # of a tuple that others unpack
    for name in _attributes(named):
        yield f"{address}.{name}"
        method = getattr(named, name, None)
        if inspect.isfunction(method) or inspect.ismethod(method):
            is_bound = isinstance(inspect.getattr_static(named, name), classmethod | staticmethod)
            yield from _parameters(f"{address}.{name}", method, skipped=0 if is_bound else 1)


def _parameters(address: str, called: Callable[..., Any], skipped: int = 0) -> Iterator[str]:
    """A line for the name of each parameter, for where it stands, and for leave to omit it."""
    parameters = list(inspect.signature(called).parameters.values())[skipped:]
    for position, parameter in enumerate(parameters, start=1):
        if parameter.kind in {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}:
            continue
        if parameter.kind is not Parameter.POSITIONAL_ONLY:
            yield f"{address}({parameter.name}=)"
        if parameter.kind is not Parameter.KEYWORD_ONLY:
            yield f"{address}({parameter.name}) is argument {position}"
        if parameter.default is not Parameter.empty:
            yield f"{address}({parameter.name}) may be omitted"


def _attributes(named: type) -> list[str]:
    """Public fields, properties and methods that our own classes define, sorted."""
    own = [base for base in named.__mro__ if base.__module__.split(".")[0] == "core"]
    names = {
        name
        for base in own
        for name in (*vars(base), *inspect.get_annotations(base), *_set_by_init(base))
    }
    return sorted(name for name in names if not name.startswith("_"))


def _set_by_init(named: type) -> list[str]:
    """What a written `__init__` gives an object: the only one to name fields of errors."""
    written = vars(named).get("__init__")
    if written is None or written.__code__.co_filename == "<string>":  # a dataclass makes its own
        return []
    tree = ast.parse(textwrap.dedent(inspect.getsource(written)))
    return [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    ]


def _cases() -> Iterator[str]:
    """The tests that others run with their own SCORING_CASES, and what a case may expect."""
    tests = importlib.import_module(CASES.removesuffix(".py").replace("/", "."))
    yield from (f"{CASES}::{name}" for name in vars(tests) if name.startswith("test_"))
    yield from (f"SCORING_CASES expects {name}" for name in (*tests.FOUND, "readings"))


def _columns() -> Iterator[str]:
    assert db  # loads the tables of every subject
    for name in TABLES:
        table = Model.metadata.tables.get(name)
        if table is not None:
            yield f"table {name}"
            yield from (f"table {name}.{column.name}" for column in table.columns)


def gone() -> list[str]:
    """What the list promises and the code no longer has."""
    return sorted({*listed()} - {*addresses()})


def unlisted() -> list[str]:
    return sorted({*addresses()} - {*listed()})


def main() -> None:
    new = unlisted()
    lines = sorted([*listed(), *new])
    LIST.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{len(new)} added")
    for address in gone():
        print(f"gone: {address}")


if __name__ == "__main__":
    main()
