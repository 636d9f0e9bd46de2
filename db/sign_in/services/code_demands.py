"""Demanding one-time codes of roles."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import PEOPLE, Action, Identity, Role, require
from core.errors import InvalidInput
from db.people.models import User
from db.sign_in.models import CodeDemand
from db.sign_in.queries.accounts import has_second_factor
from db.store import audit
from db.store.session import dialect_of, insert_into


class OwnCodesMissing(InvalidInput):
    """Who demands codes of a role of their own needs them first."""


def demand_codes(
    session: Session, *, who: Identity, roles: Collection[Role], now: datetime
) -> None:
    """Make people of these roles, and of no others, use one-time codes beside their password.

    It counts from their next click on; whoever has none is led to setting them up.

    Raises:
        OwnCodesMissing: it would demand them of the person, who has none.
        NotAllowed: the role does not administer people.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    if not set(roles) <= set(PEOPLE):
        raise InvalidInput("A service account has no one-time codes.")
    if who.roles & set(roles) and _signs_in_by_password_alone(session, who.user_id):
        raise OwnCodesMissing("You have no one-time codes yourself. Set them up first.")
    before = set(session.scalars(select(CodeDemand.role)))
    demanded = {role.value for role in roles}
    if before == demanded:
        return
    session.execute(delete(CodeDemand).where(CodeDemand.role.in_(before - demanded)))
    insert = insert_into(CodeDemand, dialect_of(session)).on_conflict_do_nothing()
    if new := [{"role": role} for role in sorted(demanded - before)]:
        session.execute(insert, new)  # another administrator may have just demanded the same
    audit.record(session, who, "demand_codes", ("code_demand", ""), now=now, roles=sorted(demanded))


def _signs_in_by_password_alone(session: Session, user_id: int) -> bool:
    has_password = session.get_one(User, user_id).password_hash != ""
    return has_password and not has_second_factor(session, user_id)
