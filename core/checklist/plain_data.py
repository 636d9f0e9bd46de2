"""A checklist as plain data, from which parsing gives the same checklist again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from core.checklist.conditions import Compare, Joined, Match, condition_data
from core.checklist.model import Checklist, Effect, written
from core.checklist.settings import Settings

ALWAYS = frozenset(
    {"key", "weight", "required", "points", "pass_mark", "low_score_mark"}
    | {"start_event", "stop_event"}
)


def to_data(checklist: Checklist) -> dict[str, Any]:
    """JSON-able data in our own format; what stands at its default is left out.

    Settings are written out in full, so that a stored version keeps its rules when a preset or
    a default changes.
    """
    return _record(checklist)


def _record(record: Any) -> dict[str, Any]:  # noqa: ANN401  any of the model's dataclasses
    data = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in ALWAYS or value not in (field.default, None, (), {}):
            data[written(field.name)] = _value(value)
    return data


def _value(value: Any) -> Any:  # noqa: ANN401  any value of the model
    if isinstance(value, Settings):
        return asdict(value)
    if isinstance(value, Effect):
        return _effect(value)
    if isinstance(value, Match | Compare | Joined):
        return condition_data(value)
    if isinstance(value, tuple):
        return [_value(element) for element in value]
    if isinstance(value, Mapping):
        return dict(value)
    return _record(value) if hasattr(value, "__dataclass_fields__") else value


def _effect(effect: Effect) -> str | dict[str, object]:
    if effect.kind == "cap":
        return {"cap": effect.cap}
    return {effect.kind: list(effect.sections)} if effect.sections else effect.kind
