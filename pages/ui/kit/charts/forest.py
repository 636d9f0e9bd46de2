"""Stations under each other: mean with interval, against the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import (
    UNCLEAR,
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
from pages.ui.kit.messages import _, number
from pages.ui.kit.phrases import Side, side_word

ROW_HEIGHT = 35


class ForestRow(NamedTuple):
    """A station's figure with its interval; `plain` is the unadjusted mean beside an adjusted."""

    key: int
    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    side: Side
    plain: float | None = None


def forest(
    rows: Sequence[ForestRow],
    *,
    network: float | None,
    target: float | None,
    sentence: str,
    level: float | None,
) -> DrawnChart:
    """Rows from the best down; a click on a mark hands over `station`.

    `level` is that of the intervals: of the difference to the network where values are adjusted.
    """
    adjusted = any(row.plain is not None for row in rows)
    measure = _("Score before critical failures, points of 100")
    title = _("Mean with 90 % interval")
    if adjusted:
        title = _("Adjusted score and the interval judged")
    order = [row.label for row in rows]
    words = [side_word(side) for side in Side]
    y = rows_axis(order)
    layers: list[Spec] = []
    if network is not None:
        layers += line_label(network, _("network {mean}", mean=number(network)))
    if target is not None:
        layers += line_label(target, _("pass mark {mark}", mark=number(target, 0)), row=1)
    layers.append(interval_rule(y, words))
    if adjusted:
        layers.append(_plain(y))
    layers.append(_mark(y, words, _("Adjusted") if adjusted else _("Before critical")))
    subtitle = [measure]
    if adjusted:
        subtitle.append(_("Filled: adjusted, ○: plain mean"))
    if adjusted and level is not None:
        percent = number(100 * level, 1)
        subtitle.append(_("Bars: {percent} % intervals, judged together", percent=percent))
    values = [_values(row) for row in rows]
    height = ROW_HEIGHT * len(rows)
    spec = framed(layers, values, title=title, subtitle=subtitle, height=height)
    columns = {
        "label": _("Station"),
        "value": measure,
        "low": _("Interval from"),
        "high": _("to"),
        "plain": _("Plain mean"),
        "n": _("Inspections"),
        "side": _("Against the network"),
    }
    return DrawnChart(spec, sentence, columns)


def _values(row: ForestRow) -> Spec:
    return {
        "station": row.key,
        "label": row.label,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "n": row.n,
        "side": side_word(row.side),
        "plain": row.plain,
    }


def _plain(y: Spec) -> Spec:
    return {
        "mark": {"type": "point", "shape": "circle", "filled": False, "size": 60, "color": UNCLEAR},
        "encoding": {
            "y": y,
            "x": scores_axis("plain"),
            "tooltip": [tip("label", _("Station")), tip("plain", _("Plain mean"), ".1f")],
        },
    }


def _mark(y: Spec, words: Sequence[str], measure: str) -> Spec:
    tooltip = [
        tip("label", _("Station")),
        tip("value", measure, ".1f"),
        tip("low", _("Interval from"), ".1f"),
        tip("high", _("to"), ".1f"),
        tip("n", _("Inspections"), ",d"),
        tip("side", _("Against the network")),
    ]
    return side_mark(y, words, key="station", tooltip=tooltip)
