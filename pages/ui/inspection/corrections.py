"""Corrections that inspectors ask for, for those who may amend: the list, and one at its case."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.clock.days import day_of
from core.inspection.states import CORRECTION, InspectionState
from db.cases.queries.case import CaseView
from db.inspection.queries.corrections import (
    AskedCorrection,
    RequestPosition,
    asked_corrections,
    open_correction,
)
from db.inspection.services.corrections import LONGEST_WORDS, decline_correction
from db.store import queries
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    moment,
    number,
    plural,
    show_words,
    text_of,
)
from pages.ui.kit.phrases import due_phrase
from pages.ui.kit.tables import clicked_row, pages_of


def headline(who: Identity) -> None:
    """How many wait; nothing where none does."""
    with wiring.reading() as session:
        count = queries.waiting(session, who, {CORRECTION.kind}).get(CORRECTION.kind, 0)
    if count:
        st.markdown(
            plural(
                "Inspectors ask for {count} correction.",
                "Inspectors ask for {count} corrections.",
                count,
            )
        )


def waiting_table(who: Identity) -> None:
    """Open requests, the most urgent first; a click opens the case, where it is answered."""
    pages = pages_of("corrections_open", who.user_id, RequestPosition)
    with wiring.reading() as session:
        page = asked_corrections(session, who, after=pages.after)
    if not page.rows:
        st.info(
            _("What inspectors ask to have corrected in their own scorings appears here."),
            icon=":material/task_alt:",
        )
        return
    cells = pd.DataFrame([_cells(row) for row in page.rows])
    clicked = clicked_row(cells, "corrections_open", alt=_("Corrections asked for"))
    st.caption(_("A click on a row opens the case: amend or void it there, or decline."))
    if clicked is not None:
        inspection_id = page.rows[clicked].inspection_id
        st.switch_page("case.py", query_params={"id": str(inspection_id)})
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)


def case_notice(who: Identity, view: CaseView) -> None:
    """The open request about a case for those who may amend it, and the way to decline it."""
    if view.state != InspectionState.VALID or not can(who, Action.AMEND):
        return
    with wiring.reading() as session:
        request = open_correction(session, who, view.inspection_id)
    if request is None:
        return
    with st.container(border=True, key="correction_notice"):
        asked = _(
            "{name} asks for a correction, {asked}; to be answered by {day}.",
            name=request.asker,
            asked=moment(request.asked_at, request.timezone),
            day=day(request.due_on),
        )
        st.markdown(f":material/edit_note: {escape_markdown(asked)}")
        show_words(_("What is wrong"), request.words)
        if request.barred:
            st.caption(_("Others answer this: the scoring or the work is your own."))
            return
        st.caption(_("Amending or voiding the inspection answers the request."))
        _declining(who, request)


def _declining(who: Identity, request: AskedCorrection) -> None:
    form = f"decline_{request.request_id}"
    with st.popover(_("Decline"), icon=":material/do_not_disturb_on:", key=f"{form}_box"):
        reason = st.text_area(
            _("Why does it stay as it is?"),
            max_chars=LONGEST_WORDS,
            height=96,
            key=typed_words.field_key(form, "reason"),
        )
        st.caption(_("The inspector is told, with your reason."))
        if st.button(_("Decline the correction"), key=f"{form}_now"):
            with change(_("Declined."), form) as session:
                decline_correction(
                    session,
                    who=who,
                    request_id=request.request_id,
                    reason=str(reason or ""),
                    now=wiring.now(),
                )


def _cells(row: AskedCorrection) -> dict[str, str]:
    """Days are the station's, as the day on which it is due is."""
    today = day_of(wiring.now(), row.timezone)
    return {
        _("Due"): due_phrase(row.due_on, today),
        _("Inspector"): row.asker,
        _("What is wrong"): row.words,
        _("Station"): f"{row.station_code} {text_of(row.station_names)}",
        _("Encounter"): row.case_no,
        _("Score"): number(row.score),
    }
