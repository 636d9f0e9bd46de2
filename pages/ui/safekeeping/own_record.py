"""What is kept about the person who looks: the sheet, how much, how long, and who opened it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd
import streamlit as st

from core.access import Identity, Role
from core.appeals.deadlines import Step
from core.i18n import N_
from core.safekeeping.information import InformationPart
from core.safekeeping.retention import RetainedKind
from db.appeals.queries.appeals import terms
from db.safekeeping.queries.information import is_unread, sheet
from db.safekeeping.queries.own_record import Openings, OwnRecord, own_record
from db.safekeeping.services.information import note_read
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, moment, number, plural
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import role_name
from pages.ui.safekeeping import information_words
from pages.ui.safekeeping.audit_terms import action_names

_STORED = {
    "encounters": N_("Encounters in which you served"),
    "with_words": N_("of them with a transcript"),
    "with_recording": N_("of them with a recording"),
    "with_photo": N_("of them with photos"),
    "inspections": N_("Scorings of your encounters"),
    "appeals": N_("Appeals against them"),
    "courses": N_("Courses in which you were enrolled"),
    "exams": N_("Exams"),
    "files": N_("Complaints and requests on which you worked"),
}
_KEPT_BY = {
    "with_words": RetainedKind.TRANSCRIPTS,
    "with_recording": RetainedKind.RECORDINGS,
}


def ask_to_read(who: Identity) -> None:
    """One line that leads to the page, until the person says that it was read."""
    with wiring.reading() as session:
        unread = is_unread(session, who)
    if unread:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_("Please read what is kept about you, why, and how you can contest it."))
            st.page_link(
                "kept_about_me.py", label=_("What is kept about me"), icon=":material/policy:"
            )


def show(who: Identity) -> None:
    with wiring.reading() as session:
        record, text = own_record(session, who), sheet(session, who)
        unread, days = is_unread(session, who), terms(session)[Step.RAISE]
    st.subheader(_headline(record), anchor=False)
    for topic in InformationPart:
        st.markdown(f"#### {information_words.heading(topic)}")
        st.text(information_words.text(text, topic))
        if topic is InformationPart.SCORE:
            st.caption(
                _(
                    "People answer the questions. Answers about times, and which questions apply,"
                    " follow from recorded facts by fixed rules; no model judges what was said."
                )
            )
        if topic is InformationPart.CONTEST:
            st.caption(
                _("A result can be contested for {days} days after it came about.", days=days)
            )
    if text.issued_at is not None:
        st.caption(
            _(
                "Version {number} of {day}",
                number=text.number,
                day=day(text.issued_at, reader_zone()),
            )
        )
    if unread:
        _reading(who, text.number)
    st.subheader(_("What is stored"), anchor=False)
    show_table(_stored(record), key="stored_about_me")
    st.caption(_kept(record.months))
    st.subheader(_("Who opened it"), anchor=False)
    _opened(record)


def _headline(record: OwnRecord) -> str:
    times = sum(row.times for row in record.openings)
    return _(
        "Encounters of yours that are stored: {encounters}; scorings of them: {scorings};"
        " openings by others: {openings}.",
        encounters=number(record.amounts.encounters, 0),
        scorings=number(record.amounts.inspections, 0),
        openings=number(times, 0),
    )


def _reading(who: Identity, number_: int) -> None:
    if st.button(_("I have read this"), type="primary", key="sheet_read"):
        with change(_("Noted.")) as session:
            note_read(session, who=who, number=number_, now=wiring.now())


def _stored(record: OwnRecord) -> pd.DataFrame:
    amounts = asdict(record.amounts)
    return pd.DataFrame(
        {
            _("Record"): [_(label) for label in _STORED.values()],
            _("Count"): [number(amounts[name], 0) for name in _STORED],
            _("Kept for"): [_time_of(record.months, name) for name in _STORED],
        }
    )


def _time_of(months: Mapping[RetainedKind, int | None], name: str) -> str:
    kind = _KEPT_BY.get(name)
    if kind is None and months[RetainedKind.FORMER_STAFF]:
        return _("stays, later without your name")
    count = months[kind] if kind else None
    return plural("{count} month", "{count} months", count) if count else _("for good")


def _kept(months: Mapping[RetainedKind, int | None]) -> str:
    count = months[RetainedKind.FORMER_STAFF]
    if count is None:
        return _("Your name stays with it after you have left.")
    return plural(
        "After you have left, your name goes one month after your last encounter.",
        "After you have left, your name goes {count} months after your last encounter.",
        count,
    )


def _opened(record: OwnRecord) -> None:
    if record.openings:
        show_table(_openings(record.openings), key="opened_about_me")
    elif record.since is None:
        st.write(_("The log is empty."))
    else:
        st.write(_("Nobody else opened a record of yours."))
    if record.since is not None:
        st.caption(
            _(
                "Counted since {day}, as far back as the log goes, by the roles that people have"
                " today. Your own openings are not counted, nor lists and case sets in which an"
                " encounter stands, nor the reading of inspectors who score.",
                day=day(record.since, reader_zone()),
            )
        )


def _openings(rows: tuple[Openings, ...]) -> pd.DataFrame:
    deeds = action_names()
    return pd.DataFrame(
        {
            _("By"): [_by(row) for row in rows],
            _("How"): [deeds.get(row.deed, row.deed) for row in rows],
            _("Times"): [row.times for row in rows],
            _("Records"): [row.records for row in rows],
            _("Last"): [moment(row.last, reader_zone()) for row in rows],
        }
    )


def _by(row: Openings) -> str:
    names = [role_name(role) for role in Role if role in row.roles]
    return " + ".join(names) or _("an account without a role")
