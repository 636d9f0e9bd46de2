"""The fields that say when something was or will be, in the time of a station."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.clock.days import at_wall_clock, day_of, wall_time
from pages.ui.kit import forms, wiring
from pages.ui.kit.messages import _


def earlier_moment(form: str, label: str, zone: str) -> datetime | None:
    """When it was, behind a switch; None for now."""
    if not st.toggle(label, **forms.choice(form, "earlier", value=False)):
        return None
    now = at_wall_clock(wiring.now(), zone)
    return _moment(form, now, zone, until=now)


def later_moment(form: str, label: str, zone: str, value: datetime | None) -> datetime | None:
    """Until when, behind a switch; None where nothing was said."""
    if not st.toggle(label, **forms.choice(form, "later", value=value is not None)):
        return None
    return _moment(form, at_wall_clock(value or wiring.now(), zone), zone)


def _moment(form: str, shown: datetime, zone: str, *, until: datetime | None = None) -> datetime:
    with st.container(horizontal=True):
        day = st.date_input(
            _("Day at the station"),
            max_value=day_of(until, zone) if until else None,
            width=200,
            **forms.choice(form, "day", day_of(shown, zone)),
        )
        clock = st.time_input(
            _("Time at the station"),
            shown.time(),
            step=60,
            width=160,
            key=f"{forms.key(form)}_time",
        )
    return wall_time(datetime.combine(day, clock), zone)
