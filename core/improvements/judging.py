"""By which months an action is judged: fixed as it is agreed, so that nobody picks them later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.clock.days import add_months
from core.errors import InvalidInput
from core.periods import Period, first_day, month_of, shift
from core.results.figures import LEVEL

LONGEST_SPAN = 12
LONGEST_WAIT = 6
MOST_LOOKS = 2
SECOND_LEVEL = 0.95
"""Two looks are two chances of luck, so the second asks for more: together about 6 in 100."""
REOPENED_WITHIN = 6
"""Months after the end in which a finding that is back opens its action again."""


@dataclass(frozen=True)
class JudgingPlan:
    """The months that count, told when nobody knows how they will come out.

    Attributes:
        finding: the months by which it was found; they count on neither side, since what was
            picked for being bad gets better by itself.
        before: the months it is compared with.
        wait: whole months after that of its due day which do not count yet.
        length: months that count afterwards.
    """

    finding: Period
    before: Period
    wait: int
    length: int

    def check(self, *, due_on: date, today: date) -> None:
        """Refuse what could not be judged, or not honestly.

        Raises:
            InvalidInput: it would be due before today, or months lie on both sides, are not over,
                or are too many.
        """
        running = month_of(today)
        if due_on < today:
            raise InvalidInput("It cannot be due before today.")
        if self.finding.last > running:
            raise InvalidInput("It cannot be found in months to come.")
        if self.before.first <= self.finding.last and self.finding.first <= self.before.last:
            raise InvalidInput(
                "The months it was found by must not count: leave them out of those before."
            )
        if self.before.last >= running:
            raise InvalidInput("The months before are not over yet.")
        if not 0 <= self.wait <= LONGEST_WAIT:
            raise InvalidInput("From 0 to {most} months may pass first.", most=LONGEST_WAIT)
        for months in (self.before.length, self.length):
            if not 1 <= months <= LONGEST_SPAN:
                raise InvalidInput("From 1 to {most} months may count.", most=LONGEST_SPAN)

    def after(self, due_on: date, done_on: date | None = None, *, looks: int = 0) -> Period:
        """The months that count afterwards; later by the months that it was carried out too late.

        A second look (`looks` is how often it was judged) takes as many months more.
        """
        since = max(month_of(due_on), month_of(done_on or due_on))
        first = shift(since, 1 + self.wait)
        return Period(first, shift(first, self.length * min(looks + 1, MOST_LOOKS) - 1))

    def look_on(self, due_on: date, done_on: date | None = None, *, looks: int = 0) -> date:
        """The day from which it can be judged."""
        return first_day(shift(self.after(due_on, done_on, looks=looks).last, 1))


def level_of(looks: int) -> float:
    """The level of the interval by which it is judged, having been judged so often before."""
    return SECOND_LEVEL if looks else LEVEL


def may_reopen(ended_on: date, today: date) -> bool:
    """Whether a finding that is back today opens the action again that ended on a day."""
    return today <= add_months(ended_on, REOPENED_WITHIN)
