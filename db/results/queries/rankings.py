"""Rankings as they were stored, and those that somebody waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.ranking import AgainstNetwork, Comparison, StationVerdict
from core.sampling import Interval
from core.text.sentence import Sentence
from db.results.models import RankingRequest, RankingSnapshot
from db.results.queries.data_version import WITHDRAWING
from db.results.queries.stations import Slice
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
