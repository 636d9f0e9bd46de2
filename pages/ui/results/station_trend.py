"""A station's figure by month on the control chart that suits it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from core.control import (
    Chart,
    FlatChart,
    LaneyChart,
    individuals_chart,
    share_chart,
    smoothed_chart,
)
from core.control.chart import Points
from core.periods import Period
from core.results.figures import Figures
from db.results.queries.stations import MonthFigures
from pages.ui.kit.charts.base import DrawnChart
from pages.ui.kit.charts.trend import TrendPoint, trend
from pages.ui.kit.messages import _, plural
from pages.ui.kit.words import listed, month_name

Measure = Literal["score", "smoothed", "passed", "critical"]
MEASURES: tuple[Measure, ...] = ("score", "smoothed", "passed", "critical")
SMALL = 5
"""Inspections below which a month is too small to be smoothed with the others."""


def measure_name(measure: Measure) -> str:
    return {
        "score": _("Score"),
        "smoothed": _("Score, smoothed"),
        "passed": _("Passed"),
        "critical": _("Critical failures"),
    }[measure]


def trend_chart(
    month_figures: Sequence[MonthFigures], period: Period, measure: Measure
) -> DrawnChart:
    """Months of the period with control limits; signals are marked and said in the sentence."""
    by_month = {row.month: row for row in month_figures}
    months = [m for m in period.months() if m >= min(by_month)]
    rows = [by_month.get(month) for month in months]
    figures = [row.figures if row else None for row in rows]
    chart = _control(figures, measure)
    lower, upper = _limits(chart)
    points = [
        TrendPoint(
            month=month,
            label=month_name(month),
            value=chart.points[k],
            n=row.figures.inspections if row else 0,
            center=chart.center,
            lower=lower[k],
            upper=upper[k],
            signal=_("signal") if k in chart.signals else "",
            high=_is_high(chart, k),
            version=_new_version(rows[: k + 1]),
        )
        for k, (month, row) in enumerate(zip(months, rows, strict=True))
    ]
    return trend(
        points,
        title=_("{measure} by month", measure=measure_name(measure)),
        subtitle=f"{_unit(measure)} · {_kind(chart, measure, figures)}",
        pattern=".0%" if measure in ("passed", "critical") else ".1f",
        sentence=_in_words(chart, [month_name(month) for month in months]),
    )


def _control(rows: Sequence[Figures | None], measure: Measure) -> Chart | FlatChart:
    if measure in ("passed", "critical"):
        counts = [getattr(row, measure) if row else None for row in rows]
        return share_chart(counts, [_size(row, measure) if row else None for row in rows])
    means = [row.before.mean if row else None for row in rows]
    if measure == "smoothed" and not _is_small(rows):
        return smoothed_chart(means)
    return individuals_chart(means)


def _is_small(rows: Sequence[Figures | None]) -> bool:
    return any(row.n < SMALL for row in rows if row)


def _size(row: Figures, measure: Measure) -> int:
    return row.inspections if measure == "critical" else row.n


def _unit(measure: Measure) -> str:
    return {
        "passed": _("Share that reached the pass mark"),
        "critical": _("Share with a critical failure"),
    }.get(measure, _("Mean score before critical failures, points of 100"))


def _kind(chart: Chart | FlatChart, measure: Measure, rows: Sequence[Figures | None]) -> str:
    """Which chart it is and, where it is not the usual one, why."""
    if isinstance(chart, LaneyChart):
        return _("Laney's p′ chart, as the months differ more than chance lets them")
    if measure in ("passed", "critical"):
        return _("p chart")
    if isinstance(chart, Chart):
        return _("EWMA chart, each month weighing a fifth")
    if measure == "smoothed" and _is_small(rows):
        return _("individuals chart, as a month has fewer than {small} inspections", small=SMALL)
    return _("individuals chart")


def _limits(chart: Chart | FlatChart) -> tuple[Points, Points]:
    if isinstance(chart, Chart):
        return chart.lower, chart.upper
    size = len(chart.points)
    return (chart.lower,) * size, (chart.upper,) * size


def _is_high(chart: Chart | FlatChart, k: int) -> bool:
    value, center = chart.points[k], chart.center
    return value is not None and center is not None and value > center


def _new_version(rows: Sequence[MonthFigures | None]) -> str:
    """The checklist version first used in the last of these months, empty if none is new."""
    present = [row for row in rows if row is not None]
    if rows[-1] is None or len(present) < 2:
        return ""
    before, last = list(pairwise(present))[-1]
    new = [version for version in last.versions if version > max(before.versions)]
    return _("version {number}", number=new[-1]) if new else ""


def _in_words(chart: Chart | FlatChart, months: Sequence[str]) -> str:
    if chart.reason is not None:
        return _(chart.reason)
    if not chart.signals:
        return _(
            "Every month lies within its control limits: no month differs by more than chance."
        )
    return plural(
        "{months} lies beyond its control limits: more than chance, look for a cause.",
        "{months} lie beyond their control limits: more than chance, look for a cause.",
        len(chart.signals),
        months=listed([months[k] for k in chart.signals]),
    )
