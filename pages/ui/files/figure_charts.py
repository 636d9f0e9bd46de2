"""Charts of the complaints page: what about, when, whether in time, how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from core.files.timing import HOURS_A_WEEK
from core.sampling import Interval, Survival, wilson_interval
from db.files.queries.figures import InTime, TopicCount
from db.files.queries.file_filter import Timeliness
from pages.ui.files.file_filter import timeliness_name
from pages.ui.files.file_words import step_name
from pages.ui.kit.charts.base import (
    ABOVE,
    BELOW,
    UNCLEAR,
    DrawnChart,
    Spec,
    framed,
    line_label,
    picked_by,
    rows_axis,
    tip,
)
from pages.ui.kit.file_terms import sub_topic_name, topic_name
from pages.ui.kit.messages import _, number
from pages.ui.kit.terms import weekday_name

LEVEL = 0.9
MOST_TOPICS = 20
_MOST_STEPS = 300
_ROW = 30
_ROOM = 3.0  # beyond the longest bar, for its note
_PALE = ["#DDE3E6", "#E8894A"]  # dark figures stay readable on both
_INK = "#1B2328"


def topics_chart(topics: Sequence[TopicCount], *, sentence: str) -> DrawnChart:
    """Classes and sub-topics from the most frequent down; a click hands over both."""
    n, foremost = sum(topic.n for topic in topics), topics[:MOST_TOPICS]
    upto = accumulate(topic.n for topic in foremost)
    rows: list[Spec] = [
        {
            "topic": topic.topic,
            "sub_topic": topic.sub_topic,
            "label": topic_label(topic),
            "n": topic.n,
            "share": 100 * topic.n / n,
            "cumulative": 100 * so_far / n,
            "note": f"{number(topic.n, 0)} · {share_words(topic.n, n, of=False)}",
        }
        for topic, so_far in zip(foremost, upto, strict=True)
    ]
    y = rows_axis([row["label"] for row in rows], limit=150)
    y["axis"] |= {"labelExpr": "split(datum.label, ' · ')", "labelLineHeight": 12}
    x: Spec = {
        "field": "n",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, _ROOM * rows[0]["n"]], "nice": False},
        "axis": {"tickMinStep": 1, "format": "d"},
    }
    tooltip = [
        tip("label", _("About")),
        tip("n", _("Files")),
        tip("note", _("Share with 90 % interval")),
        tip("cumulative", _("Share so far, %"), ".1f"),
    ]
    bar = {"type": "bar", "height": 16, "color": ABOVE, "cursor": "pointer"}
    words = {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": UNCLEAR}
    layers: list[Spec] = [
        {
            "mark": bar,
            "params": picked_by("topic", "sub_topic"),
            "encoding": {"y": y, "x": x, "tooltip": tooltip},
        },
        {"mark": words, "encoding": {"y": y, "x": x, "text": {"field": "note"}}},
    ]
    spec = framed(
        layers,
        rows,
        title=_("What they are about"),
        subtitle=[
            _("Files by class and sub-topic"),
            _("Share with 90 % interval; n {n}", n=number(n, 0)),
        ],
        height=_ROW * len(rows),
    )
    columns = {
        "label": _("About"),
        "n": _("Files"),
        "share": _("Share, %"),
        "cumulative": _("Share so far, %"),
    }
    return DrawnChart(spec, sentence, columns)


def hours_chart(by_hour: Mapping[int, int], *, sentence: str) -> DrawnChart:
    """Files by weekday and hour of the station; a click hands over `weekday_hour`."""
    most = max(by_hour.values())
    rows: list[Spec] = [
        {
            "weekday_hour": hour,
            "label": weekday_name(hour // 24),
            "hour": hour % 24,
            "n": by_hour.get(hour, 0),
            "text": str(by_hour.get(hour, 0) or ""),
        }
        for hour in range(HOURS_A_WEEK)
    ]
    axes: Spec = {
        "y": rows_axis([weekday_name(day) for day in range(7)]),
        "x": {
            "field": "hour",
            "type": "ordinal",
            "title": None,
            "axis": {"orient": "top", "ticks": False, "domain": False, "labelAngle": 0}
            | {"labelOverlap": "parity"},
        },
    }
    colour: Spec = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, max(most, 1)], "range": _PALE, "interpolate": "rgb"},
        "legend": None,
    }
    tooltip = [tip("label", _("Weekday")), tip("hour", _("Hour")), tip("n", _("Files"))]
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "cursor": "pointer", "cornerRadius": 2},
            "params": picked_by("weekday_hour"),
            "encoding": axes | {"color": colour, "tooltip": tooltip},
        },
        {
            "mark": {"type": "text", "fontSize": 11, "color": _INK},
            "encoding": axes | {"text": {"field": "text"}},
        },
    ]
    spec = framed(
        layers,
        rows,
        title=_("When they come"),
        subtitle=[_("Files by weekday and hour, at the station")],
        height=_ROW * 7,
    )
    columns = {"label": _("Weekday"), "hour": _("Hour"), "n": _("Files")}
    return DrawnChart(spec, sentence, columns)


def in_time_chart(steps: Sequence[InTime], *, sentence: str) -> DrawnChart:
    """Steps in time, too late and overdue; a click hands over `step` and `timeliness`."""
    names = {timeliness: timeliness_name(timeliness) for timeliness in Timeliness}
    rows = _in_time_rows(steps, names)
    y = rows_axis(list(dict.fromkeys(row["label"] for row in rows)))
    longest = max(row["total"] for row in rows)
    x: Spec = {
        "field": "n",
        "type": "quantitative",
        "title": None,
        "stack": "zero",
        "scale": {"domain": [0, _ROOM * longest], "nice": False},
        "axis": {"tickMinStep": 1, "format": "d"},
    }
    colour: Spec = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(names.values()), "range": [ABOVE, "#E69F00", BELOW]},
        "legend": {"orient": "bottom", "title": None, "labelLimit": 300, "columns": 1},
    }
    tooltip = [
        tip("label", _("Step")),
        tip("side", _("Outcome")),
        tip("n", _("Files")),
        tip("note", _("In time, with 90 % interval")),
    ]
    words = {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": UNCLEAR}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 18, "cursor": "pointer"},
            "params": picked_by("step", "timeliness"),
            "encoding": {"y": y, "x": x, "color": colour, "tooltip": tooltip}
            | {"order": {"field": "rank", "type": "quantitative"}},
        },
        {
            "transform": [{"filter": "datum.rank == 0"}],
            "mark": words,
            "encoding": {
                "y": y,
                "x": {"field": "total", "type": "quantitative", "stack": None, "title": None},
                "text": {"field": "note"},
            },
        },
    ]
    spec = framed(
        layers,
        rows,
        title=_("In time"),
        subtitle=[_("In time of all that were due; those not due yet are left out")],
        height=_ROW * len(rows) // 3 + _ROW * 2,
    )
    columns = {"label": _("Step"), "side": _("Outcome"), "n": _("Files")}
    return DrawnChart(spec, sentence, columns)


def _in_time_rows(steps: Sequence[InTime], names: Mapping[Timeliness, str]) -> list[Spec]:
    return [
        {
            "step": step.step.value,
            "timeliness": timeliness.value,
            "label": step_name(step.step),
            "side": name,
            "rank": rank,
            "n": count,
            "total": step.n,
            "note": share_words(step.met, step.n),
        }
        for step in steps
        if step.n
        for rank, (timeliness, name, count) in enumerate(
            zip(names, names.values(), (step.met, step.late, step.overdue), strict=True)
        )
    ]


def duration_chart(survival: Survival, *, sentence: str) -> DrawnChart:
    """Which share is not handled yet, by hours since it was received."""
    steps = survival.steps
    thinned = steps[:: -(-len(steps) // _MOST_STEPS)] if steps else ()
    if steps and thinned[-1] is not steps[-1]:
        thinned = (*thinned, steps[-1])
    rows: list[Spec] = [{"time": 0.0, "share": 100.0, "at_risk": survival.n}]
    rows += [
        {"time": step.time, "share": 100 * step.share, "at_risk": step.at_risk} for step in thinned
    ]
    encoding: Spec = {
        "x": {"field": "time", "type": "quantitative", "title": None, "scale": {"nice": False}},
        "y": {
            "field": "share",
            "type": "quantitative",
            "title": None,
            "scale": {"domain": [0, 100]},
        },
    }
    tooltip = [
        tip("time", _("Hours"), ",.0f"),
        tip("share", _("Not handled yet, %"), ".1f"),
        tip("at_risk", _("Files that were left"), ",d"),
    ]
    line = {"type": "line", "interpolate": "step-after", "color": ABOVE, "strokeWidth": 2}
    dots = {"type": "point", "filled": True, "size": 60, "opacity": 0, "cursor": "pointer"}
    layers: list[Spec] = [
        {"mark": line, "encoding": encoding},
        {"mark": dots, "params": picked_by("time"), "encoding": encoding | {"tooltip": tooltip}},
    ]
    if survival.median is not None:
        layers += line_label(
            survival.median, _("median {hours} h", hours=number(survival.median, 0))
        )
    spec = framed(
        layers,
        rows,
        title=_("How long handling takes"),
        subtitle=[_("Share not handled yet (%), by hours since receiving; open files count too")],
        height=240,
    )
    columns = {
        "time": _("Hours"),
        "share": _("Not handled yet, %"),
        "at_risk": _("Files that were left"),
    }
    return DrawnChart(spec, sentence, columns)


def topic_label(topic: TopicCount) -> str:
    names = (topic_name(topic.topic), sub_topic_name(topic.sub_topic))
    return " · ".join(name for name in names if name) or _("Not classified")


def share_words(k: int, n: int, *, of: bool = True) -> str:
    """Such as 83.7 % (73.3–90.5), n 49; without `of` the n is left out, where it stands besides."""
    interval = wilson_interval(k, n, level=LEVEL) or Interval(0.0, 1.0)
    low, high = (number(100 * end) for end in interval)
    share = number(100 * k / n if n else None)
    if not of:
        return _("{share} % ({low}–{high})", share=share, low=low, high=high)
    return _("{share} % ({low}–{high}), n {n}", share=share, low=low, high=high, n=number(n, 0))
