"""Agreement on double-scored work: key figures, chart and table by item."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.agreement import (
    Agreement,
    AgreementVerdict,
    PairAgreement,
    judge,
    pair_agreement,
    pair_icc,
    shared_ac1,
)
from core.inspectors.double_scorings import NOT_APPLICABLE
from core.results.figures import LEVEL
from db.checklists.queries.texts import ChecklistTexts
from db.inspectors.queries.figures import Doubles, ItemDoubles
from db.results.queries.stations import Slice
from pages.ui.inspectors import charts
from pages.ui.inspectors.disagreements import choose, may_compare, side_by_side
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.phrases import triple, with_interval
from pages.ui.kit.tables import show_table
from pages.ui.results import links

_SCALE = (0, 100)


def agreement(doubles: Doubles) -> None:
    """Key figures of agreement over all double scorings of the selection."""
    n = doubles.shares.n
    if not n:
        st.info(_("No encounter of this selection was scored twice."))
        return
    icc = pair_icc(doubles.scores, confidence=LEVEL)
    alike = shared_ac1(doubles.shares, confidence=LEVEL)
    st.caption(
        _("What two inspectors find who score the same encounter blind. Intervals are 90 %.")
    )
    tiles = (
        (_("Scored twice"), number(n, 0), "", None),
        (_("ICC of scores"), *_tile(icc), _("ICC(1,1): a single score, inspectors chosen freely")),
        (_("AC1 of items"), *_tile(alike), _("Kept, marked down or N/A, beyond chance")),
        (_("Items judged alike"), _percent(doubles.shares.alike / n), "", None),
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


def items(
    who: Identity, slice_: Slice, texts: ChecklistTexts, doubles: Sequence[ItemDoubles]
) -> None:
    """Every item's coefficients; a click shows the double scorings that disagree there.

    Or, to who may not read second scorings, the cases that lost points there.
    """
    if not doubles:
        return
    judged = sorted(
        ((item_doubles.item, _judged(item_doubles.times)) for item_doubles in doubles),
        key=lambda pair: (pair[1].ac1.value is None, pair[1].ac1.value or 0.0),
    )
    drawn = charts.items_chart(judged, texts.items)
    if drawn:
        clickable = may_compare(who) or links.may_browse_cases(who)
        picked = show_chart(drawn, "agreement_items", clickable=clickable, how="agreement")
        if picked and not may_compare(who):
            links.open_cases(slice_, None, item=picked["key"])
        choose(picked["key"] if picked else None)
    if may_compare(who):
        side_by_side(who, slice_, texts, sorted(item for item, _figures in judged))
    with st.expander(_("Agreement by item in figures")):
        header = (
            *(_("Item"), _("Name"), _("Scored twice"), _("Alike"), "AC1", _("Judged by both")),
            *("AC2", _("Weighted kappa"), _("Krippendorff's alpha"), _("Verdict"), _("Why")),
        )
        rows = [_item_row(item, texts, figures) for item, figures in judged]
        show_table(pd.DataFrame(rows, columns=list(header)))
        st.caption(
            _(
                "AC1 counts N/A as an answer of its own. AC2 and kappa (quadratic weights over the "
                "answers that occur) and alpha (ordinal) are of encounters that neither called "
                "N/A. The verdict is from AC1 and alpha together."
            )
        )
        table = Table("agreement", _item_header(), tuple(_item_cells(*pair) for pair in judged))
        download_menu("agreement_table", table=table)
        how_computed("agreement_table", "agreement")


@lru_cache(maxsize=1024)
def _judged(times: tuple[tuple[tuple[int, int], int], ...]) -> PairAgreement:
    return pair_agreement(
        dict(times), scale=_SCALE, not_applicable=NOT_APPLICABLE, confidence=LEVEL
    )


def _item_row(item: str, texts: ChecklistTexts, figures: PairAgreement) -> tuple[Any, ...]:
    name = text_of(texts.items.get(item, {}))
    alike = number(100 * figures.alike.value, 0) + " %" if figures.alike.value is not None else "—"
    return (
        *(item, name, figures.n, alike, with_interval(figures.ac1), figures.judged),
        *(
            with_interval(coefficient)
            for coefficient in (figures.ac2, figures.kappa, figures.alpha)
        ),
        *_verdict(figures),
    )


def _verdict(figures: PairAgreement) -> tuple[str, str]:
    """The verdict as a word, and why."""
    judgement = judge(figures)
    word = {
        AgreementVerdict.AGREES: _("agrees"),
        AgreementVerdict.DOUBTFUL: _("doubtful"),
        AgreementVerdict.DISAGREES: _("disagrees"),
        AgreementVerdict.TOO_FEW: _("too few"),
    }[judgement.verdict]
    return word, _(judgement.sentence.template, **judgement.sentence.values)


def _item_header() -> tuple[str, ...]:
    low, high = _("Interval from"), _("to")
    coefficients = ("AC1", "AC2", _("Weighted kappa"), _("Krippendorff's alpha"))
    spans = tuple(heading for name in coefficients for heading in (name, low, high))
    counts = (_("Item"), _("Scored twice"), _("Judged by both"), _("Alike"))
    return (*counts, *spans, _("Verdict"), _("Why"))


def _item_cells(item: str, figures: PairAgreement) -> tuple[Cell, ...]:
    coefficients = (figures.ac1, figures.ac2, figures.kappa, figures.alpha)
    spans = tuple(cell for coefficient in coefficients for cell in triple(coefficient))
    counts = (item, figures.n, figures.judged, figures.alike.value)
    return (*counts, *spans, *_verdict(figures))


def _tile(coefficient: Agreement) -> tuple[str, str]:
    if coefficient.value is None or coefficient.lower is None:
        return number(coefficient.value, 2), _(coefficient.reason) if coefficient.reason else ""
    return number(
        coefficient.value, 2
    ), f"{number(coefficient.lower, 2)}–{number(coefficient.upper, 2)}"


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"
