"""Which roles must use one-time codes, and how many people of each have them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import PEOPLE, Action, Identity, Role, require
from db.people.models import User, UserRole
from db.sign_in.models import Authenticator, CodeDemand


class RoleDemand(NamedTuple):
    """`people` are the active ones with a password, `with_codes` those of them that have codes."""

    role: Role
    is_demanded: bool
    people: int
    with_codes: int


class _Count(NamedTuple):
    people: int
    with_codes: int


def role_demands(session: Session, who: Identity) -> list[RoleDemand]:
    """Every role of people, in their order."""
    require(who, Action.ADMINISTER_PEOPLE)
    demanded = set(session.scalars(select(CodeDemand.role)))
    counts = _counts(session)
    return [
        RoleDemand(role, role in demanded, *counts.get(role, _Count(people=0, with_codes=0)))
        for role in PEOPLE
    ]


def _counts(session: Session) -> dict[str, _Count]:
    rows = session.execute(
        select(UserRole.role, func.count(), func.count(Authenticator.confirmed_at))
        .join(User, User.id == UserRole.user_id)
        .outerjoin(Authenticator, Authenticator.user_id == User.id)
        .where(User.active, User.password_hash != "")
        .group_by(UserRole.role)
    )
    return {role: _Count(people=people, with_codes=with_codes) for role, people, with_codes in rows}
