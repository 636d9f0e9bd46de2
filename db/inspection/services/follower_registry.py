"""Who must act when inspections stop counting: subjects above register, amending tells them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Identity

Follower = Callable[[Session, Identity | None, Collection[int], datetime], None]
_followers: list[Follower] = []


def follows_inspections(follower: Follower) -> Follower:
    """Register a function that is called with the ids of inspections that no longer count.

    It runs in the transaction of the change; `who` is None for an import by the operator.
    """
    _followers.append(follower)
    return follower


def tell_followers(
    session: Session, who: Identity | None, inspection_ids: Collection[int], now: datetime
) -> None:
    """Inspections were amended, voided or imported again: let every follower act."""
    for follower in _followers:
        follower(session, who, inspection_ids, now)
