"""Opening hours and free days as people write them: "09:00-12:00, 13:00-18:00", a date a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import groupby

from core.clock.opening_hours import Opening
from core.errors import InvalidInput

_TIME = r"(\d{1,2})[:：](\d{2})"
_HOURS = re.compile(rf"{_TIME}\s*[-–—~～至]\s*{_TIME}")
_BETWEEN = re.compile(r"[,，;；、]")
_END_OF_DAY = (24, 0)


def openings_of(weekday: int, text: str) -> tuple[Opening, ...]:
    """The openings of a day of the week, 0 is Monday; none where nothing is written.

    Raises:
        InvalidInput: it cannot be read, or an opening ends before it begins.
    """
    spans = [span.strip() for span in _BETWEEN.split(text) if span.strip()]
    return tuple(_opening(weekday, span) for span in spans)


def hours_text(openings: Iterable[Opening]) -> str:
    """The openings of one day, as `openings_of` reads them."""
    return ", ".join(_span(one) for one in sorted(openings, key=lambda one: one.opens))


def by_weekdays(openings: Sequence[Opening]) -> list[tuple[int, int, str]]:
    """The first and last of days in a row with the same hours, and these; no closed days."""
    texts = [hours_text(one for one in openings if one.weekday == day) for day in range(7)]
    runs = []
    for text, days in groupby(range(7), key=texts.__getitem__):
        listed = list(days)
        if text:
            runs.append((listed[0], listed[-1], text))
    return runs


def days_of(text: str) -> frozenset[date]:
    """The dates of lines such as 2026-10-01.

    Raises:
        InvalidInput: a line is no date.
    """
    return frozenset(_day(line.strip()) for line in text.splitlines() if line.strip())


def days_text(days: Iterable[date]) -> str:
    return "\n".join(day.isoformat() for day in sorted(days))


def _opening(weekday: int, span: str) -> Opening:
    match = _HOURS.fullmatch(span)
    if match is None:
        raise InvalidInput("{written} are no hours such as 09:00-18:00.", written=span)
    hour, minute, last_hour, last_minute = map(int, match.groups())
    is_end_of_day = (last_hour, last_minute) == _END_OF_DAY
    try:
        closes = time() if is_end_of_day else time(last_hour, last_minute)
        return Opening(weekday, time(hour, minute), closes)
    except ValueError:
        raise InvalidInput("{written} are no hours such as 09:00-18:00.", written=span) from None


def _span(opening: Opening) -> str:
    closes = "24:00" if opening.closes == time() else f"{opening.closes:%H:%M}"
    return f"{opening.opens:%H:%M}–{closes}"


def _day(line: str) -> date:
    try:
        return date.fromisoformat(line)
    except ValueError:
        raise InvalidInput("{written} is no date such as 2026-10-01.", written=line) from None
