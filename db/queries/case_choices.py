"""What the filter of the cases offers of staff groups, languages and inspectors."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, can
from db.models import Interaction, Staff, User, UserRole


def posts(session: Session) -> tuple[str, ...]:
    """The groups of staff there are."""
    return tuple(session.scalars(select(Staff.post).distinct().order_by(Staff.post)))


def languages(session: Session) -> tuple[str, ...]:
    """The languages of encounters there are, each found in the index behind the one before."""
    first = select(func.min(Interaction.language).label("language")).cte("found", recursive=True)
    following = (
        select(func.min(Interaction.language))
        .where(Interaction.language > first.c.language)
        .scalar_subquery()
    )
    found = first.union_all(select(following).where(first.c.language.is_not(None)))
    return tuple(language for language in session.scalars(select(found.c.language)) if language)


def inspectors(session: Session, who: Identity) -> dict[str, str]:
    """Names of inspectors by id as text; empty for those who may not see how inspectors score."""
    if not can(who, Action.SEE_INSPECTORS):
        return {}
    query = select(User.id, User.name).join(UserRole).where(UserRole.role == Role.INSPECTOR)
    rows = session.execute(query.order_by(User.name, User.id))
    return {str(key): name for key, name in rows}
