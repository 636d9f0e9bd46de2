"""Warnings as lists: raised and taken ones, suspicions, ended ones; how many wait for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.clock.days import day_of
from core.warning.rules import RuleKey
from core.warning.states import WARNING, WarningState
from core.warning.terms import ClosingCause
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames
from db.store.days import portal_day
from db.warning.models import EarlyWarning, WarningSign
from db.warning.sight import seen


class Which(StrEnum):
    """Open: raised or taken. Suspected: not raised yet. Ended: closed, or lapsed."""

    OPEN = auto()
    SUSPECTED = auto()
    ENDED = auto()


class WarningCursor(NamedTuple):
    """The last warning of a page, by its first window or the moment it ended."""

    since_or_ended: date | datetime
    warning_id: int


@dataclass(frozen=True)
class StoredSign:
    """A window that is a sign, see `core.warning.signs.Sign`.

    Attributes:
        first_times: how many there were when it became a sign.
        lapsed_at: when a correction of the data took it away.
    """

    on: date
    times: int
    chances: int
    base_times: int
    base_chances: int
    p: float | None
    limit: float | None
    first_times: int
    seen_at: datetime
    lapsed_at: datetime | None


@dataclass(frozen=True)
class WarningRow:
    """One warning of a list.

    Attributes:
        owner: the name; empty where nobody has it, or the account is not active any more.
        sign: the newest that stands; of a lapsed one the newest.
        days: since it was raised, or suspected where it is not raised, at the station.
    """

    warning_id: int
    rule: RuleKey
    station_id: int
    station_code: str
    station_names: Mapping[str, str]
    timezone: str
    subject_key: str
    state: WarningState
    since: date
    days: int
    owner: str
    due_on: date | None
    is_put_off: bool
    is_subsided: bool
    cause: ClosingCause | None
    ended_at: datetime | None
    sign: StoredSign

    @property
    def cursor(self) -> WarningCursor:
        return WarningCursor(self.ended_at or self.since, self.warning_id)


@dataclass(frozen=True)
class WarningPage:
    rows: tuple[WarningRow, ...]
    next: WarningCursor | None


class WaitingWarnings(NamedTuple):
    """How many warnings are open, and of them how many wait for what.

    Suspicions that have subsided are in none. `untaken` are raised and past the day by which
    somebody was to take them.
    """

    raised: int
    ownerless: int
    untaken: int
    taken: int
    put_off: int
    suspected: int


def waiting_warnings(session: Session, who: Identity, *, now: datetime) -> WaitingWarnings:
    """How many of the warnings that the person sees wait for what.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    table = EarlyWarning
    conditions = seen(who)
    is_raised = table.state == WarningState.RAISED
    is_taken = table.state == WarningState.TAKEN
    is_suspected = and_(table.state == WarningState.SUSPECTED, ~table.is_subsided)
    is_nobodys = or_(table.owner_id.is_(None), ~User.active)
    counted: dict[str, ColumnElement[bool]] = {
        "raised": is_raised,
        "ownerless": and_(or_(is_raised, is_taken), is_nobodys),
        "untaken": and_(is_raised, table.due_on < portal_day(session, now)),
        "taken": is_taken,
        "put_off": and_(is_taken, table.is_put_off),
        "suspected": is_suspected,
    }
    sums = [func.coalesce(func.sum(case((c, 1), else_=0)), 0) for c in counted.values()]
    query = select(*sums).select_from(table).outerjoin(User, User.id == table.owner_id)
    row = session.execute(query.where(table.state.in_(sorted(WARNING.open)), *conditions)).one()
    return WaitingWarnings(**dict(zip(counted, map(int, row), strict=True)))


def warnings(
    session: Session,
    who: Identity,
    *,
    which: Which,
    now: datetime,
    after: WarningCursor | None = None,
    limit: int = 50,
) -> WarningPage:
    """Open ones by their first window, the oldest first; ended ones, the newest first.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    conditions = seen(who)
    query = _behind(which, after).where(*conditions).limit(limit + 1)
    listed = session.execute(query).all()
    rows = _rows(session, who, listed[:limit], now)
    return WarningPage(rows, rows[-1].cursor if len(listed) > limit else None)


def warning_row(
    session: Session, who: Identity, warning_id: int, *, now: datetime
) -> WarningRow | None:
    """One warning as lists show it; None where the person does not see it.

    Raises:
        NotAllowed: the role has no part in warnings.
    """
    conditions = seen(who)
    listed = session.execute(_LISTED.where(EarlyWarning.id == warning_id, *conditions)).all()
    return next(iter(_rows(session, who, listed, now)), None)


_LISTED = (
    select(EarlyWarning, Station, User.name.label("owner"), User.active.label("is_active"))
    .join(Station, Station.id == EarlyWarning.station_id)
    .outerjoin(User, User.id == EarlyWarning.owner_id)
)
_Listed = Select[EarlyWarning, Station, str, bool]


def _states(which: Which) -> Collection[WarningState]:
    if which is Which.ENDED:
        return (WarningState.CLOSED, WarningState.LAPSED)
    if which is Which.SUSPECTED:
        return (WarningState.SUSPECTED,)
    return (WarningState.RAISED, WarningState.TAKEN)


def _behind(which: Which, after: WarningCursor | None) -> _Listed:
    table = EarlyWarning
    query = _LISTED.where(table.state.in_(sorted(_states(which))))
    if which is Which.ENDED:
        query = query.order_by(table.ended_at.desc(), table.id.desc())
        if after is None:
            return query
        same = and_(table.ended_at == after.since_or_ended, table.id < after.warning_id)
        return query.where(or_(table.ended_at < after.since_or_ended, same))
    query = query.order_by(table.since, table.id)
    if after is None:
        return query
    same = and_(table.since == after.since_or_ended, table.id > after.warning_id)
    return query.where(or_(table.since > after.since_or_ended, same))


def _rows(
    session: Session,
    who: Identity,
    listed: Sequence[Row[EarlyWarning, Station, str, bool]],
    now: datetime,
) -> tuple[WarningRow, ...]:
    hide = HiddenNames(session, who).anywhere.hide
    signs = _newest_signs(session, [row.id for row, *_rest in listed])
    return tuple(
        WarningRow(
            warning_id=row.id,
            rule=RuleKey(row.rule),
            station_id=station.id,
            station_code=station.code,
            station_names=station.names,
            timezone=station.timezone,
            subject_key=row.subject_key,
            state=row.state,
            since=row.since,
            days=(
                day_of(now, station.timezone)
                - day_of(row.raised_at or row.begun_at, station.timezone)
            ).days,
            owner=hide(owner) if owner and is_active else "",
            due_on=row.due_on,
            is_put_off=row.is_put_off,
            is_subsided=row.is_subsided,
            cause=ClosingCause(row.cause) if row.cause else None,
            ended_at=row.ended_at,
            sign=signs[row.id],
        )
        for row, station, owner, is_active in listed
    )


def _newest_signs(session: Session, ids: Sequence[int]) -> dict[int, StoredSign]:
    """By warning the newest sign that stands, or the newest where none does."""
    query = (
        select(WarningSign)
        .where(WarningSign.warning_id.in_(ids))
        .order_by(WarningSign.lapsed_at.is_(None), WarningSign.window_on)
    )
    return {row.warning_id: stored_sign(row) for row in session.scalars(query)}


def stored_sign(row: WarningSign) -> StoredSign:
    """A row of the table as what is shown of it."""
    return StoredSign(
        on=row.window_on,
        times=row.times,
        chances=row.chances,
        base_times=row.base_times,
        base_chances=row.base_chances,
        p=row.p,
        limit=row.limit_value,
        first_times=row.first_times,
        seen_at=row.seen_at,
        lapsed_at=row.lapsed_at,
    )
