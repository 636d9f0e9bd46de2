"""A person's own scores by the day of the encounter, a line for each checklist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pages.ui.kit.charts.base import ABOVE, BELOW, UNCLEAR, DrawnChart, Spec, framed, tip
from pages.ui.kit.messages import _

_HEIGHT, _NAME = 150, 24
_DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3])


class OwnPoint(NamedTuple):
    """One result; `at` is the station's wall clock, `side` says in words whether it passed."""

    at: datetime
    label: str
    checklist: str
    score: float
    side: str


def own_scores(points: Sequence[OwnPoint], mark: float | None, *, sentence: str) -> DrawnChart:
    """Results in order of time; colour and shape say which passed, dashes which checklist."""
    x: Spec = {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": "%Y-%m-%d", "tickCount": 6, "labelOverlap": "parity", "grid": False},
    }
    checklists = list(dict.fromkeys(point.checklist for point in points))
    words = [side(answer) for answer in (True, False, None)]
    y = _y("score")
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "color": UNCLEAR, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y, "strokeDash": _by_checklist(checklists)},
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
                    tip("checklist", _("Checklist")),
                    tip("score", _("Score"), ".1f"),
                ],
            },
        },
    ]
    if mark is not None:
        layers += _mark(mark)
    columns = {
        "label": _("Time of the encounter"),
        "checklist": _("Checklist"),
        "score": _("Score"),
        "side": _("Result"),
    }
    rows = [point._asdict() | {"at": _milliseconds(point.at)} for point in points]
    height = _HEIGHT + (_NAME * len(checklists) if len(checklists) > 1 else 0)
    spec = framed(layers, rows, title=_("Score by encounter"), height=height)
    return DrawnChart(spec, sentence, columns)


def _milliseconds(at: datetime) -> int:
    """A wall clock as if it stood in Greenwich, so that no browser's zone moves its day."""
    return round(at.replace(tzinfo=UTC).timestamp() * 1000)


def side(passed: bool | None) -> str:  # noqa: FBT001  a fact, not a switch
    if passed is None:
        return _("no pass mark")
    return _("pass") if passed else _("no pass")


def _mark(mark: float) -> list[Spec]:
    once: Spec = {"data": {"values": [{}]}}
    position = {"datum": mark, "type": "quantitative"}
    name = {"type": "text", "align": "left", "baseline": "top", "dx": 3, "dy": 4}
    return [
        once
        | {
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": UNCLEAR, "aria": False},
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


def _by_checklist(checklists: Sequence[str]) -> Spec:
    dashes = [_DASHES[k % len(_DASHES)] for k in range(len(checklists))]
    legend = {"orient": "bottom", "title": None, "labelLimit": 300, "columns": 1, "symbolSize": 400}
    return {
        "field": "checklist",
        "type": "nominal",
        "scale": {"domain": list(checklists), "range": dashes},
        "legend": legend if len(checklists) > 1 else None,
    }


def _by_word(words: Sequence[str], values: Sequence[str]) -> Spec:
    return {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(words), "range": list(values)},
        "legend": None,
    }
