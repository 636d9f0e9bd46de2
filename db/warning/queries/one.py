"""One warning with its signs, its windows for a chart, its story, and what the reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from core.periods import first_day
from core.warning.rules import RuleKey
from core.warning.signs import WindowCount
from core.warning.states import WARNING
from core.warning.terms import ClosingCause
from db.improvements.models import Improvement
from db.improvements.sight import seen as seen_actions
from db.people.models import User
from db.people.queries.shown_texts import HiddenNames
from db.warning.cells import Cell, complaint_months, late_windows, lost_windows
from db.warning.models import WarningSign, WarningStep
from db.warning.queries.lists import StoredSign, WarningRow, stored_sign, warning_row
from db.warning.sight import may_close, visible

_MONTHS_CHARTED = 15


class StoryStep(NamedTuple):
    """What was done with a warning; `name` is empty where the portal did it.

    `until` is the day until which it was put off, or the window whose sign was corrected.
    """

    deed: str
    at: datetime
    name: str
    words: str
    until: date | None
    cause: ClosingCause | None
    action_id: int | None


class WarningRights(NamedTuple):
    """What the reader may do with the warning as long as it is open."""

    answer: bool
    close: bool
    own: bool


class LinkedAction(NamedTuple):
    """An action at the station that a warning may be closed with."""

    improvement_id: int
    doing: str


@dataclass(frozen=True)
class WarningView:
    """One warning.

    Attributes:
        signs: its windows, the oldest first.
        windows: the last windows of the cell; empty where there is nothing to chart.
        story: what was done with it, the oldest first.
        actions: those at the station that the reader sees, the newest first.
    """

    row: WarningRow
    signs: tuple[StoredSign, ...]
    windows: tuple[WindowCount, ...]
    story: tuple[StoryStep, ...]
    actions: tuple[LinkedAction, ...]
    rights: WarningRights


def warning(session: Session, who: Identity, warning_id: int, *, now: datetime) -> WarningView:
    """One warning.

    Raises:
        NotFound: there is none, or the person does not see it.
        NotAllowed: the role has no part in warnings.
    """
    stored = visible(session, who, warning_id)
    row = warning_row(session, who, warning_id, now=now)
    assert row is not None
    signs = select(WarningSign).where(WarningSign.warning_id == warning_id)
    return WarningView(
        row=row,
        signs=tuple(map(stored_sign, session.scalars(signs.order_by(WarningSign.window_on)))),
        windows=_windows(session, row, now),
        story=_story(session, who, warning_id),
        actions=_actions(session, who, row),
        rights=WarningRights(
            answer=can(who, Action.ANSWER_WARNINGS) and row.state in WARNING.open,
            close=may_close(who, stored) and row.state in WARNING.open,
            own=stored.owner_id == who.user_id,
        ),
    )


def _windows(session: Session, row: WarningRow, now: datetime) -> tuple[WindowCount, ...]:
    cell = Cell(row.station_id, row.subject_key)
    if row.rule is RuleKey.COMPLAINTS:
        months = complaint_months(session, [cell], now, alone=True)[cell]
        return tuple(
            WindowCount(on=first_day(month), times=times, chances=chances)
            for month, times, chances in months[-_MONTHS_CHARTED:]
        )
    if row.rule is RuleKey.LOST_ITEMS:
        return tuple(lost_windows(session, [cell], now, alone=True)[cell])
    if row.rule is RuleKey.LATE_STEPS:
        return tuple(late_windows(session, [cell], now, alone=True)[cell])
    return ()


def _story(session: Session, who: Identity, warning_id: int) -> tuple[StoryStep, ...]:
    hide = HiddenNames(session, who).anywhere.hide
    query = (
        select(WarningStep, User.name)
        .outerjoin(User, User.id == WarningStep.user_id)
        .where(WarningStep.warning_id == warning_id)
        .order_by(WarningStep.id)
    )
    return tuple(
        StoryStep(
            deed=step.deed,
            at=step.at,
            name=hide(name) if name else "",
            words=hide(step.words),
            until=step.until,
            cause=ClosingCause(step.cause) if step.cause else None,
            action_id=step.action_id,
        )
        for step, name in session.execute(query)
    )


def _actions(session: Session, who: Identity, row: WarningRow) -> tuple[LinkedAction, ...]:
    if not can(who, Action.OWN_ACTIONS):
        return ()
    hide = HiddenNames(session, who).anywhere.hide
    query = (
        select(Improvement.id, Improvement.doing)
        .where(seen_actions(who), Improvement.station_id == row.station_id)
        .order_by(Improvement.id.desc())
    )
    return tuple(LinkedAction(key, hide(doing)) for key, doing in session.execute(query.limit(50)))
