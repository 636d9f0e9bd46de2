"""All clocks of the library: what they are in the checklists in force, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist, Item, Texts
from core.checklist.states import VersionState
from core.clock import LimitStatus
from db.checklists.models import ChecklistVersion, ClockChange, PilotStation, StandardItem
from db.checklists.parsed_versions import checklists_of, in_force_on
from db.people.models import User


@dataclass(frozen=True)
class ClockUse:
    """A clock as one checklist in force has it."""

    key: str
    checklist: Texts
    status: LimitStatus
    limit_minutes: float | None
    counts: bool


@dataclass(frozen=True)
class ClockRow:
    """A clock of the library.

    Attributes:
        uses: in the checklists in force; none where no checklist asks for it.
        status, limit_minutes: those of its first use, else of the library.
    """

    item_id: str
    term: Texts
    start: Texts
    stop: Texts
    source: str
    uses: tuple[ClockUse, ...]
    status: LimitStatus
    limit_minutes: float | None

    @property
    def counts(self) -> bool:
        return any(use.counts for use in self.uses)


@dataclass(frozen=True)
class ClockChangeRow:
    """What was set, from when on, by whom; `checklist` is empty for all."""

    item_id: str
    checklist: str
    status: LimitStatus
    limit_minutes: float | None
    effective_from: date
    changed_at: datetime
    changed_by: str


def clocks(session: Session, who: Identity, *, on: date) -> list[ClockRow]:
    """Every clock of the library in order of its id, as it is on a day; pilots are left out."""
    require(who, Action.SET_CLOCKS)
    uses = _uses(session, on)
    items = session.execute(
        select(StandardItem.id, StandardItem.content).order_by(StandardItem.id)
    ).all()
    return [
        _row(item_id, content, tuple(uses.get(item_id, ())))
        for item_id, content in items
        if content.get("clock")
    ]


def clock_changes(session: Session, who: Identity) -> list[ClockChangeRow]:
    """All changes, the newest first."""
    require(who, Action.SET_CLOCKS)
    query = (
        select(ClockChange, User.name)
        .join(User, User.id == ClockChange.changed_by)
        .order_by(ClockChange.id.desc())
    )
    return [
        ClockChangeRow(
            item_id=row.item_id,
            checklist=row.checklist,
            status=LimitStatus(row.status),
            limit_minutes=row.limit_minutes,
            effective_from=row.effective_from,
            changed_at=row.changed_at,
            changed_by=name,
        )
        for row, name in session.execute(query)
    ]


def _uses(session: Session, on: date) -> Mapping[str, list[ClockUse]]:
    versions = session.scalars(
        select(ChecklistVersion.id)
        .where(
            ChecklistVersion.state == VersionState.ACTIVE,
            in_force_on(on),
            ChecklistVersion.id.not_in(select(PilotStation.checklist_version_id)),
        )
        .order_by(ChecklistVersion.checklist_id)
    ).all()
    uses: dict[str, list[ClockUse]] = {}
    for checklist in checklists_of(session, versions).values():
        for item in checklist.items():
            if item.clock is not None:
                uses.setdefault(item.key, []).append(_use(checklist, item))
    return uses


def _use(checklist: Checklist, item: Item) -> ClockUse:
    assert item.clock is not None
    limit, status = item.clock.limit_minutes, LimitStatus(item.clock.status)
    if limit is None and status in {LimitStatus.USE, LimitStatus.CHECK}:
        status = LimitStatus.UNSET
    elif limit is not None:
        status = LimitStatus.CHECK if item.excluded else LimitStatus.USE
    return ClockUse(checklist.key, checklist.title, status, limit, counts=item.scored)


def _row(item_id: str, content: Mapping[str, object], uses: tuple[ClockUse, ...]) -> ClockRow:
    clock = content["clock"]
    assert isinstance(clock, Mapping)
    term = content["term"]
    assert isinstance(term, Mapping)
    return ClockRow(
        item_id=item_id,
        term=term,
        start=clock["start"],
        stop=clock["stop"],
        source=str(content["source"]),
        uses=uses,
        status=uses[0].status if uses else LimitStatus(clock["status"]),
        limit_minutes=uses[0].limit_minutes if uses else clock["limit_minutes"],
    )
