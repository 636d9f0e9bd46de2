"""A person's own scores beside those of the team, from the rollups; never a name or a result."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, Subquery, case, cast, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.checklist import Texts
from core.checklist.model import BOT
from core.periods import Period
from core.results.figures import Moments
from core.results.team_comparison import Beside, TeamScores, beside
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.results.models import StaffMonth

SAMPLE_CLASS = "random"
NOBODY = 0
"""The rollups' person of results that name none."""


class TeamLine(NamedTuple):
    """One checklist, by the title of the newest version that was scored with."""

    title: Texts
    scores: Beside


def team_figures(session: Session, who: Identity, period: Period) -> tuple[TeamLine, ...]:
    """The person's and the team's scores of encounters drawn at random, at their station.

    Of the team is who was scored there then: a transfer changes no quarter that is over.

    Raises:
        NotAllowed: the role has no team.
    """
    stations = visible_stations(who, Action.SEE_TEAM_FIGURES) or frozenset()
    own: dict[int, Moments] = {}
    others: dict[int, TeamScores] = {}
    newest: dict[int, int] = {}
    for row in session.execute(_sums(who, stations, period)):
        newest[row.checklist_id] = max(row.version, newest.get(row.checklist_id, 0))
        scores = Moments(row.n, total=row.total, squares=row.squares)
        if row.mine:
            own[row.checklist_id] = scores
        else:
            others[row.checklist_id] = TeamScores(row.people, scores, row.largest)
    return tuple(
        TeamLine(checklist_of(session, newest[compared.checklist_id]).title, compared)
        for compared in beside(own, others)
    )


def _sums(who: Identity, stations: Collection[int], period: Period) -> Select[Any]:
    """By checklist, the person's own scores and those of all others together."""
    person = _by_person(stations, period)
    mine = case((person.c.staff_id == who.staff_id, 1), else_=0).label("mine")
    return select(
        person.c.checklist_id,
        mine,
        func.max(person.c.version).label("version"),
        func.count().label("people"),
        cast(func.max(person.c.n), BigInteger).label("largest"),
        cast(func.sum(person.c.n), BigInteger).label("n"),
        func.sum(person.c.total).label("total"),
        func.sum(person.c.squares).label("squares"),
    ).group_by(person.c.checklist_id, mine)


def _by_person(stations: Collection[int], period: Period) -> Subquery:
    table = StaffMonth
    return (
        select(
            ChecklistVersion.checklist_id,
            table.staff_id,
            func.max(table.checklist_version_id).label("version"),
            func.sum(table.n).label("n"),
            func.sum(table.total).label("total"),
            func.sum(table.squares).label("squares"),
        )
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(
            table.station_id.in_(stations),
            table.staff_id != NOBODY,
            table.month.between(*period),
            table.sample_class == SAMPLE_CLASS,
            table.channel != BOT,
            table.n > 0,
        )
        .group_by(ChecklistVersion.checklist_id, table.staff_id)
        .subquery()
    )
