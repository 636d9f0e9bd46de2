"""Changing the log behind the portal's back, as somebody with the database's password could."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, text

from db.safekeeping.models import AuditSeal
from db.store.models import AuditEvent
from db.store.session import transaction

FIELDS = ("at", "user_id", "action", "object_type", "object_id", "reason", "details")


def unguarded(engine):
    """Take the triggers away, as an owner of the database can."""
    if engine.dialect.name == "sqlite":
        statements = [
            f"DROP TRIGGER {table}_no_{change}"
            for table in ("audit_event", "audit_seal")
            for change in ("update", "delete")
        ]
    else:
        statements = [
            f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in ("audit_event", "audit_seal")
        ]
    with transaction(engine) as session:
        for statement in statements:
            session.execute(text(statement))


def tamper(session, dice: random.Random) -> str:
    """One change of the sealed log, drawn by chance; says which."""
    sealed = session.scalar(select(func.max(AuditSeal.last_id)))
    kinds = [edit, remove, swap, truncate, insert, precede, forge_seal, drop_seal, cut_all]
    kind: Callable[..., str] = dice.choice(kinds)
    return kind(session, dice, sealed)


def edit(session, dice, sealed):
    event = session.get(AuditEvent, dice.randint(1, sealed))
    field = dice.choice(FIELDS)
    if field == "at":
        event.at += timedelta(seconds=dice.choice([-1, 1]))
    elif field == "user_id":
        event.user_id = (event.user_id or 0) + 1
    elif field == "details":
        event.details = {**event.details, "fields": ["other"]}
    else:
        setattr(event, field, getattr(event, field) + "x")
    return f"edit {field} of {event.id}"


def remove(session, dice, sealed):
    event_id = dice.randint(1, sealed)
    session.delete(session.get(AuditEvent, event_id))
    return f"remove {event_id}"


def swap(session, dice, sealed):
    one = dice.randint(1, sealed - 1)
    first, second = session.get(AuditEvent, one), session.get(AuditEvent, one + 1)
    for name in FIELDS:
        mine, other = getattr(first, name), getattr(second, name)
        setattr(first, name, other)
        setattr(second, name, mine)
    return f"swap {one} and {one + 1}"


def truncate(session, dice, sealed):
    first = dice.randint(2, sealed)
    session.query(AuditEvent).filter(AuditEvent.id >= first).delete()
    return f"cut off from {first}"


def insert(session, dice, sealed):
    """An entry removed and another put in its place, so that the count is right."""
    event = session.get(AuditEvent, dice.randint(1, sealed))
    copied = {name: getattr(event, name) for name in FIELDS} | {"object_id": "other"}
    session.delete(event)
    session.flush()
    session.add(AuditEvent(id=event.id, **copied))
    return f"replace {event.id}"


def precede(session, dice, sealed):
    """An entry of the past that nobody made, before the first of all."""
    event = session.get(AuditEvent, dice.randint(1, sealed))
    copied = {name: getattr(event, name) for name in FIELDS}
    number = -dice.randint(0, 5)
    session.add(AuditEvent(id=number, **copied))
    return f"put {number} before the first"


def forge_seal(session, dice, sealed):
    """An entry removed, and the seal's count made to fit."""
    event_id = dice.randint(1, sealed)
    session.delete(session.get(AuditEvent, event_id))
    seal = session.scalars(
        select(AuditSeal).where(AuditSeal.last_id >= event_id).order_by(AuditSeal.id)
    ).first()
    seal.entries -= 1
    return f"forge the seal over {event_id}"


def drop_seal(session, dice, _sealed):
    seal = dice.choice(session.scalars(select(AuditSeal)).all())
    session.delete(seal)
    return f"drop seal {seal.id}"


def cut_all(session, dice, _sealed):
    """The end of the log with its seals, so that what is left is whole in itself."""
    seal = dice.choice(session.scalars(select(AuditSeal)).all())
    session.query(AuditEvent).filter(AuditEvent.id >= seal.first_id).delete()
    session.query(AuditSeal).filter(AuditSeal.id >= seal.id).delete()
    return f"cut off from seal {seal.id}"
