"""Stations, staff and the portal's users: made and changed by an administrator."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Mapped, Session

from core.access import PEOPLE, Action, Identity, Role, require
from core.errors import InvalidInput, NotFound
from core.i18n import LANGUAGES
from core.passwords import check_password
from db import audit, sign_in_news
from db.models import Staff, Station, User, UserRole
from db.rows import existing, store
from db.services import login_sessions
from db.services.identities import subtree
from db.services.passwords import hash_password

STATION_KINDS = ("airport", "city_office", "phone_desk", "chat_desk", "shop", "head_office")
_OF_A_STATION = (Role.STATION_MANAGER, Role.TRAINER)


@dataclass(frozen=True)
class StationData:
    """What an administrator enters for a station."""

    code: str
    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    kind: str
    region: str
    parent_id: int | None
    timezone: str
    active: bool = True


@dataclass(frozen=True)
class StaffData:
    """What an administrator enters for a member of staff."""

    staff_no: str
    name: str
    station_id: int | None
    post: str = "agent"
    uniform_variant: str = ""
    employed_from: date | None = None
    active: bool = True


@dataclass(frozen=True)
class UserData:
    """What an administrator enters for a user; `station_id` tops a manager's or trainer's tree."""

    username: str
    name: str
    roles: frozenset[Role]
    station_id: int | None = None
    staff_id: int | None = None
    region: str = ""
    language: str | None = None
    active: bool = True


def save_station(
    session: Session, *, who: Identity, station_id: int | None, data: StationData, now: datetime
) -> int:
    """Make a station (`station_id` None) or change one; returns its id.

    Raises:
        InvalidInput: a field is empty or unknown, the code is taken, or the tree would loop.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    _check_station(session, station_id, data)
    station = existing(session, Station, station_id) or Station()
    return store(session, who, station, asdict(data), "station", now)


def save_staff(
    session: Session, *, who: Identity, staff_id: int | None, data: StaffData, now: datetime
) -> int:
    """Make a member of staff (`staff_id` None) or change one; returns the id."""
    require(who, Action.ADMINISTER_PEOPLE)
    _filled(data.staff_no, data.name)
    _free(session, Staff.id, Staff.staff_no == data.staff_no, staff_id, data.staff_no)
    if data.station_id is None:
        raise InvalidInput("Choose the station first.")
    if session.get(Station, data.station_id) is None:
        raise NotFound("This station does not exist.")
    staff = existing(session, Staff, staff_id) or Staff()
    return store(session, who, staff, asdict(data), "staff", now)


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
    _filled(data.username, data.name)
    _free(session, User.id, User.username == data.username, user_id, data.username)
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


def _opens(user: User) -> object:
    """What decides which doors open for a user."""
    roles = {(role.role, role.station_id) for role in user.roles}
    return roles, user.active, user.username, user.password_hash, user.staff_id


def _check_station(session: Session, station_id: int | None, data: StationData) -> None:
    _filled(data.code, data.name_zh_tw, data.name_zh_cn, data.name_en)
    if data.kind not in STATION_KINDS:
        raise InvalidInput("Unknown kind of station: {kind}.", kind=data.kind)
    if data.timezone not in available_timezones():
        raise InvalidInput("Unknown time zone: {zone}.", zone=data.timezone)
    _free(session, Station.id, Station.code == data.code, station_id, data.code)
    if data.parent_id is None:
        return
    if session.get(Station, data.parent_id) is None:
        raise NotFound("This station does not exist.")
    if station_id is not None and data.parent_id in subtree(session, [station_id]):
        raise InvalidInput("A station cannot stand below itself.")


def _filled(*fields: str) -> None:
    if not all(field.strip() for field in fields):
        raise InvalidInput("Fill in every required field.")


def _free(
    session: Session, column: Mapped[int], match: ColumnElement[bool], own_id: int | None, code: str
) -> None:
    taken = session.scalar(select(column).where(match))
    if taken is not None and taken != own_id:
        raise InvalidInput("{code} is already taken.", code=code)
