"""Users of the portal: made and changed by an administrator; the language they read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.access import PEOPLE, Action, Identity, Role, require
from core.errors import InvalidInput
from core.i18n import LANGUAGES
from core.sign_in.passwords import check_password
from db.people.models import User, UserRole
from db.sign_in.services import login_sessions, sign_in_news
from db.sign_in.services.passwords import hash_password
from db.store import audit
from db.store.form_rows import check_filled, check_free, existing, store

_OF_A_STATION = (Role.STATION_MANAGER, Role.CASE_HANDLER, Role.TRAINER)


@dataclass(frozen=True)
class UserData:
    """What an administrator enters for a user; `station_id` tops the tree of some roles."""

    username: str
    name: str
    roles: frozenset[Role]
    station_id: int | None = None
    staff_id: int | None = None
    region: str = ""
    language: str | None = None
    active: bool = True


def save_user(
    session: Session,
    *,
    who: Identity,
    user_id: int | None,
    data: UserData,
    password: str | None,
    now: datetime,
) -> int:
    """Make a user (`user_id` None) or change one; returns the id.

    Without a password nobody can sign in as a new user, until a link lets them choose one. A
    change of roles, of activity, of user name or of password ends the person's sessions.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    check_filled(data.username, data.name)
    check_free(session, User.id, User.username == data.username, user_id, data.username)
    _check_roles(data)
    user = existing(session, User, user_id) or User(created_at=now, password_hash="")
    if any(held.role == Role.SERVICE for held in user.roles):
        raise InvalidInput("A service account never becomes a person's.")
    before = _opens(user)
    if password is not None:
        check_password(password, [data.username, data.name])
        user.password_hash, user.password_changed_at = hash_password(password), now
    user.roles = [
        session.get(UserRole, (user_id, role)) or UserRole(role=role) for role in sorted(data.roles)
    ]
    for role in user.roles:
        role.station_id = data.station_id if role.role in _OF_A_STATION else None
    fields = asdict(data) | {"roles": None, "station_id": None}
    del fields["roles"], fields["station_id"]
    saved = store(session, who, user, fields, "user", now)
    if password is not None and user_id is not None:
        sign_in_news.note(session, who, "change_password", saved, now=now)
    if before != _opens(user):
        login_sessions.revoke_sessions(session, saved, now=now)
        who_is_it = ("user", saved)
        audit.record(session, who, "change_access", who_is_it, now=now, roles=sorted(data.roles))
    return saved


def choose_language(session: Session, *, who: Identity, language: str) -> None:
    """Keep the language the person reads the portal in."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    if language not in LANGUAGES:
        raise InvalidInput("This language is not available.")
    session.execute(update(User).where(User.id == who.user_id).values(language=language))


def _check_roles(data: UserData) -> None:
    if not data.roles:
        raise InvalidInput("Choose at least one role.")
    if not data.roles <= set(PEOPLE):
        raise InvalidInput("A service account is made under its own heading.")
    if Role.STATION_MANAGER in data.roles and data.station_id is None:
        raise InvalidInput("A station manager needs a station.")
    if Role.CASE_HANDLER in data.roles and data.station_id is None:
        raise InvalidInput("A case handler needs a station.")


def _opens(user: User) -> object:
    """What decides which doors open for a user."""
    roles = {(role.role, role.station_id) for role in user.roles}
    return roles, user.active, user.username, user.password_hash, user.staff_id
