"""The double scorings that disagree on an item, both opinions beside each other."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from db.cases.queries.disagreements import Disagreement, disagreements
from db.checklists.queries.texts import ChecklistTexts
from db.results.queries.stations import Slice
from pages.ui.kit import wiring
from pages.ui.kit.address import choice
from pages.ui.kit.answers import answer_text
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, moment, number, text_of
from pages.ui.kit.tables import clicked_row

_NAME = "disagreed"
_CLICKED = "_clicked_item"


def may_compare(who: Identity) -> bool:
    """Whether the person may read second scorings."""
    return can(who, Action.AMEND)


def choose(item: str | None) -> None:
    """Show the double scorings that disagree on an item once its mark has been clicked."""
    if item is not None and st.session_state.get(_CLICKED) != item:
        st.query_params[_NAME] = item
    st.session_state[_CLICKED] = item


def side_by_side(who: Identity, slice_: Slice, texts: ChecklistTexts, items: list[str]) -> None:
    """A choice of item and what both inspectors answered; a click opens the case."""
    names = {item: f"{item} {text_of(texts.items.get(item, {}))}".strip() for item in items}
    item = choice(_("Double scorings that disagree on"), _NAME, names, _("Choose an item"))
    if item is None:
        return
    with wiring.reading() as session:
        found = disagreements(session, who, slice_, item)
    st.caption(
        _(
            "{shown} of the {compared} newest double scorings compared disagree.",
            shown=number(len(found.rows), 0),
            compared=number(found.compared, 0),
        )
    )
    if not found.rows:
        return
    table = pd.DataFrame([_row(row) for row in found.rows], columns=_columns())
    clicked = clicked_row(table, "disagreements", alt=names[item])
    if clicked is not None:
        case = {"id": str(found.rows[clicked].inspection_id)}
        st.switch_page("case.py", query_params=case)


def _columns() -> list[str]:
    first, second = _("First inspector"), _("Second inspector")
    return [
        *(_("Encounter"), _("Station"), _("Time")),
        *(first, _("Answer"), _("Note"), second, _("Second answer"), _("Second note")),
    ]


def _row(row: Disagreement) -> tuple[str, ...]:
    opinions = [
        cell
        for opinion in (row.record, row.second)
        for cell in (
            opinion.inspector,
            answer_text(row.item, opinion.answer),
            opinion.answer.note if opinion.answer else "",
        )
    ]
    return row.case_no, row.station_code, moment(row.occurred_at, reader_zone()), *opinions
