"""The names that other systems use for events, and which event each means."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Identity
from core.clock.event_keys import EVENTS
from core.clock.event_names import former_labels
from db.encounters.queries import event_names as reads
from db.encounters.queries.event_names import NamedEvent
from db.encounters.services.event_names import LONGEST, forget_name, name_event
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change, key
from pages.ui.kit.messages import _, moment, plural
from pages.ui.kit.tables import show_table
from pages.ui.kit.terms import event_name

_FORM = "event_name"


def show(who: Identity) -> None:
    """Names to explain and names explained."""
    with wiring.reading() as session:
        rows = reads.event_names(session, who)
    st.markdown(_summary(rows))
    st.caption(
        _(
            "Clocks take their times from events. Say here what another system calls an event;"
            " encounters that came in before are read by it too. Many names at once: Imports, Names"
            " of events."
        )
    )
    _form(who, [row.name for row in rows if not row.event])
    if rows:
        _table(who, rows)
    with st.expander(_("All events, and the names that come with the portal")):
        _known()


def _summary(rows: Sequence[NamedEvent]) -> str:
    waiting = sum(not row.event for row in rows)
    if not waiting:
        return _("Nobody has to explain a name: every event that came in is known.")
    return plural(
        "{count} name came in that nobody knows: its events are kept, and no clock uses them.",
        "{count} names came in that nobody knows: their events are kept, and no clock uses them.",
        waiting,
    )


def _form(who: Identity, waiting: Sequence[str]) -> None:
    with st.form(key(_FORM)):
        left, right = st.columns(2)
        with left:
            name = st.selectbox(
                _("Name in the other system"),
                waiting,
                index=0 if waiting else None,
                accept_new_options=True,
                placeholder=_("Type a name"),
                key=key(f"{_FORM}_name"),
                help=_("1 to {limit} characters", limit=LONGEST),
            )
        with right:
            event = st.selectbox(
                _("Event"),
                list(EVENTS),
                index=None,
                format_func=event_name,
                placeholder=_("Choose what it means"),
                key=key(f"{_FORM}_event"),
            )
        if st.form_submit_button(_("Save the name"), type="primary"):
            with change(_("Saved."), _FORM) as session:
                name_event(session, who=who, name=name or "", event=event or "", now=wiring.now())


def _table(who: Identity, rows: Sequence[NamedEvent]) -> None:
    zone = reader_zone()
    show_table(
        {
            _("Name"): [row.name for row in rows],
            _("Event"): [event_name(row.event) if row.event else "—" for row in rows],
            _("Changed at"): [moment(row.changed_at, zone) for row in rows],
            _("By"): [row.changed_by or _("an import") for row in rows],
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            _("Take a name off the list"),
            [row.name for row in rows],
            index=None,
            placeholder=_("Choose a name"),
            key="forgotten_event_name",
            width=320,
        )
        if st.button(_("Take away"), disabled=name is None, key="forget_event_name"):
            with change(_("Taken away.")) as session:
                forget_name(session, who=who, name=str(name), now=wiring.now())


def _known() -> None:
    labels: dict[str, list[str]] = {}
    for label, event in former_labels().items():
        labels.setdefault(event, []).append(label)
    show_table(
        {
            _("Event"): [event_name(event) for event in EVENTS],
            _("Key"): list(EVENTS),
            _("Also known as"): [", ".join(labels.get(event, ())) for event in EVENTS],
        },
    )
