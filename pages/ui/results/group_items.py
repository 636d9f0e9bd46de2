"""Which item costs one group more than the others at the same stations: the answer and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.results.figures import ENOUGH, DifferenceInterval, Proportion
from core.results.item_fairness import FEWEST_STATIONS, ItemApart, ItemsApart
from db.checklists.queries.texts import ChecklistTexts
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, escape_markdown, plural, signed, text_of
from pages.ui.kit.phrases import listed
from pages.ui.kit.tables import show_table
from pages.ui.results.group_figures import group_name, grouping_name


class _Line(NamedTuple):
    by: str
    row: ItemApart
    item: str

    @property
    def group(self) -> str:
        return group_name(self.by, self.row.group)

    @property
    def is_more(self) -> bool:
        return self.row.apart.value > 0


def show(compared: Sequence[ItemsApart], texts: ChecklistTexts) -> None:
    """Every item of every group that can be compared, those told apart first."""
    st.subheader(_("Items"), anchor=False)
    lines = [
        _Line(one.by, row, f"{row.item} {text_of(texts.items.get(row.item, {}))}".strip())
        for one in compared
        for row in one.rows
    ]
    if not lines:
        st.info(
            _(
                "No item has {enough} answers of a group and of others at {stations} stations that"
                " have both.",
                enough=ENOUGH,
                stations=FEWEST_STATIONS,
            )
        )
        return
    lines.sort(key=lambda line: (not line.row.is_clear, -abs(line.row.apart.value)))
    st.markdown(f"**{_headline(lines)}**")
    _table(lines)
    st.caption(
        _(
            "Shares of answers that lost points, compared within stations, checklist versions,"
            " channels and months; of two groups the one that loses more stands here. Intervals"
            " count stations as the units and are as wide as all of them together need. How strict"
            " inspectors are is not taken out, and a difference does not say why."
        )
    )


def _headline(lines: Sequence[_Line]) -> str:
    looked_at = plural(
        "{count} item of a group compared with the others at the same stations.",
        "{count} items of groups compared with the others at the same stations.",
        len(lines),
    )
    clear = [line for line in lines if line.row.is_clear]
    if not clear:
        return f"{looked_at} {_('None of them can be told from the others.')}"
    parts = [looked_at]
    for sentence, is_more in (
        (_("Lost more often: {items}."), True),
        (_("Lost less often: {items}."), False),
    ):
        items = [_told(line) for line in clear if line.is_more is is_more]
        if items:
            parts.append(sentence.format(items=listed(items)))
    return " ".join(parts)


def _told(line: _Line) -> str:
    return escape_markdown(_("{item} by {group}", item=line.item, group=line.group))


def _table(lines: Sequence[_Line]) -> None:
    header = (
        *(_("Told apart by"), _("Group"), _("Item"), _("Lost, %"), _("Lost by the others, %")),
        *(_("Difference from the others, percentage points"), _("Against the others")),
    )
    rows = [
        (
            *(grouping_name(line.by), line.group, line.item),
            *(_percent(line.row.group_lost), _percent(line.row.others_lost)),
            *(_apart(line.row.apart), _verdict(line)),
        )
        for line in lines
    ]
    one = st.column_config.NumberColumn(format="%.1f")
    frame = pd.DataFrame(rows, columns=list(header))
    config = {header[3]: one, header[4]: one}
    show_table(frame, column_config=config, alt=_("Items"))
    columns = (*header[:5], _("Answers"), _("Stations"), _("Difference from"), _("to"), header[6])
    full = tuple(
        (*row[:5], line.row.group_lost.n, line.row.stations, *line.row.apart[1:], row[6])
        for row, line in zip(rows, lines, strict=True)
    )
    download_menu("fairness_items", table=Table("fairness_items", columns, full))


def _percent(share: Proportion) -> float:
    return 100 * share.k / share.n


def _apart(apart: DifferenceInterval) -> str:
    if apart.low is None or apart.high is None:
        return "—"
    return _("{low} to {high}", low=signed(100 * apart.low), high=signed(100 * apart.high))


def _verdict(line: _Line) -> str:
    if not line.row.is_clear:
        return _("cannot be told")
    return _("lost more often") if line.is_more else _("lost less often")
