"""The reader's day: for what the reader is to do, and for when something was saved or changed.

The browser says in which time zone its reader is. No page asks it, nor what day it is, otherwise.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import streamlit as st

from core.clock.days import begin_of, day_of, zone_names
from core.periods import Period, month_of, shift
from db.store.days import portal_day
from pages.ui.kit import wiring

_UNKNOWN = "UTC"


def reader_zone() -> str:
    """The browser's time zone; a browser may name none, or one that nobody knows."""
    name = st.context.timezone
    return name if name in zone_names() else _UNKNOWN


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


def three_months() -> Period:
    """The running month and the two before."""
    month = running_month()
    return Period(shift(month, -2), month)
