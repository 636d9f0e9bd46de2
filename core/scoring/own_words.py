"""What inspectors wrote in their own words within stored answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.checklist import Checklist

_ALWAYS = ("note", "reason")


def reworded(
    checklist: Checklist, answers: Mapping[str, Any], change: Callable[[str], str]
) -> dict[str, Any]:
    """The answers with notes, reasons and free texts changed; what is scored stays as it is."""
    free = {item.key for item in checklist.items() if item.kind == "text"}
    return {
        key: _reworded(given, (*_ALWAYS, "value") if key in free else _ALWAYS, change)
        for key, given in answers.items()
    }


def _reworded(given: Any, names: tuple[str, ...], change: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON value
    if not isinstance(given, Mapping):
        return given
    found = {name: given[name] for name in names if isinstance(given.get(name), str)}
    return {**given, **{name: change(text) for name, text in found.items()}}
