"""Windows of a cell as a line, with the windows marked that are signs of a warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import BELOW, UNCLEAR, DrawnChart, Spec, framed, tip
from pages.ui.kit.charts.rising_losses import level_line
from pages.ui.kit.messages import _, number

_HEIGHT = 190


class WindowPoint(NamedTuple):
    label: str
    value: float
    times: int
    chances: int
    is_sign: bool


def window_chart(
    points: Sequence[WindowPoint],
    *,
    usual: float | None,
    limit: float | None,
    title: str,
    unit: str,
    sentence: str,
) -> DrawnChart:
    """Values by window, oldest first; signs are marked, the usual and the limit are lines."""
    x: Spec = {
        "field": "label",
        "type": "ordinal",
        "sort": [point.label for point in points],
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "parity"},
    }
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True, "domainMin": 0},
    }
    words = [_("a sign"), _("no sign")]
    values = [
        point._asdict() | {"state": words[0] if point.is_sign else words[1]} for point in points
    ]
    color = {"domain": words, "range": [BELOW, UNCLEAR]}
    shapes = {"domain": words, "range": ["triangle-up", "circle"]}
    layers: list[Spec] = [
        {"mark": {"type": "line", "color": UNCLEAR}, "encoding": {"x": x, "y": y}},
        *_lines(usual, limit),
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"field": "state", "type": "nominal", "scale": color, "legend": None},
                "shape": {"field": "state", "type": "nominal", "scale": shapes, "legend": None},
                "tooltip": [
                    tip("label", _("When")),
                    tip("value", unit, ".1f"),
                    tip("times", _("How often"), ",d"),
                    tip("chances", _("Out of"), ",d"),
                    tip("state", _("State")),
                ],
            },
        },
    ]
    spec = framed(layers, values, title=title, subtitle=[unit], height=_HEIGHT)
    columns = {
        "label": _("When"),
        "value": unit,
        "times": _("How often"),
        "chances": _("Out of"),
        "state": _("State"),
    }
    return DrawnChart(spec, sentence, columns)


def _lines(usual: float | None, limit: float | None) -> list[Spec]:
    lines: list[Spec] = []
    if usual is not None:
        lines += level_line(usual, _("before {value}", value=number(usual)), dash=[])
    if limit is not None:
        lines += level_line(limit, _("limit {value}", value=number(limit)), dash=[4, 3])
    return lines
