"""What people say of a warning: why it is closed, until when it is put off; when who is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum, auto

from core.clock.days import add_months, day_of
from core.errors import InvalidInput
from core.plan import due_day

SHORTEST_NOTE = 20
SHORTEST_REASON = 10
LONGEST_WORDS = 2000
SEE_RECORD = "as written in the warning"
"""What the log has for a reason: the warning's words can be erased, those of the log cannot."""
TAKEN_WITHIN = 3
"""Working days until the next above are told."""
LONGEST_PUT_OFF = timedelta(days=30)
_REOPENED_WITHIN = 3
_SATURDAY = 5


class ClosingCause(StrEnum):
    """Why a warning is closed."""

    ACTED_ON = auto()
    NOTHING_TO_DO = auto()
    CHANCE = auto()
    DATA_FAULT = auto()


class Reminder(StrEnum):
    """What people are told of a warning besides what was done with it; each once."""

    NOT_TAKEN = auto()
    PUT_OFF_OVER = auto()
    ANOTHER_SIGN = auto()


def take_by(raised: date) -> date:
    """The last day on which somebody takes it before the next above are told."""
    return due_day(raised, TAKEN_WITHIN, lambda day: day.weekday() >= _SATURDAY)


def continues(ended_at: datetime, now: datetime, zone: str) -> bool:
    """Whether a new sign opens the warning again that ended at a moment."""
    return day_of(now, zone) <= add_months(day_of(ended_at, zone), _REOPENED_WITHIN)


def check_closing(cause: ClosingCause, note: str, action_id: int | None) -> None:
    """Refuse to close without saying why.

    Raises:
        InvalidInput: a note of fewer than 20 characters or too many, or *acted on* without the
            action, or an action where nothing was acted on.
    """
    _check_length(note, SHORTEST_NOTE)
    if (cause is ClosingCause.ACTED_ON) != (action_id is not None):
        raise InvalidInput("Link the action where it was acted on, and only there.")


def check_put_off(until: date, reason: str, today: date) -> None:
    """Refuse to put off without a day or a reason.

    Raises:
        InvalidInput: the day is not after today, or more than 30 days on; or there is no reason.
    """
    if not today < until <= today + LONGEST_PUT_OFF:
        raise InvalidInput(
            "It can be put off for {most} days at most, and not into the past.",
            most=LONGEST_PUT_OFF.days,
        )
    _check_length(reason, SHORTEST_REASON)


def _check_length(words: str, fewest: int) -> None:
    if len(words.strip()) < fewest:
        raise InvalidInput("Write at least {fewest} characters.", fewest=fewest)
    if len(words) > LONGEST_WORDS:
        raise InvalidInput("Write at most {most} characters.", most=LONGEST_WORDS)
