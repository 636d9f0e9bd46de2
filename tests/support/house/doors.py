"""Every function that acts or reads for a person, and what it asks of the access table.

`python -m tests.support.house.doors` prints what stands in the code now, for tests/data/doors.txt;
`python -m tests.support.house.doors without` prints those that ask nobody, with whom they serve,
for tests/data/doors_without_who.txt, where each belongs into the group whose reason is true of it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from core import access
from core.access import Identity
from core.errors import InvalidInput, NotAllowed
from db.inspection.tasks import ASSIGNED
from tests.support.house import reaching
from tests.support.requirements import ROOT

ROOMS = {"queries", "services"}
"""Modules, or folders of modules, of each subject of db."""
NOBODY = Identity(user_id=0, username="nobody", name="Nobody", roles=frozenset())


class Touched(Exception):
    """The function used what it was given before it asked who is there."""


class Untouchable:
    """Stands for a session or any other argument; whoever looks at it is found out."""

    def __getattr__(self, name: str) -> Any:
        raise Touched(name)

    def __iter__(self) -> Iterator[Any]:
        raise Touched

    def __bool__(self) -> bool:
        raise Touched


def functions() -> dict[str, Callable[..., Any]]:
    """The public functions of services and queries by `module.name`."""
    found: dict[str, Callable[..., Any]] = {}
    for path in sorted((ROOT / "db").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not ROOMS & set(parts):
            continue
        loaded = importlib.import_module(".".join(parts))
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == loaded.__name__ and not name.startswith("_"):
                found[f"{loaded.__name__.removeprefix('db.')}.{name}"] = function
    return found


def acts_for_somebody(function: Callable[..., Any]) -> bool:
    return "who" in inspect.signature(function).parameters


def asks_nobody(function: Callable[..., Any]) -> bool:
    """Whether it looks into the database for whoever calls it."""
    parameters = inspect.signature(function).parameters
    sessions = [name for name, each in parameters.items() if "Session" in str(each.annotation)]
    return bool({"session", *sessions} & set(parameters)) and "who" not in parameters


def groups() -> list[tuple[str, dict[str, list[str]]]]:
    """The groups of tests/data/doors_without_who.txt: by function, the names behind it."""
    found: list[tuple[str, dict[str, list[str]]]] = []
    for line in (ROOT / "tests/data/doors_without_who.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            found.append((line[1 : line.index("]")], {}))
        elif line and not line.startswith(("#", " ")):
            name, _colon, names = line.partition(": ")
            found[-1][1][name] = names.split(", ")
    return found


def served(name: str) -> list[str]:
    """Who calls a function: those of db by their short names, pages and routes by their whole."""
    return sorted(caller.removeprefix("db.") for caller in reaching.callers(f"db.{name}"))


def guards(name: str) -> list[str]:
    """The actions that stand at the guard of the pages on which a function is called."""
    return sorted(
        {guard for page, guard in _guards().items() if f"db.{name}" in _reached_by_page(page)}
    )


@cache
def _reached_by_page(page: str) -> frozenset[str]:
    return frozenset(reaching.reached(page, "pages"))


@cache
def _guards() -> dict[str, str]:
    """The action at the guard of each page; "none" for the portal's frame around them."""
    pages = {path.stem: path.read_text("utf-8") for path in (ROOT / "pages").glob("[!_]*.py")}
    return {f"pages.{name}": _guard(text) for name, text in pages.items()}


def _guard(text: str) -> str:
    for node in ast.parse(text).body:
        said = ast.unparse(node).removeprefix("who = ")
        if said.startswith("guard(Action."):
            return said.removeprefix("guard(Action.").removesuffix(")").lower()
    return "none"


def asked(function: Callable[..., Any], who: Identity = NOBODY, **values: Any) -> str:
    """What the function does first when `who` calls it.

    The action it asks for and is refused, "looks first" when it uses its arguments before, or
    "passes" when it ends without asking.
    """
    wanted: list[str] = []
    scope_of = access.scope_of

    def noting(who: Identity, action: access.Action) -> access.Scope | None:
        wanted.append(action.value)
        return scope_of(who, action)

    access.scope_of = noting
    try:
        result = call(function, {"who": who} | values)
        if inspect.isgenerator(result):
            next(result)
    except NotAllowed as refusal:
        kind, name = refusal.subject
        return str(name) if kind == "action" else "refused"
    except (Touched, TypeError, InvalidInput):  # the last two: it cannot use what it looked at
        return "looks first" if not wanted else f"looks after {wanted[-1]}"
    finally:
        access.scope_of = scope_of
    return "passes"


def call(function: Callable[..., Any], values: dict[str, Any]) -> Any:
    """Call with values by the parameters' names; what has none gets an untouchable.

    A task is an assignment, as its kind says what is asked.
    """
    positional, named = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in values and parameter.default is not parameter.empty:
            continue
        unnamed = ASSIGNED.task(0) if parameter.annotation == "TaskKey" else Untouchable()
        value = values.get(name, unnamed)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            positional.append(value)
    return function(*positional, **named)


def main() -> None:
    for name, function in sorted(functions().items()):
        if sys.argv[1:] == ["without"]:
            if asks_nobody(function):
                print(f"{name}: {', '.join(guards(name))} | {', '.join(served(name))}")
        elif acts_for_somebody(function):
            print(name, asked(function))


if __name__ == "__main__":
    main()
