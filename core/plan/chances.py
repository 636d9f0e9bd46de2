"""Drawing as encounters come: chances that are known exactly, by night and at the month's end.

A cell is a person at a station in a channel, and has a quota a month. Every encounter gets a rate
on the night on which it is first seen. The rates of a cell are laid end to end on a line; whoever's
stretch holds one of the marks that stand at equal distances from a random start is drawn. So an
encounter's chance is its rate, whatever was drawn before, and as many are drawn as the rates come
to, rounded up or down. Rates follow from what arrived alone and never from what was drawn.

What the quota still lacks when a month is over is drawn from those that were not: a simple random
sample, which raises everybody's chance by a known amount.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

WHOLE = 1_000_000
"""Rates, starts and quotas are counted in millionths of an encounter, so that sums are exact."""
_LEAST = 4
"""Beyond its quota a cell still gives each encounter a quarter of what it gave at most."""


class Cell(NamedTuple):
    """What a quota is for: `person` is a `scored_person`."""

    person: int
    station_id: int
    channel: str


@dataclass(frozen=True)
class Seen:
    """How many encounters of a cell were seen this month, and the sum of their rates."""

    encounters: int = 0
    used: int = 0


def rate(quota: int, seen: Seen, arrived: int, *, expected: float, elapsed: float) -> int:
    """The rate of each encounter of a cell that is seen for the first time tonight, 1 to WHOLE.

    What is left of the quota is spread over those that arrived and those still to come. Where none
    is left a quarter of quota / encounters remains: a chance of zero would leave the rest of the
    month out of every mean. A cell that brings k times what it is expected to have thus draws at
    most quota x log(k) / 4 beyond its quota, and 1 by rounding.

    Args:
        quota: encounters a month, at least 1.
        arrived: those of tonight, at least 1.
        expected: how many a whole month brings, 0 where nothing is known.
        elapsed: which share of the month is over, above 0, 1 from its end on.
    """
    so_far = seen.encounters + arrived
    to_come = (1 - elapsed) * max(expected, so_far / elapsed)
    left = quota * WHOLE - seen.used
    least = quota * WHOLE // (_LEAST * so_far)
    return max(1, min(WHOLE, max(int(left / (arrived + to_come)), least)))


def start(seed: int, month: int, cell: Cell) -> int:
    """Where the marks of a cell begin in a month (yyyymm), 0 to WHOLE - 1."""
    key = f"{seed}/{month}/{cell.person}/{cell.station_id}/{cell.channel}"
    return int(random.Random(key).random() * WHOLE)  # noqa: S311  repeatable on purpose


def taken(begin: int, used: int, rates: Sequence[int]) -> list[bool]:
    """Which of tonight's encounters are drawn: those whose stretch holds a mark.

    Args:
        begin: the cell's start.
        used: the sum of the rates before them.
        rates: theirs, in the order in which they arrived.
    """
    ends = list(accumulate(rates, initial=begin + used))
    return [former // WHOLE < latter // WHOLE for former, latter in pairwise(ends)]


class Completion(NamedTuple):
    """What a cell lacks at the month's end, and the chance of each encounter in the whole month."""

    lacking: int
    chances: list[float]


def completion(quota: int, begin: int, rates: Sequence[int]) -> Completion:
    """Of a month that is over: how many of those not drawn are to be drawn now.

    With n encounters whose rates come to S below the quota q, the nights drew d = floor(S) or
    floor(S) + 1, as the start had it. Of the others, min(q, n) - d are drawn, each with the chance
    (min(q, n) - d) / (n - d). An encounter with rate r thus has r + sum over both d of P(not drawn
    by night, d) times that. These probabilities are lengths on the line of starts, and exact. They
    do not depend on which of the others can still be drawn: one that meanwhile was given for
    another reason is a blank in the sample.
    """
    n, total = len(rates), sum(rates)
    aim = min(quota, n)
    if total >= quota * WHOLE or not n:
        return Completion(0, [one / WHOLE for one in rates])
    fewer, excess = divmod(total, WHOLE)
    more = _Arc(begin=WHOLE - excess, length=excess)
    chances = []
    for end, one in zip(accumulate(rates), rates, strict=True):
        both = more.shared(_Arc(begin=-end % WHOLE, length=one))
        missed = {fewer: WHOLE - excess - (one - both), fewer + 1: excess - both}
        later = sum(
            starts * (aim - drawn) / (n - drawn)
            for drawn, starts in missed.items()
            if starts and drawn < n
        )
        chances.append(min(1.0, (one + later) / WHOLE))
    return Completion(aim - (begin + total) // WHOLE, chances)


class _Arc(NamedTuple):
    """A stretch of the starts, which run in a circle."""

    begin: int
    length: int

    def shared(self, other: _Arc) -> int:
        """How many starts lie in both."""
        pieces = ((a, b) for a in self._pieces() for b in other._pieces())
        return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in pieces)

    def _pieces(self) -> list[tuple[int, int]]:
        end = self.begin + self.length
        if end <= WHOLE:
            return [(self.begin, end)]
        return [(self.begin, WHOLE), (0, end - WHOLE)]
