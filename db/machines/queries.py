"""Service accounts and their keys, for whoever administers them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from db.machines.models import LossPermission, ServiceKey
from db.people.models import User, UserRole


class ServiceAccountRow(NamedTuple):
    """An account; `keys` counts those in force, `last_used_at` is None before the first use."""

    id: int
    username: str
    name: str
    active: bool
    may_lose: bool
    keys: int
    last_used_at: datetime | None


class KeyRow(NamedTuple):
    """A key as it is recognised: never the key itself."""

    id: int
    label: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def is_in_force(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def service_accounts(session: Session, who: Identity, *, now: datetime) -> list[ServiceAccountRow]:
    """Every service account by user name, closed ones too."""
    require(who, Action.ADMINISTER_PEOPLE)
    in_force = and_(ServiceKey.revoked_at.is_(None), ServiceKey.expires_at > now)
    rows = session.execute(
        select(
            User.id,
            User.username,
            User.name,
            User.active,
            LossPermission.user_id.is_not(None).label("may_lose"),
            func.count(ServiceKey.id).filter(in_force).label("keys"),
            func.max(ServiceKey.last_used_at).label("last_used_at"),
        )
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(ServiceKey, ServiceKey.user_id == User.id)
        .outerjoin(LossPermission, LossPermission.user_id == User.id)
        .where(UserRole.role == Role.SERVICE)
        .group_by(User.id, LossPermission.user_id)
        .order_by(User.username)
    )
    return [ServiceAccountRow(**row._asdict()) for row in rows]


def keys_of(session: Session, who: Identity, user_id: int) -> list[KeyRow]:
    """The keys of a service account, the newest first."""
    require(who, Action.ADMINISTER_PEOPLE)
    rows = session.execute(
        select(
            ServiceKey.id,
            ServiceKey.label,
            ServiceKey.prefix,
            ServiceKey.created_at,
            ServiceKey.expires_at,
            ServiceKey.last_used_at,
            ServiceKey.revoked_at,
        )
        .where(ServiceKey.user_id == user_id)
        .order_by(ServiceKey.id.desc())
    )
    return [KeyRow(**row._asdict()) for row in rows]
