"""Shares by how many they are of, between the limits that chance sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import (
    UNCLEAR,
    DrawnChart,
    Spec,
    framed,
    side_mark,
    tip,
)
from pages.ui.kit.messages import _
from pages.ui.kit.phrases import Side

HEIGHT = 300
_PERCENT = ".1%"


class FunnelPoint(NamedTuple):
    """A station's share of n; `name` is written beside its mark, empty for none.

    `side` is the better one where it is `Side.ABOVE`.
    """

    key: int
    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    side: Side
    name: str = ""


class FunnelLimit(NamedTuple):
    """The shares between which n inspections cannot be told from the reference."""

    n: float
    low: float | None
    high: float | None


class FunnelScale(NamedTuple):
    """Title, unit, the line's value and name, and the words for better, untold and worse."""

    title: str
    measure: str
    reference: float
    line: str
    limits: str
    words: tuple[str, str, str]


def funnel(
    points: Sequence[FunnelPoint],
    limits: Sequence[FunnelLimit],
    scale: FunnelScale,
    *,
    sentence: str,
) -> DrawnChart:
    """Marks among their limits; a click on a mark hands over `station`."""
    words = dict(zip(Side, scale.words, strict=True))
    rows = [
        {"station": point.key}
        | {name: value for name, value in point._asdict().items() if name != "key"}
        | {"side": words[point.side]}
        for point in points
    ]
    layers = [_limit(limits, "low"), _limit(limits, "high"), *_reference(limits, scale)]
    layers += [_mark(scale), _names()]
    spec = framed(
        layers,
        rows,
        title=scale.title,
        subtitle=[scale.measure, scale.limits],
        height=HEIGHT,
    )
    columns = {
        "label": _("Station"),
        "value": scale.measure,
        "low": _("Limit from"),
        "high": _("to"),
        "n": _("Inspections"),
        "side": _("Against the network"),
    }
    return DrawnChart(spec, sentence, columns)


def _x() -> Spec:
    return {
        "field": "n",
        "type": "quantitative",
        "title": _("Inspections"),
        "scale": {"zero": False, "nice": False, "padding": 12},
        "axis": {"tickMinStep": 1, "format": ",d"},
    }


def _y(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
        "axis": {"format": ".0%", "tickCount": 6},
    }


def _limit(limits: Sequence[FunnelLimit], field: str) -> Spec:
    known = [limit._asdict() for limit in limits if getattr(limit, field) is not None]
    return {
        "data": {"values": known},
        "mark": {"type": "line", "strokeDash": [5, 3], "strokeWidth": 1, "color": UNCLEAR},
        "encoding": {"x": _x(), "y": _y(field)},
    }


def _reference(limits: Sequence[FunnelLimit], scale: FunnelScale) -> list[Spec]:
    ends = [
        {"n": limits[0].n, "line": scale.reference},
        {"n": limits[-1].n, "line": scale.reference},
    ]
    text = {
        "type": "text",
        "align": "right",
        "baseline": "bottom",
        "dy": -3,
        "fontSize": 11,
        "color": UNCLEAR,
        "text": scale.line,
    }
    return [
        {
            "data": {"values": ends},
            "mark": {"type": "line", "strokeWidth": 1, "color": UNCLEAR},
            "encoding": {"x": _x(), "y": _y("line")},
        },
        {
            "data": {"values": ends[1:]},
            "mark": text,
            "encoding": {"x": _x(), "y": _y("line")},
        },
    ]


def _mark(scale: FunnelScale) -> Spec:
    tooltip = [
        tip("label", _("Station")),
        tip("value", scale.measure, _PERCENT),
        tip("low", _("Limit from"), _PERCENT),
        tip("high", _("to"), _PERCENT),
        tip("n", _("Inspections"), ",d"),
        tip("side", _("Against the network")),
    ]
    return side_mark(_y("value"), scale.words, key="station", tooltip=tooltip, x=_x())


def _names() -> Spec:
    return {
        "transform": [{"filter": "datum.name != ''"}],
        "mark": {
            "type": "text",
            "align": "right",
            "dx": -9,
            "fontSize": 11,
            "limit": 170,
            "color": UNCLEAR,
        },
        "encoding": {"x": _x(), "y": _y("value"), "text": {"field": "name"}},
    }
