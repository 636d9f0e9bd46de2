"""A station's sections against the network's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pages.ui.kit.charts.base import (
    UNCLEAR,
    DrawnChart,
    Spec,
    framed,
    interval_rule,
    rows_axis,
    scores_axis,
    side_mark,
    tip,
)
from pages.ui.kit.messages import _
from pages.ui.kit.phrases import Side, side_word

_ROW = 36


class ProfileRow(NamedTuple):
    section: str
    label: str
    value: float
    low: float
    high: float
    n: int
    network: float | None
    side: Side


def profile(rows: Sequence[ProfileRow], *, sentence: str) -> DrawnChart:
    """Sections in the checklist's order; a click on a dot hands over `section`."""
    y = rows_axis([row.label for row in rows])
    words = [side_word(side) for side in Side]
    measure = _("Section score, points of 100")
    values = [row._asdict() | {"side": side_word(row.side)} for row in rows]
    layers = [interval_rule(y, words), _network(y), _station(y, words)]
    spec = framed(
        layers,
        values,
        title=_("Sections against the network"),
        subtitle=[measure, _("Mean with 90 % interval; line: other stations")],
        height=_ROW * len(rows),
    )
    columns = {
        "label": _("Section"),
        "value": measure,
        "low": _("Interval from"),
        "high": _("to"),
        "n": _("Inspections"),
        "network": _("Other stations"),
        "side": _("Against the network"),
    }
    return DrawnChart(spec, sentence, columns)


def _network(y: Spec) -> Spec:
    return {
        "mark": {"type": "tick", "thickness": 3, "size": 18, "color": UNCLEAR},
        "encoding": {"y": y, "x": scores_axis("network")},
    }


def _station(y: Spec, words: Sequence[str]) -> Spec:
    tooltip = [
        tip("label", _("Section")),
        tip("value", _("This station"), ".1f"),
        tip("network", _("Other stations"), ".1f"),
        tip("n", _("Inspections"), ",d"),
    ]
    return side_mark(y, words, key="section", tooltip=tooltip)
