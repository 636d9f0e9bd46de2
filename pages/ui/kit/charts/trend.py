"""A figure by month with its control limits, signals marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import ABOVE, BELOW, UNCLEAR, DrawnChart, Spec, framed, picked_by, tip
from pages.ui.kit.messages import _

HEIGHT = 260


class TrendPoint(NamedTuple):
    """A month's value and limits; `signal` is a word where it lies beyond them.

    `pattern` names the rules of patterns that end there. `notes` are what happened in the month, in
    words, and `mark` is what stands for them on the axis.
    """

    month: int
    label: str
    value: float | None
    n: int
    center: float | None
    lower: float | None
    upper: float | None
    signal: str = ""
    high: bool = False
    mark: str = ""
    notes: str = ""
    pattern: str = ""


def trend(
    points: Sequence[TrendPoint],
    *,
    title: str,
    subtitle: Sequence[str],
    pattern: str,
    sentence: str,
    lines: Sequence[str] = (),
) -> DrawnChart:
    """Months from left to right; a click on a point hands over `month`.

    `lines` say what the marks on the axis stand for.
    """
    x: Spec = {
        "field": "label",
        "type": "ordinal",
        "sort": [point.label for point in points],
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "parity", "labelLimit": 0},
    }
    rows = [point._asdict() for point in points]
    limits = (("upper", _("upper limit")), ("center", _("mean")), ("lower", _("lower limit")))
    end = _free_end(points)
    layers = [layer for field, name in limits for layer in _limit(x, field, name, end)]
    layers += _notes(x)
    layers += [_line(x, pattern), _patterns(x), _points(x, pattern), _signals(x)]
    columns = {
        "label": _("Month"),
        "n": _("Inspections"),
        "value": title,
        **dict(limits),
        "signal": _("Signal"),
        "pattern": _("Pattern"),
        "notes": _("What happened"),
    }
    spec = framed(layers, rows, title=title, subtitle=subtitle, height=HEIGHT)
    return DrawnChart(spec, sentence, columns, tuple(lines))


def _y(field: str, pattern: str | None = None) -> Spec:
    axis: Spec = {"format": pattern} if pattern else {}
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
        "axis": axis | {"tickCount": 5},
    }


class _End(NamedTuple):
    label: str
    align: str


def _free_end(points: Sequence[TrendPoint]) -> _End:
    """Where the limits are named: at the last month, or at the first if the last is a signal."""
    if points[-1].signal:
        return _End(label=points[0].label, align="left")
    return _End(label=points[-1].label, align="right")


def _limit(x: Spec, field: str, name: str, end: _End) -> list[Spec]:
    dash = [1, 0] if field == "center" else [5, 3]
    mark = {"type": "line", "interpolate": "step", "strokeDash": dash, "strokeWidth": 1}
    return [
        {"mark": mark | {"color": UNCLEAR}, "encoding": {"x": x, "y": _y(field)}},
        {
            "transform": [{"filter": {"field": "label", "equal": end.label}}],
            "mark": {
                "type": "text",
                "align": end.align,
                "baseline": "top" if field == "lower" else "bottom",
                "dy": 4 if field == "lower" else -4,
                "fontSize": 11,
                "color": UNCLEAR,
                "text": name,
            },
            "encoding": {"x": x, "y": _y(field)},
        },
    ]


def _notes(x: Spec) -> list[Spec]:
    """A thin line at each month in which something happened, with its mark above."""
    noted = [{"filter": "datum.mark != ''"}]
    top = {"x": x, "y": {"value": 0}, "tooltip": [tip("label", _("Month")), _happened()]}
    named = {"type": "text", "baseline": "bottom", "dy": -7, "fontSize": 11, "color": UNCLEAR}
    flag = {"type": "point", "shape": "triangle-down", "filled": True, "size": 70, "opacity": 1}
    return [
        {
            "transform": noted,
            "mark": {"type": "rule", "strokeDash": [2, 3], "color": UNCLEAR, "aria": False},
            "encoding": {"x": x},
        },
        {"transform": noted, "mark": flag | {"color": UNCLEAR}, "encoding": top},
        {"transform": noted, "mark": named, "encoding": top | {"text": {"field": "mark"}}},
    ]


def _happened() -> Spec:
    return tip("notes", _("What happened"))


def _line(x: Spec, pattern: str) -> Spec:
    return {
        "mark": {"type": "line", "color": UNCLEAR, "strokeWidth": 2},
        "encoding": {"x": x, "y": _y("value", pattern)},
    }


def _points(x: Spec, pattern: str) -> Spec:
    above = {"test": "datum.signal != '' && datum.high", "value": ABOVE}
    below = {"test": "datum.signal != '' && !datum.high", "value": BELOW}
    return {
        "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer"},
        "params": picked_by("month"),
        "encoding": {
            "x": x,
            "y": _y("value"),
            "color": {"condition": [above, below], "value": UNCLEAR},
            "shape": {
                "condition": [
                    {"test": "datum.signal != ''", "value": "diamond"},
                ],
                "value": "circle",
            },
            "size": {"condition": {"test": "datum.signal != ''", "value": 190}, "value": 60},
            "tooltip": [
                tip("label", _("Month")),
                tip("value", _("Value"), pattern),
                tip("n", _("Inspections"), ",d"),
                tip("lower", _("Lower limit"), pattern),
                tip("upper", _("Upper limit"), pattern),
                tip("pattern", _("Pattern")),
                _happened(),
            ],
        },
    }


def _patterns(x: Spec) -> Spec:
    """A ring around a month in which a pattern ends."""
    return {
        "transform": [{"filter": "datum.pattern != ''"}],
        "mark": {
            "type": "point",
            "shape": "circle",
            "filled": False,
            "size": 260,
            "strokeWidth": 1.5,
            "color": UNCLEAR,
        },
        "encoding": {"x": x, "y": _y("value")},
    }


def _signals(x: Spec) -> Spec:
    return {
        "mark": {"type": "text", "dy": -13, "fontWeight": "bold", "fontSize": 11},
        "encoding": {
            "x": x,
            "y": _y("value"),
            "text": {"field": "signal"},
            "color": {"condition": {"test": "datum.high", "value": ABOVE}, "value": BELOW},
        },
    }
