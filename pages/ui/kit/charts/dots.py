"""Estimates with intervals under each other, against a reference line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pages.ui.kit.charts.base import (
    DrawnChart,
    Spec,
    framed,
    interval_rule,
    line_label,
    rows_axis,
    scores_axis,
    side_mark,
    tip,
)
from pages.ui.kit.messages import _
from pages.ui.kit.phrases import Side

_ROW = 30


class Dot(NamedTuple):
    """An estimate; `key` is handed over by a click. Without an interval low and high are None."""

    key: str
    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    side: Side = Side.UNCLEAR


@dataclass(frozen=True)
class DotScale:
    """What the dots measure: title, unit, number format, and the words for its sides.

    `lines` are reference lines, each a value with its name; `counted` is what n counts, `bars` what
    the bars are where they are no intervals of 90 %.
    """

    title: str
    measure: str
    pattern: str
    words: tuple[str, str, str]
    counted: str
    head: str
    lines: tuple[tuple[float, str], ...] = ()
    bars: str = ""


def dots(rows: Sequence[Dot], scale: DotScale, *, sentence: str) -> DrawnChart:
    """Rows in the given order; a click on a dot hands over `key`."""
    y = rows_axis([row.label for row in rows], limit=260)
    words = dict(zip(Side, scale.words, strict=True))
    layers = [
        layer
        for number, (value, name) in enumerate(scale.lines)
        for layer in line_label(value, name, row=number)
    ]
    layers += [_interval(y, scale), _mark(y, scale)]
    subtitle = [scale.measure, scale.bars or _("Bars are 90 % intervals.")]
    values = [row._asdict() | {"side": words[row.side]} for row in rows]
    spec = framed(layers, values, title=scale.title, subtitle=subtitle, height=_ROW * len(rows))
    columns = {
        "label": scale.head,
        "value": scale.measure,
        "low": _("Interval from"),
        "high": _("to"),
        "n": scale.counted,
        "side": _("Compared"),
    }
    return DrawnChart(spec, sentence, columns)


def _interval(y: Spec, scale: DotScale) -> Spec:
    with_interval = {"transform": [{"filter": "isValid(datum.low)"}]}
    return with_interval | interval_rule(y, scale.words)


def _mark(y: Spec, scale: DotScale) -> Spec:
    x = scores_axis("value")
    x["axis"] = {"format": scale.pattern}
    tooltip = [
        tip("label", scale.head),
        tip("value", scale.measure, scale.pattern),
        tip("low", _("Interval from"), scale.pattern),
        tip("high", _("to"), scale.pattern),
        tip("n", scale.counted, ",d"),
        tip("side", _("Compared")),
    ]
    return side_mark(y, scale.words, key="key", tooltip=tooltip, x=x)
