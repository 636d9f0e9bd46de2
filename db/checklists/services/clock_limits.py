"""Setting what becomes of a clock, in every checklist that asks for it, from a day on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist, Item, to_data
from core.checklist.states import VersionState
from core.clock import LimitStatus
from core.drafting import examine
from core.errors import InvalidInput, NotFound
from db.checklists.models import ChecklistVersion, ClockChange, PilotStation, StandardItem
from db.checklists.parsed_versions import checklists_of
from db.checklists.services.activation import Activation, activate
from db.checklists.services.drafting import derive, store
from db.inspection.models import Assignment, Inspection
from db.store import audit
from db.store.days import portal_day

STATUSES = tuple(LimitStatus)
_WITH_LIMIT = frozenset({LimitStatus.USE, LimitStatus.CHECK})
_MOST_MINUTES = 366 * 24 * 60


@dataclass(frozen=True)
class ClockSetting:
    """What a clock is to be. Use counts, check is measured and shown, the others ask nothing.

    A period recurs by the calendar and has no limit of its own. `checklist` is the key of the one
    that it is for, empty for all that ask for the clock.
    """

    status: LimitStatus
    limit_minutes: float | None = None
    checklist: str = ""

    def __post_init__(self) -> None:
        limit, status = self.limit_minutes, self.status
        if status in _WITH_LIMIT and limit is None:
            raise InvalidInput("A clock that is in use or to be confirmed needs a limit.")
        if status not in _WITH_LIMIT and limit is not None:
            raise InvalidInput("A clock that is unset, off or recurs has no limit.")
        if limit is not None and not (math.isfinite(limit) and 0 <= limit <= _MOST_MINUTES):
            raise InvalidInput("A limit is from 0 minutes to one year.")

    def of(self, checklist: Checklist, item_id: str) -> Checklist:
        """The checklist with this clock so."""
        sections = tuple(
            replace(
                section,
                items=tuple(self._item(i) if i.key == item_id else i for i in section.items),
            )
            for section in checklist.sections
        )
        return replace(checklist, sections=sections)

    def _item(self, item: Item) -> Item:
        if item.clock is None:
            return item
        clock = replace(item.clock, limit_minutes=self.limit_minutes, status=self.status.value)
        return replace(item, clock=clock, excluded=self.status is LimitStatus.CHECK)


def set_clock(
    session: Session,
    *,
    who: Identity,
    item_id: str,
    setting: ClockSetting,
    effective_from: date,
    now: datetime,
) -> None:
    """Give a clock another limit or state from a day on, in all checklists or in the one named.

    Each checklist in force that asks for it gets a version that begins on that day: results before
    it keep the limit they were scored with. Drafts take it over. Repeated, it changes nothing.

    Raises:
        NotFound: the library has no such clock.
        InvalidInput: the day is past, or a version begins after it already; the checklist does
            not ask for the clock.
        NotReady: a checklist would have errors.
    """
    require(who, Action.SET_CLOCKS)
    item = session.get(StandardItem, item_id)
    if item is None or not item.content.get("clock"):
        raise NotFound("There is no such clock.")
    if effective_from < portal_day(session, now):
        raise InvalidInput("A limit cannot come into force on a day that is past.")
    if _stands(session, item_id, setting, effective_from):
        return
    checklist = setting.checklist
    holding = _holding(session, item_id, effective_from, checklist)
    if checklist and not holding:
        raise InvalidInput("This checklist does not ask for the clock.")
    for version in _drafts(session):
        draft = examine(version.content).checklist
        if draft and item_id in draft.by_key and checklist in ("", draft.key):
            store(version, who, to_data(setting.of(draft, item_id)), now)
    for version in holding:
        _change(session, who, version, (item_id, setting), effective_from, now)
    change = ClockChange(
        item_id=item_id,
        checklist=checklist,
        status=setting.status.value,
        limit_minutes=setting.limit_minutes,
        effective_from=effective_from,
        changed_at=now,
        changed_by=who.user_id,
    )
    session.add(change)
    session.flush()  # the log names the id
    details: dict[str, Any] = {
        "item": item_id,
        "checklist": checklist,
        "status": setting.status.value,
        "minutes": setting.limit_minutes,
        "effective_from": effective_from.isoformat(),
    }
    audit.record(session, who, "set_clock", ("clock_change", change.id), now=now, **details)


def _stands(session: Session, item_id: str, setting: ClockSetting, day: date) -> bool:
    """Whether the same was said last of a clock, for the same checklist or for all."""
    newest = session.scalar(
        select(ClockChange)
        .where(ClockChange.item_id == item_id)
        .order_by(ClockChange.id.desc())
        .limit(1)
    )
    if newest is None or newest.effective_from != day:
        return False
    last = ClockSetting(LimitStatus(newest.status), newest.limit_minutes, newest.checklist)
    return last == setting


def _drafts(session: Session) -> Iterable[ChecklistVersion]:
    query = select(ChecklistVersion).where(ChecklistVersion.state == VersionState.DRAFT)
    return session.scalars(query.with_for_update()).all()


def _holding(session: Session, item_id: str, day: date, checklist: str) -> list[ChecklistVersion]:
    """The versions in force on a day that ask for a clock, pilots behind the general ones.

    Of all checklists, or of the one that is named.

    Raises:
        InvalidInput: one of them begins later.
    """
    version = ChecklistVersion
    rows = session.scalars(
        select(version)
        .where(
            version.state == VersionState.ACTIVE,
            or_(version.effective_until.is_(None), version.effective_until > day),
        )
        .order_by(version.id)
        .with_for_update()
    ).all()
    checklists = checklists_of(session, [row.id for row in rows])
    holding = [
        row
        for row in rows
        if item_id in checklists[row.id].by_key and checklist in ("", checklists[row.id].key)
    ]
    for row in holding:
        if row.effective_from is not None and row.effective_from > day:
            raise InvalidInput(
                "A version of {checklist} begins on {day} already. Choose that day or a later one.",
                checklist=row.content["key"],
                day=row.effective_from.isoformat(),
            )
    pilots = set(session.scalars(select(PilotStation.checklist_version_id)))
    return sorted(holding, key=lambda row: (row.id in pilots, row.id))


def _change(
    session: Session,
    who: Identity,
    version: ChecklistVersion,
    change: tuple[str, ClockSetting],
    day: date,
    now: datetime,
) -> None:
    """Change a clock in a version that begins on that day and scored nothing, else in a new one."""
    item_id, setting = change
    checklist = checklists_of(session, [version.id])[version.id]
    content = to_data(setting.of(checklist, item_id))
    if version.effective_from == day and not _is_used(session, version.id):
        store(version, who, content, now)
        return
    at = PilotStation.checklist_version_id == version.id
    stations = frozenset(session.scalars(select(PilotStation.station_id).where(at)))
    draft_id = derive(session, who=who, version_id=version.id, now=now)
    draft = session.get_one(ChecklistVersion, draft_id)
    store(draft, who, content | {"version": draft.number}, now)
    activation = Activation(day, stations)
    activate(session, who=who, version_id=draft_id, edit=draft.edit, activation=activation, now=now)


def _is_used(session: Session, version_id: int) -> bool:
    return any(
        session.scalar(select(exists().where(model.checklist_version_id == version_id)))
        for model in (Assignment, Inspection)
    )
