"""Whether a checklist, or who uses it, is hard on some of those scored: groups beside each other.

A group is the inspections of one language, shift, channel or post. Its scores are compared with
those of all at the same stations, the severity of inspectors taken out, by the rule of stations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.ranking import (
    FALSE_SHARE,
    AgainstNetwork,
    ScoreCells,
    StationVerdict,
    compare,
)
from core.results.contrast import joint_level
from core.results.figures import ENOUGH, DifferenceInterval, Proportion, share_span

GROUPINGS = ("language", "shift", "channel", "post")
FEWEST_DECIDED = 10
"""Decided appeals below which a group's share is not compared."""
_SEVERAL = 2


class GroupScores(NamedTuple):
    """A group's place; `people` counts the members of staff who are known by name."""

    scores: StationVerdict
    people: int

    @property
    def group(self) -> str:
        return str(self.scores.station)


@dataclass(frozen=True)
class Grouping:
    """The groups of one facet.

    Attributes:
        by: the facet, or "channel".
        reference: mean of the groups' adjusted values, each weighted by its inspections.
        level: of the intervals, so wide that of all groupings looked at together at most one in
            twenty of the announced groups is expected to be no different; None without intervals.
        groups: by key.
    """

    by: str
    reference: float | None
    level: float | None
    groups: tuple[GroupScores, ...]

    @property
    def compared(self) -> int:
        return sum(row.scores.verdict is not AgainstNetwork.TOO_FEW for row in self.groups)

    def told(self, verdict: AgainstNetwork) -> list[str]:
        return [row.group for row in self.groups if row.scores.verdict is verdict]


def compare_groups(cells: Mapping[str, ScoreCells], nobody: int) -> tuple[Grouping, ...]:
    """Each grouping whose cells hold at least two groups, those of the mapping in its order.

    Args:
        cells: by grouping, sums of scores whose `station` is the group and whose `case` is one of
            a station. Whoever served in two groups is one person, whose scores err together.
        nobody: the key of staff who are not known.

    Raises:
        InvalidInput: cells that no scores can have.
    """
    several = {by: one for by, one in cells.items() if len(set(one.station.tolist())) >= _SEVERAL}
    return tuple(
        _grouping(by, one, nobody, FALSE_SHARE / len(several)) for by, one in several.items()
    )


def _grouping(by: str, cells: ScoreCells, nobody: int, false_share: float) -> Grouping:
    comparison = compare(cells, minimum=ENOUGH, false_share=false_share, unknown=nobody)
    groups = tuple(GroupScores(row, _people(cells, row, nobody)) for row in comparison.rows)
    return Grouping(by, reference=comparison.reference, level=comparison.level, groups=groups)


def _people(cells: ScoreCells, row: StationVerdict, nobody: int) -> int:
    known = (cells.station == row.station) & (cells.staff != nobody) & (cells.n > 0)
    return len(np.unique(cells.staff[known]))


class AppealCounts(NamedTuple):
    """A group's inspections of people who are known, appeals against them, and what became of them.

    Of the appeals that were decided, `changed` were granted.
    """

    group: str
    inspections: int
    raised: int
    decided: int
    changed: int

    @property
    def granted(self) -> Proportion:
        return Proportion(self.changed, self.decided)


class Granted(NamedTuple):
    """`apart` is the group's share granted minus that of all other groups.

    None where either decided fewer than FEWEST_DECIDED.
    """

    counts: AppealCounts
    apart: DifferenceInterval | None


def granted_apart(groups: Sequence[AppealCounts], looked_at: int) -> tuple[Granted, ...]:
    """Shares of appeals that were granted, each group against all others.

    Newcombe's (1998) intervals, so wide that of `looked_at` comparisons together all hold what is
    so in 19 of 20 tables. Appeals are taken to be independent of each other.
    """
    level = joint_level(looked_at)
    decided, changed = (
        sum(getattr(one, name) for one in groups) for name in ("decided", "changed")
    )
    return tuple(
        Granted(one, _apart(one, Proportion(changed - one.changed, decided - one.decided), level))
        for one in groups
    )


def comparable(groups: Sequence[AppealCounts]) -> int:
    """How many of the groups, and of the others beside each, decided enough appeals."""
    decided = sum(one.decided for one in groups)
    return sum(min(one.decided, decided - one.decided) >= FEWEST_DECIDED for one in groups)


def _apart(one: AppealCounts, others: Proportion, level: float) -> DifferenceInterval | None:
    if min(one.decided, others.n) < FEWEST_DECIDED:
        return None
    return share_span(one.granted, others, level)
