"""The best answer to every item of a checklist."""

from __future__ import annotations

from typing import Any

from core.checklist import Checklist, Item
from tests.support.clock import NOW


def best_answers(checklist: Checklist, **changed: Any) -> dict[str, Any]:
    """The best answer to every item, as it is stored; `changed` replaces some by item key.

    Keys with a hyphen are given as ``**{"FST-01": {"value": "no"}}``.
    """
    return {item.key: _best(item) for item in checklist.items()} | changed


def _best(item: Item) -> dict[str, Any]:
    best = max(item.options, key=lambda option: option.points, default=None)
    if item.kind == "multi":
        return {"values": [option.key for option in item.options if option.points > 0]}
    if best is not None:
        return {"value": best.key}
    if item.kind == "clock":
        return {"start": NOW.isoformat(), "stop": NOW.isoformat(), "evidence_kind": "system"}
    if item.kind == "number":
        return {"value": max(item.ranges, key=lambda part: part.points).low if item.ranges else 0}
    return {"value": NOW.date().isoformat() if item.kind == "date" else "seen"}
