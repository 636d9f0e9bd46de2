"""Days and times as people and spreadsheets write them: one reading or none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from core.clock.days import moments_of
from db.tabular.numbers import plain_digits
from db.tabular.tables import Unfit

_YEARS = (1900, 2200)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTHS = {
    name: number for number, full in enumerate(_MONTH_NAMES, 1) for name in (full, full[:3])
} | {"sept": 9}
"""No other beginning counts: in Finnish marraskuu is November."""
_YEAR_FIRST = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})")
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9}) (\d{1,2}),? (\d{4})")
_CLOCK = re.compile(
    r"(?:(上午|下午|AM|PM|am|pm)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:\s*(上午|下午|AM|PM|am|pm))?"
)
_COMPACT_CLOCK = re.compile(r"(\d{2})(\d{2})(\d{2})")
_OFFSET = re.compile(r"\s*(Z|[+-]\d{2}(?::?\d{2})?)$")
_DAY_AND_CLOCK = re.compile(
    r"(.+?)(?:T|,?\s+|(?<=日))((?:(?:上午|下午|[AaPp][Mm])\s*)?\d{1,2}:\d.*|\d{6})"
)
_ISO = re.compile(r"\dT\d")
_RANGE = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})\s*-\s*(\d{2}):?(\d{2})?$")
_EARLIEST_OFFSET, _LATEST_OFFSET = timedelta(hours=-12), timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
_TWO_TIMES = (
    "This may be a time with its offset or two times; write it as 2026-06-08T09:00:00-10:00."
)
_NO_CLOCK = "The time of day is missing."
_NO_DAY = "This must be a day such as 2026-06-08."
_NO_TIME = "This must be a time such as 2026-06-08T09:00:00+08:00."


def read_day(cell: object, dates: str) -> date:
    """A day.

    Args:
        dates: which comes first in 08/06/2026: day-first, month-first, or empty: refused.

    Raises:
        Unfit: it is none, or may be two.
    """
    if isinstance(cell, datetime):
        if cell.time() != datetime.min.time():
            raise Unfit(_NO_DAY)
        return _in_years(cell.date())
    if isinstance(cell, date):
        return _in_years(cell)
    if not isinstance(cell, str):
        raise Unfit(_NO_DAY)
    text = _plain(cell)
    text = re.sub(r"[T ]0{1,2}:00(:00(\.0+)?)?$", "", text)
    return _day(text, dates, _NO_DAY)


def _plain(text: str) -> str:
    return plain_digits(text).strip()


def _in_years(day: date) -> date:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise Unfit(
            "The year lies before {first} or after {last}.", first=_YEARS[0], last=_YEARS[1]
        )
    return day


def _day(text: str, dates: str, otherwise: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return _made(found[1], found[3], found[4], otherwise)
    if found := _COMPACT.fullmatch(text):
        return _made(found[1], found[2], found[3], otherwise)
    if found := _YEAR_LAST.fullmatch(text):
        return _day_or_month_first(found[1], found[3], found[4], dates, otherwise)
    for form, order in ((_NAMED, (3, 2, 1)), (_NAMED_FIRST, (3, 1, 2))):
        if (found := form.fullmatch(text)) and (month := _MONTHS.get(found[order[1]].lower())):
            return _made(found[order[0]], str(month), found[order[2]], otherwise)
    raise Unfit(otherwise)


def _day_or_month_first(first: str, second: str, year: str, dates: str, otherwise: str) -> date:
    day_first, month_first = (_maybe(year, second, first), _maybe(year, first, second))
    if dates:
        named = day_first if dates == "day-first" else month_first
        if named is None:
            raise Unfit(otherwise)
        return _in_years(named)
    readings = {day for day in (day_first, month_first) if day}
    if len(readings) > 1:
        raise Unfit("Day and month read two ways; choose which comes first, or write 2026-06-08.")
    if not readings:
        raise Unfit(otherwise)
    return _in_years(readings.pop())


def _maybe(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _made(year: str, month: str, day: str, otherwise: str) -> date:
    made = _maybe(year, month, day)
    if made is None:
        raise Unfit(otherwise)
    return _in_years(made)


def read_moment(cell: object, dates: str) -> datetime:
    """A time; without tzinfo where the cell names no offset.

    Raises:
        Unfit: it is none, may be two, or lacks the time of day.
    """
    if isinstance(cell, datetime):
        _in_years(cell.date())
        return cell
    if isinstance(cell, date):
        raise Unfit(_NO_CLOCK)
    if not isinstance(cell, str):
        raise Unfit(_NO_TIME)
    text = _plain(cell)
    _refuse_range(text)
    text, offset = _without_offset(text)
    parts = _DAY_AND_CLOCK.fullmatch(text)
    if parts is None:
        _day(text, dates, _NO_TIME)
        raise Unfit(_NO_CLOCK)
    day = _day(parts[1], dates, _NO_TIME)
    local = datetime.combine(day, datetime.min.time()) + _time_of_day(parts[2].strip())
    return local if offset is None else _at(local, offset)


def _refuse_range(text: str) -> None:
    """Refuse 09:00-10:00 behind a space: with T it is a time and its offset alone."""
    found = None if _ISO.search(text) else _RANGE.search(text)
    if found and (int(found[3]), int(found[4] or 0)) > (int(found[1]), int(found[2])):
        raise Unfit(_TWO_TIMES)


def _without_offset(text: str) -> tuple[str, str | None]:
    found = _OFFSET.search(text)
    if found is None or (":" not in text[: found.start()] and "T" not in text[: found.start()]):
        return text, None
    return text[: found.start()], found[1]


def _at(local: datetime, offset: str) -> datetime:
    """As UTC, with an offset that some place on earth has: -12:00 to +14:00 by quarters."""
    try:
        moment = datetime.fromisoformat(f"{local.isoformat()}{offset}")
        behind = moment.utcoffset() or timedelta()
        if not _EARLIEST_OFFSET <= behind <= _LATEST_OFFSET or behind % _QUARTER:
            raise Unfit(_NO_TIME)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(_NO_TIME) from None


def _time_of_day(text: str) -> timedelta:
    found = _CLOCK.fullmatch(text)
    if found is None:
        compact = _COMPACT_CLOCK.fullmatch(text)
        if compact is None:
            raise Unfit(_NO_TIME)
        before, after = "", ""
        hour, minute, second = (int(part) for part in compact.groups())
        fraction = ""
    else:
        before, after, fraction = found[1] or "", found[6] or "", found[5] or ""
        hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    half = (before or after).lower()
    if (before and after) or minute > 59 or second > 59 or hour > 23:
        raise Unfit(_NO_TIME)
    if half:
        hour = _of_half(hour, is_later=half in ("下午", "pm"))
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _of_half(hour: int, *, is_later: bool) -> int:
    if not 1 <= hour <= 12:
        raise Unfit(_NO_TIME)
    return hour % 12 + 12 * is_later


def in_zone(local: datetime, zone: str, twice: str) -> datetime:
    """A local time as UTC.

    Args:
        twice: which one is meant where clocks are set back, first or second; empty: refused.

    Raises:
        Unfit: the hour does not exist there on this day, or comes twice.
    """
    readings = moments_of(local, zone)
    if not readings:
        raise Unfit("This hour does not exist there: clocks were set forward. Write the offset.")
    if len(readings) > 1 and not twice:
        raise Unfit(
            "This hour comes twice there: clocks were set back. Choose first or second, or write"
            " the offset."
        )
    return readings[-1 if twice == "second" else 0]
