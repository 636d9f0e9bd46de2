"""One's own scores beside those of one's team, where that tells nothing of a single colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from core.periods import Period, around, month_of
from core.results.figures import NOTHING, Gap, Moments, gap

FEWEST_OTHERS = 5
"""Other people with results below whom the team's figures are not shown."""
QUARTER = 3
LATE_DAYS = 30
"""Days a quarter that is over waits for late results before it is offered."""


class TeamScores(NamedTuple):
    """Scores of so many people together; `largest` is how many of them are of one person."""

    people: int
    scores: Moments
    largest: int

    @property
    def is_dominated(self) -> bool:
        """One person stands behind more than half of the scores."""
        return 2 * self.largest > self.scores.n


@dataclass(frozen=True)
class Beside:
    """Scores with one checklist; `team` is None with too few others or one behind most scores."""

    checklist_id: int
    own: Moments
    team: TeamScores | None

    @property
    def difference(self) -> Gap | None:
        """Own mean minus the team's, with Welch's interval; None where one is unknown."""
        return None if self.team is None else gap(self.own, self.team.scores)


def beside(own: Mapping[int, Moments], others: Mapping[int, TeamScores]) -> tuple[Beside, ...]:
    """By checklist, where there are own scores or a team to show.

    There is no sum over checklists: less what is shown, it would be what is not. `others` leaves
    the own scores out.
    """
    groups = {
        key: group
        for key, group in others.items()
        if group.people >= FEWEST_OTHERS and not group.is_dominated
    }
    return tuple(
        Beside(key, own.get(key, NOTHING), groups.get(key)) for key in sorted({*own, *groups})
    )


def quarters_before(day: date, count: int) -> tuple[Period, ...]:
    """The last quarters that ended at least 30 whole days before a day, the newest first.

    A late result, when it comes, is the difference of two readings. Spans that neither
    overlap nor grow: two that differ by a month would tell that month.
    """
    settled = day - timedelta(days=LATE_DAYS)
    quarters = [around(month_of(settled), QUARTER).previous()]
    while len(quarters) < count:
        quarters.append(quarters[-1].previous())
    return tuple(quarters)
