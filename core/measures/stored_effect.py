"""A judged effect as data, so that what was told once can be shown as it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.measures.change import Change, Effect, Verdict
from core.measures.figure import Figure
from core.results.figures import DifferenceInterval
from core.text.sentence import Sentence

Data = dict[str, Any]


def effect_data(effect: Effect) -> Data:
    """As JSON: `own`, `control` (None without one), `effect`, `verdict`, `sentence`."""
    return {
        "own": _change_data(effect.own),
        "control": None if effect.control is None else _change_data(effect.control),
        "effect": _span_data(effect.effect),
        "verdict": effect.verdict.value,
        "sentence": str(effect.sentence),
    }


def effect_of(data: Mapping[str, Any]) -> Effect:
    """What `effect_data` made."""
    return Effect(
        own=_change(data["own"]),
        control=None if data["control"] is None else _change(data["control"]),
        effect=_span(data["effect"]),
        verdict=Verdict(data["verdict"]),
        sentence=Sentence(data["sentence"]),
    )


def figure_data(figure: Figure) -> Data:
    """As JSON, the reason in words and as template with its values."""
    reason = figure.reason
    data = asdict(figure) | {"reason": str(reason) if reason else None}
    return data if reason is None else data | {"because": [reason.template, dict(reason.values)]}


def _change_data(change: Change) -> Data:
    return {
        "before": figure_data(change.before),
        "after": figure_data(change.after),
        "difference": _span_data(change.difference),
    }


def _change(data: Mapping[str, Any]) -> Change:
    return Change(_figure(data["before"]), _figure(data["after"]), _span(data["difference"]))


def _figure(data: Mapping[str, Any]) -> Figure:
    values = {name: data[name] for name in ("value", "n", "low", "high")}
    reason = Sentence(*data["because"]) if "because" in data else None
    return Figure(**values, reason=reason)


def _span_data(span: DifferenceInterval | None) -> Data | None:
    return None if span is None else span._asdict()


def _span(data: Mapping[str, Any] | None) -> DifferenceInterval | None:
    return None if data is None else DifferenceInterval(**data)
