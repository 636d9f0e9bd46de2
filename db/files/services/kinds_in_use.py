"""Which kinds of files the portal works with: some from the start, others once switched on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.files.kinds import ON_FROM_THE_START, Kind
from db.store import audit
from db.store.models import Meta

_KEY = "file_kinds"


def kinds_in_use(session: Session) -> tuple[Kind, ...]:
    """Those that are on from the start and those that an administrator switched on."""
    switched = _switched(session)
    return tuple(kind for kind in Kind if kind in ON_FROM_THE_START or kind in switched)


def switch_kinds(session: Session, *, who: Identity, kinds: frozenset[Kind], now: datetime) -> None:
    """Have these kinds, besides those from the start, in menus, lists and forms.

    Files of a kind that is switched off stay stored and come back with it.

    Raises:
        InvalidInput: one is on from the start and is not switched.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    if kinds & ON_FROM_THE_START:
        raise InvalidInput("This kind of file is always on.")
    before = _switched(session)
    if kinds == before:
        return
    row = session.scalars(select(Meta).where(Meta.key == _KEY)).one_or_none()
    written = " ".join(sorted(kinds))
    if row is None:
        session.add(Meta(key=_KEY, value=written))
    else:
        row.value = written
    audit.record(session, who, "switch_kinds", ("file_kinds", 0), now=now, on=sorted(kinds))


def _switched(session: Session) -> frozenset[str]:
    return frozenset((session.scalar(select(Meta.value).where(Meta.key == _KEY)) or "").split())
