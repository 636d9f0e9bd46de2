"""Rankings are computed by a job and kept; pages read what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from core.errors import PortalError
from core.ranking import (
    Comparison,
    Estimate,
    MonthCells,
    RankedStation,
    Ranking,
    month_severities,
    rank_stations,
)
from core.text.sentence import Sentence
from db.results.models import RankingRequest, RankingSnapshot
from db.results.queries.data_version import data_version
from db.results.queries.rankings import slice_key
from db.results.queries.score_cells import ranking_data
from db.results.queries.stations import Slice
from db.results.queries.traffic import traffic
from db.store import session as sessions

PATIENCE = timedelta(minutes=2)
"""After this long a request counts as lost and may be made again."""


def request_ranking(session: Session, slice_: Slice, *, now: datetime) -> bool:
    """Note the request for a slice's ranking.

    Returns:
        Whether a job has to be started: False while an earlier request is still being served.
    """
    request = session.scalars(
        select(RankingRequest).filter_by(**slice_key(slice_)).with_for_update()
    ).one_or_none()
    if request is not None and now - request.asked_at < PATIENCE:
        return False
    if request is None:
        session.add(RankingRequest(**slice_key(slice_), asked_at=now))
    else:
        request.asked_at, request.problem = now, ""
    return True


def compute_ranking(engine: Engine, slice_: Slice, *, now: datetime) -> PortalError | None:
    """Rank a slice and keep the result; why not, which is noted at the request too.

    The computation runs between two transactions, so that nobody waits for it.
    """
    with sessions.reading(engine) as session:
        version, data = data_version(session), ranking_data(session, slice_)
        served = traffic(session, slice_)
    try:
        ranking = rank_stations(data.cells, served)
    except PortalError as error:
        with sessions.transaction(engine) as session:
            _note_problem(session, slice_, str(error))
        return error
    with sessions.transaction(engine) as session:
        _store(session, slice_, version, computed_at=now, **_payloads(ranking, data.months))
    return None


def _store(session: Session, slice_: Slice, version: int, **values: Any) -> None:  # noqa: ANN401
    """Keep a ranking in place of the slice's former one; its request is served."""
    for table in (RankingSnapshot, RankingRequest):
        session.execute(delete(table).filter_by(**slice_key(slice_)))
    session.execute(
        insert(RankingSnapshot).values(**slice_key(slice_), data_version=version, **values)
    )


def _note_problem(session: Session, slice_: Slice, problem: str) -> None:
    request = session.scalars(select(RankingRequest).filter_by(**slice_key(slice_))).one_or_none()
    if request is not None:
        request.problem = problem[:500]


def _payloads(ranking: Ranking, months: MonthCells) -> dict[str, Any]:
    severities = month_severities(ranking.expected, months) if ranking.expected else ()
    return {"payload": _payload(ranking), "drift": [list(row) for row in severities]}


def _payload(ranking: Ranking) -> dict[str, Any]:
    assignment = ranking.assignment
    return {
        "ranked": [_ranked(row) for row in ranking.ranked],
        "unranked": [
            {"station": row.station, "n": row.n, "reason": _sentence(row.reason)}
            for row in ranking.unranked
        ],
        "severities": [
            [row.inspector, row.n, row.value, *row.interval] for row in ranking.severities
        ],
        "assignment": _sentence(assignment.sentence)
        if assignment is not None and assignment.follows_quality
        else None,
        **_comparison(ranking.comparison),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "reference": comparison.reference,
        "level": comparison.level,
        "verdicts": [
            asdict(row)
            | {
                "difference": list(row.difference) if row.difference else None,
                "verdict": row.verdict.value,
            }
            for row in comparison.rows
        ],
    }


def _ranked(row: RankedStation) -> dict[str, Any]:
    position, separation = row.adjusted.position, row.separation
    return {
        "station": row.station,
        "n": row.n,
        "plain": row.plain,
        "adjusted": _span(row.adjusted),
        "fixed": _span(row.fixed),
        "rank": position.rank,
        "best": position.rank_interval.best,
        "worst": position.rank_interval.worst,
        "bottom": position.bottom,
        "tier": row.tier.value,
        "adjustment": _sentence(row.adjustment.sentence),
        "neighbour": separation.neighbour if separation else None,
        "needed": separation.needed if separation else None,
        "reason": _sentence(separation.reason) if separation and separation.reason else None,
    }


def _span(estimate: Estimate | None) -> list[float] | None:
    return None if estimate is None else [estimate.value, *estimate.interval]


def _sentence(sentence: Sentence) -> list[str | Mapping[str, object]]:
    return [sentence.template, dict(sentence.values)]
