"""How long something may take: limits by level and channel, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from core.errors import InvalidInput

NOTHING = timedelta()
_MOST_YEARS = 100
_MOST_DAYS, _MOST_MONTHS = 366 * _MOST_YEARS, 12 * _MOST_YEARS


class Level(StrEnum):
    """How severe a matter is, the most severe first."""

    URGENT = auto()
    IMPORTANT = auto()
    ORDINARY = auto()

    def is_at_least(self, other: Level) -> bool:
        levels = list(Level)
        return levels.index(self) <= levels.index(other)


class LimitStatus(StrEnum):
    """What becomes of a limit.

    Use: it counts. Check: it is measured and shown and counts nowhere until the owner confirms it.
    Unset: there is none yet; only what has passed is shown. Off: nothing is judged, whatever limit
    is written down. Period: it counts, in whole months of the calendar.
    """

    USE = auto()
    CHECK = auto()
    OFF = auto()
    PERIOD = auto()
    UNSET = auto()


@dataclass(frozen=True)
class Limit:
    """So much open time, or so many days, or so many months; nothing at all: at once.

    Attributes:
        days: of 24 hours each; working days where the calendar has hours.
        months: of the calendar, to the end of the last day; nothing stops them.
    """

    time: timedelta = NOTHING
    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        if self.time < NOTHING or self.days < 0 or self.months < 0:
            raise InvalidInput("A limit is not below 0.")
        if self.days > _MOST_DAYS or self.months > _MOST_MONTHS:
            raise InvalidInput("A limit is at most {years} years.", years=_MOST_YEARS)
        if sum((self.time > NOTHING, self.days > 0, self.months > 0)) > 1:
            raise InvalidInput("A limit is an amount of time, of days or of months, not of two.")


@dataclass(frozen=True)
class LimitLine:
    """One line of a table of limits.

    Attributes:
        level, channel: for which it holds; None: for all that no other line names.
    """

    limit: Limit | None
    status: LimitStatus = LimitStatus.USE
    level: Level | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        is_period = self.limit is not None and self.limit.months > 0
        is_used = self.status in {LimitStatus.USE, LimitStatus.CHECK}
        if is_used and (self.limit is None or is_period):
            raise InvalidInput("A limit that is in use or to be checked has a time or days.")
        if self.status is LimitStatus.PERIOD and not is_period:
            raise InvalidInput("A period has a number of months.")
        if self.status is LimitStatus.UNSET and self.limit is not None:
            raise InvalidInput("A limit that is not set yet has no amount.")

    @property
    def judged(self) -> Limit | None:
        """The limit, if results are compared with it."""
        is_judged = self.status not in {LimitStatus.UNSET, LimitStatus.OFF}
        return self.limit if is_judged else None

    @property
    def counts(self) -> bool:
        """Whether results count in measures."""
        return self.status in {LimitStatus.USE, LimitStatus.PERIOD}


UNSET = LimitLine(None, LimitStatus.UNSET)


@dataclass(frozen=True)
class Limits:
    """The limits of one clock: for a level and a channel, else the level, the channel, or all."""

    lines: tuple[LimitLine, ...] = ()

    def __post_init__(self) -> None:
        keys = [(line.level, line.channel) for line in self.lines]
        if len(set(keys)) < len(keys):
            raise InvalidInput("Two limits are for the same level and channel.")

    def line(self, level: Level, channel: str) -> LimitLine:
        """The line for a level and channel; `UNSET` where none speaks of them."""
        by_key = {(line.level, line.channel): line for line in self.lines}
        keys = ((level, channel), (level, None), (None, channel), (None, None))
        return next((by_key[key] for key in keys if key in by_key), UNSET)


NO_LIMITS = Limits()
