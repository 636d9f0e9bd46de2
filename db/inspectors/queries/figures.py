"""Figures of inspectors, read from the rollups alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.agreement import PairSums, ShareSums
from core.periods import Period
from core.results.figures import Moments
from db.inspectors.models import DoubleInspectorMonth, DoubleItemMonth
from db.people.models import User
from db.results.models import InspectorMonth
from db.results.queries.stations import Slice, within

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
    query = (
        select(InspectorMonth.inspector_id, User.name, *_month_sums())
        .join(User, User.id == InspectorMonth.inspector_id)
        .where(*within(InspectorMonth, slice_))
        .group_by(InspectorMonth.inspector_id, User.name)
        .order_by(User.name, InspectorMonth.inspector_id)
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
    query = (
        select(InspectorMonth.month, *_month_sums())
        .where(InspectorMonth.inspector_id == inspector_id, *within(InspectorMonth, slice_))
        .group_by(InspectorMonth.month)
        .order_by(InspectorMonth.month)
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
    table = DoubleItemMonth
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
    table = DoubleInspectorMonth
    query = (
        select(table.inspector_id, *_double_sums())
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
    table = DoubleInspectorMonth
    query = select(*_double_sums()).where(table.is_record.is_(True), *within(table, slice_))
    return _doubles(session.execute(query).one())


def own_doubles(session: Session, who: Identity, period: Period) -> Doubles:
    """The inspector's own double scorings of a period, with whatever checklist.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    table = DoubleInspectorMonth
    query = select(*_double_sums()).where(
        table.inspector_id == who.user_id, table.month.between(*period)
    )
    return _doubles(session.execute(query).one())


def _month_sums() -> list[Any]:
    table = InspectorMonth
    columns = (
        *(table.n, table.unscored, table.total_before, table.squares_before),
        *(table.timed, table.log_seconds, table.log_squares, table.answered, table.na),
    )
    return [func.sum(column).label(column.key) for column in columns]


def _log_seconds(row: Any) -> Moments:  # noqa: ANN401  a row with `_month_sums`
    return Moments(row.timed, total=row.log_seconds, squares=row.log_squares)


def _double_sums() -> list[Any]:
    names = (*_SCORES.values(), *_SHARES.values())
    return [func.sum(getattr(DoubleInspectorMonth, name)).label(name) for name in names]


def _doubles(row: Any) -> Doubles:  # noqa: ANN401  a row with `_double_sums`
    return Doubles(
        PairSums(**{field: getattr(row, name) or 0 for field, name in _SCORES.items()}),
        ShareSums(**{field: getattr(row, name) or 0 for field, name in _SHARES.items()}),
    )
