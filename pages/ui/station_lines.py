"""The stations page's rows, from plain means or from a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.comparison import Compared
from core.figures import ENOUGH, Figures, Gap
from db.queries.people import StationRow
from pages.ui.messages import _, language, number
from pages.ui.sides import Side


@dataclass(frozen=True)
class Line:
    """A station that can be compared: its figure with interval, and what stands beside it.

    `plain` and `rank` stand only beside an adjusted value. `trend` has a mean for every month of
    the last year, None where there was no inspection.
    """

    station: int
    name: str
    value: float
    low: float
    high: float
    side: Side
    figures: Figures
    change: Gap | None
    trend: tuple[float | None, ...]
    plain: float | None = None
    rank: str = ""
    note: str = ""


@dataclass(frozen=True)
class Apart:
    """A station that cannot be compared, and why."""

    station: int
    name: str
    figures: Figures
    reason: str


@dataclass(frozen=True)
class Lines:
    """Lines from the best down, and the stations listed apart."""

    compared: tuple[Line, ...]
    apart: tuple[Apart, ...]


def plain_lines(
    rows: Iterable[Compared],
    places: Mapping[int, StationRow],
    by_month: Mapping[int, Mapping[int, Figures]],
    months: Sequence[int],
) -> Lines:
    """Rows from plain means with Student's interval."""
    compared, apart = [], []
    for row in rows:
        name = places[row.station].name(language())
        mean, half = row.figures.before.mean, row.figures.before.half_width()
        if not row.is_enough or mean is None or half is None:
            reason = _("{n} of {enough}", n=number(row.figures.n, 0), enough=ENOUGH)
            apart.append(Apart(row.station, name, row.figures, reason))
            continue
        found = by_month.get(row.station, {})
        trend = tuple(found[month].before.mean if month in found else None for month in months)
        side = Side.of(row.against)
        compared.append(
            Line(
                *(row.station, name, mean, mean - half, mean + half, side, row.figures),
                *(row.change, trend),
            )
        )
    return Lines(tuple(compared), tuple(apart))
