"""Figures of inspectors, read from the rollups alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.agreement import PairSums, ShareSums
from core.periods import Period
from core.results.figures import Moments
from db.inspectors.models import (
    DoubleInspectorMonth,
    DoubleItemMonth,
    FacetedDoubleInspectorMonth,
    FacetedDoubleItemMonth,
)
from db.people.models import User
from db.results.models import FacetedInspectorMonth, InspectorMonth
from db.results.queries.facets import FacetCount, facet_counts
from db.results.queries.stations import Slice, kept_in, within

# Columns of the rollup by the fields they become.
_SCORES = {
    "n": "n",
    "first": "own",
    "second": "other",
    "first_squares": "own_squares",
    "second_squares": "other_squares",
    "product": "product",
}
_SHARES = {"n": "cases"} | {name: name for name in ShareSums._fields[1:]}


class InspectorFigures(NamedTuple):
    """What an inspector scored: scores before critical failures, logarithms of seconds, N/A."""

    inspector: int
    name: str
    inspections: int
    before: Moments
    log_seconds: Moments
    answered: int
    na: int


class InspectorMonthFigures(NamedTuple):
    month: int
    inspections: int
    log_seconds: Moments
    answered: int
    na: int


class ItemDoubles(NamedTuple):
    """How often an item got which two ratings, record and second scoring."""

    item: str
    times: tuple[tuple[tuple[int, int], int], ...]


class Doubles(NamedTuple):
    """Double scorings in sums: the two scores, and the items judged alike, lost and N/A."""

    scores: PairSums
    shares: ShareSums


def inspectors(session: Session, who: Identity, slice_: Slice) -> tuple[InspectorFigures, ...]:
    """Everyone who inspected, by name.

    Raises:
        NotAllowed: the role does not see how inspectors score.
    """
    require(who, Action.SEE_INSPECTORS)
    table = kept_in(InspectorMonth, slice_)
    query = (
        select(table.inspector_id, User.name, *_month_sums(table))
        .join(User, User.id == table.inspector_id)
        .where(*within(table, slice_))
        .group_by(table.inspector_id, User.name)
        .order_by(User.name, table.inspector_id)
    )
    return tuple(
        InspectorFigures(
            inspector=row.inspector_id,
            name=row.name,
            inspections=row.n + row.unscored,
            before=Moments(row.n, total=row.total_before, squares=row.squares_before),
            log_seconds=_log_seconds(row),
            answered=row.answered,
            na=row.na,
        )
        for row in session.execute(query)
        if row.n + row.unscored
    )


def inspector_months(
    session: Session, who: Identity, slice_: Slice, inspector_id: int
) -> tuple[InspectorMonthFigures, ...]:
    """An inspector's months in order.

    Raises:
        NotAllowed: the role does not see how inspectors score.
    """
    require(who, Action.SEE_INSPECTORS)
    table = kept_in(InspectorMonth, slice_)
    query = (
        select(table.month, *_month_sums(table))
        .where(table.inspector_id == inspector_id, *within(table, slice_))
        .group_by(table.month)
        .order_by(table.month)
    )
    return tuple(
        InspectorMonthFigures(
            month=row.month,
            inspections=row.n + row.unscored,
            log_seconds=_log_seconds(row),
            answered=row.answered,
            na=row.na,
        )
        for row in session.execute(query)
        if row.n + row.unscored
    )


def doubles_by_item(session: Session, who: Identity, slice_: Slice) -> tuple[ItemDoubles, ...]:
    """Pairs of ratings of every item that was scored twice, by item.

    Raises:
        NotAllowed: the role does not see how inspectors score.
    """
    require(who, Action.SEE_INSPECTORS)
    table = FacetedDoubleItemMonth if slice_.facets.chosen else DoubleItemMonth
    keys = (table.item_key, table.record, table.second)
    query = (
        select(*keys, func.sum(table.n))
        .where(*within(table, slice_))
        .group_by(*keys)
        .having(func.sum(table.n) > 0)
        .order_by(*keys)
    )
    ratings: dict[str, list[tuple[tuple[int, int], int]]] = {}
    for item, record, second, n in session.execute(query):
        ratings.setdefault(item, []).append(((record, second), int(n)))
    return tuple(ItemDoubles(item, tuple(times)) for item, times in ratings.items())


def doubles_by_inspector(session: Session, who: Identity, slice_: Slice) -> dict[int, Doubles]:
    """Each inspector's scores first, the colleagues' second; by inspector id.

    Raises:
        NotAllowed: the role does not see how inspectors score.
    """
    require(who, Action.SEE_INSPECTORS)
    table = _pairs_of(slice_)
    query = (
        select(table.inspector_id, *_double_sums(table))
        .where(*within(table, slice_))
        .group_by(table.inspector_id)
    )
    by_inspector = {row.inspector_id: _doubles(row) for row in session.execute(query)}
    return {inspector: figures for inspector, figures in by_inspector.items() if figures.shares.n}


def doubles(session: Session, who: Identity, slice_: Slice) -> Doubles:
    """All double scorings, each once: the record's score first.

    Raises:
        NotAllowed: the role does not see how inspectors score.
    """
    require(who, Action.SEE_INSPECTORS)
    table = _pairs_of(slice_)
    query = select(*_double_sums(table)).where(table.is_record.is_(True), *within(table, slice_))
    return _doubles(session.execute(query).one())


def own_doubles(session: Session, who: Identity, period: Period) -> Doubles:
    """The inspector's own double scorings of a period, with whatever checklist.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    table = DoubleInspectorMonth
    query = select(*_double_sums(table)).where(
        table.inspector_id == who.user_id, table.month.between(*period)
    )
    return _doubles(session.execute(query).one())


def inspector_facets(session: Session, slice_: Slice) -> tuple[FacetCount, ...]:
    """The facets by which these figures can be asked for, as `facet_counts`.

    None at all while inspections of the slice are in no sums by facets, as after an update until
    `python -m db rebuild`.
    """
    every, by_facets = (
        session.scalar(select(func.sum(table.n + table.unscored)).where(*within(table, slice_)))
        for table in (InspectorMonth, FacetedInspectorMonth)
    )
    return facet_counts(session, slice_) if every == by_facets else ()


def _pairs_of(slice_: Slice) -> Any:  # noqa: ANN401  either rollup of inspectors' pairs
    return FacetedDoubleInspectorMonth if slice_.facets.chosen else DoubleInspectorMonth


def _month_sums(table: Any) -> list[Any]:  # noqa: ANN401  either rollup of inspectors' months
    columns = (
        *(table.n, table.unscored, table.total_before, table.squares_before),
        *(table.timed, table.log_seconds, table.log_squares, table.answered, table.na),
    )
    return [func.sum(column).label(column.key) for column in columns]


def _log_seconds(row: Any) -> Moments:  # noqa: ANN401  a row with `_month_sums`
    return Moments(row.timed, total=row.log_seconds, squares=row.log_squares)


def _double_sums(table: Any) -> list[Any]:  # noqa: ANN401  either rollup of inspectors' pairs
    names = (*_SCORES.values(), *_SHARES.values())
    return [func.sum(getattr(table, name)).label(name) for name in names]


def _doubles(row: Any) -> Doubles:  # noqa: ANN401  a row with `_double_sums`
    return Doubles(
        PairSums(**{field: getattr(row, name) or 0 for field, name in _SCORES.items()}),
        ShareSums(**{field: getattr(row, name) or 0 for field, name in _SHARES.items()}),
    )
