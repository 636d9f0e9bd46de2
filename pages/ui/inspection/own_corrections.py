"""Asking for a correction of one's own inspections, and what became of what one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from core.access import Identity
from core.inspection.states import CorrectionState
from db.inspection.queries.corrections import OwnCorrection, unread_corrections
from db.inspection.queries.scored import ScoredRow
from db.inspection.services.corrections import (
    DAYS_TO_ANSWER,
    LONGEST_WORDS,
    ask_for_correction,
    note_correction_read,
    withdraw_correction,
)
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, escape_markdown, moment, number, plural, show_words

SINCE = timedelta(days=90)
_FORM = "ask_correction"


def form(
    who: Identity, rows: Sequence[ScoredRow], asked: Sequence[OwnCorrection], within: timedelta
) -> None:
    """For what cannot be taken back any more and is not asked for already.

    Args:
        within: how long a submission can be taken back instead.
    """
    waiting = {row.inspection_id for row in asked if row.state == CorrectionState.OPEN}
    titles = {
        row.inspection_id: _title(row)
        for row in rows
        if not row.recallable and row.inspection_id not in waiting
    }
    if not titles:
        return
    with (
        st.expander(_("Ask for a correction"), icon=":material/edit_note:", key="ask_box"),
        forms.opened(_FORM, border=False),
    ):
        st.caption(
            _(
                "For what can no longer be taken back. It is to be answered within {days} days: it"
                " is corrected, or you are told why not.",
                days=DAYS_TO_ANSWER,
            )
        )
        inspection_id = st.selectbox(
            _("Which inspection?"),
            list(titles),
            index=None,
            format_func=titles.__getitem__,
            placeholder=_("Choose by number or encounter"),
            **forms.choice(_FORM, "inspection", None, list(titles)),
        )
        words = st.text_area(
            _("What is wrong, and what is right?"),
            max_chars=LONGEST_WORDS,
            height=96,
            key=forms.field(_FORM, "words"),
        )
        if inspection_id is None or not st.button(
            _("Ask for the correction"), type="primary", key=f"{forms.key(_FORM)}_send"
        ):
            return
    with change(_("The correction is asked for."), _FORM) as session:
        ask_for_correction(
            session,
            who=who,
            inspection_id=inspection_id,
            words=str(words or ""),
            within=within,
            now=wiring.now(),
        )


def asked_for(who: Identity, rows: Sequence[OwnCorrection]) -> None:
    """The person's requests, the open ones first."""
    if not rows:
        return
    title = plural(
        "You asked for {count} correction in three months",
        "You asked for {count} corrections in three months",
        len(rows),
    )
    waiting = sum(row.state == CorrectionState.OPEN for row in rows)
    if waiting:
        title += " · " + plural("{count} to be answered", "{count} to be answered", waiting)
    with st.expander(title, icon=":material/rule:", key="own_corrections", expanded=bool(waiting)):
        for row in rows:
            _request(who, row, panel="list")


def news(who: Identity) -> None:
    """Requests that others ended and the person has not marked as read."""
    with wiring.reading() as session:
        rows = unread_corrections(session, who)
    if not rows:
        return
    sentence = plural(
        "Your request for a correction was answered.",
        "{count} of your requests for a correction were answered.",
        len(rows),
    )
    st.markdown(f":material/edit_note: **{sentence}**")
    for row in rows:
        _request(who, row, panel="news")
    st.page_link("scored.py", label=_("My scored work"), icon=":material/fact_check:")


def _title(row: ScoredRow) -> str:
    return _(
        "{number} · {case} · score {score}",
        number=row.inspection_id,
        case=row.case,
        score=number(row.score),
    )


def _request(who: Identity, row: OwnCorrection, *, panel: Literal["news", "list"]) -> None:
    with st.container(border=True, key=f"correction_{panel}_{row.request_id}"):
        about = escape_markdown(f"{row.inspection_id} · {row.case_no}")
        st.markdown(f"**{about}** {_badge(row.state)} {_scores(row)}")
        st.caption(_when(row))
        show_words(_("What you wrote"), row.words)
        if row.by_appeal:
            st.caption(_("The decision on an appeal of the person scored changed the result."))
        if row.why:
            show_words(_("Reason"), row.why)
        if panel == "news":
            _reading(who, row)
        elif row.state == CorrectionState.OPEN:
            _withdrawal(who, row)


def _badge(state: CorrectionState) -> str:
    color, name = {
        CorrectionState.OPEN: ("orange", _("To be answered")),
        CorrectionState.MADE: ("green", _("Corrected")),
        CorrectionState.DECLINED: ("gray", _("Declined")),
        CorrectionState.WITHDRAWN: ("gray", _("Withdrawn")),
    }[state]
    return f":{color}-badge[{escape_markdown(name)}]"


def _scores(row: OwnCorrection) -> str:
    if row.state != CorrectionState.MADE:
        return ""
    if row.voided:
        return escape_markdown(_("voided, it counts nowhere"))
    return f"{number(row.score)} → {number(row.new_score)}"


def _when(row: OwnCorrection) -> str:
    asked = _shown(row.asked_at)
    if row.ended_at is None:
        return _("Asked {asked}, to be answered by {day}.", asked=asked, day=day(row.due_on))
    if row.state == CorrectionState.WITHDRAWN:
        return _("Asked {asked}, withdrawn {ended}.", asked=asked, ended=_shown(row.ended_at))
    return _("Asked {asked}, answered {ended}.", asked=asked, ended=_shown(row.ended_at))


def _shown(at: datetime) -> str:
    return moment(at, reader_zone())


def _reading(who: Identity, row: OwnCorrection) -> None:
    key = f"read_correction_{row.request_id}"
    if st.button(_("I have read this"), icon=":material/check:", key=key):
        with change(_("Noted.")) as session:
            note_correction_read(session, who=who, request_id=row.request_id, now=wiring.now())


def _withdrawal(who: Identity, row: OwnCorrection) -> None:
    key = f"withdraw_correction_{row.request_id}"
    if st.button(_("Withdraw the request"), icon=":material/undo:", key=key):
        with change(_("Withdrawn.")) as session:
            withdraw_correction(session, who=who, request_id=row.request_id, now=wiring.now())
