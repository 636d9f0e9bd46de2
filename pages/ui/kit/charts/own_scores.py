"""A person's own scores from encounter to encounter, against the pass mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import ABOVE, BELOW, UNCLEAR, DrawnChart, Spec, framed, tip
from pages.ui.kit.messages import _

_HEIGHT = 150


class OwnPoint(NamedTuple):
    """One result; `place` numbers the results, `side` says in words whether it passed."""

    place: int
    label: str
    score: float
    side: str


def own_scores(points: Sequence[OwnPoint], mark: float | None, *, sentence: str) -> DrawnChart:
    """Results from left to right; colour and shape say which passed."""
    x: Spec = {
        "field": "place",
        "type": "ordinal",
        "title": None,
        "axis": {"labels": False, "ticks": False},
    }
    words = [side(answer) for answer in (True, False, None)]
    y = _y("score")
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "color": UNCLEAR, "strokeWidth": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {
                "x": x,
                "y": y,
                "color": _by_word(words, [ABOVE, BELOW, UNCLEAR]),
                "shape": _by_word(words, ["circle", "triangle-down", "square"]),
                "tooltip": [
                    tip("label", _("Time of the encounter")),
                    tip("score", _("Score"), ".1f"),
                ],
            },
        },
    ]
    if mark is not None:
        layers += _mark(mark)
    columns = {"label": _("Time of the encounter"), "score": _("Score"), "side": _("Result")}
    rows = [point._asdict() for point in points]
    spec = framed(layers, rows, title=_("Score by encounter"), height=_HEIGHT)
    return DrawnChart(spec, sentence, columns)


def side(passed: bool | None) -> str:  # noqa: FBT001  a fact, not a switch
    if passed is None:
        return _("no pass mark")
    return _("pass") if passed else _("no pass")


def _mark(mark: float) -> list[Spec]:
    once: Spec = {"data": {"values": [{}]}}
    position = {"datum": mark, "type": "quantitative"}
    name = {"type": "text", "align": "left", "baseline": "bottom", "dx": 3, "dy": -2}
    return [
        once
        | {
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": UNCLEAR},
            "encoding": {"y": position},
        },
        once
        | {
            "mark": name | {"color": UNCLEAR, "text": _("pass mark {mark}", mark=f"{mark:g}")},
            "encoding": {"y": position, "x": {"value": 0}},
        },
    ]


def _y(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
        "axis": {"tickCount": 5},
    }


def _by_word(words: Sequence[str], values: Sequence[str]) -> Spec:
    return {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(words), "range": list(values)},
        "legend": None,
    }
