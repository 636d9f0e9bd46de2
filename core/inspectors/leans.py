"""Whether an inspector scores a group of those scored lower, or higher, than colleagues do.

An inspector is compared with himself first: at one place the scores given to the group less those
given to all others there, so that how strict he is drops out. From it the same of colleagues at
that place is taken, so that how well the group does there drops out too. The rest, over all places,
is the lean. Its error is what varies from person to person (Liang & Zeger 1986), whichever groups
the person is in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from core.ranking import FALSE_SHARE
from core.results.figures import ENOUGH, DifferenceInterval

MONTHS = 6
"""Whole months that are looked at together."""
FEWEST = 10
"""Inspections of the group, and of others, of an inspector and of colleagues at these places.

Together they are ENOUGH on both sides.
"""
FEWEST_COLLEAGUES = 2
"""Below it, it could as well be the colleague who leans."""
FEWEST_PEOPLE = 6
"""People that the estimate is worth, below which their spread says too little."""
_ROUNDS = 50
_Floats = NDArray[np.float64]
_Codes = NDArray[np.int64]


class LeanCell(NamedTuple):
    """Scores (0 to 100) that an inspector gave a person of a group at one place.

    `site` is within what encounters are comparable; `person` is None where nobody is known.
    """

    inspector: int
    group: str
    site: tuple[int | str, ...]
    person: int | None
    n: float
    total: float


@dataclass(frozen=True)
class Lean:
    """An inspector and a group.

    Attributes:
        by: the facet that tells the group apart, or "channel".
        own, own_others: the inspector's inspections of the group, and of others, at places where
            colleagues have both, too; `theirs` the colleagues' of either there.
        points: what the inspector gives the group beyond what colleagues do, strictness taken out;
            negative is hard on the group. Of all whose interval leaves 0 out at most one in twenty
            is expected not to lean.
    """

    inspector: int
    by: str
    group: str
    own: int
    own_others: int
    colleagues: int
    theirs: int
    points: DifferenceInterval

    @property
    def is_told(self) -> bool:
        return self.points.is_clear


def leans(cells: Mapping[str, Sequence[LeanCell]]) -> tuple[Lean, ...]:
    """Every inspector and group of whom enough is known, all looked at together.

    Of two groups only the one that the inspector is harder on stands here, as the other is its
    mirror image. Told is the clearest, if its tail is at most .05 of as many as are looked at; then
    it is no colleague of the others in that facet any more, and the next may have .10, and so on:
    the steps of Benjamini and Hochberg (1995), taken from the clearest on.

    Args:
        cells: by facet, or "channel".
    """
    left = dict(cells)
    waiting = {by: _estimates(by, rows) for by, rows in left.items()}
    looked_at = sum(len(estimates) for estimates in waiting.values())
    clear: list[_Estimate] = []
    while looked_at:
        clearest = min(chain(*waiting.values()), key=lambda one: one.tail, default=None)
        if clearest is None or clearest.tail > FALSE_SHARE * (len(clear) + 1) / looked_at:
            break
        clear.append(clearest)
        by, inspector = clearest.lean.by, clearest.lean.inspector
        left[by] = [cell for cell in left[by] if cell.inspector != inspector]
        waiting[by] = _estimates(by, left[by])
    level = 1 - FALSE_SHARE * max(1, len(clear)) / max(1, looked_at)
    return tuple(estimate.at(level) for estimate in chain(clear, *waiting.values()))


class _Estimate(NamedTuple):
    lean: Lean
    error: float
    freedom: float

    @property
    def tail(self) -> float:
        return 2 * float(stdtr(self.freedom, -abs(self.lean.points.value) / self.error))

    def at(self, level: float) -> Lean:
        value = self.lean.points.value
        half = float(stdtrit(self.freedom, (1 + level) / 2)) * self.error
        return replace(
            self.lean, points=DifferenceInterval(value, low=value - half, high=value + half)
        )


@dataclass(frozen=True, eq=False)
class _Table:
    """The cells as columns; a pair is an inspector at a place.

    Attributes:
        residual: total less what place and group, and the inspector's strictness, let expect.
        inspector_of, place_of: by pair.
    """

    inspectors: Sequence[int]
    groups: Sequence[str]
    group: _Codes
    person: _Codes
    pair: _Codes
    inspector_of: _Codes
    place_of: _Codes
    n: _Floats
    residual: _Floats


@dataclass(frozen=True, eq=False)
class _Sides:
    """By pair, the inspections of a group and of others, and what their difference is worth."""

    of_group: _Floats
    of_others: _Floats

    @property
    def worth(self) -> _Floats:
        both = self.of_group + self.of_others
        return self.of_group * self.of_others / both


def _estimates(by: str, cells: Sequence[LeanCell]) -> list[_Estimate]:
    if not cells:
        return []
    table = _table(cells)
    estimates = []
    for group, group_key in enumerate(table.groups):
        sides = _sides(table, group)
        for code, inspector in enumerate(table.inspectors):
            estimate = _estimate(table, sides, group, code)
            if estimate and (len(table.groups) > 2 or estimate.lean.points.value < 0):
                lean = replace(estimate.lean, inspector=inspector, by=by, group=group_key)
                estimates.append(estimate._replace(lean=lean))
    return estimates


def _table(cells: Sequence[LeanCell]) -> _Table:
    inspectors, inspector = _coded([cell.inspector for cell in cells])
    groups, group = _coded([cell.group for cell in cells])
    site = _coded([cell.site for cell in cells])[1]
    pairs, pair = _coded(list(zip(site.tolist(), inspector.tolist(), strict=True)))
    ground = _coded(list(zip(site.tolist(), group.tolist(), strict=True)))[1]
    people = [(0, k) if cell.person is None else (1, cell.person) for k, cell in enumerate(cells)]
    n, total = (np.array([getattr(cell, name) for cell in cells]) for name in ("n", "total"))
    return _Table(
        inspectors=inspectors,
        groups=groups,
        group=group,
        person=_coded(people)[1],
        pair=pair,
        inspector_of=np.array([inspector for _, inspector in pairs]),
        place_of=np.array([site for site, _ in pairs]),
        n=n,
        residual=total - n * _expected(inspector, ground, n=n, means=total / n),
    )


def _expected(inspector: _Codes, ground: _Codes, *, n: _Floats, means: _Floats) -> _Floats:
    """Strictness and place with group fitted to the scores together, by weighted alternation."""
    strict, level = np.zeros(int(inspector.max()) + 1), np.zeros(int(ground.max()) + 1)
    weight, weights = np.bincount(inspector, n), np.bincount(ground, n)
    for _ in range(_ROUNDS):
        level = np.bincount(ground, n * (means - strict[inspector])) / weights
        strict = np.bincount(inspector, n * (means - level[ground])) / weight
    expected: _Floats = strict[inspector] + level[ground]
    return expected


def _sides(table: _Table, group: int) -> _Sides:
    size = len(table.place_of)
    own = np.where(table.group == group, table.n, 0.0)
    of_group, of_all = (np.bincount(table.pair, n, size).astype(np.float64) for n in (own, table.n))
    return _Sides(of_group, of_all - of_group)


def _estimate(table: _Table, sides: _Sides, group: int, code: int) -> _Estimate | None:
    """One inspector and group; None where there is too little to compare."""
    is_own = table.inspector_of == code
    shares = _shares(table, sides, is_own)
    lean = _counted(table, sides, is_own, shares)
    if lean is None:
        return None
    is_group = (table.group == group).astype(np.float64)
    of_side = np.where(is_group, sides.of_group[table.pair], sides.of_others[table.pair])
    weights = shares[table.pair] * (2 * is_group - 1) / of_side
    moved = np.bincount(table.person, weights * table.residual)
    value = float(moved.sum())
    is_leaning = is_own[table.pair] * is_group
    around = moved - value * np.bincount(table.person, weights * table.n * is_leaning)
    worth = np.bincount(table.person, weights**2 * table.n)
    people = float(worth.sum() ** 2 / (worth**2).sum())
    variance = people / (people - 1) * float((around**2).sum()) if people > 1 else 0.0
    if people < FEWEST_PEOPLE or not variance:
        return None
    points = DifferenceInterval(value, low=None, high=None)
    return _Estimate(replace(lean, points=points), error=variance**0.5, freedom=people - 1)


def _shares(table: _Table, sides: _Sides, is_own: NDArray[np.bool_]) -> _Floats:
    """By pair, what its difference of group and others counts: the inspector's 1 in all.

    Colleagues' count -1 in all: as much at each place as the inspector's there. A place weighs by
    what both differences are worth.
    """
    worth, places = sides.worth, int(table.place_of.max()) + 1
    own = np.bincount(table.place_of, np.where(is_own, worth, 0.0), places)
    theirs = np.bincount(table.place_of, worth, places) - own
    both = own + theirs
    weight = np.divide(own * theirs, both, out=np.zeros(places), where=both > 0)
    if not weight.any():
        return np.zeros(len(worth))
    weight /= weight.sum()
    of_side = np.where(is_own, own[table.place_of], -theirs[table.place_of])
    return np.divide(
        weight[table.place_of] * worth, of_side, out=np.zeros(len(worth)), where=worth > 0
    )


def _counted(
    table: _Table, sides: _Sides, is_own: NDArray[np.bool_], shares: _Floats
) -> Lean | None:
    """What is compared, in numbers; None where it is too little."""
    own, others = (is_own & (shares != 0)), (~is_own & (shares != 0))
    counts = [
        int(of_side[some].sum())
        for some in (own, others)
        for of_side in (sides.of_group, sides.of_others)
    ]
    colleagues = len(np.unique(table.inspector_of[others]))
    is_enough = min(counts[0] + counts[1], counts[2] + counts[3]) >= ENOUGH
    if min(counts) < FEWEST or not is_enough or colleagues < FEWEST_COLLEAGUES:
        return None
    nothing = DifferenceInterval(0.0, low=None, high=None)
    return Lean(
        inspector=0,
        by="",
        group="",
        own=counts[0],
        own_others=counts[1],
        colleagues=colleagues,
        theirs=counts[2] + counts[3],
        points=nothing,
    )


def _coded(keys: list[Any]) -> tuple[list[Any], _Codes]:
    """The distinct keys in order, and by row the position of its key."""
    distinct = sorted(set(keys))
    position = {key: code for code, key in enumerate(distinct)}
    return distinct, np.array([position[key] for key in keys], dtype=np.int64)
