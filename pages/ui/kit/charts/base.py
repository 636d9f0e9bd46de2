"""What all charts share: colours, frame, the sentence that stands for them, how one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import streamlit as st

from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.guide import how_computed

Spec = dict[str, Any]

ABOVE = "#0072B2"
BELOW = "#D55E00"
UNCLEAR = "#7A8790"
PICK = "pick"
MOST_ROWS = 400
"""A chart is made of aggregates; more rows than this are a mistake."""


_HEAD, _LINE, _FOOT = 46, 15, 70
_SYMBOL, _LETTER = 32, 6.2
"""Pixels that a legend takes for each of its symbols and letters."""


class DrawnChart(NamedTuple):
    """A chart, what it shows as one sentence, and the titles of the fields worth a table.

    `lines` say in words what is drawn as a mark: they stand in the picture that is downloaded.
    """

    spec: Spec
    sentence: str
    columns: dict[str, str]
    lines: tuple[str, ...] = ()

    @property
    def rows(self) -> list[Spec]:
        values: list[Spec] = self.spec["data"]["values"]
        return values


def framed(
    layers: Sequence[Spec],
    rows: Sequence[Spec],
    *,
    title: str,
    subtitle: Sequence[str] = (),
    height: int,
) -> Spec:
    """Layers over one set of rows; `height` is that of the marks, title and axes come on top.

    Raises:
        ValueError: more rows than a chart of aggregates has.
    """
    if len(rows) > MOST_ROWS:
        msg = f"{len(rows)} rows in a chart"
        raise ValueError(msg)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": title,
            "subtitle": list(subtitle),
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 15,
            "subtitleFontSize": 12,
            "subtitleColor": UNCLEAR,
            "offset": 12,
        },
        "width": "container",
        "height": height + _HEAD + _LINE * len(subtitle) + _FOOT,
        "data": {"values": list(rows)},
        "layer": list(layers),
        "config": {
            "view": {"stroke": None},
            "axis": {"titleFontWeight": "normal", "labelFlush": False},
        },
    }


def picked_by(*fields: str) -> list[Spec]:
    """A click on a mark hands these fields of its row to the page."""
    return [{"name": PICK, "select": {"type": "point", "fields": list(fields)}}]


def rows_axis(order: Sequence[str], *, limit: int = 220) -> Spec:
    """One line per label, in the given order."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": list(order),
        "title": None,
        "axis": {"labelLimit": limit, "ticks": False, "domain": False, "labelPadding": 8},
    }


def scores_axis(field: str) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False, "nice": True},
    }


def letters(text: str) -> int:
    """How wide a text is, in letters; a Chinese character takes the room of two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def tip(field: str, title: str, pattern: str | None = None) -> Spec:
    kind = "nominal" if pattern is None else "quantitative"
    return {"field": field, "type": kind, "title": title} | (
        {} if pattern is None else {"format": pattern}
    )


def by_side(words: Sequence[str]) -> Spec:
    """Colour and shape by the words for above, cannot be told and below."""
    return {
        "color": _scale("side", words, [ABOVE, UNCLEAR, BELOW]),
        "shape": _scale("side", words, ["triangle-up", "circle", "triangle-down"]),
    }


def side_colour(words: Sequence[str]) -> Spec:
    return {"color": _scale("side", words, [ABOVE, UNCLEAR, BELOW])}


def interval_rule(y: Spec, words: Sequence[str]) -> Spec:
    """A line from `low` to `high` in each row, coloured by its side."""
    return {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"y": y, "x": scores_axis("low"), "x2": {"field": "high"}} | side_colour(words),
    }


def side_mark(
    y: Spec, words: Sequence[str], *, key: str, tooltip: Sequence[Spec], x: Spec | None = None
) -> Spec:
    """A mark at `value`, coloured and shaped by its side; a click on it hands over `key`."""
    return {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "cursor": "pointer"},
        "params": picked_by(key),
        "encoding": {"y": y, "x": x or scores_axis("value"), "tooltip": list(tooltip)}
        | by_side(words),
    }


def line_label(value: float, text: str, *, row: int = 0) -> list[Spec]:
    """A thin vertical line at a value, named at its upper end."""
    position = {"datum": value, "type": "quantitative"}
    once: Spec = {"data": {"values": [{}]}}
    return [
        once
        | {
            "mark": {
                "type": "rule",
                "strokeDash": [4, 3],
                "color": UNCLEAR,
                "clip": True,
                "aria": False,
            },
            "encoding": {"x": position},
        },
        once
        | {
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "bottom",
                "dx": 3,
                "dy": -2 - 13 * row,
                "fontSize": 11,
                "color": UNCLEAR,
                "text": text,
            },
            "encoding": {"x": position, "y": {"value": 0}},
        },
    ]


def _scale(field: str, words: Sequence[str], values: Sequence[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(words), "range": list(values)},
        "legend": {
            "orient": "bottom",
            "title": None,
            "labelLimit": 300,
            "columns": _columns(words),
        },
    }


def _columns(words: Sequence[str]) -> Spec:
    """As many words side by side as the marks leave room for."""
    sizes = [_SYMBOL + _LETTER * letters(word) for word in words]
    two = max(sizes[::2]) + max(sizes[1::2])
    return {"expr": f"width >= {sum(sizes):.0f} ? {len(words)} : width >= {two:.0f} ? 2 : 1"}


def show_chart(
    drawn: DrawnChart, key: str, *, clickable: bool = True, how: str = ""
) -> dict[str, Any] | None:
    """Draw a chart with its sentence and downloads; what was clicked last, else None.

    `how` is the section of the guide by which its verdict, if it tells one, was reached.
    """
    event: Any = st.vega_lite_chart(
        spec=drawn.spec,
        key=key,
        on_select="rerun" if clickable else "ignore",
        alt=" ".join((drawn.sentence, *drawn.lines)),
        width="stretch",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(drawn.sentence)
        download_menu(key, table=_table(drawn, key), spec=with_lines(drawn))
        if how:
            how_computed(key, how)
    picked = event["selection"].get(PICK) if clickable else None
    return dict(picked[0]) if picked else None


def with_lines(drawn: DrawnChart) -> Spec:
    """The chart as it is downloaded, where nothing can be pointed at: its lines below the title."""
    title, height = drawn.spec["title"], drawn.spec["height"]
    below = [*title["subtitle"], *drawn.lines]
    return drawn.spec | {
        "title": title | {"subtitle": below},
        "height": height + _LINE * len(drawn.lines),
    }


def _table(drawn: DrawnChart, name: str) -> Table:
    rows = (tuple(row.get(field) for field in drawn.columns) for row in drawn.rows)
    return Table(name, tuple(drawn.columns.values()), tuple(rows))
