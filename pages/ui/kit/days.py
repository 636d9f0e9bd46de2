"""The reader's day: for what the reader is to do, and for when something was saved or changed.

The browser says in which time zone its reader is. No page asks it, nor what day it is, otherwise.
All times of a page are of one zone, which its foot says once: a record of a station (a case, a
file, an appeal, a warning) has its station's, every other page its reader's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import streamlit as st

from core.clock.days import begin_of, day_of, zone_names
from core.periods import Period, month_of, shift
from db.store.days import portal_day
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, zone_name, zones_noted, zones_so_far

_UNKNOWN = "UTC"


def reader_zone() -> str:
    """The browser's time zone; a browser may name none, or one that nobody knows."""
    name = st.context.timezone
    return name if name in zone_names() else _UNKNOWN


def page_zone() -> str:
    """For times in parts that several pages share: the zone of those above, else the reader's."""
    return next(iter(zones_so_far()), reader_zone())


@contextmanager
def zone_said() -> Iterator[None]:
    """Say below what is shown meanwhile, in one line, in whose zone its times are."""
    try:
        with zones_noted() as zones:
            yield
    finally:
        if zones:
            st.caption(zone_line(list(zones)))


def zone_line(zones: list[str]) -> str:
    """Of several zones, which no page ought to have, each is named."""
    names = _(", ").join(zone_name(zone) for zone in zones)
    if zones == [reader_zone()]:
        return _("Times are in your time zone: {zone}.", zone=names)
    return _("Times are in the time zone of the station: {zone}.", zone=names)


def today() -> date:
    return day_of(wiring.now(), reader_zone())


def this_morning() -> datetime:
    """The beginning of this day."""
    return begin_of(today(), reader_zone())


def monday() -> datetime:
    """The beginning of this week."""
    day = today()
    return begin_of(day - timedelta(days=day.weekday()), reader_zone())


def running_month() -> int:
    """The month that is not over by the portal's day, which figures of all go by."""
    with wiring.reading() as session:
        return month_of(portal_day(session, wiring.now()))


def lately() -> Period:
    """The running month and the three before, in which what was found lately ends."""
    month = running_month()
    return Period(shift(month, -3), month)


def three_months() -> Period:
    """The running month and the two before."""
    month = running_month()
    return Period(shift(month, -2), month)
