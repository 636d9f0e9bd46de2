"""One's own scores beside those of one's team, where that tells nothing of a single colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.figures import NOTHING, Gap, Moments, gap
from core.periods import Period, around

FEWEST_OTHERS = 5
"""Other people with results below whom the team's figures are not shown."""
QUARTER = 3


class Group(NamedTuple):
    """Scores of so many people together."""

    people: int
    scores: Moments


@dataclass(frozen=True)
class Beside:
    """Scores with one checklist; `team` is None where it has too few others."""

    checklist_id: int
    own: Moments
    team: Group | None

    @property
    def difference(self) -> Gap | None:
        """Own mean minus the team's, with Welch's interval; None where one is unknown."""
        return None if self.team is None else gap(self.own, self.team.scores)


def beside(own: Mapping[int, Moments], others: Mapping[int, Group]) -> tuple[Beside, ...]:
    """By checklist, where there are own scores or a team that can be shown.

    There is no sum over checklists: less what is shown, it would be what is not. `others` leaves
    the own scores out.
    """
    shown = {key: group for key, group in others.items() if group.people >= FEWEST_OTHERS}
    return tuple(
        Beside(key, own.get(key, NOTHING), shown.get(key)) for key in sorted({*own, *shown})
    )


def quarters_before(month: int, count: int) -> tuple[Period, ...]:
    """The last whole quarters that ended before a month's own, the newest first.

    Spans that neither overlap nor grow: two that differ by a month would tell that month.
    """
    found = [around(month, QUARTER).previous()]
    while len(found) < count:
        found.append(found[-1].previous())
    return tuple(found)
