"""Calendars of stations: weekly hours and free days, listed and set from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.access import Identity
from core.clock import Calendar
from core.clock.hours_text import by_weekdays, days_of, days_text, hours_text, openings_of
from core.errors import InvalidInput
from db.files.clock_changes import Hours
from db.files.queries.clock_settings import CalendarRow, HoursChangeRow, calendars, hours_changes
from db.files.services.clock_settings import set_hours
from db.store.days import portal_day
from pages.ui.clocks.file_limits import from_when, since_text
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, errors_shown, moment, plural, text_of
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import weekday_name


def show(who: Identity) -> None:
    """How many stations have a calendar, each of them, a form to set one, and what was changed."""
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        rows, changes = calendars(session, who, on=today), hours_changes(session, who)
    st.markdown(_summary(rows))
    st.caption(
        _(
            "Clocks of files run round the clock until a station has opening hours; then only open"
            " time counts, in the station's own time. Many calendars at once: Imports, Opening"
            " hours of stations."
        )
    )
    set_rows = [row for row in rows if row.calendar is not None]
    if set_rows:
        _table(set_rows, today)
    st.subheader(_("Set opening hours"))
    _form(who, rows, today)
    if changes:
        with st.expander(_("What was changed")):
            _history(changes)


def _summary(rows: Sequence[CalendarRow]) -> str:
    count = sum(row.calendar is not None for row in rows)
    text = plural(
        "{count} of {all} stations has opening hours.",
        "{count} of {all} stations have opening hours.",
        count,
        all=len(rows),
    )
    return f"**{text}**"


def week_text(calendar: Calendar | None) -> str:
    """The hours of a week, days in a row with the same ones together."""
    if calendar is None:
        return _("round the clock")
    runs = by_weekdays(calendar.openings)
    return "; ".join(
        f"{weekday_name(first)} {hours}"
        if first == last
        else f"{weekday_name(first)}–{weekday_name(last)} {hours}"
        for first, last, hours in runs
    )


def _table(rows: Sequence[CalendarRow], today: date) -> None:
    coming = [_coming(row, today) for row in rows]
    show_table(
        {
            _("Station"): [text_of(row.names) or row.code for row in rows],
            _("Opening hours"): [week_text(row.calendar) for row in rows],
            _("Next free day"): [day(days[0]) if days else "—" for days in coming],
            _("Free days to come"): [len(days) for days in coming],
            _("Time zone"): [row.zone for row in rows],
            _("In force from"): [since_text(row.since) for row in rows],
            _("Version"): [row.version for row in rows],
        },
    )


def _coming(row: CalendarRow, today: date) -> list[date]:
    return sorted(d for d in row.calendar.free_days if d >= today) if row.calendar else []


def _form(who: Identity, rows: Sequence[CalendarRow], today: date) -> None:
    by_id = {row.station_id: row for row in rows}
    station_id = st.selectbox(
        _("Station"),
        list(by_id),
        index=None,
        format_func=lambda key: f"{by_id[key].code} {text_of(by_id[key].names)}",
        placeholder=_("Choose a station"),
        key="calendar_station",
    )
    if station_id is None:
        return
    row = by_id[station_id]
    key = f"{station_id}_{row.version}"
    has_hours = st.toggle(
        _("It has opening hours"), value=row.calendar is not None, key=f"has_hours_{key}"
    )
    texts, free = _week_fields(row.calendar, key) if has_hours else ([], "")
    since, for_running = from_when(f"calendar_{key}", today)
    if st.button(_("Set the calendar"), type="primary", key="set_calendar"):
        with errors_shown():
            openings = tuple(
                one for weekday, text in enumerate(texts) for one in openings_of(weekday, text)
            )
            if has_hours and not openings:
                raise InvalidInput("Write hours on at least one day of the week.")
            hours = Hours(openings, days_of(free), since, for_running)
            with change(_("The calendar is set."), _form_of(key)) as session:
                set_hours(session, who=who, station_id=station_id, hours=hours, now=wiring.now())


def _form_of(key: str) -> str:
    return f"calendar_{key}"


def _week_fields(calendar: Calendar | None, key: str) -> tuple[list[str], str]:
    """What is written for each day of the week, and the free days."""
    openings = calendar.openings if calendar else ()
    left, right = st.columns(2)
    texts = []
    with left:
        for weekday in range(7):
            of_day = (one for one in openings if one.weekday == weekday)
            texts.append(
                st.text_input(
                    weekday_name(weekday),
                    hours_text(of_day),
                    placeholder=_("closed all day"),
                    key=f"hours_{weekday}_{key}",
                )
            )
        st.caption(_("Such as 09:00-12:00, 13:00-18:00; an empty day is closed."))
    with right:
        free = st.text_area(
            _("Free days"),
            days_text(calendar.free_days) if calendar else "",
            height=260,
            placeholder="2026-10-01",
            key=forms.field(_form_of(key), "free_days"),
            help=_("One date a line: days on which it is closed all the same."),
        )
    return texts, free


def _history(changes: Sequence[HoursChangeRow]) -> None:
    zone = reader_zone()
    show_table(
        {
            _("Version"): [row.number for row in changes],
            _("Station"): [text_of(row.station) for row in changes],
            _("Opening hours"): [week_text(row.calendar) for row in changes],
            _("Free days"): [len(row.calendar.free_days) if row.calendar else 0 for row in changes],
            _("In force from"): [since_text(row.effective_from) for row in changes],
            _("For running clocks"): [row.for_running for row in changes],
            _("Changed at"): [moment(row.changed_at, zone) for row in changes],
            _("By"): [row.changed_by or _("an import") for row in changes],
        },
    )
