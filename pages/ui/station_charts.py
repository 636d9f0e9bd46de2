"""One station's figures as the charts want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from babel.lists import format_list

from core.checklist import Texts
from core.control import Chart, FlatChart, individuals_chart, p_chart
from core.control.chart import Points
from core.figures import Figures, Moments, gap
from core.periods import Period
from db.queries.stations import ItemFigures, MonthFigures, SectionFigures
from pages.ui.charts.base import Drawn
from pages.ui.charts.heat import HeatCell, heat
from pages.ui.charts.pareto import LossRow, pareto
from pages.ui.charts.profile import ProfileRow, profile
from pages.ui.charts.trend import TrendPoint, trend
from pages.ui.messages import _, language, number, plural, text_of
from pages.ui.periods import month_name
from pages.ui.sides import Side

Measure = Literal["score", "passed", "critical"]
MEASURES: tuple[Measure, ...] = ("score", "passed", "critical")
FEWEST_IN_CELL = 3
WORST_ITEMS = 10


def measure_name(measure: Measure) -> str:
    return {"score": _("Score"), "passed": _("Passed"), "critical": _("Critical failures")}[measure]


def trend_chart(found: Sequence[MonthFigures], period: Period, measure: Measure) -> Drawn:
    """Months of the period with control limits; signals are marked and said in the sentence."""
    by_month = {row.month: row for row in found}
    months = [m for m in period.months() if m >= min(by_month)]
    rows = [by_month.get(month) for month in months]
    chart = _control([row.figures if row else None for row in rows], measure)
    lower, upper = _limits(chart)
    points = [
        TrendPoint(
            month,
            month_name(month),
            chart.points[k],
            row.figures.inspections if row else 0,
            chart.center,
            lower[k],
            upper[k],
            _("signal") if k in chart.signals else "",
            _is_high(chart, k),
            _new_version(rows[: k + 1]),
        )
        for k, (month, row) in enumerate(zip(months, rows, strict=True))
    ]
    unit = _("Mean score before critical failures, points of 100")
    shares = {
        "passed": _("Share that reached the pass mark"),
        "critical": _("Share with a critical failure"),
    }
    return trend(
        points,
        title=_("{measure} by month", measure=measure_name(measure)),
        subtitle=shares.get(measure, unit),
        pattern=".1f" if measure == "score" else ".0%",
        sentence=_in_words(chart, [month_name(month) for month in months]),
    )


def profile_chart(
    own: Sequence[SectionFigures], everyone: Sequence[SectionFigures], titles: Mapping[str, Texts]
) -> Drawn | None:
    """Sections in the checklist's order, each against the other stations."""
    whole = {row.section: row.scores for row in everyone}
    rows = [_profile_row(row, whole[row.section], titles) for row in _ordered(own, titles)]
    shown = [row for row in rows if row is not None]
    if not shown:
        return None
    below = [row.label for row in shown if row.side is Side.BELOW]
    if below:
        sentence = _("Below the other stations in: {sections}.", sections=_listed(below))
    else:
        sentence = _("No section is clearly below the other stations.")
    return profile(shown, sentence=sentence)


def items_chart(
    own: Sequence[ItemFigures],
    everyone: Sequence[ItemFigures],
    titles: Mapping[str, Texts],
    inspected: tuple[int, int],
) -> Drawn | None:
    """The costliest items; `inspected` counts inspections here and in the whole network."""
    here, everywhere = inspected
    lost = [row for row in own if row.points_lost > 0][:WORST_ITEMS]
    if not lost or not here:
        return None
    whole = {row.item: row.points_lost for row in everyone}
    others = everywhere - here
    rows = [
        LossRow(
            row.item,
            _item_label(row.item, titles),
            100 * row.points_lost / here,
            100 * (whole.get(row.item, 0.0) - row.points_lost) / others if others else None,
            _("{lost} of {answered}", lost=row.lost, answered=row.answered),
        )
        for row in lost
    ]
    share = sum(row.points_lost for row in lost[:3]) / sum(row.points_lost for row in own)
    sentence = plural(
        "The costliest item takes {share} % of all points lost here.",
        "The {count} costliest items take {share} % of all points lost here.",
        min(3, len(lost)),
        share=number(100 * share, 0),
    )
    return pareto(rows, sentence=sentence)


def heat_chart(
    own: Sequence[SectionFigures], everyone: Sequence[SectionFigures], titles: Mapping[str, Texts]
) -> Drawn | None:
    """Sections by month against the network's mean of the whole period."""
    network = {row.section: row.scores.mean or 0.0 for row in everyone}
    cells = [
        HeatCell(
            row.section,
            _title(row.section, titles),
            row.month,
            month_name(row.month),
            mean,
            number(mean, 0),
            mean - network[row.section],
            row.scores.n,
        )
        for row in _ordered(own, titles)
        if (mean := row.scores.mean) is not None and row.scores.n >= FEWEST_IN_CELL
    ]
    if not cells:
        return None
    worst = min(cells, key=lambda cell: cell.difference)
    sentence = _(
        "Furthest below the network: {section} in {month} ({difference}).",
        section=worst.label,
        month=worst.column_label,
        difference=number(worst.difference),
    )
    if worst.difference >= 0:
        sentence = _("No section was below the network in any month.")
    return heat(
        cells,
        title=_("Sections by month"),
        subtitle=_("Blue: above the network's mean; vermillion: below"),
        sentence=sentence,
    )


def _control(rows: Sequence[Figures | None], measure: Measure) -> Chart | FlatChart:
    if measure == "score":
        return individuals_chart([row.before.mean if row else None for row in rows])
    counts = [getattr(row, measure) if row else None for row in rows]
    sizes = [_size(row, measure) if row else None for row in rows]
    return p_chart(counts, sizes)


def _size(row: Figures, measure: Measure) -> int:
    return row.inspections if measure == "critical" else row.n


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
    named = _listed([months[k] for k in chart.signals])
    return plural(
        "{months} lies beyond its control limits: more than chance, look for a cause.",
        "{months} lie beyond their control limits: more than chance, look for a cause.",
        len(chart.signals),
        months=named,
    )


def _profile_row(
    row: SectionFigures, whole: Moments, titles: Mapping[str, Texts]
) -> ProfileRow | None:
    mean, half = row.scores.mean, row.scores.half_width()
    if mean is None or half is None:
        return None
    others = whole.minus(row.scores)
    return ProfileRow(
        row.section,
        _title(row.section, titles),
        mean,
        max(0.0, mean - half),
        min(100.0, mean + half),
        row.scores.n,
        others.mean,
        Side.of(gap(row.scores, others)),
    )


def _listed(names: Sequence[str]) -> str:
    return str(format_list(names, locale=language()))


def _ordered(rows: Sequence[SectionFigures], titles: Mapping[str, Texts]) -> list[SectionFigures]:
    order = {key: place for place, key in enumerate(titles)}
    return sorted(rows, key=lambda row: (order.get(row.section, len(order)), row.month))


def _title(section: str, titles: Mapping[str, Texts]) -> str:
    return text_of(titles.get(section, {})) or section


def _item_label(item: str, titles: Mapping[str, Texts]) -> str:
    return f"{item} {text_of(titles.get(item, {}))}".strip()
