"""N/A that lifts scores: how often, where, by whom, and what it is worth."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.drafting.weight_shares import Shares

FEWEST = 20  # answers and N/A below which a rate says nothing


@dataclass(frozen=True)
class Counted:
    """One item at one station or with one inspector: times answered, N/A, points lost in all."""

    who: int
    item: str
    answered: int
    na: int
    points_lost: float = 0.0


@dataclass(frozen=True)
class ItemWatch:
    """One item over everybody.

    Attributes:
        rate: share of N/A among answers and N/A, 0 to 1; None where there are fewer than FEWEST.
        hides: percent points that one N/A adds to a score when the item would have failed.
        lift: percent points that all its N/A add to the mean score, measured against how the
            item does when it is answered.
    """

    item: str
    answered: int
    na: int
    rate: float | None
    hides: float
    lift: float


@dataclass(frozen=True)
class PersonWatch:
    """One station or inspector.

    Attributes:
        rate: share of N/A, 0 to 1; None where there are fewer than FEWEST answers and N/A.
        expected: the share if each item had been N/A as often as with everybody.
        lift: percent points by which the N/A beyond that raise the mean score.
        item: the item with the most N/A beyond that; empty when there is none.
    """

    who: int
    answered: int
    na: int
    rate: float | None
    expected: float
    lift: float
    item: str


def watch_items(
    rows: Iterable[Counted], shares: Shares, mean: float, inspections: int
) -> tuple[ItemWatch, ...]:
    """Items by what their N/A are worth, the most first.

    An N/A hands the item's weight w to the rest, which stands at the mean score m: it adds
    w * m / 100 where the item would have failed, and that less w * r where the item earns the
    share r when answered. Uses the share of the whole checklist, so it is an estimate where
    items are hidden by conditions.
    """
    watches = []
    for item, (answered, na, lost) in _by_item(rows).items():
        weight = shares.items.get(item, 0.0)
        worth = _worth(weight, mean, answered, lost)
        lift = na * worth / inspections if inspections else 0.0
        hides = weight * mean / 100
        watches.append(
            ItemWatch(
                item=item,
                answered=answered,
                na=na,
                rate=_rate(na, answered + na),
                hides=hides,
                lift=lift,
            )
        )
    return tuple(sorted(watches, key=lambda row: (-row.lift, -row.na, row.item)))


def watch_people(
    rows: Iterable[Counted], shares: Shares, mean: float, inspections: Mapping[int, int]
) -> tuple[PersonWatch, ...]:
    """Stations or inspectors by what their N/A beyond the usual are worth, the most first."""
    counts = list(rows)
    usual = _by_item(counts)
    people: dict[int, list[Counted]] = {}
    for row in counts:
        people.setdefault(row.who, []).append(row)
    watches = [
        _person(who, own, usual, shares, mean, inspections.get(who, 0))
        for who, own in people.items()
    ]
    return tuple(sorted(watches, key=lambda row: (-row.lift, row.who)))


_Totals = Mapping[str, tuple[int, int, float]]


def _person(
    who: int, own: list[Counted], usual: _Totals, shares: Shares, mean: float, inspections: int
) -> PersonWatch:
    answered, na = sum(row.answered for row in own), sum(row.na for row in own)
    excess: dict[str, float] = {}
    worths = []
    for row in own:
        all_answered, all_na, lost = usual[row.item]
        expected = (row.answered + row.na) * all_na / max(1, all_answered + all_na)
        excess[row.item] = row.na - expected
        worth = _worth(shares.items.get(row.item, 0.0), mean, all_answered, lost)
        worths.append(excess[row.item] * worth)
    total = answered + na
    most = max(excess, key=lambda item: excess[item])
    return PersonWatch(
        who=who,
        answered=answered,
        na=na,
        rate=_rate(na, total),
        expected=(na - math.fsum(excess.values())) / total if total else 0.0,
        lift=math.fsum(worths) / inspections if inspections else 0.0,
        item=most if excess[most] > 0 else "",
    )


def _by_item(rows: Iterable[Counted]) -> dict[str, tuple[int, int, float]]:
    totals: dict[str, tuple[int, int, float]] = {}
    for row in rows:
        answered, na, lost = totals.get(row.item, (0, 0, 0.0))
        totals[row.item] = (answered + row.answered, na + row.na, lost + row.points_lost)
    return totals


def _worth(weight: float, mean: float, answered: int, lost: float) -> float:
    """What one N/A adds to a score, against the item as it usually does."""
    usual_loss = min(weight, lost / answered) if answered else 0.0
    return weight * mean / 100 - (weight - usual_loss)


def _rate(na: int, total: int) -> float | None:
    return na / total if total >= FEWEST else None
