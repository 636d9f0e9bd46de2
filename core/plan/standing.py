"""The standing plan: what is drawn by itself, how much of it, and who must be inspected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.checklist.model import CHANNELS
from core.errors import InvalidInput
from core.plan.drawing import Plan

MOST_QUOTA = 50
MOST_DAYS = 90
_LATEST_CLOSE = 28


class DrawKind(StrEnum):
    """What made a draw."""

    BY_HAND = "by_hand"
    AT_ONCE = "at_once"
    """What must be inspected, as it arrives."""
    BY_NIGHT = "by_night"
    MONTH_END = "month_end"
    """What the quotas of a month lack when it is over."""


@dataclass(frozen=True)
class StandingPlan:
    """How encounters are drawn as they come.

    Attributes:
        active: whether it draws.
        first_month: yyyymm; what was before is left to draws by hand.
        quotas: by channel, how many a month of each person at each station; 0 draws none at random.
        cross_share, double_share, lowest_rating, new_staff_days: as in `Plan`.
        due_days: working days of the inspector until an encounter is due.
        close_day: day of the next month on which what a month lacks is drawn, 1 to 28.
    """

    active: bool
    first_month: int
    quotas: Mapping[str, int] = field(default_factory=dict)
    cross_share: float = 0.15
    double_share: float = 0.08
    lowest_rating: float = 0.2
    new_staff_days: int = 30
    due_days: int = 10
    close_day: int = 5

    def check(self) -> None:
        """Refuse a plan that cannot be kept.

        Raises:
            InvalidInput: names what is wrong.
        """
        self.sharing(0).check()
        if not set(self.quotas) <= set(CHANNELS):
            raise InvalidInput("Unknown channel.")
        if not all(0 <= quota <= MOST_QUOTA for quota in self.quotas.values()):
            raise InvalidInput("A quota lies between 0 and {most}.", most=MOST_QUOTA)
        if not 1 <= self.due_days <= MOST_DAYS:
            raise InvalidInput("Encounters are due after 1 to {most} working days.", most=MOST_DAYS)
        if not 1 <= self.close_day <= _LATEST_CLOSE:
            raise InvalidInput("A month is closed between the 1st and the 28th of the next one.")

    def quota(self, channel: str) -> int:
        return self.quotas.get(channel, 0)

    def sharing(self, seed: int) -> Plan:
        """The rules of what must be inspected and of who scores it, with a seed for the latter."""
        return Plan(
            cross_share=self.cross_share,
            double_share=self.double_share,
            lowest_rating=self.lowest_rating,
            new_staff_days=self.new_staff_days,
            seed=seed,
        )
