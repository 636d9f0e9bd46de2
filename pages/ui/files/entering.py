"""The form that makes a file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TypedDict

import streamlit as st

from core.access import Identity
from core.clock import Level
from core.errors import PortalError
from core.files.course import Mark
from core.files.fields import TOPICS
from core.files.kinds import Kind
from core.files.steps import Step
from db.files.queries.handlers import worked_stations
from db.files.queries.sight import SeenStation
from db.files.services.entering import (
    DONE_AT_ONCE,
    LONGEST_CONTENT,
    LONGEST_REFERENCE,
    FileEntry,
    enter_file,
)
from db.files.services.kinds_in_use import kinds_in_use
from pages.ui.files.file_words import (
    deed_name,
    kind_name,
    level_name,
    mark_name,
)
from pages.ui.files.moment_fields import earlier_moment
from pages.ui.kit import forms, wiring
from pages.ui.kit.file_terms import sub_topic_name, topic_name
from pages.ui.kit.messages import _, flash, show_error, text_of
from pages.ui.kit.terms import channel_name

_FORM = "file_new"
_CHANNELS = ("phone", "counter", "email", "chat", "record")
_WIDTH = 900


def form(who: Identity) -> int | None:
    """The fields in the order in which a customer tells; the id of the file once it is stored."""
    with wiring.reading() as session:
        kinds = list(kinds_in_use(session))
        stations = worked_stations(session, who)
    if not stations:
        st.info(_("You work at no station yet. Ask an administrator."))
        return None
    with st.container(width=_WIDTH), forms.opened(_FORM):
        kind = st.segmented_control(
            _("Kind of file"),
            kinds,
            format_func=kind_name,
            required=True,
            **forms.choice(_FORM, "kind", kinds[1], kinds),
        )
        content = st.text_area(
            _("What happened"),
            max_chars=LONGEST_CONTENT,
            height=120,
            key=forms.field(_FORM, "content"),
        )
        station, channel, level = _where(stations)
        topic, sub_topic = _about()
        done = st.pills(
            _("Done already, while the customer was there"),
            DONE_AT_ONCE,
            selection_mode="multi",
            format_func=deed_name,
            **forms.choice(_FORM, "done", [], DONE_AT_ONCE),
        )
        with st.expander(_("More about the customer and the matter"), key="new_file_more"):
            more = _more(station.timezone if station else "UTC")
        pressed = st.button(
            _("Save the file"),
            type="primary",
            icon=":material/save:",
            shortcut="Ctrl+Enter",
            key=f"{forms.key(_FORM)}_save",
        )
    if not pressed:
        return None
    if station is None:
        st.error(_("Choose the station first."))
        return None
    return _made(
        who,
        FileEntry(
            kind=kind or Kind.COMPLAINT,
            station_id=station.id,
            channel=channel,
            content=content,
            topic=topic,
            sub_topic=sub_topic,
            level=level,
            done=_whole(done),
            **more,
        ),
    )


def _where(
    stations: list[SeenStation],
) -> tuple[SeenStation | None, str, Level | None]:
    """The station, the channel and the level, beside each other."""
    first, second, third = st.columns(3)
    with first:
        station = _station(stations)
    channel: str = second.selectbox(
        _("Channel"),
        _CHANNELS,
        format_func=channel_name,
        **forms.choice(_FORM, "channel", _CHANNELS[0], _CHANNELS),
    )
    options: list[Level | None] = [None, *reversed(Level)]
    level: Level | None = third.selectbox(
        _("Level"),
        options,
        format_func=lambda each: level_name(each) if each else _("Not known yet"),
        **forms.option(_FORM, "level", None, options),
    )
    return station, channel, level


class _More(TypedDict):
    """What few files need, by the names of the entry's fields."""

    customer: str
    contact: str
    demand: str
    marks: frozenset[Mark]
    received_at: datetime | None


def _more(zone: str) -> _More:
    customer = st.text_input(
        _("What identifies the customer"),
        max_chars=LONGEST_REFERENCE,
        help=_("Such as a booking or member number. Stored as a pseudonym only."),
        key=forms.field(_FORM, "customer"),
    )
    contact = st.text_input(_("Contact"), max_chars=200, key=forms.field(_FORM, "contact"))
    demand = st.text_area(_("Demand"), max_chars=2000, height=68, key=forms.field(_FORM, "demand"))
    marks = st.multiselect(
        _("What makes it major"),
        list(Mark),
        format_func=mark_name,
        **forms.choice(_FORM, "marks", [], list(Mark)),
    )
    return _More(
        customer=customer,
        contact=contact,
        demand=demand,
        marks=frozenset(marks),
        received_at=earlier_moment(_FORM, _("It was told earlier"), zone),
    )


def _station(stations: list[SeenStation]) -> SeenStation | None:
    """The only one, or the one that is station_id."""
    by_id = {row.id: row for row in stations}
    only = stations[0].id if len(stations) == 1 else None
    station_id: int | None = st.selectbox(
        _("Station"),
        list(by_id),
        format_func=lambda key: f"{by_id[key].code} {text_of(by_id[key].names)}",
        placeholder=_("Choose the station"),
        **forms.choice(_FORM, "station", only, list(by_id)),
    )
    return by_id.get(station_id or 0)


def _about() -> tuple[str, str]:
    """The class and the sub-topic, beside each other under the fields above."""
    first, second, _third = st.columns(3)
    topics = ["", *TOPICS]
    topic: str = first.selectbox(
        _("About"),
        topics,
        format_func=lambda code: topic_name(code) or "—",
        **forms.choice(_FORM, "topic", "", topics),
    )
    subs = ["", *TOPICS.get(topic, ())]
    sub_topic: str = second.selectbox(
        _("More closely"),
        subs,
        format_func=lambda code: sub_topic_name(code) or "—",
        disabled=len(subs) == 1,
        **forms.choice(_FORM, f"sub_{topic}", "", subs),
    )
    return topic, sub_topic


def _whole(done: list[Step]) -> frozenset[Step]:
    """Who told the result finished handling: the one says the other."""
    steps = frozenset(done)
    return steps | {Step.EXECUTED} if Step.TOLD in steps else steps


def _made(who: Identity, entry: FileEntry) -> int | None:
    make_now = wiring.now()
    try:
        with wiring.transaction() as session:
            make = partial(enter_file, session, who=who, entry=entry, now=make_now)
            file_id = forms.made(session, who, _FORM, make, entered=entry)
    except PortalError as error:
        show_error(error)
        return None
    forms.close(_FORM)
    flash(_("The file is stored."))
    return file_id
