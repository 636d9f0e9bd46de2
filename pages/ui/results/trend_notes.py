"""Below a trend: what its marks stand for, and a note of one's own."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from core.access import Action, Identity, Scope, scope_of
from db.results.services.trend_notes import FIRST_YEAR, LONGEST_NOTE, take_note_away, write_note
from db.store.days import portal_day
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, plural
from pages.ui.kit.tables import marked_row
from pages.ui.results.noted_months import NotedMonths, note_words


def below_trend(who: Identity, station: int, noted: NotedMonths) -> None:
    """The notes by number, and for who may write some a form; nothing where there is neither."""
    scope = scope_of(who, Action.NOTE_TRENDS)
    may_write = scope is Scope.ALL or (
        scope is not None and station in (who.station_ids or frozenset())
    )
    count = len(noted.notes)
    title = plural("{count} note on the time axis", "{count} notes on the time axis", count)
    if not count and not may_write:
        return
    with st.expander(title, icon=":material/flag:", key="trend_notes"):
        if count:
            _table(who, noted)
        if may_write:
            _form(who, station, may_reach_all=scope is Scope.ALL)


def _table(who: Identity, noted: NotedMonths) -> None:
    table = pd.DataFrame(
        {
            _("Mark"): [str(number) for number in range(1, len(noted.notes) + 1)],
            _("Day"): [day(note.day) for note in noted.notes],
            _("What happened"): [note_words(note) for note in noted.notes],
        }
    )
    what = {_("What happened"): st.column_config.TextColumn(width="large")}
    marked = marked_row(table, "trend_note_table", column_config=what)
    st.caption(_("A mark says when something happened, not that it changed the figure."))
    note_id = noted.notes[marked].note_id if marked is not None else None
    if note_id is not None and st.button(_("Delete this note"), icon=":material/delete:"):
        with change(_("Deleted.")) as session:
            take_note_away(session, who=who, note_id=note_id, now=wiring.now())


def _form(who: Identity, station: int, *, may_reach_all: bool) -> None:
    form = f"trend_note_{station}"
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
    with forms.opened(form):
        left, right = st.columns([1, 3])
        on = left.date_input(
            _("Day"),
            min_value=date(FIRST_YEAR, 1, 1),
            max_value=today,
            **forms.choice(form, "day", today),
        )
        words = right.text_input(
            _("What happened"), max_chars=LONGEST_NOTE, key=forms.field(form, "words")
        )
        everywhere = may_reach_all and st.checkbox(
            _("At every station"), **forms.choice(form, "everywhere", value=False)
        )
        if st.button(_("Add the note"), type="primary", key=f"{forms.key(form)}_save"):
            where, now = None if everywhere else station, wiring.now()
            with change(_("Noted."), form) as session:
                write = partial(write_note, session, station_id=where, day=on, words=words, now=now)
                forms.made(session, who, form, partial(write, who=who), entered=(where, on, words))
