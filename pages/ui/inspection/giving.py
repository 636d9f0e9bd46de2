"""Encounters to choose from, and giving the chosen ones to an inspector."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.checklist import CHANNELS
from core.checklist.choice import CASE_KINDS
from core.errors import PortalError
from db.inspection.queries.coverage import inspectors
from db.inspection.queries.encounter_list import (
    EncounterFilter,
    EncounterPosition,
    EncounterRow,
    encounters,
)
from db.inspection.services.giving import Gift, Given, give
from db.people.queries.people import stations
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import choice, words
from pages.ui.kit.days import reader_zone, today
from pages.ui.kit.messages import (
    _,
    flash,
    moment,
    number,
    plural,
    show_error,
    text_of,
)
from pages.ui.kit.tables import pages_of, show_table
from pages.ui.kit.terms import case_kind_name, channel_name, ratings

_DUE_IN = timedelta(days=7)
_GIVING = "give"
_MOST_WORDS = 100
_SEEN = {"no": False, "yes": True}


def tab(who: Identity) -> None:
    """The list with its filter, and the form that gives what is marked."""
    wanted = _filter()
    pages = pages_of("give", wanted, EncounterPosition)
    with wiring.reading() as session:
        page = encounters(session, who, wanted, after=pages.after)
        people = inspectors(session, who)
    if not page.rows:
        st.info(_("No encounter matches."))
        pages.back_button()
        return
    event: Any = show_table(
        _table(page.rows),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"give_rows_{pages.before}_{hash(wanted)}",
    )
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)
    marked = [page.rows[row] for row in event.selection.rows if row < len(page.rows)]
    if not marked:
        st.caption(_("Mark the encounters that are to be scored."))
        return
    _form(who, marked, people)


def _filter() -> EncounterFilter:
    with wiring.reading() as session:
        places = {str(row.id): f"{row.code} {text_of(row.names)}" for row in stations(session)}
    kinds = {kind: case_kind_name(kind) or _("No case") for kind in CASE_KINDS}
    channels: dict[str, str] = {channel: channel_name(channel) for channel in CHANNELS}
    seen = {"no": _("Not inspected"), "yes": _("Inspected: a second look")}
    first, second, third = st.columns(3)
    with first:
        station = choice(_("Station"), "station", places, _("All stations"))
        rating = choice(_("Customer's rating"), "rating", ratings(), _("Any"))
    with second:
        channel = choice(_("Channel"), "channel", channels, _("All channels"))
        inspected = choice(_("Inspection"), "inspected", seen, _("Either"))
    with third:
        kind = choice(_("Kind of case"), "kind", kinds, _("All kinds"))
        text = words(
            _("Words said"),
            "words",
            most=_MOST_WORDS,
            help_text=_("Quotation marks keep words together, a minus leaves a word out."),
        )
    return EncounterFilter(
        station_id=int(station) if station else None,
        channel=channel,
        case_kind=kind,
        rating=rating,
        words=text,
        inspected=_SEEN.get(inspected or ""),
    )


def _table(rows: Sequence[EncounterRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Case"): [row.case for row in rows],
            _("When"): [moment(row.occurred_at, reader_zone()) for row in rows],
            _("Station"): [row.station for row in rows],
            _("Staff number"): [row.staff_no for row in rows],
            _("Channel"): [channel_name(row.channel) for row in rows],
            _("Kind of case"): [case_kind_name(row.case_kind) for row in rows],
            _("Customer's rating"): [_rating(row) for row in rows],
            _("Inspected already"): [_("Yes") if row.inspected else "" for row in rows],
            _("Waits with"): [_(", ").join(row.given) for row in rows],
        }
    )


def _rating(row: EncounterRow) -> str:
    if row.rating is None:
        return ""
    given, highest = row.rating
    return f"{number(given)} / {number(highest, 0)}"


def _form(who: Identity, marked: Sequence[EncounterRow], people: dict[int, str]) -> None:
    with forms.opened(_GIVING):
        first, second = st.columns(2)
        inspector = first.selectbox(
            _("Inspector"),
            list(people),
            index=None,
            format_func=people.__getitem__,
            placeholder=_("Choose the inspector"),
            **forms.choice(_GIVING, "inspector", None, list(people)),
        )
        due = second.date_input(_("Due"), **forms.choice(_GIVING, "due", today() + _DUE_IN))
        reason = st.text_input(_("Reason"), key=forms.field(_GIVING, "reason"))
        label = plural("Give {count} encounter", "Give {count} encounters", len(marked))
        icon, key = ":material/assignment_ind:", f"{forms.key(_GIVING)}_give"
        if not st.button(label, type="primary", icon=icon, key=key):
            return
    gift = Gift([row.interaction_id for row in marked], inspector, due, reason)
    try:
        with wiring.transaction() as session:
            given = give(session, who=who, gift=gift, now=wiring.now())
            forms.stored(session, _GIVING)
    except PortalError as error:
        show_error(error)
        return
    forms.close(_GIVING)
    flash(_said(given))
    st.rerun()


def _said(given: Given) -> str:
    said = plural("{count} encounter given.", "{count} encounters given.", given.given)
    if not given.before:
        return said
    return f"{said} " + plural(
        "{count} this inspector was given before.",
        "{count} this inspector was given before.",
        given.before,
    )
