"""Telling what was done to records: at once to followers, later to whoever reads the events.

An event is written in the transaction of its deed, beside the entry of the log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.access import Identity
from db.store.base import table_of
from db.store.models import Event


class Published(NamedTuple):
    """A deed on records of one kind, as it happens; `who` is None where the portal did it."""

    kind: str
    deed: str
    ids: tuple[Any, ...]
    who: Identity | None
    now: datetime


Follower = Callable[[Session, Published], None]
_followers: dict[tuple[str, str], list[Follower]] = {}


def follows(kind: str, *deeds: str) -> Callable[[Follower], Follower]:
    """Register a function that acts at once, in the transaction of the deed.

    So a subject above acts where one below changes, and the one below knows nothing of it.
    """

    def register(follower: Follower) -> Follower:
        for deed in deeds:
            _followers.setdefault((kind, deed), []).append(follower)
        return follower

    return register


def publish(session: Session, event: Published, **details: Any) -> None:  # noqa: ANN401
    """Write down an event and let its followers act; details hold no words of people."""
    session.execute(
        insert(table_of(Event)).values(
            at=event.now,
            user_id=event.who.user_id if event.who else None,
            kind=event.kind,
            deed=event.deed,
            ids=list(event.ids),
            details=details,
        )
    )
    for follower in _followers.get((event.kind, event.deed), ()):
        follower(session, event)
