"""Agreement on double-scored work: key figures, chart and table by item."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.agreement import Agreement, PairAgreement, pair_agreement, pair_icc, shared_ac1
from core.inspectors.doubles import NOT_APPLICABLE
from core.results.figures import LEVEL
from db.checklists.queries.texts import ChecklistTexts
from db.inspectors.queries.figures import Doubles, ItemDoubles
from db.results.queries.stations import Slice
from pages.ui.inspectors import charts
from pages.ui.kit.chart_view import show_chart
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.words import triple, with_interval
from pages.ui.results import links

_SCALE = (0, 100)


def agreement(found: Doubles) -> None:
    """What all double scorings of the selection say."""
    n = found.shares.n
    if not n:
        st.info(_("No encounter of this selection was scored twice."))
        return
    icc = pair_icc(found.scores, confidence=LEVEL)
    alike = shared_ac1(found.shares, confidence=LEVEL)
    st.caption(
        _("What two inspectors find who score the same encounter blind. Intervals are 90 %.")
    )
    tiles = (
        (_("Scored twice"), number(n, 0), "", None),
        (_("ICC of scores"), *_tile(icc), _("ICC(1,1): a single score, inspectors chosen freely")),
        (_("AC1 of items"), *_tile(alike), _("Kept, marked down or N/A, beyond chance")),
        (_("Items judged alike"), _percent(found.shares.alike / n), "", None),
    )
    with st.container(horizontal=True, key="tiles"):
        for label, value, note, hint in tiles:
            st.metric(
                label,
                value,
                note or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=165,
                help=hint,
            )


def items(who: Identity, part: Slice, texts: ChecklistTexts, found: Sequence[ItemDoubles]) -> None:
    """Every item's coefficients; a click opens the cases that lost points there."""
    if not found:
        return
    judged = [(each.item, _judged(each.times)) for each in found]
    drawn = charts.items_chart(judged, texts.items)
    if drawn:
        clickable = links.may_browse_cases(who)
        picked = show_chart(drawn, "agreement_items", clickable=clickable)
        if picked:
            links.open_cases(part, None, item=picked["key"])
    with st.expander(_("Agreement by item in figures")):
        header = (
            *(_("Item"), _("Name"), _("Scored twice"), _("Alike"), "AC1", _("Judged by both")),
            *("AC2", _("Weighted kappa"), _("Krippendorff's alpha")),
        )
        shown = [_item_row(item, texts, each) for item, each in judged]
        st.dataframe(pd.DataFrame(shown, columns=list(header)), hide_index=True)
        st.caption(
            _(
                "AC1 counts N/A as an answer of its own. AC2 and kappa (quadratic weights) and "
                "alpha (ordinal) are of encounters that neither called N/A."
            )
        )
        table = Table("agreement", _item_header(), tuple(_item_cells(*pair) for pair in judged))
        download_menu("agreement_table", table=table)


@lru_cache(maxsize=1024)
def _judged(times: tuple[tuple[tuple[int, int], int], ...]) -> PairAgreement:
    return pair_agreement(
        dict(times), scale=_SCALE, not_applicable=NOT_APPLICABLE, confidence=LEVEL
    )


def _item_row(item: str, texts: ChecklistTexts, each: PairAgreement) -> tuple[Any, ...]:
    name = text_of(texts.items.get(item, {}))
    alike = number(100 * each.alike.value, 0) + " %" if each.alike.value is not None else "—"
    return (
        *(item, name, each.n, alike, with_interval(each.ac1), each.judged),
        *(with_interval(found) for found in (each.ac2, each.kappa, each.alpha)),
    )


def _item_header() -> tuple[str, ...]:
    low, high = _("Interval from"), _("to")
    coefficients = ("AC1", "AC2", _("Weighted kappa"), _("Krippendorff's alpha"))
    spans = tuple(part for name in coefficients for part in (name, low, high))
    return (_("Item"), _("Scored twice"), _("Judged by both"), _("Alike"), *spans)


def _item_cells(item: str, each: PairAgreement) -> tuple[Cell, ...]:
    coefficients = (each.ac1, each.ac2, each.kappa, each.alpha)
    spans = tuple(cell for found in coefficients for cell in triple(found))
    return (item, each.n, each.judged, each.alike.value, *spans)


def _tile(found: Agreement) -> tuple[str, str]:
    if found.value is None or found.lower is None:
        return number(found.value, 2), _(found.reason) if found.reason else ""
    return number(found.value, 2), f"{number(found.lower, 2)}–{number(found.upper, 2)}"


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"
