"""The line that tells a person on a page what one does there, until it is dismissed for good."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.people.models import User

_LONGEST_NAME = 64


def dismissed_introductions(session: Session, who: Identity) -> frozenset[str] | None:
    """The pages whose line the person has dismissed; None for somebody who is shown none at all.

    Raises:
        NotAllowed: who asks is no person with an account of their own.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    pages = session.scalar(select(User.introduced).where(User.id == who.user_id))
    return None if pages is None else frozenset(pages)


def dismiss_introduction(session: Session, *, who: Identity, page: str) -> None:
    """The line of a page is never shown to the person again; repeated, nothing changes.

    Raises:
        NotAllowed: who asks is no person with an account of their own.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    user = session.get_one(User, who.user_id, with_for_update=True)
    if user.introduced is not None:
        user.introduced = sorted({*user.introduced, page[:_LONGEST_NAME]})


def dismiss_introductions(session: Session, *, who: Identity) -> None:
    """No page shows the person such a line again."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    session.get_one(User, who.user_id, with_for_update=True).introduced = None
