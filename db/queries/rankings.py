"""What rankings are computed from, and rankings as they were stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.ranking import ScoreCells
from core.sentence import Sentence
from db.models import RankingRequest, RankingSnapshot, ScoreCell
from db.queries.stations import Slice, within
from db.queries.version import DataVersion


class Span(NamedTuple):
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
    adjusted: Span
    fixed: Span | None
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


@dataclass(frozen=True)
class Snapshot:
    """A stored ranking; `assignment` is set where inspectors seem to be sent by quality."""

    version: DataVersion
    computed_at: datetime
    ranked: tuple[RankedRow, ...]
    unranked: tuple[UnrankedRow, ...]
    severities: tuple[SeverityRow, ...]
    assignment: Sentence | None


class Waiting(NamedTuple):
    """A ranking that was asked for; `problem` is why it could not be computed."""

    since: datetime
    problem: str


def score_cells(session: Session, part: Slice) -> ScoreCells:
    """The slice's score cells, months summed up.

    A case is a checklist version on a channel; a stratum is one of the draw and its sample class.
    """
    cell = ScoreCell
    people = (cell.station_id, cell.staff_id, cell.inspector_id)
    case, stratum = (cell.checklist_version_id, cell.channel), (cell.sample_class, cell.stratum)
    sums = (
        *(cell.n, cell.total_before, cell.squares_before, cell.weight, cell.weighted),
        *(cell.critical, cell.unscored),
    )
    query = (
        select(*people, *case, *stratum, *(func.sum(each) for each in sums))
        .where(*within(cell, part))
        .group_by(*people, *case, *stratum)
        .having(func.sum(cell.n + cell.unscored) > 0)
    )
    rows = session.execute(query).all()
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * 14
    station, staff, inspector = (np.array(column, dtype=np.int64) for column in columns[:3])
    n, *scores, critical, unscored = (np.array(column, dtype=np.float64) for column in columns[7:])
    total, squares, weight, weighted = (np.where(n > 0, column, 0.0) for column in scores)
    return ScoreCells(
        station,
        staff,
        inspector,
        case=_paired(*columns[3:5]),
        stratum=_paired(*columns[5:7]),
        n=n,
        total=total,
        squares=squares,
        weight=weight,
        weighted=weighted,
        critical=critical,
        unscored=unscored,
    )


def snapshot(session: Session, part: Slice) -> Snapshot | None:
    row = session.scalars(select(RankingSnapshot).filter_by(**slice_key(part))).one_or_none()
    if row is None:
        return None
    found = row.payload
    assignment = found["assignment"]
    return Snapshot(
        DataVersion(row.inspection, row.amendment),
        row.computed_at,
        tuple(_ranked(each) for each in found["ranked"]),
        tuple(
            UnrankedRow(each["station"], each["n"], Sentence(*each["reason"]))
            for each in found["unranked"]
        ),
        tuple(SeverityRow(*each) for each in found["severities"]),
        Sentence(*assignment) if assignment else None,
    )


def waiting(session: Session, part: Slice) -> Waiting | None:
    row = session.scalars(select(RankingRequest).filter_by(**slice_key(part))).one_or_none()
    return None if row is None else Waiting(row.asked_at, row.problem)


def slice_key(part: Slice) -> dict[str, Any]:
    """The columns by which snapshots and requests of a slice are found."""
    return {
        "first": part.period.first,
        "last": part.period.last,
        "checklist_id": part.checklist_id,
        "channel": part.channel or "",
        "sample_class": part.sample_class or "",
    }


def _paired(first: tuple[Any, ...], second: tuple[Any, ...]) -> Any:  # noqa: ANN401  key array
    """One number for each pair of keys, the same in every run."""
    pairs = list(zip(first, second, strict=True))
    numbers = {pair: number for number, pair in enumerate(sorted(set(pairs)))}
    return np.array([numbers[pair] for pair in pairs], dtype=np.int64)


def _ranked(row: dict[str, Any]) -> RankedRow:
    spans = {
        "adjusted": Span(*row["adjusted"]),
        "fixed": Span(*row["fixed"]) if row["fixed"] else None,
        "adjustment": Sentence(*row["adjustment"]),
        "reason": Sentence(*row["reason"]) if row["reason"] else None,
    }
    return RankedRow(**row | spans)
