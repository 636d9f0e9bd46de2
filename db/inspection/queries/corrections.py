"""Requests for a correction: for those who may amend, and for the inspector who asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, require, visible_stations
from core.inspection.states import CORRECTION, CorrectionState
from core.people.staff_names import StaffNames
from db.encounters.models import Interaction
from db.inspection.models import FOR_APPEAL, RECALLED, Amendment, CorrectionRequest, Inspection
from db.inspection.queries.own_work import is_own_encounter
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames
from db.people.services.identities import is_same_person
from db.store.models import Notice

_New = aliased(Inspection)
_Asked = Select[CorrectionRequest, Inspection, str, Station, str]
_AskedRow = Row[CorrectionRequest, Inspection, str, Station, str]
_OwnRow = Row[CorrectionRequest, Inspection, str, str, Amendment | None, float | None]
_ASKED = (
    select(
        CorrectionRequest,
        Inspection,
        Interaction.external_id.label("case_no"),
        Station,
        User.name.label("asker"),
    )
    .join(Inspection, Inspection.id == CorrectionRequest.inspection_id)
    .join(Interaction, Interaction.id == Inspection.interaction_id)
    .join(Station, Station.id == Inspection.station_id)
    .join(User, User.id == CorrectionRequest.user_id)
    .where(CorrectionRequest.state == CorrectionState.OPEN)
)


class RequestPosition(NamedTuple):
    """The last request of a page."""

    due_on: date
    request_id: int


@dataclass(frozen=True)
class AskedCorrection:
    """An open request, for those who may amend.

    `barred` says that the reader asked, scored or did the work, and others are to answer.
    """

    request_id: int
    inspection_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    timezone: str
    asker: str
    asked_at: datetime
    due_on: date
    score: float | None
    words: str
    barred: bool

    @property
    def position(self) -> RequestPosition:
        return RequestPosition(self.due_on, self.request_id)


@dataclass(frozen=True)
class AskedPage:
    """Requests of one page; `next` is where the following one begins."""

    rows: tuple[AskedCorrection, ...]
    next: RequestPosition | None


@dataclass(frozen=True)
class OwnCorrection:
    """One's own request and what became of it.

    Attributes:
        score: as it was when the correction was asked for; `new_score` as it is after it.
        voided: the inspection counts nowhere any more.
        by_appeal: the decision on an appeal corrected it.
        why: the reason of the amendment, or of declining; empty where an appeal was the reason.
    """

    request_id: int
    inspection_id: int
    case_no: str
    timezone: str
    asked_at: datetime
    due_on: date
    ended_at: datetime | None
    state: CorrectionState
    words: str
    score: float | None
    new_score: float | None
    voided: bool
    by_appeal: bool
    why: str


def asked_corrections(
    session: Session, who: Identity, *, after: RequestPosition | None = None, limit: int = 50
) -> AskedPage:
    """Open requests at the stations where the person may amend, the most urgent first.

    Raises:
        NotAllowed: the role does not amend.
    """
    here = _here(who)
    query = _ASKED.where(*here).order_by(CorrectionRequest.due_on, CorrectionRequest.id)
    if after is not None:
        same = and_(
            CorrectionRequest.due_on == after.due_on, CorrectionRequest.id > after.request_id
        )
        query = query.where(or_(CorrectionRequest.due_on > after.due_on, same))
    joined_rows = session.execute(query.limit(limit + 1)).all()
    hidden_names = HiddenNames(session, who)
    rows = tuple(
        _asked(session, who, row, hidden_names.in_inspection(row.Inspection))
        for row in joined_rows[:limit]
    )
    return AskedPage(rows, rows[-1].position if len(joined_rows) > limit else None)


def open_correction(session: Session, who: Identity, inspection_id: int) -> AskedCorrection | None:
    """The open request to correct an inspection, where the person may amend it.

    Raises:
        NotAllowed: the role does not amend.
    """
    here = _here(who)
    query = _ASKED.where(CorrectionRequest.inspection_id == inspection_id, *here)
    row = session.execute(query).first()
    if row is None:
        return None
    return _asked(session, who, row, HiddenNames(session, who).in_inspection(row.Inspection))


def own_corrections(
    session: Session, who: Identity, *, since: datetime
) -> tuple[OwnCorrection, ...]:
    """The person's requests, open or ended since a moment: open ones first, then the newest.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    is_open = CorrectionRequest.state == CorrectionState.OPEN
    return _own(session, who, or_(is_open, CorrectionRequest.ended_at >= since))


def unread_corrections(session: Session, who: Identity) -> tuple[OwnCorrection, ...]:
    """The person's requests that others ended and the person has not read of, newest first.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    mine = (Notice.user_id == who.user_id, Notice.kind == CORRECTION.kind, Notice.seen_at.is_(None))
    return _own(session, who, CorrectionRequest.id.in_(select(Notice.record_id).where(*mine)))


def _here(who: Identity) -> list[ColumnElement[bool]]:
    stations = visible_stations(who, Action.AMEND)
    return [] if stations is None else [Inspection.station_id.in_(stations)]


def _asked(
    session: Session, who: Identity, joined_row: _AskedRow, names: StaffNames
) -> AskedCorrection:
    request, inspection, case_no, station, asker = joined_row
    return AskedCorrection(
        request_id=request.id,
        inspection_id=inspection.id,
        case_no=names.hide(case_no),
        station_code=station.code,
        station_names=station.names,
        timezone=station.timezone,
        asker=asker,
        asked_at=request.asked_at,
        due_on=request.due_on,
        score=inspection.score,
        words=names.hide(request.words),
        barred=is_same_person(session, who, inspection.inspector_id)
        or is_own_encounter(
            session, who, interaction_id=inspection.interaction_id, served_by=inspection.staff_id
        ),
    )


def _own(
    session: Session, who: Identity, condition: ColumnElement[bool]
) -> tuple[OwnCorrection, ...]:
    rows = session.execute(
        select(
            CorrectionRequest,
            Inspection,
            Interaction.external_id,
            Station.timezone,
            Amendment,
            _New.score.label("new_score"),
        )
        .join(Inspection, Inspection.id == CorrectionRequest.inspection_id)
        .join(Interaction, Interaction.id == Inspection.interaction_id)
        .join(Station, Station.id == Inspection.station_id)
        .outerjoin(
            Amendment,
            and_(Amendment.inspection_id == Inspection.id, Amendment.kind != RECALLED),
        )
        .outerjoin(_New, _New.replaces_id == Inspection.id)
        .where(CorrectionRequest.user_id == who.user_id, condition)
        .order_by(
            CorrectionRequest.state != CorrectionState.OPEN,
            CorrectionRequest.asked_at.desc(),
            CorrectionRequest.id.desc(),
        )
    ).all()
    hidden_names = HiddenNames(session, who)
    return tuple(_own_row(row, hidden_names.in_inspection(row.Inspection)) for row in rows)


def _own_row(row: _OwnRow, names: StaffNames) -> OwnCorrection:
    request, inspection, case_no, timezone, amendment, new_score = row
    made = request.state == CorrectionState.MADE
    why = amendment.reason if made and amendment is not None else request.answer
    by_appeal = made and why.removeprefix(FOR_APPEAL).isdecimal()
    return OwnCorrection(
        request_id=request.id,
        inspection_id=inspection.id,
        case_no=names.hide(case_no),
        timezone=timezone,
        asked_at=request.asked_at,
        due_on=request.due_on,
        ended_at=request.ended_at,
        state=request.state,
        words=names.hide(request.words),
        score=inspection.score,
        new_score=new_score if made else None,
        voided=made and amendment is not None and amendment.kind == "void",
        by_appeal=by_appeal,
        why="" if by_appeal else names.hide(why),
    )
