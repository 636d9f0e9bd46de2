"""Appeals for those who decide them or answer for the station: lists, and one with its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require, visible_stations
from core.appeals.deadlines import DAYS, Outcomes, Step
from core.appeals.states import DECIDED, AppealState
from core.checklist import Texts
from core.clock.days import days_left
from core.errors import not_found
from db.appeals.models import Appeal, AppealPoint, AppealTerm
from db.appeals.queries.points import Point, name_of, points_by_appeal
from db.appeals.rules import had_a_hand
from db.checklists.parsed_versions import checklists_of
from db.encounters.models import Interaction
from db.inspection.models import RECALLED, Amendment, Inspection
from db.people.models import Station, User
from db.people.queries.shown_texts import StaffLabels


def terms(session: Session) -> dict[Step, int]:
    """Calendar days of each step of an appeal: those that are set, else those proposed."""
    days_set = {row.kind: row.days for row in session.scalars(select(AppealTerm))}
    return {step: days_set.get(step, proposed) for step, proposed in DAYS.items()}


def counted_from(session: Session, inspection: Inspection) -> datetime:
    """When the result came about: its submission, or the amendment that made it."""
    if inspection.replaces_id is None:
        return inspection.submitted_at
    made = select(Amendment.at).where(
        Amendment.inspection_id == inspection.replaces_id,
        Amendment.kind != RECALLED,  # then it was submitted anew
    )
    return session.scalar(made.order_by(Amendment.id.desc()).limit(1)) or inspection.submitted_at


class AppealCursor(NamedTuple):
    """The last appeal of a page, by the day it is due or the moment it ended."""

    due_or_ended: date | datetime
    appeal_id: int


class WaitingAppeals(NamedTuple):
    open: int
    overdue: int


_Listed = Select[Appeal, Inspection, str, Station]
_JoinedRow = Row[Appeal, Inspection, str, Station]
_LISTED = (
    select(Appeal, Inspection, Interaction.external_id.label("case_no"), Station)
    .join(Inspection, Inspection.id == Appeal.inspection_id)
    .join(Interaction, Interaction.id == Inspection.interaction_id)
    .join(Station, Station.id == Inspection.station_id)
)


@dataclass(frozen=True)
class AppealRow:
    """One appeal of a list; `staff` is a letter where the reader may not know the name."""

    appeal_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    timezone: str
    staff: str
    raised_at: datetime
    due_on: date
    ended_at: datetime | None
    state: AppealState
    score: float | None
    names: tuple[Texts, ...]

    @property
    def cursor(self) -> AppealCursor:
        return AppealCursor(self.ended_at or self.due_on, self.appeal_id)


@dataclass(frozen=True)
class AppealPage:
    rows: tuple[AppealRow, ...]
    next: AppealCursor | None


@dataclass(frozen=True)
class AppealView:
    """One appeal with its points.

    Attributes:
        decided_by: empty for readers who decide no appeals, as are the reasons of the points: the
            person wrote them for whoever decides.
        barred: the reader had a hand in the score.
    """

    appeal_id: int
    inspection_id: int
    station_id: int
    state: AppealState
    timezone: str
    raised_at: datetime
    due_on: date
    ended_at: datetime | None
    decided_by: str
    new_inspection_id: int | None
    points: tuple[Point, ...]
    barred: bool


def waiting(session: Session, who: Identity, *, now: datetime) -> WaitingAppeals:
    """How many appeals of the stations one answers for are open, and how many past their day.

    It is over where it is over at the station.

    Raises:
        NotAllowed: the role sees no appeals.
    """
    here = _here(who)
    query = (
        select(Appeal.due_on, Station.timezone, func.count())
        .join(Inspection, Inspection.id == Appeal.inspection_id)
        .join(Station, Station.id == Inspection.station_id)
        .where(Appeal.state == AppealState.OPEN, *here)
        .group_by(Appeal.due_on, Station.timezone)
    )
    counts = [(days_left(due, now, zone), count) for due, zone, count in session.execute(query)]
    return WaitingAppeals(
        open=sum(count for _left, count in counts),
        overdue=sum(count for left, count in counts if left < 0),
    )


def appeals(
    session: Session,
    who: Identity,
    *,
    is_open: bool,
    after: AppealCursor | None = None,
    limit: int = 50,
) -> AppealPage:
    """Open appeals, the most urgent first, or ended ones, the newest first.

    Raises:
        NotAllowed: the role sees no appeals.
    """
    here = _here(who)
    query = _open_behind(after) if is_open else _ended_behind(after)
    joined_rows = session.execute(query.where(*here).limit(limit + 1)).all()
    page = joined_rows[:limit]
    points = points_by_appeal(
        session, [(row.Appeal.id, row.Inspection.checklist_version_id) for row in page]
    )
    labels = StaffLabels.beside_cases(session, who)
    labels.prepare({row.Inspection.staff_id for row in page if row.Inspection.staff_id})
    rows = tuple(_row(row, points[row.Appeal.id], labels) for row in page)
    return AppealPage(rows, rows[-1].cursor if len(joined_rows) > limit else None)


def appeal(session: Session, who: Identity, appeal_id: int) -> AppealView:
    """One appeal; with its reasons for those who decide.

    Raises:
        NotFound: there is no such appeal, or it lies outside what the person may see.
        NotAllowed: the role sees no appeals.
    """
    here = visible_stations(who, Action.SEE_APPEALS)
    row = session.get(Appeal, appeal_id)
    inspection = session.get(Inspection, row.inspection_id) if row else None
    outside = inspection and here is not None and inspection.station_id not in here
    if row is None or inspection is None or outside:
        raise not_found(
            "This appeal does not exist.",
            user_id=who.user_id,
            subject=("appeal", appeal_id),
            exists=row is not None,
        )
    points = points_by_appeal(session, [(row.id, inspection.checklist_version_id)])[row.id]
    decides = can(who, Action.DECIDE_APPEALS)
    return AppealView(
        appeal_id=row.id,
        inspection_id=row.inspection_id,
        station_id=inspection.station_id,
        state=row.state,
        timezone=session.get_one(Station, inspection.station_id).timezone,
        raised_at=row.raised_at,
        due_on=row.due_on,
        ended_at=row.ended_at,
        decided_by=_decider(session, row) if decides else "",
        new_inspection_id=row.new_inspection_id,
        points=points if decides else tuple(point._replace(reason="") for point in points),
        barred=had_a_hand(session, who, row, inspection),
    )


def open_appeal(session: Session, who: Identity, inspection_id: int) -> int | None:
    """The id of the open appeal against an inspection.

    Raises:
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    query = select(Appeal.id).where(Appeal.inspection_id == inspection_id)
    return session.scalar(query.where(Appeal.state == AppealState.OPEN))


def _here(who: Identity) -> list[ColumnElement[bool]]:
    """The condition that keeps a list to the stations the person answers for."""
    stations = visible_stations(who, Action.SEE_APPEALS)
    return [] if stations is None else [Inspection.station_id.in_(stations)]


def _open_behind(after: AppealCursor | None) -> _Listed:
    query = _LISTED.where(Appeal.state == AppealState.OPEN).order_by(Appeal.due_on, Appeal.id)
    if after is None:
        return query
    same = and_(Appeal.due_on == after.due_or_ended, Appeal.id > after.appeal_id)
    return query.where(or_(Appeal.due_on > after.due_or_ended, same))


def _ended_behind(after: AppealCursor | None) -> _Listed:
    query = _LISTED.where(Appeal.state != AppealState.OPEN)
    query = query.order_by(Appeal.ended_at.desc(), Appeal.id.desc())
    if after is None:
        return query
    same = and_(Appeal.ended_at == after.due_or_ended, Appeal.id < after.appeal_id)
    return query.where(or_(Appeal.ended_at < after.due_or_ended, same))


def _row(joined_row: _JoinedRow, points: tuple[Point, ...], labels: StaffLabels) -> AppealRow:
    appeal, inspection, case_no, station = joined_row
    return AppealRow(
        appeal_id=appeal.id,
        case_no=case_no,
        station_code=station.code,
        station_names=station.names,
        timezone=station.timezone,
        staff=labels.label(inspection.staff_id, inspection.station_id),
        raised_at=appeal.raised_at,
        due_on=appeal.due_on,
        ended_at=appeal.ended_at,
        state=appeal.state,
        score=inspection.score,
        names=tuple(point.name for point in points),
    )


def _decider(session: Session, appeal: Appeal) -> str:
    return session.scalar(select(User.name).where(User.id == appeal.decided_by)) or ""


class ItemOutcomes(NamedTuple):
    """How the points about one item were decided; the name is empty for whole results."""

    name: Texts
    outcomes: Outcomes


def outcomes(session: Session, who: Identity, *, since: datetime) -> list[ItemOutcomes]:
    """The outcomes since a moment, by item; items changed most often first.

    Raises:
        NotAllowed: the role sees no appeals.
    """
    stations = visible_stations(who, Action.SEE_APPEALS)
    here = [] if stations is None else [Inspection.station_id.in_(stations)]
    changed = func.sum(case((AppealPoint.outcome == "changed", 1), else_=0))
    rows = session.execute(
        select(
            AppealPoint.item_key, func.max(Inspection.checklist_version_id), func.count(), changed
        )
        .join(Appeal, Appeal.id == AppealPoint.appeal_id)
        .join(Inspection, Inspection.id == Appeal.inspection_id)
        .where(Appeal.state.in_(DECIDED), Appeal.ended_at >= since, *here)
        .group_by(AppealPoint.item_key)
    ).all()
    checklists = checklists_of(session, {version for _, version, _, _ in rows})
    items = [
        ItemOutcomes(
            name_of(checklists[version], key), Outcomes(key, kept=n - moved, changed=moved)
        )
        for key, version, n, moved in rows
    ]
    return sorted(
        items, key=lambda row: (-row.outcomes.changed, -row.outcomes.decided, row.outcomes.item_key)
    )
