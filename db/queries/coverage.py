"""How far the sampling plans of a month are worked off, and what they buy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Action, Identity, Scope, require
from core.sampling import margin_of_error
from db.models import Assignment, Interaction, Staff, Station, User


@dataclass(frozen=True)
class Coverage:
    """Assignments of one inspector, station or person: given, done, skipped, overdue."""

    key: int
    name: str
    drawn: int
    done: int
    skipped: int
    overdue: int

    @property
    def margin(self) -> float | None:
        """Half-width of the 90 % interval of a pass rate near 85 %, in percent points."""
        margin = margin_of_error(0.85, self.done, level=0.90)
        return None if margin is None else 100 * margin


class _By(NamedTuple):
    """What the assignments are grouped by, and the column that names it."""

    key: InstrumentedAttribute[Any]
    entity: type[User | Station | Staff]
    name: InstrumentedAttribute[str]


def by_inspector(session: Session, who: Identity, *, since: date, today: date) -> list[Coverage]:
    """What was due since a day, by inspector; an inspector sees the own row only."""
    own = require(who, Action.SEE_COVERAGE) is Scope.OWN
    chosen = [Assignment.inspector_id == who.user_id] if own else []
    by = _By(Assignment.inspector_id, User, User.name)
    return _coverage(session, by, chosen, since, today)


def by_station(
    session: Session, who: Identity, *, since: date, today: date, language: str
) -> list[Coverage]:
    """What was due since a day, by station of the encounter."""
    if require(who, Action.SEE_COVERAGE) is Scope.OWN:
        return []
    names = {"zh_TW": Station.name_zh_tw, "zh_CN": Station.name_zh_cn}
    name = names.get(language, Station.name_en)
    by = _By(Interaction.station_id, Station, name)
    return _coverage(session, by, _within(who), since, today)


def by_staff(session: Session, who: Identity, *, since: date, today: date) -> list[Coverage]:
    """What was due since a day, by scored person, fewest first; only for who may know names."""
    require(who, Action.SEE_STAFF_NAMES)
    by = _By(Interaction.staff_id, Staff, Staff.name)
    rows = _coverage(session, by, _within(who), since, today)
    return sorted(rows, key=lambda row: (row.done, row.name))


def _within(who: Identity) -> list[ColumnElement[bool]]:
    if require(who, Action.SEE_COVERAGE) is not Scope.SUBTREE:
        return []
    return [Interaction.station_id.in_(who.station_ids or frozenset())]


def _coverage(
    session: Session, by: _By, chosen: list[ColumnElement[bool]], since: date, today: date
) -> list[Coverage]:
    is_late = (Assignment.state == "open") & (Assignment.due_on < today)
    columns: list[Any] = [
        by.key,
        by.name,
        func.count(),
        _count(Assignment.state == "submitted"),
        _count(Assignment.state == "skipped"),
        _count(is_late),
    ]
    query = (
        select(*columns)
        .select_from(Assignment)
        .join(Interaction, Assignment.interaction_id == Interaction.id)
        .join(by.entity, by.entity.id == by.key)
        .where(Assignment.due_on >= since, *chosen)
        .group_by(by.key, by.name)
        .order_by(by.name)
    )
    return [
        Coverage(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5]))
        for row in session.execute(query)
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
