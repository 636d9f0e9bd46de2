"""How often items are answered and N/A, by station and by inspector, from the rollups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist.model import BOT
from core.inspectors.na_watch import Counted
from core.periods import Period
from db.people.models import User
from db.results.models import InspectorItemMonth, ScoreCell, StationItemMonth, StationMonth


@dataclass(frozen=True)
class NaFigures:
    """Everything one version's N/A are judged by in a period.

    Attributes:
        mean: the mean score; None without inspections.
        inspections: how many.
        at_stations, by_inspectors: inspections by station id and by inspector id.
    """

    stations: tuple[Counted, ...]
    inspectors: tuple[Counted, ...]
    names: dict[int, str]
    mean: float | None
    inspections: int
    at_stations: dict[int, int]
    by_inspectors: dict[int, int]


def na_figures(session: Session, who: Identity, version_id: int, period: Period) -> NaFigures:
    """The counts of one version in a period.

    Raises:
        NotAllowed: the role does not look after checklists.
    """
    require(who, Action.EDIT_CHECKLISTS)
    lost = _totals(session, version_id, period)
    at_stations = _inspections(session, StationMonth, "station_id", version_id, period)
    n, total = session.execute(
        select(func.sum(StationMonth.n), func.sum(StationMonth.total)).where(
            *_within(StationMonth, version_id, period)
        )
    ).one()
    users = session.execute(select(User.id, User.name)).all()
    return NaFigures(
        stations=lost,
        inspectors=_of_inspectors(session, version_id, period, lost),
        names={row.id: row.name for row in users},
        mean=total / n if n else None,
        inspections=int(n or 0),
        at_stations=at_stations,
        by_inspectors=_inspections(session, ScoreCell, "inspector_id", version_id, period),
    )


def _totals(session: Session, version_id: int, period: Period) -> tuple[Counted, ...]:
    table = StationItemMonth
    rows = session.execute(
        select(
            table.station_id,
            table.item_key,
            func.sum(table.answered),
            func.sum(table.na),
            func.sum(table.points_lost),
        )
        .where(*_within(table, version_id, period))
        .group_by(table.station_id, table.item_key)
        .order_by(table.station_id, table.item_key)
    )
    return tuple(
        Counted(who, item, answered=int(answered), na=int(na), points_lost=float(lost))
        for who, item, answered, na, lost in rows
    )


def _of_inspectors(
    session: Session, version_id: int, period: Period, lost: tuple[Counted, ...]
) -> tuple[Counted, ...]:
    """Counts by inspector; points lost are spread over answers as they fall on everybody."""
    answers: dict[str, int] = {}
    points: dict[str, float] = {}
    for row in lost:
        answers[row.item] = answers.get(row.item, 0) + row.answered
        points[row.item] = points.get(row.item, 0.0) + row.points_lost
    table = InspectorItemMonth
    rows = session.execute(
        select(table.inspector_id, table.item_key, func.sum(table.answered), func.sum(table.na))
        .where(*_within(table, version_id, period))
        .group_by(table.inspector_id, table.item_key)
        .order_by(table.inspector_id, table.item_key)
    )
    return tuple(
        Counted(
            who,
            item,
            answered=int(answered),
            na=int(na),
            points_lost=points[item] * answered / answers[item] if answers.get(item) else 0.0,
        )
        for who, item, answered, na in rows
    )


def _inspections(
    session: Session,
    table: Any,  # noqa: ANN401  a rollup with scores
    column: str,
    version_id: int,
    period: Period,
) -> dict[int, int]:
    who = getattr(table, column)
    rows = session.execute(
        select(who, func.sum(table.n)).where(*_within(table, version_id, period)).group_by(who)
    )
    return {key: int(n) for key, n in rows}


def _within(table: Any, version_id: int, period: Period) -> list[Any]:  # noqa: ANN401  any rollup
    return [
        table.checklist_version_id == version_id,
        table.month.between(*period),
        table.channel != BOT,
    ]
