"""The form that begins an observation on site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

import streamlit as st

from core.access import Identity
from core.clock.days import at_wall_clock, day_of, wall_time
from core.errors import PortalError
from core.inspection.na_answers import SITUATIONS
from db.inspection.queries.observations import CounterStation, ObservedPerson, Usable, checklists
from db.inspection.services.observations import Observation, begin_observation
from db.store.session import Session
from pages.ui.kit import wiring
from pages.ui.kit.address import choice
from pages.ui.kit.messages import _, show_error, text_of
from pages.ui.kit.terms import situation_name

_KEY, _USED = "_observation_key", "_observation_begun"
_BEGIN = "observe_begin"
_WIDTH = 480
_NOW, _TYPED = "now", "typed"


def choose_station(stations: Sequence[CounterStation]) -> CounterStation | None:
    """The station chosen here or named by the address; None until one is chosen."""
    by_id = {str(station.id): station for station in stations}
    words = {key: f"{station.code} {text_of(station.names)}" for key, station in by_id.items()}
    with st.container(width=_WIDTH):
        station_id = choice(_("Station"), "station", words, _("Choose the station"))
        if station_id is None and _begins():
            st.error(_("Choose the station first."))
    return by_id.get(station_id or "")


def usable_at(session: Session, who: Identity, stations: Sequence[CounterStation]) -> list[Usable]:
    """The checklists in force at the first of the stations that has any."""
    usable_lists = (checklists(session, who, station.id, today(station)) for station in stations)
    return next(filter(None, usable_lists), [])


def today(station: CounterStation) -> date:
    return day_of(wiring.now(), station.timezone)


def begin(
    who: Identity,
    station: CounterStation | None,
    people: Sequence[ObservedPerson],
    usable: Sequence[Usable],
) -> int | None:
    """The form; the assignment once it is begun. A second click begins nothing more."""
    person = _person(station, people)
    version = choose_checklist(usable) if station else None
    situation: str = st.segmented_control(
        _("Passenger"),
        SITUATIONS,
        default=SITUATIONS[0],
        required=True,
        format_func=situation_name,
        key="observe_situation",
        help=_("Where a smile is out of place, smiling is not scored."),
    )
    occurred_at = _time(station)
    if not st.button(_("Begin"), type="primary", icon=":material/edit_note:", key=_BEGIN):
        if st.session_state.pop(_USED, False):  # another one than the one begun before
            del st.session_state[_KEY]
        return None
    if person is None or version is None:
        return None  # said where it is lacking
    key = st.session_state.setdefault(_KEY, uuid4().hex)
    observation = Observation(
        key,
        staff_id=person.id,
        checklist_version_id=version,
        occurred_at=occurred_at,
        situation=situation,
    )
    try:
        with wiring.transaction() as session:
            assignment = begin_observation(
                session, who=who, observation=observation, now=wiring.now()
            )
            begun = assignment.id
    except PortalError as error:
        show_error(error)
        return None
    st.session_state[_USED] = True
    return begun


def _person(
    station: CounterStation | None, people: Sequence[ObservedPerson]
) -> ObservedPerson | None:
    person: ObservedPerson | None = st.selectbox(
        _("Staff number, as on the badge"),
        people,
        index=None,
        format_func=lambda member: member.staff_no,
        placeholder=_("Choose the staff number") if station else _("Choose the station first."),
        disabled=station is None,
        key=f"observe_staff_{station.id if station else 0}",
        width=_WIDTH,
    )
    if station is not None and person is None and _begins():
        with st.container(width=_WIDTH):
            st.error(_("Choose whose encounter you watch."))
    return person


def _begins() -> bool:
    """Whether this run follows a click on the button Begin."""
    return bool(st.session_state.get(_BEGIN))


def choose_checklist(usable: Sequence[Usable]) -> int:
    """The id of the version to score with; a field only where there are several."""
    if len(usable) == 1:
        return usable[0].version_id
    chosen_version: Usable = st.selectbox(
        _("Checklist"),
        usable,
        format_func=lambda usable_version: text_of(usable_version.checklist.title),
        key="observe_checklist",
        width=_WIDTH,
    )
    return chosen_version.version_id


def _time(station: CounterStation | None) -> datetime | None:
    """When the encounter happened: None for now, else the typed time in the station's zone."""
    how = st.segmented_control(
        _("When"),
        (_NOW, _TYPED),
        default=_NOW,
        required=True,
        format_func={_NOW: _("Now"), _TYPED: _("Enter a time")}.__getitem__,
        key="observe_when",
    )
    if how == _NOW or station is None:
        return None
    now = at_wall_clock(wiring.now(), station.timezone)
    with st.container(horizontal=True):
        day = st.date_input(
            _("Day at the station"),
            today(station),
            max_value=today(station),
            key="observe_day",
            width=200,
        )
        clock = st.time_input(
            _("Time at the station"), now.time(), step=60, key="observe_time", width=160
        )
    return wall_time(datetime.combine(day, clock), station.timezone)
