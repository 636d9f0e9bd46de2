"""Which cases someone wants to see: from filter and permission to ordered ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, union_all
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from db.models import ChecklistVersion, Finding, Inspection
from db.services.auth import subtree

Ids = Select[float | None, int]


@dataclass(frozen=True)
class CaseFilter:
    """What narrows the cases; None and empty mean no narrowing.

    A station includes those below it. Section and item mean points lost there. Months are
    yyyymm, inclusive. `words` must all stand in the transcript, in either script.
    """

    station_id: int | None = None
    checklist_id: int | None = None
    section_key: str | None = None
    item_key: str | None = None
    channel: str | None = None
    band: str | None = None
    critical_only: bool = False
    from_month: int | None = None
    to_month: int | None = None
    best_first: bool = False
    words: str = ""


@dataclass(frozen=True)
class Cursor:
    """The last case of a page; the next page begins behind it."""

    score: float
    inspection_id: int


def ordered_ids(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    *,
    limit: int,
    after: Cursor | None = None,
) -> list[Cursor]:
    """Valid inspections of record that match but for words, lowest (or best) score first.

    Each station is read in its own order and the heads are merged, so that an index gives the
    order whatever the filter.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    stations = _stations(session, who, wanted)
    if stations is not None and not stations:
        return []
    parts = [
        _part(wanted, station_id, after).limit(limit)
        for station_id in ([None] if stations is None else sorted(stations))
    ]
    merged = parts[0] if len(parts) == 1 else _merged(parts, wanted, limit)
    rows = session.execute(merged)
    return [Cursor(score, key) for score, key in rows if score is not None]


def narrowed(
    session: Session, who: Identity, wanted: CaseFilter, after: Cursor | None
) -> list[ColumnElement[bool]]:
    """The same, as conditions on inspections found in another way.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    columns = (Inspection.score, Inspection.id)
    stations = _stations(session, who, wanted)
    found = [*_matches(wanted), *_behind(columns, after, wanted)]
    if stations is not None:
        found.append(Inspection.station_id.in_(stations))
    if wanted.item_key or wanted.section_key:
        lost = exists().where(Finding.inspection_id == Inspection.id)
        found.append(lost.where(*_lost(wanted)))
    return found


def _stations(session: Session, who: Identity, wanted: CaseFilter) -> frozenset[int] | None:
    permitted = visible_stations(who, Action.SEE_CASES)
    if wanted.station_id is None:
        return permitted
    asked = subtree(session, [wanted.station_id])
    return asked if permitted is None else asked & permitted


def _part(wanted: CaseFilter, station_id: int | None, after: Cursor | None) -> Ids:
    if wanted.item_key or wanted.section_key:
        return _of_findings(wanted, station_id, after)
    columns = (Inspection.score, Inspection.id.label("inspection_id"))
    conditions = [*_matches(wanted), *_behind(columns, after, wanted)]
    if station_id is not None:
        conditions.append(Inspection.station_id == station_id)
    return select(*columns).where(*conditions).order_by(*_order(columns, wanted))


def _of_findings(wanted: CaseFilter, station_id: int | None, after: Cursor | None) -> Ids:
    """The same, led by the findings: one row for a case, however much it lost there."""
    columns = (Finding.score, Finding.inspection_id)
    conditions = [
        Finding.score.is_not(None),
        *_matches(wanted),
        *_behind(columns, after, wanted),
        *_lost(wanted),
        *_given((station_id, Finding.station_id == station_id)),
    ]
    return (
        select(*columns)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(*conditions)
        .distinct()
        .order_by(*_order(columns, wanted))
    )


def _lost(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    return _given(
        (wanted.item_key, Finding.item_key == wanted.item_key),
        (wanted.section_key, Finding.section_key == wanted.section_key),
    )


def _matches(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    versions = select(ChecklistVersion.id).where(
        ChecklistVersion.checklist_id == wanted.checklist_id
    )
    return [
        Inspection.state == "valid",
        Inspection.purpose == "record",
        Inspection.score.is_not(None),
        *_given(
            (wanted.checklist_id, Inspection.checklist_version_id.in_(versions)),
            (wanted.channel, Inspection.channel == wanted.channel),
            (wanted.band, Inspection.band == wanted.band),
            (wanted.critical_only, Inspection.critical.is_(True)),
            (wanted.from_month, Inspection.month >= (wanted.from_month or 0)),
            (wanted.to_month, Inspection.month <= (wanted.to_month or 0)),
        ),
    ]


def _given(*pairs: tuple[object, ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [condition for value, condition in pairs if value not in (None, "", False)]


def _behind(
    columns: tuple[Any, Any], after: Cursor | None, wanted: CaseFilter
) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    score, key = columns
    if wanted.best_first:
        return [score <= after.score, or_(score < after.score, key < after.inspection_id)]
    return [score >= after.score, or_(score > after.score, key > after.inspection_id)]


def _order(columns: Iterable[Any], wanted: CaseFilter) -> list[Any]:
    return [column.desc() if wanted.best_first else column for column in columns]


def _merged(parts: list[Ids], wanted: CaseFilter, limit: int) -> Ids:
    heads = union_all(*(select(part.subquery()) for part in parts)).subquery()
    columns = (heads.c.score, heads.c.inspection_id)
    return select(*columns).order_by(*_order(columns, wanted)).limit(limit)
