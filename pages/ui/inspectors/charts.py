"""Inspectors' figures as charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.agreement import AgreementVerdict, PairAgreement, judge
from core.agreement.verdict import GOOD
from core.checklist import Texts
from db.results.queries.rankings import DriftRow
from pages.ui.inspectors.inspector_rows import SIGNAL, InspectorLine, is_signal
from pages.ui.kit.charts.base import DrawnChart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.charts.trend import TrendPoint, trend
from pages.ui.kit.messages import _, number, plural, text_of
from pages.ui.kit.phrases import Side, listed, month_name

MOST_ITEMS = 15


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
    """The items that inspectors agree on least, the least AC1 at the top."""
    rated = [
        (item, figures, judgement.verdict)
        for item, figures in judged
        if (judgement := judge(figures)).verdict is not AgreementVerdict.TOO_FEW
    ]
    if not rated:
        return None
    rows = [
        Dot(
            key=item,
            label=f"{item} {text_of(titles.get(item, {}))}".strip(),
            value=figures.ac1.value or 0.0,
            low=figures.ac1.lower,
            high=figures.ac1.upper,
            n=figures.n,
            side=_SIDES[verdict],
        )
        for item, figures, verdict in sorted(rated, key=lambda row: row[1].ac1.value or 0.0)
    ]
    scale = DotScale(
        title=_("Items agreed on least"),
        measure=_("Gwet's AC1: 1 is full agreement, 0 chance"),
        pattern=".2f",
        words=(_("agrees"), _("doubtful"), _("disagrees")),
        counted=_("Scored twice"),
        head=_("Item"),
        lines=((GOOD, _("good from {mark}", mark=number(GOOD))),),
    )
    return dots(
        rows[:MOST_ITEMS], scale, sentence=_in_words([verdict for *_rest, verdict in rated])
    )


_SIDES = {
    AgreementVerdict.AGREES: Side.ABOVE,
    AgreementVerdict.DOUBTFUL: Side.UNCLEAR,
    AgreementVerdict.DISAGREES: Side.BELOW,
}


def _in_words(verdicts: Sequence[AgreementVerdict]) -> str:
    """How many items were looked at, and how many alarm or leave doubt."""
    poor, doubtful = (
        verdicts.count(verdict)
        for verdict in (AgreementVerdict.DISAGREES, AgreementVerdict.DOUBTFUL)
    )
    if not poor and not doubtful:
        return plural(
            "Inspectors agree on the {count} item looked at.",
            "Inspectors agree on all {count} items looked at.",
            len(verdicts),
        )
    return _(
        "Of {count} items looked at, {poor} are judged too differently and {doubtful} are "
        "doubtful; their anchors may need other words.",
        count=len(verdicts),
        poor=poor,
        doubtful=doubtful,
    )


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
    sentence = _("{name}: no month is shown to differ from the usual.", name=name)
    if changed:
        sentence = _(
            "{name} differed from the usual by more than chance in {months}.",
            name=name,
            months=listed(changed),
        )
    return trend(
        points,
        title=_("Severity by month: {name}", name=name),
        subtitle=[_("Points added to a score; what the month did to everybody is taken out")],
        pattern="+.1f",
        sentence=sentence,
    )
