"""Groups of those scored beside each other: the answer, a chart and a table for each facet."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.ranking import AgainstNetwork
from core.results.fairness import Grouping, GroupScores
from core.results.figures import ENOUGH
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, escape_markdown, number, plural, signed
from pages.ui.kit.phrases import SIDES, listed, side_word
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import channel_name, facet_name, facet_value


def grouping_name(by: str) -> str:
    return _("Channel") if by == "channel" else facet_name(by)


def group_name(by: str, group: str) -> str:
    return channel_name(group) if by == "channel" else facet_value(by, group)


def headline(groupings: Sequence[Grouping]) -> str:
    """What was looked at and what can be told, in one or two sentences."""
    compared = sum(grouping.compared for grouping in groupings)
    if not compared:
        return _("Nothing to compare: no two groups of this selection have enough inspections.")
    looked_at = plural(
        "{count} group compared with the mean of all.",
        "{count} groups compared with the mean of all.",
        compared,
    )
    below, above = (
        [group_name(one.by, key) for one in groupings for key in one.told(verdict)]
        for verdict in (AgainstNetwork.BELOW, AgainstNetwork.ABOVE)
    )
    if not below and not above:
        return f"{looked_at} {_('None can be told from it.')}"
    told = []
    if below:
        told.append(_("Below it: {groups}.", groups=escape_markdown(listed(below))))
    if above:
        told.append(_("Above it: {groups}.", groups=escape_markdown(listed(above))))
    return " ".join([looked_at, *told])


def show(grouping: Grouping) -> None:
    """Chart and table of one facet."""
    st.subheader(grouping_name(grouping.by), anchor=False)
    rows = sorted(grouping.groups, key=lambda row: (-_value(row), row.group))
    left, right = st.columns([8, 10], gap="medium")
    with left:
        drawn = dots(_dots(grouping, rows), _scale(grouping), sentence=_range(grouping, rows))
        show_chart(drawn, f"fairness_chart_{grouping.by}", clickable=False, how="groups")
    with right:
        _table(grouping, rows)


def _value(row: GroupScores) -> float:
    return row.scores.mean if row.scores.adjusted is None else row.scores.adjusted


def _dots(grouping: Grouping, rows: Sequence[GroupScores]) -> list[Dot]:
    return [
        Dot(
            key=row.group,
            label=group_name(grouping.by, row.group),
            value=_value(row),
            low=low,
            high=high,
            n=row.scores.n,
            side=SIDES[row.scores.verdict],
        )
        for row in rows
        for low, high in [_bounds(grouping, row)]
    ]


def _bounds(grouping: Grouping, row: GroupScores) -> tuple[float | None, float | None]:
    """The interval of the difference, laid on the mean of all and within the scale."""
    difference = row.scores.difference
    if difference is None or grouping.reference is None:
        return None, None
    low, high = (grouping.reference + end for end in difference)
    return max(0.0, low), min(100.0, high)


def _scale(grouping: Grouping) -> DotScale:
    lines: tuple[tuple[float, str], ...] = ()
    if grouping.reference is not None:
        mean = number(grouping.reference)
        lines = ((grouping.reference, _("mean of all {mean}", mean=mean)),)
    bars = "" if grouping.level is None else number(100 * grouping.level, 1)
    return DotScale(
        title=_("Adjusted score and the interval judged"),
        measure=_("Score before critical failures, points of 100"),
        pattern=".1f",
        words=(_("above"), _("cannot be told"), _("below")),
        counted=_("Inspections"),
        head=_("Group"),
        lines=lines,
        bars=_("Bars: {percent} % intervals, all groups judged together", percent=bars)
        if bars
        else "",
    )


def _range(grouping: Grouping, rows: Sequence[GroupScores]) -> str:
    first, last = rows[0], rows[-1]
    return _(
        "{count} groups from {best} ({high}) to {worst} ({low}).",
        count=len(rows),
        best=group_name(grouping.by, first.group),
        high=number(_value(first)),
        worst=group_name(grouping.by, last.group),
        low=number(_value(last)),
    )


def _table(grouping: Grouping, rows: Sequence[GroupScores]) -> None:
    header = (
        *(_("Group"), "n", _("People"), _("Plain"), _("Adjusted")),
        *(_("Difference"), _("Against the mean of all")),
    )
    cells = [
        (
            *(group_name(grouping.by, row.group), row.scores.n, row.people),
            *(row.scores.mean, row.scores.adjusted, _difference(row), _verdict(row)),
        )
        for row in rows
    ]
    one = st.column_config.NumberColumn(format="%.1f")
    config = {header[3]: one, header[4]: one}
    frame = pd.DataFrame(cells, columns=list(header))
    show_table(frame, column_config=config, alt=grouping_name(grouping.by))
    columns = (
        *(header[0], _("Inspections"), header[2], _("Plain mean"), header[4]),
        *(_("Difference from"), _("to"), header[6]),
    )
    full = tuple(
        (*line[:5], *(row.scores.difference or (None, None)), line[6])
        for line, row in zip(cells, rows, strict=True)
    )
    name = f"fairness_{grouping.by}"
    download_menu(name, table=Table(name, columns, full))


def _difference(row: GroupScores) -> str:
    difference = row.scores.difference
    if difference is None:
        return "—"
    return _("{low} to {high}", low=signed(difference.lower), high=signed(difference.upper))


def _verdict(row: GroupScores) -> str:
    if row.scores.verdict is AgainstNetwork.TOO_FEW:
        return _("{n} of {enough}", n=number(row.scores.n, 0), enough=ENOUGH)
    return side_word(SIDES[row.scores.verdict])
