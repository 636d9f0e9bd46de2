"""Appeals of groups beside each other: how many were raised, and how many of them granted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.access import Identity
from core.results.fairness import (
    FEWEST_DECIDED,
    AppealCounts,
    Granted,
    comparable,
    granted_apart,
)
from core.results.figures import DifferenceInterval
from db.appeals.queries.granted import appeals_by_group
from db.results.queries.stations import Slice
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, escape_markdown, plural, signed
from pages.ui.kit.phrases import listed
from pages.ui.kit.tables import show_table
from pages.ui.results.group_figures import group_name, grouping_name


class _Line(NamedTuple):
    by: str
    granted: Granted

    @property
    def name(self) -> str:
        return group_name(self.by, self.granted.counts.group)


def show(who: Identity, slice_: Slice, groupings: Sequence[str]) -> None:
    """The table of all groups with its sentence; nothing where nobody appealed."""
    st.subheader(_("Appeals"), anchor=False)
    with wiring.reading() as session:
        counts = {by: appeals_by_group(session, who, slice_, by) for by in groupings}
    looked_at = sum(comparable(groups) for groups in counts.values())
    lines = [
        _Line(by, granted)
        for by, groups in counts.items()
        for granted in granted_apart(groups, looked_at)
        if granted.counts.inspections or granted.counts.raised
    ]
    if not any(line.granted.counts.raised for line in lines):
        st.info(_("Nobody of these groups has appealed at the stations whose appeals you see."))
        return
    st.markdown(f"**{_headline(lines, looked_at)}**")
    _table(lines)
    st.caption(
        _(
            "Each group against all others of its facet, at the stations whose appeals you see; "
            "inspections are those of people who are known. Intervals are as wide as all of them "
            "together need. A share is compared where the "
            "group and the others have {fewest} decided appeals each. Appeals are taken to be "
            "independent of each other.",
            fewest=FEWEST_DECIDED,
        )
    )


def _headline(lines: Sequence[_Line], looked_at: int) -> str:
    if not looked_at:
        return _("Too few appeals are decided to compare how many were granted.")
    told = [line for line in lines if line.granted.apart and line.granted.apart.is_clear]
    looked = plural(
        "How many appeals were granted was compared for {count} group.",
        "How many appeals were granted was compared for {count} groups.",
        looked_at,
    )
    if not told:
        return f"{looked} {_('None can be told from the others.')}"
    more, fewer = (
        [line.name for line in told if _is_more(line.granted.apart) is more]
        for more in (True, False)
    )
    parts = [looked]
    if more:
        parts.append(_("Granted more often: {groups}.", groups=escape_markdown(listed(more))))
    if fewer:
        parts.append(_("Granted less often: {groups}.", groups=escape_markdown(listed(fewer))))
    return " ".join(parts)


def _is_more(apart: DifferenceInterval | None) -> bool:
    return apart is not None and apart.value > 0


def _table(lines: Sequence[_Line]) -> None:
    header = (
        *(_("Told apart by"), _("Group"), _("Inspections"), _("Appeals"), _("Decided")),
        *(_("Granted"), _("Granted, %"), _("Difference from the others, percentage points")),
    )
    rows = [
        (
            *(grouping_name(line.by), line.name, counts.inspections, counts.raised),
            *(counts.decided, counts.changed, _share(counts), _apart(line)),
        )
        for line in lines
        for counts in [line.granted.counts]
    ]
    config = {header[6]: st.column_config.NumberColumn(format="%.1f")}
    frame = pd.DataFrame(rows, columns=list(header))
    show_table(frame, column_config=config, alt=_("Appeals"))
    columns = (*header[:7], _("Difference from"), _("to"))
    full = tuple(
        (*row[:7], *(line.granted.apart[1:] if line.granted.apart else (None, None)))
        for row, line in zip(rows, lines, strict=True)
    )
    download_menu("fairness_appeals", table=Table("fairness_appeals", columns, full))


def _share(counts: AppealCounts) -> float | None:
    return 100 * counts.changed / counts.decided if counts.decided else None


def _apart(line: _Line) -> str:
    apart = line.granted.apart
    if apart is None or apart.low is None or apart.high is None:
        return "—"
    return _("{low} to {high}", low=signed(100 * apart.low), high=signed(100 * apart.high))
