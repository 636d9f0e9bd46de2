"""Reading the events after the deeds that made them, each of them once.

A reader keeps its position in the transaction in which it acts on what it has read. Cut off at any
moment, it goes on behind the last event that it has acted on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Engine,
    and_,
    delete,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from db.store.models import Event, EventPosition
from db.store.session import dialect_of, insert_into, reading, transaction
from db.store.settling import settled

KEPT = timedelta(days=7)
"""So long events stay that every reader is past."""
_AT_ONCE = 500
_log = logging.getLogger(__name__)

Deeds = Collection[tuple[str, str]]
"""Pairs of a kind of record and a deed."""
Handler = Callable[[Session, Sequence[Event]], None]


@dataclass(frozen=True)
class EventReader:
    """Who reads: its name in the table of positions, what concerns it, and what it does with it."""

    name: str
    deeds: Deeds
    handle: Handler


_readers: dict[str, EventReader] = {}


def reads_events(name: str, deeds: Deeds) -> Callable[[Handler], Handler]:
    """Register a function that acts on events once they are committed, in the order of their ids.

    It gets some at once, those of `deeds` alone, in a transaction that keeps the position too.
    """

    def register(handle: Handler) -> Handler:
        _readers[name] = EventReader(name, deeds, handle)
        return handle

    return register


def read_events(engine: Engine) -> int:
    """Let every reader act on the events that it has not read; how many it were in all.

    One that fails is logged and tried again the next time; the others go on.
    """
    upto, read = settled(engine, Event), 0
    for reader in list(_readers.values()):
        try:
            while _is_behind(engine, reader, upto):
                read += _read_some(engine, reader, upto)
        except Exception:  # noqa: BLE001  logged; the other readers go on
            _log.exception("reader of events failed: %s", reader.name)
    return read


def drop_read(engine: Engine, *, now: datetime) -> int:
    """Remove old events that every reader is past; how many it were.

    The newest stays: SQLite would give its number to the next one.
    """
    with transaction(engine) as session:
        lasts = dict(session.execute(select(EventPosition.reader, EventPosition.last)).all())
        passed = min((lasts.get(name, 0) for name in _readers), default=0)
        old = (Event.id <= passed, Event.at < now - KEPT)
        newest = select(func.max(Event.id)).scalar_subquery()
        gone = delete(Event).where(*old, Event.id < newest).returning(Event.id)
        return len(session.scalars(gone).all())


def so_far(name: str) -> ColumnElement[int]:
    """How many events of a reader's deeds are committed, as a part of a statement.

    Those it has read are counted already. So the number grows with every one, whichever order
    transactions end in, and stays when old ones are removed.
    """
    position = select(EventPosition).where(EventPosition.reader == name).subquery()
    last = func.coalesce(select(position.c.last).scalar_subquery(), 0)
    total = func.coalesce(select(position.c.total).scalar_subquery(), 0)
    unread = select(func.count()).where(Event.id > last, _of(_readers[name].deeds))
    return total + unread.scalar_subquery()


def _is_behind(engine: Engine, reader: EventReader, upto: int) -> bool:
    with reading(engine) as session:
        position = session.get(EventPosition, reader.name)
    return upto > (position.last if position else 0)


def _read_some(engine: Engine, reader: EventReader, upto: int) -> int:
    """The next events, in one transaction with the position behind them."""
    with transaction(engine) as session:
        position = _locked(session, reader.name)
        if position.last >= upto:  # another process was faster
            return 0
        span = Event.id.between(position.last + 1, upto)
        rows = session.scalars(select(Event).where(span).order_by(Event.id).limit(_AT_ONCE)).all()
        mine = [row for row in rows if (row.kind, row.deed) in reader.deeds]
        if mine:
            reader.handle(session, mine)
        position.last = rows[-1].id if len(rows) == _AT_ONCE else upto
        position.total += len(mine)
    return len(mine)


def _locked(session: Session, name: str) -> EventPosition:
    """A reader's position, which two processes that read at once take one after the other."""
    first = {"reader": name, "last": 0, "total": 0}
    insert = insert_into(EventPosition, dialect_of(session)).values(first)
    session.execute(insert.on_conflict_do_nothing())
    here = select(EventPosition).where(EventPosition.reader == name)
    return session.scalars(here.with_for_update()).one()


def _of(deeds: Deeds) -> ColumnElement[bool]:
    by_kind: dict[str, list[str]] = {}
    for kind, deed in sorted(deeds):
        by_kind.setdefault(kind, []).append(deed)
    alike = [and_(Event.kind == kind, Event.deed.in_(names)) for kind, names in by_kind.items()]
    return or_(false(), *alike)
