"""What rankings are computed from, and rankings as they were stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.periods import Period, shift
from core.ranking import (
    AgainstNetwork,
    Comparison,
    DayCells,
    MonthCells,
    ScoreCells,
    StationVerdict,
)
from core.sampling import Interval
from core.text.sentence import Sentence
from db.results.models import RankingRequest, RankingSnapshot, ScoreCell, StationDay
from db.results.queries.data_version import WITHDRAWING
from db.results.queries.stations import Slice, beside_months, within
from db.store.models import Event


class EstimateInterval(NamedTuple):
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class RankedRow:
    """A ranked station.

    Attributes:
        plain: Hajek mean of the scores before critical effects.
        adjusted: inspectors, cases and staff taken out, with its interval.
        fixed: the same with inspectors as fixed effects, where assignment follows quality.
        rank: its place; `best` and `worst` are the ends of the rank interval.
        bottom: probability of being in the bottom group.
        tier: above, middle or below.
        adjustment: why adjusted and plain differ.
        neighbour: the next better station, None for the best.
        needed: further inspections at each that would tell the two apart; 0 if they already are,
            None with a `reason`.
    """

    station: int
    n: int
    plain: float
    adjusted: EstimateInterval
    fixed: EstimateInterval | None
    rank: int
    best: int
    worst: int
    bottom: float
    tier: str
    adjustment: Sentence
    neighbour: int | None
    needed: int | None
    reason: Sentence | None


@dataclass(frozen=True)
class UnrankedRow:
    station: int
    n: int
    reason: Sentence


class SeverityRow(NamedTuple):
    inspector: int
    n: int
    value: float
    low: float
    high: float


class DriftRow(NamedTuple):
    """As core.ranking.MonthSeverity."""

    inspector: int
    month: int
    n: int
    value: float
    error: float
    usual: float


@dataclass(frozen=True)
class Snapshot:
    """A stored ranking; `assignment` is set where inspectors seem to be sent by quality.

    `comparison` has every station with a score against the reference, ranked or not.
    """

    version: int
    computed_at: datetime
    ranked: tuple[RankedRow, ...]
    unranked: tuple[UnrankedRow, ...]
    severities: tuple[SeverityRow, ...]
    assignment: Sentence | None
    comparison: Comparison


class PendingRanking(NamedTuple):
    """A ranking that was asked for; `problem` is why it could not be computed."""

    since: datetime
    problem: str


class RankingData(NamedTuple):
    """What a ranking is computed from, with the same numbers for cases and strata throughout.

    The cells hold the months, and the days, too.
    """

    cells: ScoreCells
    months: MonthCells


def ranking_data(session: Session, slice_: Slice) -> RankingData:
    """The score cells, and the same inspections by station, inspector and month, and by day.

    A case is a checklist version on a channel; a stratum is one of the draw and its sample class.
    """
    cell = ScoreCell
    context = (cell.checklist_version_id, cell.channel, cell.sample_class, cell.stratum)
    people = (cell.station_id, cell.staff_id, cell.inspector_id)
    sums = (cell.n, cell.total_before, cell.squares_before, cell.weight, cell.weighted)
    rows = _cells(session, slice_, (*people, *context), (*sums, cell.critical, cell.unscored))
    month_keys = (cell.station_id, cell.inspector_id, cell.month)
    months = _cells(session, slice_, (*month_keys, *context), (cell.n, cell.total_before))
    cases = {row[3:5] for row in (*rows, *months)}
    strata = {row[5:7] for row in (*rows, *months)}
    numbers = ({key: k for k, key in enumerate(sorted(keys))} for keys in (cases, strata))
    case, stratum = numbers
    month_cells = _month_cells(months, case, stratum)
    cells = replace(
        _score_cells(rows, case, stratum), days=_day_cells(session, slice_), months=month_cells
    )
    return RankingData(cells, month_cells)


def withdrawn_since(session: Session, moment: datetime) -> bool:
    """Whether an inspection stopped counting, or was scored anew, since a moment."""
    withdrawn = select(Event.id).where(
        Event.at >= moment, tuple_(Event.kind, Event.deed).in_(sorted(WITHDRAWING))
    )
    return session.scalar(withdrawn.limit(1)) is not None


def snapshot(session: Session, slice_: Slice) -> Snapshot | None:
    """The stored ranking; None where there is none, or one from before stations were compared."""
    row = session.scalars(select(RankingSnapshot).filter_by(**slice_key(slice_))).one_or_none()
    if row is None or "verdicts" not in row.payload:
        return None
    payload = row.payload
    assignment = payload["assignment"]
    return Snapshot(
        version=row.data_version,
        computed_at=row.computed_at,
        ranked=tuple(_ranked(line) for line in payload["ranked"]),
        unranked=tuple(
            UnrankedRow(station=line["station"], n=line["n"], reason=Sentence(*line["reason"]))
            for line in payload["unranked"]
        ),
        severities=tuple(SeverityRow(*line) for line in payload["severities"]),
        assignment=Sentence(*assignment) if assignment else None,
        comparison=_comparison(payload),
    )


def drift(session: Session, who: Identity, slice_: Slice) -> tuple[DriftRow, ...]:
    """How strict every inspector was by month, as the stored ranking of the slice has it."""
    require(who, Action.SEE_INSPECTORS)
    query = select(RankingSnapshot.drift).filter_by(**slice_key(slice_))
    rows = session.scalars(query).one_or_none() or []
    return tuple(
        DriftRow(inspector=inspector, month=month, n=n, value=value, error=error, usual=usual)
        for inspector, month, n, value, error, usual in rows
    )


def waiting(session: Session, slice_: Slice) -> PendingRanking | None:
    row = session.scalars(select(RankingRequest).filter_by(**slice_key(slice_))).one_or_none()
    return None if row is None else PendingRanking(row.asked_at, row.problem)


def slice_key(slice_: Slice) -> dict[str, Any]:
    """The columns by which snapshots and requests of a slice are found."""
    return {
        "first": slice_.period.first,
        "last": slice_.period.last,
        "checklist_id": slice_.checklist_id,
        "channel": slice_.channel or "",
        "sample_class": slice_.sample_class or "",
        "facets": slice_.facets.code,
    }


def _cells(
    session: Session, slice_: Slice, keys: tuple[Any, ...], sums: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    query = (
        select(*keys, *(func.sum(column) for column in sums))
        .where(*within(ScoreCell, slice_))
        .group_by(*keys)
        .having(func.sum(ScoreCell.n + ScoreCell.unscored) > 0)
    )
    return [tuple(row) for row in session.execute(query)]


_Numbers = dict[tuple[Any, ...], int]


def _score_cells(rows: list[tuple[Any, ...]], case: _Numbers, stratum: _Numbers) -> ScoreCells:
    columns = _columns(rows, 14)
    n, *scores, critical, unscored = (_floats(column) for column in columns[7:])
    total, squares, weight, weighted = (np.where(n > 0, column, 0.0) for column in scores)
    station, staff, inspector = (_ints(column) for column in columns[:3])
    return ScoreCells(
        station,
        staff,
        inspector,
        case=_ints(case[row[3:5]] for row in rows),
        stratum=_ints(stratum[row[5:7]] for row in rows),
        n=n,
        total=total,
        squares=squares,
        weight=weight,
        weighted=weighted,
        critical=critical,
        unscored=unscored,
    )


def _month_cells(rows: list[tuple[Any, ...]], case: _Numbers, stratum: _Numbers) -> MonthCells:
    columns = _columns(rows, 9)
    station, inspector, month = (_ints(column) for column in columns[:3])
    return MonthCells(
        station,
        inspector,
        month,
        case=_ints(case[row[3:5]] for row in rows),
        stratum=_ints(stratum[row[5:7]] for row in rows),
        n=_floats(columns[7]),
        total=_floats(columns[8]),
    )


def _day_cells(session: Session, slice_: Slice) -> DayCells:
    """Scores of stations by day, of every version, channel and class of the slice."""
    keys = (StationDay.station_id, StationDay.day)
    sums = (StationDay.n, StationDay.total_before, StationDay.squares_before)
    query = (
        select(*keys, *(func.sum(column) for column in sums))
        .where(StationDay.day.between(*_days(slice_.period)), *beside_months(StationDay, slice_))
        .group_by(*keys)
        .having(func.sum(StationDay.n) > 0)
    )
    columns = _columns([tuple(row) for row in session.execute(query)], 5)
    days = _ints(day.toordinal() for day in columns[1])
    return DayCells(_ints(columns[0]), days, *(_floats(column) for column in columns[2:]))


def _days(period: Period) -> tuple[date, date]:
    """The first and the last day."""
    after = shift(period.last, 1)
    first, end = (date(month // 100, month % 100, 1) for month in (period.first, after))
    return first, end - timedelta(days=1)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[Any]:
    return list(zip(*rows, strict=True)) or [()] * width


def _ints(values: Iterable[int]) -> Any:  # noqa: ANN401  a key array
    return np.array(list(values), dtype=np.int64)


def _floats(values: Iterable[float]) -> Any:  # noqa: ANN401  an array of sums
    return np.array(list(values), dtype=np.float64)


def _comparison(payload: dict[str, Any]) -> Comparison:
    rows = (
        StationVerdict(
            **row
            | {
                "difference": Interval(*row["difference"]) if row["difference"] else None,
                "verdict": AgainstNetwork(row["verdict"]),
            }
        )
        for row in payload["verdicts"]
    )
    reference, level = payload["reference"], payload["level"]
    return Comparison(reference=reference, level=level, rows=tuple(rows))


def _ranked(row: dict[str, Any]) -> RankedRow:
    spans = {
        "adjusted": EstimateInterval(*row["adjusted"]),
        "fixed": EstimateInterval(*row["fixed"]) if row["fixed"] else None,
        "adjustment": Sentence(*row["adjustment"]),
        "reason": Sentence(*row["reason"]) if row["reason"] else None,
    }
    return RankedRow(**row | spans)
