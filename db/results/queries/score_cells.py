"""The sums that scores are compared by: of stations, or of groups that a facet tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Action, Identity, require
from core.inspection.facets import UNRECORDED, Facets
from core.periods import Period, shift
from core.ranking import DayCells, Keys, MonthCells, ScoreCells
from core.results.fairness import GROUPINGS, Grouping, compare_groups
from db.results.models import ScoreCell, StationDay
from db.results.queries.facets import facet_counts
from db.results.queries.stations import Slice, beside_months, within
from db.results.queries.team_figures import NOBODY


class RankingData(NamedTuple):
    """What a ranking is computed from, with the same numbers for cases and strata throughout.

    The cells hold the months, and the days, too.
    """

    cells: ScoreCells
    months: MonthCells


def ranking_data(session: Session, slice_: Slice) -> RankingData:
    """The score cells of stations, and the same by month of an inspector, and by day.

    A case is a checklist version on a channel; a stratum is one of the draw and its sample class.
    """
    return _data(session, slice_, _Compared("station_id", ("checklist_version_id", "channel")))


def group_cells(session: Session, slice_: Slice, by: str) -> ScoreCells:
    """The score cells of the groups that a facet, or the channel, tells apart; keys are its values.

    A case is also one of a station, so that groups are compared within stations. What nobody has
    recorded the facet of is left out.
    """
    case = ("checklist_version_id", "channel", "station_id")
    compared = _Compared(by, tuple(key for key in case if key != by))
    return _data(session, slice_, compared).cells


def group_scores(session: Session, who: Identity, slice_: Slice) -> tuple[Grouping, ...]:
    """Languages, shifts, channels and posts of a slice, as far as it has several of them.

    None at all while sums of before there were facets wait for `python -m db rebuild`.

    Raises:
        NotAllowed: the role does not see inspectors.
    """
    require(who, Action.SEE_INSPECTORS)
    if not facet_counts(session, slice_):
        return ()
    return compare_groups({by: group_cells(session, slice_, by) for by in GROUPINGS}, NOBODY)


class _Compared(NamedTuple):
    """The column whose values are compared, and those that make a case."""

    unit: str
    case: tuple[str, ...]


_STRATUM = ("sample_class", "stratum")
_SCORES = ("n", "total_before", "squares_before", "weight", "weighted", "critical", "unscored")


def _data(session: Session, slice_: Slice, compared: _Compared) -> RankingData:
    cases = slice(3, 3 + len(compared.case))
    strata = slice(cases.stop, cases.stop + len(_STRATUM))
    context = (*compared.case, *_STRATUM)
    people = (compared.unit, "staff_id", "inspector_id", *context)
    months = (compared.unit, "inspector_id", "month", *context)
    columns = _cells(session, slice_, people, _SCORES)
    monthly = _cells(session, slice_, months, _SCORES[:2])
    case, month_case = _coded(columns[cases], monthly[cases])
    stratum, month_stratum = _coded(columns[strata], monthly[strata])
    month_station, month_inspector, month = map(_keys, monthly[:3])
    month_n, month_total = map(_floats, monthly[strata.stop :])
    month_cells = MonthCells(
        station=month_station,
        inspector=month_inspector,
        month=month,
        case=month_case,
        stratum=month_stratum,
        n=month_n,
        total=month_total,
    )
    station, staff, inspector = map(_keys, columns[:3])
    n, *scores, critical, unscored = map(_floats, columns[strata.stop :])
    total, squares, weight, weighted = (np.where(n > 0, column, 0.0) for column in scores)
    cells = ScoreCells(
        station=station,
        staff=staff,
        inspector=inspector,
        case=case,
        stratum=stratum,
        n=n,
        total=total,
        squares=squares,
        weight=weight,
        weighted=weighted,
        critical=critical,
        unscored=unscored,
        days=_day_cells(session, slice_, compared.unit),
        months=month_cells,
    )
    return RankingData(cells, month_cells)


def _cells(
    session: Session, slice_: Slice, keys: Sequence[str], sums: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Columns of the keys, then of the sums."""
    by = [getattr(ScoreCell, key) for key in keys]
    query = (
        select(*by, *(func.sum(getattr(ScoreCell, name)) for name in sums))
        .where(*within(ScoreCell, slice_), *_recorded(by[0]))
        .group_by(*by)
        .having(func.sum(ScoreCell.n + ScoreCell.unscored) > 0)
    )
    return _columns([tuple(row) for row in session.execute(query)], len(by) + len(sums))


def _recorded(unit: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    return [unit != UNRECORDED] if unit.key in Facets._fields else []


def _coded(*tables: list[tuple[Any, ...]]) -> list[Keys]:
    """Numbers from 0 for what stands in the columns of a row, the same in all tables."""
    rows = [list(zip(*columns, strict=True)) for columns in tables]
    codes = {key: code for code, key in enumerate(sorted(set(chain(*rows))))}
    return [np.array([codes[row] for row in table], dtype=np.int64) for table in rows]


def _day_cells(session: Session, slice_: Slice, unit: str) -> DayCells:
    """Scores by day, of every version, channel and class of the slice."""
    keys = (getattr(StationDay, unit), StationDay.day)
    sums = (StationDay.n, StationDay.total_before, StationDay.squares_before)
    query = (
        select(*keys, *(func.sum(column) for column in sums))
        .where(
            StationDay.day.between(*_days(slice_.period)),
            *beside_months(StationDay, slice_),
            *_recorded(keys[0]),
        )
        .group_by(*keys)
        .having(func.sum(StationDay.n) > 0)
    )
    columns = _columns([tuple(row) for row in session.execute(query)], 5)
    days = _keys(day.toordinal() for day in columns[1])
    return DayCells(_keys(columns[0]), days, *map(_floats, columns[2:]))


def _days(period: Period) -> tuple[date, date]:
    """The first and the last day."""
    after = shift(period.last, 1)
    first, end = (date(month // 100, month % 100, 1) for month in (period.first, after))
    return first, end - timedelta(days=1)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[Any]:
    return list(zip(*rows, strict=True)) or [()] * width


def _keys(column: Iterable[Any]) -> Keys:
    values = np.array(list(column))
    return values if len(values) else np.empty(0, dtype=np.int64)


def _floats(values: Iterable[float]) -> Any:  # noqa: ANN401  an array of sums
    return np.array(list(values), dtype=np.float64)
