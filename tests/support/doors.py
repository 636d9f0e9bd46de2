"""Every function that acts or reads for a person, and what it asks of the access table.

`python -m tests.support.doors` prints what stands in the code now.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

from core import access
from core.access import Identity
from core.errors import NotAllowed

ROOMS = ("db.services", "db.queries")
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
    found = {}
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            loaded = importlib.import_module(module.name)
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                if function.__module__ == module.name and not name.startswith("_"):
                    found[f"{module.name.removeprefix('db.')}.{name}"] = function
    return found


def acts_for_somebody(function: Callable[..., Any]) -> bool:
    return "who" in inspect.signature(function).parameters


def asked(function: Callable[..., Any], who: Identity = NOBODY) -> str:
    """What the function does first when `who` calls it.

    The action it asks for and is refused, "looks first" when it uses its arguments before, or
    "passes" when it ends without asking.
    """
    wanted: list[str] = []
    scope_of = access.scope_of

    def noting(person: Identity, action: access.Action) -> access.Scope | None:
        wanted.append(action.value)
        return scope_of(person, action)

    access.scope_of = noting
    try:
        result = call(function, {"who": who})
        if inspect.isgenerator(result):
            next(result)
    except NotAllowed as refusal:
        kind, name = refusal.wanted
        return str(name) if kind == "action" else "refused"
    except (Touched, TypeError):  # the latter where an operator meets what it cannot use
        return "looks first" if not wanted else f"looks after {wanted[-1]}"
    finally:
        access.scope_of = scope_of
    return "passes"


def call(function: Callable[..., Any], values: dict[str, Any]) -> Any:
    """Call with values by the parameters' names; what has none gets an untouchable."""
    positional, named = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in values and parameter.default is not parameter.empty:
            continue
        value = values.get(name, Untouchable())
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        elif parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            positional.append(value)
    return function(*positional, **named)


def main() -> None:
    for name, function in sorted(functions().items()):
        if acts_for_somebody(function):
            print(name, asked(function))


if __name__ == "__main__":
    main()
