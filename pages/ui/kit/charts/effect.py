"""The effect of a training: the change, the expected part of it, and the remainder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import (
    UNCLEAR,
    DrawnChart,
    Spec,
    by_side,
    framed,
    rows_axis,
    side_colour,
    tip,
)
from pages.ui.kit.messages import _, signed
from pages.ui.kit.phrases import Side, side_word

_ROW = 42


class EffectRow(NamedTuple):
    """A line of the chart; `low` and `high` only where there is an interval.

    `verdict` stands beside the figure where the row has one.
    """

    label: str
    value: float
    low: float | None
    high: float | None
    people: int
    side: Side
    verdict: str = ""


def effect_chart(rows: Sequence[EffectRow], *, title: str, sentence: str) -> DrawnChart:
    """Points of 100 against zero, one row under the other in the given order."""
    order = [row.label for row in rows]
    words = [side_word(side) for side in Side]
    y = rows_axis(order, limit=260)
    values = [
        row._asdict()
        | {"side": side_word(row.side), "text": f"{signed(row.value)} {row.verdict}".rstrip()}
        for row in rows
    ]
    layers: list[Spec] = [_zero(), _interval(y, words), _mark(y, words), _number(y)]
    measure = _("Points of 100 on what was taught")
    spec = framed(layers, values, title=title, subtitle=[measure], height=_ROW * len(rows))
    columns = {
        "label": _("Row"),
        "value": measure,
        "low": _("Interval from"),
        "high": _("to"),
        "people": _("People"),
        "side": _("Against zero"),
    }
    return DrawnChart(spec, sentence, columns)


def _number(y: Spec) -> Spec:
    """The figure itself, above its mark."""
    return {
        "mark": {"type": "text", "dy": -13, "fontSize": 12, "color": UNCLEAR},
        "encoding": {"y": y, "x": _x("value"), "text": {"field": "text"}},
    }


def _x(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"nice": True},
        "axis": {"tickCount": 8},
    }


def _zero() -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": UNCLEAR, "strokeDash": [4, 3], "aria": False},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}},
    }


def _interval(y: Spec, words: Sequence[str]) -> Spec:
    return {
        "transform": [{"filter": "datum.low != null"}],
        "mark": {"type": "rule", "strokeWidth": 3},
        "encoding": {"y": y, "x": _x("low"), "x2": {"field": "high"}}
        | _unlisted(side_colour(words)),
    }


def _mark(y: Spec, words: Sequence[str]) -> Spec:
    tooltip = [
        tip("label", _("Row")),
        tip("value", _("Points of 100 on what was taught"), "+.1f"),
        tip("low", _("Interval from"), "+.1f"),
        tip("high", _("to"), "+.1f"),
        tip("people", _("People"), ",d"),
    ]
    return {
        "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1},
        "encoding": {"y": y, "x": _x("value"), "tooltip": tooltip} | _unlisted(by_side(words)),
    }


def _unlisted(scales: Spec) -> Spec:
    """The same colours and shapes without a legend: the verdict stands beside the mark."""
    return {channel: scale | {"legend": None} for channel, scale in scales.items()}
