"""How long each kind of record is kept, and which backups; aggregates name nobody and stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from core.clock.days import add_months, day_of
from core.periods import month_of

_ZONE = "UTC"
_BACKUP_DAYS, _BACKUP_WEEKS, _BACKUP_MONTHS = 7, 4, 12


class RetainedKind(StrEnum):
    """What is removed, or made anonymous, when its time is over."""

    CLEAR_VALUES = "clear_values"
    RECORDINGS = "recordings"
    TRANSCRIPTS = "transcripts"
    FORMER_STAFF = "former_staff"
    SIGN_INS = "sign_ins"
    LOG = "log"


MONTHS: dict[RetainedKind, int | None] = {
    RetainedKind.CLEAR_VALUES: 6,
    RetainedKind.RECORDINGS: 12,
    RetainedKind.TRANSCRIPTS: 24,
    RetainedKind.FORMER_STAFF: 36,
    RetainedKind.SIGN_INS: 6,
    RetainedKind.LOG: 36,
}
"""Our own proposals, in months; None keeps for good. Laws and contracts decide."""
PLACED = (
    RetainedKind.CLEAR_VALUES,
    RetainedKind.RECORDINGS,
    RetainedKind.TRANSCRIPTS,
    RetainedKind.FORMER_STAFF,
)
"""The kinds whose records belong to a station; a region may have times of its own for them."""


def months_at(
    station: int,
    *,
    usual: int | None,
    own: Mapping[int, int | None],
    parents: Mapping[int, int | None],
) -> int | None:
    """The months of a kind at a station: its own, else of the nearest above it, else the usual.

    Args:
        own: the months by station, None for good, where they differ from those above.
        parents: the station above, by station; None at the top of the tree.
    """
    above: int | None = station
    while above is not None:
        if above in own:
            return own[above]
        above = parents.get(above)
    return usual


def older_than(now: datetime, months: int) -> datetime:
    """The moment so many months back in UTC; a day that the month lacks becomes its last."""
    day = add_months(day_of(now, _ZONE), -months)
    return now.astimezone(UTC).replace(year=day.year, month=day.month, day=day.day)


def backups_to_keep(made: Iterable[datetime]) -> frozenset[datetime]:
    """Those to keep: the newest of each of the last days, weeks and months that have any."""
    newest_first = sorted(made, reverse=True)
    rules: tuple[tuple[int, Callable[[date], object]], ...] = (
        (_BACKUP_DAYS, lambda day: day),
        (_BACKUP_WEEKS, lambda day: day.isocalendar()[:2]),
        (_BACKUP_MONTHS, month_of),
    )
    newest: set[datetime] = set()
    for most, period in rules:
        first_of: dict[object, datetime] = {}
        for moment in newest_first:
            first_of.setdefault(period(day_of(moment, _ZONE)), moment)
        newest |= set(list(first_of.values())[:most])
    return frozenset(newest)
