"""A person's own scores beside those of the team, from the rollups; never a name or a result."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.checklist import Texts
from core.figures import Moments
from core.periods import Period
from core.team import Beside, Group, beside
from db.checklists import checklist_of
from db.models import ChecklistVersion, Staff, StaffMonth

SAMPLE_CLASS = "random"


class TeamLine(NamedTuple):
    """One checklist, by the title of the newest version that was scored with."""

    title: Texts
    found: Beside


def team_figures(session: Session, who: Identity, period: Period) -> tuple[TeamLine, ...]:
    """The person's and the team's scores of encounters drawn at random, at their station.

    Raises:
        NotAllowed: the role has no team.
    """
    stations = visible_stations(who, Action.SEE_TEAM_FIGURES) or frozenset()
    own: dict[int, Moments] = {}
    others: dict[int, Group] = {}
    newest: dict[int, int] = {}
    for row in session.execute(_sums(who, stations, period)):
        newest[row.checklist_id] = max(row.version, newest.get(row.checklist_id, 0))
        scores = Moments(row.n, row.total, row.squares)
        if row.mine:
            own[row.checklist_id] = scores
        else:
            others[row.checklist_id] = Group(row.people, scores)
    return tuple(
        TeamLine(checklist_of(session, newest[found.checklist_id]).title, found)
        for found in beside(own, others)
    )


def _sums(who: Identity, stations: Collection[int], period: Period) -> Select[Any]:
    """By checklist, the person's own scores and those of all others together."""
    table = StaffMonth
    mine = case((table.staff_id == who.staff_id, 1), else_=0).label("mine")
    return (
        select(
            ChecklistVersion.checklist_id,
            mine,
            func.max(table.checklist_version_id).label("version"),
            func.count(table.staff_id.distinct()).label("people"),
            func.sum(table.n).label("n"),
            func.sum(table.total).label("total"),
            func.sum(table.squares).label("squares"),
        )
        .join(Staff, Staff.id == table.staff_id)
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(
            Staff.station_id.in_(stations),
            table.station_id == Staff.station_id,
            table.month.between(*period),
            table.sample_class == SAMPLE_CLASS,
            table.n > 0,
        )
        .group_by(ChecklistVersion.checklist_id, mine)
    )
