"""How long each kind of record is kept; aggregates name nobody and stay."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


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


def older_than(now: datetime, months: int) -> datetime:
    """The moment so many months back; a day that the month lacks becomes its last."""
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))
