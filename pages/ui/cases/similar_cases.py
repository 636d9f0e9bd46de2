"""Cases like the one being read, found when somebody asks for them."""

from __future__ import annotations

import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.inspection.states import InspectionState
from db.cases.queries.case import CaseView
from db.cases.queries.similar import Similar, similar_cases
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown, number, show_error, text_of
from pages.ui.teaching.case_sets import adding_cases

_SHOWN_LOSSES = 3
_KEPT = "_similar"


def similar(who: Identity, view: CaseView) -> None:
    """The ten most alike by what they lost and what was said."""
    if (
        not can(who, Action.SEE_CASES)
        or view.own
        or view.state != InspectionState.VALID
        or view.closed
    ):
        return
    with st.expander(_("Similar cases"), key="similar_cases", on_change="rerun") as box:
        if not box.open:
            return
        try:
            cases = _cases_like(who, view.inspection_id)
        except PortalError as error:
            show_error(error)
            return
        if not cases:
            st.caption(_("No case is like this one yet."))
        picked = [case.row.inspection_id for case in cases if _line(case)]
        adding_cases.add_to_set(who, picked, key="similar")


def _cases_like(who: Identity, inspection_id: int) -> list[Similar]:
    """Searched once while the case is open: picking a case must not search again."""
    cache_key = (who.user_id, inspection_id)
    cached = st.session_state.get(_KEPT)
    if cached is None or cached[0] != cache_key:
        with wiring.reading() as session:
            cases = similar_cases(session, who, inspection_id)
        cached = st.session_state[_KEPT] = (cache_key, cases)
    return list(cached[1])


def _line(case: Similar) -> bool:
    """One case with a box to pick it."""
    row = case.row
    lost = _(", ").join(text_of(loss.term) or loss.item_key for loss in row.losses[:_SHOWN_LOSSES])
    station = f"{row.station_code} {text_of(row.station_names)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        picked = st.checkbox(
            _("Pick {case}", case=escape_markdown(row.case_no)),
            key=f"similar_{row.inspection_id}",
            label_visibility="collapsed",
        )
        st.page_link(
            "case.py",
            label=f"**{number(row.score)}** {escape_markdown(f'{station} · {row.case_no}')}",
            query_params={"id": str(row.inspection_id)},
        )
        alike = _(
            "losses {losses} %, words {words} % alike",
            losses=number(100 * case.losses, 0),
            words=number(100 * case.text, 0),
        )
        st.caption(" · ".join([escape_markdown(lost) or _("nothing lost"), alike]), width="content")
    return picked
