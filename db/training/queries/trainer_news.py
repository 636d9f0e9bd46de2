"""Stations below their target, which trainers look at first."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.checklist.model import BOT
from core.periods import Period, shift
from core.results.figures import ENOUGH, Moments
from db.checklists.models import ChecklistVersion
from db.checklists.queries.texts import newest_checklists
from db.people.models import Station
from db.results.models import StationMonth
from db.training.queries.taught_items import newest_whole_month

_MONTHS_JUDGED = 3


class BelowTarget(NamedTuple):
    """A station whose mean lies below the pass mark by more than chance; `half` of 90 %."""

    station_id: int
    station_code: str
    checklist_id: int
    mean: float
    half: float
    n: int
    target: float
    period: Period


def below_target(session: Session, who: Identity, running: int) -> tuple[BelowTarget, ...]:
    """Stations that ask for help: scores of three months surely below the pass mark, worst first.

    The three are the last before the running month, which is not over.
    """
    visible = visible_stations(who, Action.SEE_TRAINING)
    newest = newest_whole_month(session, running)
    if newest is None:
        return ()
    period = Period(shift(newest, 1 - _MONTHS_JUDGED), newest)
    targets = {key: version.pass_mark for key, version in newest_checklists(session).items()}
    table = StationMonth
    rows = session.execute(
        select(
            table.station_id,
            Station.code,
            ChecklistVersion.checklist_id,
            func.sum(table.n),
            func.sum(table.total),
            func.sum(table.squares),
        )
        .join(Station, Station.id == table.station_id)
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(
            table.month.between(*period),
            table.channel != BOT,
            *([] if visible is None else [table.station_id.in_(visible)]),
        )
        .group_by(table.station_id, Station.code, ChecklistVersion.checklist_id)
    )
    below = []
    for station, code, checklist, n, total, squares in rows:
        scores, target = Moments(n, total=total, squares=squares), targets.get(checklist)
        mean, half = scores.mean, scores.half_width()
        if target is None or mean is None or half is None or scores.n < ENOUGH:
            continue
        if mean + half < target:
            below.append(
                BelowTarget(
                    station_id=station,
                    station_code=code,
                    checklist_id=checklist,
                    mean=mean,
                    half=half,
                    n=scores.n,
                    target=target,
                    period=period,
                )
            )
    return tuple(sorted(below, key=lambda row: (row.mean - row.target, row.station_code)))
