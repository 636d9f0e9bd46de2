"""The items that cost the most points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import UNCLEAR, DrawnChart, Spec, framed, picked_by, rows_axis, tip
from pages.ui.kit.messages import _

_ROW = 30
_ROOM = 1.85  # beyond the longest bar, for its note


class LossRow(NamedTuple):
    """An item's points lost per 100 inspections here and elsewhere; `note` is printed beside."""

    item: str
    label: str
    points: float
    network: float | None
    note: str


def pareto(rows: Sequence[LossRow], *, sentence: str) -> DrawnChart:
    """Items from the costliest down; a click on a bar hands over `item`."""
    y = rows_axis([row.label for row in rows], limit=260)
    longest = max(max(row.points, row.network or 0.0) for row in rows)
    x: Spec = {
        "field": "points",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, _ROOM * longest], "nice": False},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 16, "color": UNCLEAR, "cursor": "pointer"},
            "params": picked_by("item"),
            "encoding": {
                "y": y,
                "x": x,
                "tooltip": [
                    tip("label", _("Item")),
                    tip("points", _("Points lost per 100 inspections"), ".1f"),
                    tip("network", _("Other stations"), ".1f"),
                    tip("note", _("Lost")),
                ],
            },
        },
        {
            "mark": {"type": "tick", "thickness": 3, "size": 22, "color": "#E69F00"},
            "encoding": {"y": y, "x": x | {"field": "network"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": UNCLEAR},
            "encoding": {
                "y": y,
                "x": x | {"field": "reach"},
                "text": {"field": "note"},
            },
        },
    ]
    values = [row._asdict() | {"reach": max(row.points, row.network or 0.0)} for row in rows]
    spec = framed(
        layers,
        values,
        title=_("Items by points lost"),
        subtitle=[
            _("Points lost per 100 inspections"),
            _("Bar: this station; mark: other stations"),
        ],
        height=_ROW * len(rows),
    )
    columns = {
        "item": _("Item"),
        "label": _("Name"),
        "points": _("Points lost per 100 inspections"),
        "network": _("Other stations"),
        "note": _("Lost"),
    }
    return DrawnChart(spec, sentence, columns)
