"""Signing in through an identity provider: whose account it is, and which roles it brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.errors import InvalidInput
from core.settings import Settings
from db.people.models import User, UserRole
from db.people.services.identities import identity_of
from db.sign_in.models import ExternalAccount
from db.sign_in.services import login_sessions, sign_in_news
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit
from db.sign_in.services.login_sessions import Login
from db.store import audit

_LONGEST = 64


@dataclass(frozen=True)
class Claims:
    """What the provider says, after its signature was checked; `groups` are claimed roles."""

    issuer: str
    subject: str
    username: str
    name: str
    groups: frozenset[str]


def enter(session: Session, settings: Settings, claims: Claims, visit: Visit) -> Login:
    """A session for the person the provider names, with the same rights as after a local sign-in.

    Known is who was linked. Somebody new is linked to the account of the same user name if that
    has no password, and gets a new account if the claims bring a role.

    Raises:
        SignInRefused: there is no account for this person, or it is closed, or has no role.
    """
    user = _linked(session, claims)
    if user is None and (len(claims.username) > _LONGEST or "\x00" in claims.username):
        raise _unknown(claims)  # cut off, it might be another person's
    user = user or _adopted(session, claims, visit.now)
    if user is None:
        user = _made(session, settings, claims, visit.now)
    if not user.active or (user.is_demo and not settings.allows_demo_accounts):
        raise _unknown(claims)
    if settings.oidc_roles:
        _take_roles(session, user, settings.oidc_roles, claims.groups, visit.now)
    if not user.roles:
        raise SignInRefused("Your account has no role. Ask an administrator.")
    return login_sessions.open_session(
        session, settings, user.id, visit, method=login_sessions.OIDC
    )


def link(session: Session, *, who: Identity, claims: Claims, now: datetime) -> None:
    """Link one's own account with the provider's, while signed in to both.

    Raises:
        InvalidInput: the provider's account is linked with somebody else's.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    other = _linked(session, claims)
    if other is not None and other.id != who.user_id:
        raise InvalidInput("This account of your organisation is linked with somebody else's.")
    if other is None:
        _link(session, session.get_one(User, who.user_id), claims, now)


def _linked(session: Session, claims: Claims) -> User | None:
    return session.scalar(
        select(User)
        .join(ExternalAccount)
        .where(ExternalAccount.issuer == claims.issuer, ExternalAccount.subject == claims.subject)
    )


def _adopted(session: Session, claims: Claims, now: datetime) -> User | None:
    """The account made for this user name that nobody has signed in to yet."""
    user = session.scalar(select(User).where(User.username == claims.username))
    if user is None or not claims.username:
        return None
    taken = select(ExternalAccount.id).where(ExternalAccount.user_id == user.id)
    if user.password_hash or user.is_demo or session.scalar(taken) is not None:
        raise SignInRefused(
            "The account {username} has its own sign-in. Use that, and link the two under My "
            "account.",
            username=claims.username,
        )
    _link(session, user, claims, now)
    return user


def _made(session: Session, settings: Settings, claims: Claims, now: datetime) -> User:
    """A new account; the roles follow with those of every sign-in."""
    if not (claims.username and _granted(settings.oidc_roles, claims.groups)):
        raise _unknown(claims)
    user = User(
        username=claims.username,
        name=(claims.name or claims.username)[:200],
        password_hash="",
        created_at=now,
    )
    session.add(user)
    session.flush()
    _link(session, user, claims, now)
    return user


def _link(session: Session, user: User, claims: Claims, now: datetime) -> None:
    session.add(
        ExternalAccount(
            user_id=user.id, issuer=claims.issuer, subject=claims.subject, linked_at=now
        )
    )
    session.flush()
    sign_in_news.note(session, identity_of(session, user), "link_account", user.id, now=now)


def _take_roles(
    session: Session, user: User, mapping: dict[str, Role], groups: Iterable[str], now: datetime
) -> None:
    """The roles that the mapping speaks of follow the claims; others stay as they are."""
    present = {Role(role.role) for role in user.roles}
    entitled = (present - set(mapping.values())) | _granted(mapping, groups)
    if entitled == present:
        return
    staying = [role for role in user.roles if role.role in entitled]
    user.roles = [*staying, *(UserRole(role=role) for role in sorted(entitled - present))]
    session.flush()
    login_sessions.revoke_sessions(session, user.id, now=now)
    who = identity_of(session, user)
    subject = ("user", user.id)
    audit.record(session, who, "change_access", subject, now=now, roles=sorted(entitled))


def _granted(mapping: dict[str, Role], groups: Iterable[str]) -> set[Role]:
    return {mapping[group] for group in groups if group in mapping}


def _unknown(claims: Claims) -> SignInRefused:
    return SignInRefused(
        "Nobody here has the account {username}. Ask an administrator.", username=claims.username
    )
