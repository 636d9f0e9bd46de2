"""The charts of one station's figures, and its figure by month on a control chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from core.checklist import Texts
from core.control import (
    Chart,
    FlatChart,
    LaneyChart,
    RunRule,
    TrendJudgement,
    in_deviations,
    means_chart,
    run_rules,
    share_chart,
    smoothed_chart,
)
from core.control.chart import Points
from core.periods import Period
from core.results.figures import Figures, Moments
from core.results.many_comparisons import FEWEST_IN_CELL, CellScores, told_apart
from core.results.station_trends import month_of
from db.results.queries.dated_notes import DatedNote
from db.results.queries.stations import ChannelFigures, ItemFigures, MonthFigures, SectionFigures
from pages.ui.kit.charts.base import DrawnChart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.charts.heat import HeatCell, heat
from pages.ui.kit.charts.pareto import LossRow, pareto
from pages.ui.kit.charts.profile import ProfileRow, profile
from pages.ui.kit.charts.trend import TrendPoint, trend
from pages.ui.kit.messages import _, number, plural, text_of
from pages.ui.kit.phrases import SIDES, Side, listed, month_name
from pages.ui.kit.terms import channel_name
from pages.ui.results.noted_months import NotedMonths

WORST_ITEMS = 10
Measure = Literal["score", "smoothed", "passed", "critical"]
MEASURES: tuple[Measure, ...] = ("score", "smoothed", "passed", "critical")
SMALL = 5
"""Inspections below which a month is too small to be smoothed with the others."""


def profile_chart(
    own: Sequence[SectionFigures], everyone: Sequence[SectionFigures], titles: Mapping[str, Texts]
) -> DrawnChart | None:
    """Sections in the checklist's order, each against the other stations."""
    by_section = {row.section: row.scores for row in everyone}
    ordered = _ordered(own, titles)
    sides = _sides([CellScores(row.scores, by_section[row.section]) for row in ordered])
    rows = [
        _profile_row(row, by_section[row.section], titles, side)
        for row, side in zip(ordered, sides, strict=True)
    ]
    profile_rows = [row for row in rows if row is not None]
    if not profile_rows:
        return None
    below = [row.label for row in profile_rows if row.side is Side.BELOW]
    if below:
        sentence = _("Below the other stations in: {sections}.", sections=listed(below))
    else:
        sentence = _(
            "No section is clearly below the other stations; {count} looked at.",
            count=len(profile_rows),
        )
    return profile(profile_rows, sentence=sentence)


def items_chart(
    own: Sequence[ItemFigures],
    everyone: Sequence[ItemFigures],
    titles: Mapping[str, Texts],
    inspected: tuple[int, int],
) -> DrawnChart | None:
    """The costliest items; `inspected` counts inspections here and in the whole network."""
    here, everywhere = inspected
    lost = [row for row in own if row.points_lost > 0][:WORST_ITEMS]
    if not lost or not here:
        return None
    by_item = {row.item: row.points_lost for row in everyone}
    others = everywhere - here
    lost_there = {row.item: by_item.get(row.item, 0.0) - row.points_lost for row in lost}
    rows = [
        LossRow(
            item=row.item,
            label=_item_label(row.item, titles),
            points=100 * row.points_lost / here,
            network=100 * lost_there[row.item] / others if others else None,
            note=_("{lost} of {answered}", lost=row.lost, answered=row.answered),
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
) -> DrawnChart | None:
    """Sections by month against the network's mean of the whole period."""
    network = {row.section: row.scores.mean or 0.0 for row in everyone}
    cells = [
        HeatCell(
            key=row.section,
            label=_title(row.section, titles),
            column=row.month,
            column_label=month_name(row.month),
            value=mean,
            text=number(mean, 0),
            difference=mean - network[row.section],
            n=row.scores.n,
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


def channels_chart(
    own: Sequence[ChannelFigures], everyone: Sequence[ChannelFigures]
) -> DrawnChart | None:
    """Channels side by side, each against the same channel of the other stations."""
    by_channel = {row.channel: row.figures.before for row in everyone}
    sides = _sides([CellScores(row.figures.before, by_channel[row.channel]) for row in own])
    rows = [_channel_dot(row, side) for row, side in zip(own, sides, strict=True)]
    channel_dots = [row for row in rows if row is not None]
    if len(channel_dots) < 2:
        return None
    below = [row.label for row in channel_dots if row.side is Side.BELOW]
    sentence = _(
        "No channel is clearly below the other stations; {count} looked at.",
        count=len(channel_dots),
    )
    if below:
        sentence = _("Below the other stations by: {channels}.", channels=listed(below))
    scale = DotScale(
        title=_("Channels"),
        measure=_("Score before critical failures, points of 100"),
        pattern=".1f",
        words=(_("above"), _("cannot be told"), _("below")),
        counted=_("Inspections"),
        head=_("Channel"),
    )
    return dots(channel_dots, scale, sentence=sentence)


def _sides(cells: Sequence[CellScores]) -> list[Side]:
    """Of cells beside everything, themselves included: each against the rest, all together."""
    rest = [CellScores(cell.own, cell.others.minus(cell.own)) for cell in cells]
    return [SIDES[verdict] for verdict in told_apart(rest)]


def _channel_dot(row: ChannelFigures, side: Side) -> Dot | None:
    own = row.figures.before
    mean, half = own.mean, own.half_width()
    if mean is None:
        return None
    low, high = (None, None) if half is None else (mean - half, mean + half)
    return Dot(
        key=row.channel,
        label=channel_name(row.channel),
        value=mean,
        low=low,
        high=high,
        n=own.n,
        side=side,
    )


def _profile_row(
    row: SectionFigures, everyone: Moments, titles: Mapping[str, Texts], side: Side
) -> ProfileRow | None:
    mean, half = row.scores.mean, row.scores.half_width()
    if mean is None or half is None:
        return None
    others = everyone.minus(row.scores)
    return ProfileRow(
        section=row.section,
        label=_title(row.section, titles),
        value=mean,
        low=max(0.0, mean - half),
        high=min(100.0, mean + half),
        n=row.scores.n,
        network=others.mean,
        side=side,
    )


def _ordered(rows: Sequence[SectionFigures], titles: Mapping[str, Texts]) -> list[SectionFigures]:
    order = {key: index for index, key in enumerate(titles)}
    return sorted(rows, key=lambda row: (order.get(row.section, len(order)), row.month))


def _title(section: str, titles: Mapping[str, Texts]) -> str:
    return text_of(titles.get(section, {})) or section


def _item_label(item: str, titles: Mapping[str, Texts]) -> str:
    return f"{item} {text_of(titles.get(item, {}))}".strip()


def measure_name(measure: Measure) -> str:
    return {
        "score": _("Before critical"),
        "smoothed": _("Before critical, smoothed"),
        "passed": _("Passed"),
        "critical": _("Critical failures"),
    }[measure]


def trend_chart(
    month_figures: Sequence[MonthFigures],
    period: Period,
    measure: Measure,
    *,
    judgement: TrendJudgement | None,
    running: int,
    notes: Sequence[DatedNote] = (),
) -> DrawnChart:
    """Months of the period with control limits, and what happened in them.

    Months beyond their limits are marked, patterns within them ringed, and the running month is
    named; whether the station changed is said by the judgement alone.
    """
    by_month = {row.month: row for row in month_figures}
    months = [m for m in period.months() if m >= min(by_month)]
    rows = [by_month.get(month) for month in months]
    figures = [row.figures if row else None for row in rows]
    chart = _control(figures, measure)
    lower, upper = _limits(chart)
    patterns = _patterns(chart, is_smoothed=measure == "smoothed" and not _is_small(figures))
    noted = NotedMonths(notes, months)
    points = [
        TrendPoint(
            month=month,
            label=_month_label(month, running),
            value=chart.points[k],
            n=row.figures.inspections if row else 0,
            center=chart.center,
            lower=lower[k],
            upper=upper[k],
            signal=_("signal") if k in chart.signals else "",
            high=_is_high(chart, k),
            mark=noted.mark(month) or _new_version(rows[: k + 1]),
            notes=noted.words(month) or _new_version(rows[: k + 1]),
            pattern=patterns[k],
        )
        for k, (month, row) in enumerate(zip(months, rows, strict=True))
    ]
    return trend(
        points,
        title=_("{measure} by month", measure=measure_name(measure)),
        subtitle=_subtitle(measure, chart, figures, has_patterns=any(patterns)),
        pattern=".0%" if measure in ("passed", "critical") else ".1f",
        sentence=_in_words(judgement),
        lines=noted.lines(),
    )


def _subtitle(
    measure: Measure,
    chart: Chart | FlatChart,
    rows: Sequence[Figures | None],
    *,
    has_patterns: bool,
) -> list[str]:
    lines = [_unit(measure), _kind(chart, measure, rows)]
    if has_patterns:
        lines.append(_("ring: a pattern; by chance 1 in 10 in a quiet year, 1 in 4 in two"))
    return lines


def _patterns(chart: Chart | FlatChart, *, is_smoothed: bool) -> list[str]:
    """The rules of patterns that end at each point; smoothed points go together and have none."""
    if is_smoothed:
        return [""] * len(chart.points)
    found = run_rules(in_deviations(chart))
    return [_("; ").join(_pattern_name(rule) for rule in rules) for rules in found]


def _pattern_name(rule: RunRule) -> str:
    pattern = {
        RunRule.TWO_OF_THREE: _("2 of 3 beyond two standard deviations"),
        RunRule.FOUR_OF_FIVE: _("4 of 5 beyond one standard deviation"),
        RunRule.EIGHT_ON_A_SIDE: _("8 on one side"),
        RunRule.NINE_ON_A_SIDE: _("9 on one side"),
        RunRule.SIX_STEADILY: _("6 steadily up or down"),
        RunRule.FOURTEEN_ALTERNATING: _("14 up and down in turn"),
        RunRule.FIFTEEN_NEAR: _("15 within one standard deviation"),
        RunRule.EIGHT_FAR: _("8 beyond one standard deviation on either side"),
    }[rule]
    return f"{pattern} ({rule})"


def _control(rows: Sequence[Figures | None], measure: Measure) -> Chart | FlatChart:
    if measure in ("passed", "critical"):
        counts = [getattr(row, measure) if row else None for row in rows]
        return share_chart(
            counts,
            [
                (row.inspections if measure == "critical" else row.n) if row else None
                for row in rows
            ],
        )
    means = [row.before.mean if row else None for row in rows]
    if measure == "smoothed" and not _is_small(rows):
        return smoothed_chart(means)
    sizes = [row.before.n if row else None for row in rows]
    return means_chart(means, sizes, [row.before.sd if row else None for row in rows])


def _is_small(rows: Sequence[Figures | None]) -> bool:
    return any(row.n < SMALL for row in rows if row)


def _unit(measure: Measure) -> str:
    return {
        "passed": _("Share that passed"),
        "critical": _("Share with a critical failure"),
    }.get(measure, _("Mean score before critical failures, points of 100"))


def _kind(chart: Chart | FlatChart, measure: Measure, rows: Sequence[Figures | None]) -> str:
    """Which chart it is and, where it is not the usual one, why."""
    if isinstance(chart, LaneyChart):
        return _("Laney's p′ chart, as the months differ more than chance lets them")
    if measure in ("passed", "critical"):
        return _("p chart")
    if measure == "smoothed" and not _is_small(rows):
        return _("EWMA chart, each month weighing a fifth")
    if measure == "smoothed":
        return _("chart of means, as a month has fewer than {small} inspections", small=SMALL)
    return _("chart of means, limits by the inspections of each month")


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


def _month_label(month: int, running: int) -> str:
    return month_name(month) if month < running else _("{month} so far", month=month_name(month))


def _in_words(judgement: TrendJudgement | None) -> str:
    """What the test says; a step with the month from which it holds."""
    if judgement is None:
        return _("There is no month to tell a change from.")
    if judgement.since is None:
        return _(judgement.sentence.template, **judgement.sentence.values)
    return _(
        "Changed by {change:+.1f} points from {month} on: more than chance lets months differ.",
        change=judgement.change,
        month=month_name(month_of(judgement.since)),
    )
