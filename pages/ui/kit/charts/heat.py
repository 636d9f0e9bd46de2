"""Sections by month, coloured by their distance to the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import DrawnChart, Spec, framed, letters, picked_by, rows_axis, tip
from pages.ui.kit.messages import _

_ROW = 30
_SHORT = 10  # letters of a column's name
_STRONG = 12.0  # points of distance beyond which the colour no longer grows
_PALE = ["#E8894A", "#DDE3E6", "#6DB3E0"]  # dark figures stay readable on each, in both themes
_INK = "#1B2328"


class HeatCell(NamedTuple):
    """A mean with its count; `key` and `column` say which row and column were clicked."""

    key: str
    label: str
    column: int
    column_label: str
    value: float
    text: str
    difference: float
    n: int


def heat(cells: Sequence[HeatCell], *, title: str, subtitle: str, sentence: str) -> DrawnChart:
    """Cells in the given order of rows; a click hands over `key` and `column`."""
    rows = list(dict.fromkeys(cell.label for cell in cells))
    columns = [name for __, name in sorted({(cell.column, cell.column_label) for cell in cells})]
    axes: Spec = {
        "y": rows_axis(rows),
        "x": {
            "field": "column_label",
            "type": "ordinal",
            "sort": columns,
            "title": None,
            "axis": {"orient": "top", "ticks": False, "domain": False} | _labels(columns),
        },
    }
    layers = [_squares(axes), _numbers(axes)]
    values = [cell._asdict() for cell in cells]
    height = _ROW * len(rows)
    spec = framed(layers, values, title=title, subtitle=[subtitle], height=height)
    fields = {
        "label": _("Row"),
        "column_label": _("Column"),
        "value": _("Section score"),
        "difference": _("Against the network"),
        "n": _("Inspections"),
    }
    return DrawnChart(spec, sentence, fields)


def _labels(columns: Sequence[str]) -> Spec:
    """Short names lie flat and may be left out; long ones are slanted, each of them shown."""
    if max(map(letters, columns)) <= _SHORT:
        return {"labelAngle": 0, "labelOverlap": "parity"}
    return {"labelAngle": 35, "labelAlign": "right", "labelLimit": 120, "labelOverlap": False}


def _squares(axes: Spec) -> Spec:
    return {
        "mark": {"type": "rect", "cursor": "pointer", "cornerRadius": 2},
        "params": picked_by("key", "column"),
        "encoding": {
            **axes,
            "color": {
                "field": "difference",
                "type": "quantitative",
                "scale": {
                    "domain": [-_STRONG, 0, _STRONG],
                    "range": _PALE,
                    "clamp": True,
                    "interpolate": "rgb",
                },
                "legend": None,
            },
            "tooltip": [
                tip("label", _("Row")),
                tip("column_label", _("Column")),
                tip("value", _("Section score"), ".1f"),
                tip("difference", _("Against the network"), "+.1f"),
                tip("n", _("Inspections"), ",d"),
            ],
        },
    }


def _numbers(axes: Spec) -> Spec:
    return {
        "mark": {"type": "text", "fontSize": 12, "color": _INK},
        "encoding": {**axes, "text": {"field": "text"}},
    }
