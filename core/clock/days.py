"""Which day a moment falls on, in a time zone; and the moment at which a wall clock shows a time.

No other module of the portal asks what day it is, nor knows a time zone. For whom the day is, the
caller says by the zone: what happened, is due or in force at a station goes by the station's, what
the reader is to do by the reader's (`pages/ui/kit/days.py`), and what is the same for everybody by
the portal's (`db/store/days.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.errors import InvalidInput

_SECOND = timedelta(seconds=1)


@cache
def zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def at_wall_clock(moment: datetime, zone: str) -> datetime:
    """The moment as the wall clock of a zone shows it, to be taken apart and shown.

    Not to be subtracted from another of the same zone: Python then takes the clock's word for it
    and loses the hours over which it leapt.

    Raises:
        InvalidInput: nobody knows such a zone.
    """
    return moment.astimezone(_zone(zone))


def day_of(moment: datetime, zone: str) -> date:
    """The day that the calendar of a zone shows at a moment."""
    return at_wall_clock(moment, zone).date()


def moments_of(shown: datetime, zone: str) -> tuple[datetime, ...]:
    """The moments, in UTC, at which a wall clock shows a time.

    One; two where it is set back over the time, and none where it leaps over it.
    """
    readings = (shown.replace(tzinfo=_zone(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(sorted({moment for moment in readings if _shown(moment, zone) == shown}))


def wall_time(shown: datetime, zone: str) -> datetime:
    """The moment, in UTC, that somebody means who reads a time off a wall clock.

    As in RFC 5545, 3.3.5: a time that the clock shows twice is the first of the two; one that it
    leaps over is counted on from before the leap, 2:30 as half an hour after 2:00.
    """
    return shown.replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)


def first_moment(shown: datetime, zone: str) -> datetime:
    """The first moment, in UTC, at which a wall clock shows a time or has leapt over it.

    Unlike `wall_time` it never runs backwards: later times never come earlier, so that opening
    hours stay in order whatever the clocks do.
    """
    moment = wall_time(shown, zone)
    if _shown(moment, zone) == shown:
        return moment
    before = shown.replace(tzinfo=_zone(zone), fold=1, microsecond=0).astimezone(UTC)
    seconds = range((moment - before) // _SECOND + 1)  # clocks leap at whole seconds
    leap = bisect_left(seconds, shown, key=lambda second: _shown(before + second * _SECOND, zone))
    return before + leap * _SECOND


def begin_of(day: date, zone: str) -> datetime:
    """The moment, in UTC, at which a day begins; it is not midnight where clocks leap over that."""
    return first_moment(datetime.combine(day, time()), zone)


def last_day(since: datetime, zone: str, days: int) -> date:
    """The last calendar day of so many days after a moment."""
    return day_of(since, zone) + timedelta(days=days)


def days_left(last: date, now: datetime, zone: str) -> int:
    """Calendar days until the last one: 0 on that day, below 0 when it is over."""
    return (last - day_of(now, zone)).days


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # a name that is none, or a path or folder
        raise InvalidInput("Unknown time zone: {zone}.", zone=name) from None


def _shown(moment: datetime, zone: str) -> datetime:
    return at_wall_clock(moment, zone).replace(tzinfo=None)
