"""How far inspections of one person go together, read from the rollups alone; never a name."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Double, Select, Subquery, cast, func, select
from sqlalchemy.orm import Session

from core.results.figures import Moments, Ratios
from core.results.station_measures import spread_of, times_wider
from db.results.models import StaffMonth
from db.results.queries.stations import Slice, kept_in, within
from db.results.queries.team_figures import NOBODY


class PeopleSpread(NamedTuple):
    """How many times as wide as for inspections that stand alone the variance of a measure is.

    At least 1 each, over all stations together; `scores` are those before critical failures.
    """

    critical: float = 1.0
    passed: float = 1.0
    scores: float = 1.0


def people_spread(session: Session, slice_: Slice) -> PeopleSpread:
    """Of a slice; inspections that name nobody are left out."""
    critical, passed, scores = [], [], []
    for row in session.execute(_by_station(_by_person(slice_))):
        of_critical, of_passed, of_scores = (
            Ratios(*row[:6]),
            Ratios(*row[6:12]),
            Ratios(*row[12:18]),
        )
        critical.append(spread_of(of_critical, _binomial(of_critical)))
        passed.append(spread_of(of_passed, _binomial(of_passed)))
        single = Moments(int(of_scores.denominator), total=of_scores.numerator, squares=row[18])
        scores.append(spread_of(of_scores, single.variance))
    return PeopleSpread(
        critical=times_wider(critical), passed=times_wider(passed), scores=times_wider(scores)
    )


def _by_person(slice_: Slice) -> Subquery:
    table = kept_in(StaffMonth, slice_)
    sums = {
        "n": table.n,
        "inspections": table.n + table.unscored,
        "critical": table.critical,
        "passed": table.passed,
        "total": table.total_before,
        "squares": table.squares_before,
    }
    return (
        select(
            table.station_id,
            *(cast(func.sum(column), Double).label(name) for name, column in sums.items()),
        )
        .where(*within(table, slice_), table.staff_id != NOBODY)
        .group_by(table.station_id, table.staff_id)
        .subquery()
    )


def _by_station(person: Subquery) -> Select[Any]:
    """The fields of `Ratios` three times, and the sum of squared scores."""
    each = person.c
    pairs = ((each.critical, each.inspections), (each.passed, each.n), (each.total, each.n))
    sums = [column for pair in pairs for column in _ratios(*pair)]
    return select(*sums, func.sum(each.squares)).group_by(each.station_id)


def _ratios(numerator: Any, denominator: Any) -> tuple[Any, ...]:  # noqa: ANN401  columns
    return (
        *(func.count(), func.sum(numerator), func.sum(denominator)),
        *(func.sum(numerator * numerator), func.sum(denominator * denominator)),
        func.sum(numerator * denominator),
    )


def _binomial(ratios: Ratios) -> float | None:
    return None if ratios.rate is None else ratios.rate * (1 - ratios.rate)
