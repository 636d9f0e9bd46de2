"""An item's share of losses month by month, with its usual share and the newest month's limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import BELOW, UNCLEAR, DrawnChart, Spec, framed, tip
from pages.ui.kit.messages import _, number

_HEIGHT = 150


class RisePoint(NamedTuple):
    month: int
    label: str
    share: float
    answered: int


def rise_chart(
    points: Sequence[RisePoint], *, usual: float, limit: float, title: str, sentence: str
) -> DrawnChart:
    """Percent by month, oldest first; the newest point is marked where it is beyond the limit."""
    order = [point.label for point in points]
    x: Spec = {
        "field": "label",
        "type": "ordinal",
        "sort": order,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "parity"},
    }
    y: Spec = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": True, "domainMin": 0},
    }
    marked_index = len(points) - 1 if points and points[-1].share > limit else None
    values = [
        point._asdict() | {"state": _word(is_beyond=index == marked_index)}
        for index, point in enumerate(points)
    ]
    words = [_word(is_beyond=True), _word(is_beyond=False)]
    scale = {"domain": words, "range": [BELOW, UNCLEAR]}
    shapes = {"domain": words, "range": ["triangle-up", "circle"]}
    layers: list[Spec] = [
        {"mark": {"type": "line", "color": UNCLEAR}, "encoding": {"x": x, "y": y}},
        *level_line(usual, _("usual {share} %", share=number(usual)), dash=[]),
        *level_line(limit, _("limit {share} %", share=number(limit)), dash=[4, 3]),
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"field": "state", "type": "nominal", "scale": scale, "legend": None},
                "shape": {"field": "state", "type": "nominal", "scale": shapes, "legend": None},
                "tooltip": [
                    tip("label", _("Month")),
                    tip("share", _("Lost, %"), ".1f"),
                    tip("answered", _("Answers"), ",d"),
                    tip("state", _("State")),
                ],
            },
        },
    ]
    subtitle = [_("Percent of answers with a loss")]
    spec = framed(layers, values, title=title, subtitle=subtitle, height=_HEIGHT)
    columns = {
        "label": _("Month"),
        "share": _("Lost, %"),
        "answered": _("Answers"),
        "state": _("State"),
    }
    return DrawnChart(spec, sentence, columns)


def _word(*, is_beyond: bool) -> str:
    return _("beyond its limit") if is_beyond else _("within limits")


def level_line(value: float, text: str, *, dash: list[int]) -> list[Spec]:
    """A thin horizontal line at a value, named at its right end."""
    position = {"datum": value, "type": "quantitative"}
    once: Spec = {"data": {"values": [{}]}}
    label = {"type": "text", "align": "right", "baseline": "bottom", "dy": -2, "fontSize": 11}
    return [
        once
        | {
            "mark": {"type": "rule", "strokeDash": dash or [1, 0], "color": UNCLEAR, "aria": False},
            "encoding": {"y": position},
        },
        once
        | {
            "mark": label | {"color": UNCLEAR, "text": text},
            "encoding": {"y": position, "x": {"value": "width"}},
        },
    ]
