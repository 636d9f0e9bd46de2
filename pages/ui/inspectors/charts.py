"""Inspectors' figures as charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.agreement import PairAgreement
from core.checklist import Texts
from db.results.queries.rankings import DriftRow
from pages.ui.inspectors.inspector_rows import SIGNAL, InspectorLine, is_signal
from pages.ui.kit.charts.base import DrawnChart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.charts.trend import TrendPoint, trend
from pages.ui.kit.messages import _, number, plural, text_of
from pages.ui.kit.phrases import Side, listed, month_name

GOOD = 0.6
"""AC2 from which agreement is called good (Altman 1991)."""
LEAST_PAIRS, MOST_ITEMS = 10, 15


def severity_chart(lines: Sequence[InspectorLine]) -> DrawnChart | None:
    """The strictest first."""
    rows = [
        Dot(
            key=str(line.figures.inspector),
            label=line.figures.name,
            value=line.severity.value,
            low=line.severity.low,
            high=line.severity.high,
            n=line.severity.n,
            side=line.side,
        )
        for line in lines
        if line.severity
    ]
    if not rows:
        return None
    spread = rows[-1].value - rows[0].value
    sentence = _(
        "The same encounter gets {points} points more from {lenient} than from {strict}.",
        points=number(spread),
        lenient=rows[-1].label,
        strict=rows[0].label,
    )
    scale = DotScale(
        title=_("Severity"),
        measure=_("Points an inspector adds to a score; below 0 is strict"),
        pattern="+.1f",
        words=(_("more lenient"), _("cannot be told"), _("stricter")),
        counted=_("Inspections"),
        head=_("Inspector"),
        lines=((0.0, _("mean")),),
    )
    return dots(rows, scale, sentence=sentence)


def items_chart(
    judged: Sequence[tuple[str, PairAgreement]], titles: Mapping[str, Texts]
) -> DrawnChart | None:
    """The items that inspectors agree on least, the least at the top."""
    rated = [
        (item, figures)
        for item, figures in judged
        if figures.ac2.value is not None
        and figures.judged >= LEAST_PAIRS
        and figures.ac2.lower is not None
    ]
    if not rated:
        return None
    rows = [
        Dot(
            key=item,
            label=f"{item} {text_of(titles.get(item, {}))}".strip(),
            value=figures.ac2.value or 0.0,
            low=figures.ac2.lower,
            high=figures.ac2.upper,
            n=figures.judged,
            side=_against(figures),
        )
        for item, figures in sorted(rated, key=lambda pair: pair[1].ac2.value or 0.0)
    ][:MOST_ITEMS]
    poor = sum(row.side is Side.BELOW for row in rows)
    sentence = plural(
        "{count} item is clearly judged too differently; its anchors may need other words.",
        "{count} items are clearly judged too differently; their anchors may need other words.",
        poor,
    )
    if not poor:
        sentence = _("No item is clearly judged too differently.")
    scale = DotScale(
        title=_("Items agreed on least"),
        measure=_("Gwet's AC2: 1 is full agreement, 0 chance; near misses count in part"),
        pattern=".2f",
        words=(_("good"), _("cannot be told"), _("too little")),
        counted=_("Judged by both"),
        head=_("Item"),
        lines=((GOOD, _("good from {mark}", mark=number(GOOD))),),
    )
    return dots(rows, scale, sentence=sentence)


def _direction(row: DriftRow) -> str:
    return _("lenient") if row.value > row.usual else _("strict")


def drift_chart(rows: Sequence[DriftRow], name: str) -> DrawnChart:
    """One inspector's months with limits of three standard errors around the usual."""
    points = [
        TrendPoint(
            month=row.month,
            label=month_name(row.month),
            value=row.value,
            n=row.n,
            center=row.usual,
            lower=row.usual - SIGNAL * row.error,
            upper=row.usual + SIGNAL * row.error,
            signal=_direction(row) if is_signal(row) else "",
            high=row.value > row.usual,
        )
        for row in rows
    ]
    changed = [point.label for point in points if point.signal]
    sentence = _("{name} was as strict in every month as usual, give or take chance.", name=name)
    if changed:
        sentence = _(
            "{name} differed from the usual by more than chance in {months}.",
            name=name,
            months=listed(changed),
        )
    return trend(
        points,
        title=_("Severity by month: {name}", name=name),
        subtitle=_("Points added to a score; what the month did to everybody is taken out"),
        pattern="+.1f",
        sentence=sentence,
    )


def _against(figures: PairAgreement) -> Side:
    if (figures.ac2.upper or 0.0) < GOOD:
        return Side.BELOW
    return Side.ABOVE if (figures.ac2.lower or 0.0) >= GOOD else Side.UNCLEAR
