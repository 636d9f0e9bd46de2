"""Appeals against scores: how long each step may take, and what they come to by item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.sampling import Interval, wilson_interval

WHOLE = ""
"""Stands for the inspection as a whole where an item is named otherwise."""
LONGEST_REASON = 2000
MOST_POINTS = 10
"""Who contests more items contests the whole."""
ENOUGH = 5
"""Decided points below which a share would say more than is known."""
_LEVEL = 0.90


class Step(StrEnum):
    """What has a number of days."""

    RAISE = "raise"
    DECIDE = "decide"


DAYS: dict[Step, int] = {Step.RAISE: 14, Step.DECIDE: 10}
"""Our own proposals, in calendar days; a works agreement may say something else."""


@dataclass(frozen=True)
class Outcomes:
    """How many decided points of one item kept the score, and how many changed it."""

    item_key: str
    kept: int
    changed: int

    @property
    def decided(self) -> int:
        return self.kept + self.changed

    @property
    def share_changed(self) -> float | None:
        """From 0 to 1; None below ENOUGH decided points."""
        return self.changed / self.decided if self.decided >= ENOUGH else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 90 % interval of the share; None where there is no share."""
        if self.share_changed is None:
            return None
        return wilson_interval(self.changed, self.decided, level=_LEVEL)
