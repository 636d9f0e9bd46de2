"""Appeals that wait and those that ended, as tables, with the sentence above them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from core.clock.days import day_of
from db.appeals.queries.appeals import AppealCursor, AppealRow, WaitingAppeals, appeals
from pages.ui.appeals.appeal_words import point_name, state_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, number, plural, text_of
from pages.ui.kit.phrases import due_phrase, listed
from pages.ui.kit.tables import clicked_row, pages_of


def headline(waiting: WaitingAppeals) -> None:
    if not waiting.open:
        st.subheader(_("No appeal is waiting."), anchor=False)
        return
    sentence = plural("{count} appeal is open", "{count} appeals are open", waiting.open)
    if waiting.overdue:
        sentence += " · " + plural("{count} is overdue", "{count} are overdue", waiting.overdue)
    st.subheader(sentence, anchor=False)


def waiting_table(who: Identity) -> None:
    pages = pages_of("appeals_open", who.user_id, AppealCursor)
    with wiring.reading() as session:
        page = appeals(session, who, is_open=True, after=pages.after)
    if not page.rows:
        st.info(
            _("Appeals of scored people appear here, the most urgent first."),
            icon=":material/task_alt:",
        )
        return
    _open_chosen(page.rows, [_waiting(row) for row in page.rows], "appeals_open")
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)


def ended_table(who: Identity) -> None:
    pages = pages_of("appeals_ended", who.user_id, AppealCursor)
    with wiring.reading() as session:
        page = appeals(session, who, is_open=False, after=pages.after)
    if not page.rows:
        st.info(_("No appeal has ended yet."), icon=":material/gavel:")
        return
    _open_chosen(page.rows, [_ended(row) for row in page.rows], "appeals_ended")
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)


def _open_chosen(rows: tuple[AppealRow, ...], cells: list[dict[str, str]], key: str) -> None:
    clicked = clicked_row(pd.DataFrame(cells), key, alt=_("Appeals"))
    st.caption(_("A click on a row opens the appeal."))
    if clicked is not None:
        st.switch_page("appeal.py", query_params={"id": str(rows[clicked].appeal_id)})


def _waiting(row: AppealRow) -> dict[str, str]:
    """Days are the station's, as the day on which it is due is."""
    today = day_of(wiring.now(), row.timezone)
    age = (today - day_of(row.raised_at, row.timezone)).days
    return {
        _("Due"): due_phrase(row.due_on, today),
        _("Age"): plural("{count} day", "{count} days", max(age, 0)),
        **_facts(row),
    }


def _ended(row: AppealRow) -> dict[str, str]:
    ended = "" if row.ended_at is None else day(row.ended_at, row.timezone)
    return {_("Ended"): ended, _("State"): state_name(row.state), **_facts(row)}


def _facts(row: AppealRow) -> dict[str, str]:
    return {
        _("Station"): f"{row.station_code} {text_of(row.station_names)}",
        _("Staff"): row.staff,
        _("Encounter"): row.case_no,
        _("Score"): number(row.score),
        _("Contested"): listed([point_name(name) for name in row.names]),
    }
