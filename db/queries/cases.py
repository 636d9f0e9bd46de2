"""Cases: submitted inspections as trainers and managers browse them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.i18n import pick
from db.models import ChecklistVersion, Finding, Inspection, Interaction, Station, Turn
from db.queries.staff_labels import StaffLabels

_EXCERPT = 120


@dataclass(frozen=True)
class CaseFilter:
    """What narrows the cases; None and empty mean no narrowing. Months are yyyymm, inclusive."""

    station_id: int | None = None
    checklist_id: int | None = None
    section_key: str | None = None
    item_key: str | None = None
    channel: str | None = None
    band: str | None = None
    critical_only: bool = False
    from_month: int | None = None
    to_month: int | None = None
    highest_score: float | None = None
    best_first: bool = False


@dataclass(frozen=True)
class Cursor:
    """The last case of a page; the next page begins behind it."""

    score: float
    inspection_id: int


@dataclass(frozen=True)
class Loss:
    item_key: str
    points: float
    effect: str | None


@dataclass(frozen=True)
class CaseRow:
    """One case of the list. `staff` is a name only where the reader may know it."""

    inspection_id: int
    case_no: str
    station_code: str
    station_names: dict[str, str]
    staff: str
    channel: str
    occurred_at: datetime
    timezone: str
    score: float
    band: str | None
    critical: bool
    checklist_version_id: int
    losses: tuple[Loss, ...]
    excerpt: str

    def station(self, language: str) -> str:
        return pick(self.station_names, language)


@dataclass(frozen=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    next: Cursor | None


def cases(
    session: Session,
    who: Identity,
    wanted: CaseFilter,
    *,
    after: Cursor | None = None,
    limit: int = 25,
) -> CasePage:
    """One page of valid inspections of record, lowest (or best) score first.

    Raises:
        NotAllowed: the person's role does not browse cases.
    """
    conditions = [*_scope(who), *_matches(wanted)]
    order = (
        (Inspection.score.desc(), Inspection.id.desc())
        if wanted.best_first
        else (Inspection.score, Inspection.id)
    )
    if after is not None:
        conditions.append(_behind(after, best_first=wanted.best_first))
    query = (
        select(Inspection, Interaction.external_id, Station)
        .join(Interaction, Inspection.interaction_id == Interaction.id)
        .join(Station, Inspection.station_id == Station.id)
        .where(*conditions)
        .order_by(*order)
        .limit(limit + 1)
    )
    found = session.execute(query).tuples().all()
    shown = found[:limit]
    details = _Details(session, who, [inspection for inspection, _, _ in shown])
    rows = tuple(details.row(*parts) for parts in shown)
    more = len(found) > limit
    return CasePage(rows, Cursor(rows[-1].score, rows[-1].inspection_id) if more else None)


def _scope(who: Identity) -> list[ColumnElement[bool]]:
    stations = visible_stations(who, Action.SEE_CASES)
    conditions = [
        Inspection.state == "valid",
        Inspection.purpose == "record",
        Inspection.score.is_not(None),
    ]
    if stations is not None:
        conditions.append(Inspection.station_id.in_(stations))
    return conditions


def _matches(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    given = (
        (wanted.station_id, Inspection.station_id == wanted.station_id),
        (wanted.channel, Inspection.channel == wanted.channel),
        (wanted.band, Inspection.band == wanted.band),
        (wanted.critical_only, Inspection.critical.is_(True)),
        (wanted.from_month, Inspection.month >= (wanted.from_month or 0)),
        (wanted.to_month, Inspection.month <= (wanted.to_month or 0)),
        (wanted.highest_score, Inspection.score <= (wanted.highest_score or 0)),
        (wanted.checklist_id, _of_checklist(wanted.checklist_id)),
        (wanted.section_key or wanted.item_key, _lost_points(wanted)),
    )
    return [condition for value, condition in given if value not in (None, "", False)]


def _of_checklist(checklist_id: int | None) -> ColumnElement[bool]:
    versions = select(ChecklistVersion.id).where(ChecklistVersion.checklist_id == checklist_id)
    return Inspection.checklist_version_id.in_(versions)


def _lost_points(wanted: CaseFilter) -> ColumnElement[bool]:
    lost = exists().where(Finding.inspection_id == Inspection.id)
    if wanted.item_key:
        lost = lost.where(Finding.item_key == wanted.item_key)
    if wanted.section_key:
        lost = lost.where(Finding.section_key == wanted.section_key)
    return lost


def _behind(after: Cursor, *, best_first: bool) -> ColumnElement[bool]:
    if best_first:
        return or_(
            Inspection.score < after.score,
            and_(Inspection.score == after.score, Inspection.id < after.inspection_id),
        )
    return or_(
        Inspection.score > after.score,
        and_(Inspection.score == after.score, Inspection.id > after.inspection_id),
    )


class _Details:
    """What a page of cases shows beside the inspections, read in three queries."""

    def __init__(self, session: Session, who: Identity, shown: list[Inspection]) -> None:
        self._labels = StaffLabels(session, who)
        self._labels.prepare({row.staff_id for row in shown if row.staff_id is not None})
        self._losses = _losses(session, [row.id for row in shown])
        self._excerpts = _excerpts(session, [row.interaction_id for row in shown])

    def row(self, inspection: Inspection, case_no: str, station: Station) -> CaseRow:
        assert inspection.score is not None
        return CaseRow(
            inspection_id=inspection.id,
            case_no=case_no,
            station_code=station.code,
            station_names=station_names(station),
            staff=self._labels.label(inspection.staff_id, inspection.station_id),
            channel=inspection.channel,
            occurred_at=inspection.occurred_at,
            timezone=station.timezone,
            score=inspection.score,
            band=inspection.band,
            critical=inspection.critical,
            checklist_version_id=inspection.checklist_version_id,
            losses=self._losses.get(inspection.id, ()),
            excerpt=self._excerpts.get(inspection.interaction_id, ""),
        )


def station_names(station: Station) -> dict[str, str]:
    return {"zh_TW": station.name_zh_tw, "zh_CN": station.name_zh_cn, "en": station.name_en}


def _losses(session: Session, ids: list[int]) -> dict[int, tuple[Loss, ...]]:
    rows = session.execute(
        select(Finding.inspection_id, Finding.item_key, Finding.points_lost, Finding.effect)
        .where(Finding.inspection_id.in_(ids))
        .order_by(Finding.points_lost.desc(), Finding.item_key)
    ).tuples()
    found: dict[int, list[Loss]] = {}
    for inspection_id, item_key, points, effect in rows:
        found.setdefault(inspection_id, []).append(Loss(item_key, points, effect))
    return {key: tuple(losses) for key, losses in found.items()}


def _excerpts(session: Session, interaction_ids: list[int]) -> dict[int, str]:
    """The first words of the customer, or of the record where no customer speaks."""
    rows: Any = session.execute(
        select(Turn.interaction_id, Turn.text)
        .where(Turn.interaction_id.in_(interaction_ids), Turn.position <= 4)
        .order_by(Turn.interaction_id, Turn.speaker != "customer", Turn.position)
    ).tuples()
    found: dict[int, str] = {}
    for interaction_id, text in rows:
        found.setdefault(interaction_id, text[:_EXCERPT])
    return found
