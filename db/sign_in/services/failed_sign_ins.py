"""Sign-ins that failed: they slow down whoever guesses, and lock nobody else out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from core.errors import PortalError
from db.people.models import User
from db.sign_in.models import LoginFailure, LoginSession
from db.sign_in.one_time_tokens import digest
from db.store import audit

_WINDOW = timedelta(minutes=15)
_FAILURES_PER_PAIR = 5
_FAILURES_PER_ADDRESS = 30
_LINE_BITS = 64


class SignInRefused(PortalError):
    """User name or password wrong, or too many attempts; never says which account exists."""


@dataclass(frozen=True)
class Visit:
    """Where and when somebody signs in.

    `mark` is what the portal gave this browser to know it again, `token` a session it still holds.
    """

    address: str
    now: datetime
    browser: str = ""
    mark: str = ""
    token: str | None = None


def refuse_if_guessing(session: Session, *, username: str, visit: Visit) -> None:
    """Stop whoever keeps guessing from an address, without locking the account for anyone else.

    Raises:
        SignInRefused: too many refused attempts from here in the last 15 minutes.
    """
    recent = select(func.count()).where(
        LoginFailure.at > visit.now - _WINDOW,
        LoginFailure.address == _counted_address(session, username, visit),
    )
    pair = session.scalar(recent.where(LoginFailure.username == username[:64])) or 0
    if pair >= _FAILURES_PER_PAIR or (session.scalar(recent) or 0) >= _FAILURES_PER_ADDRESS:
        raise SignInRefused("Too many attempts. Wait 15 minutes and try again.")


def note_failure(session: Session, username: str, visit: Visit) -> None:
    address = _counted_address(session, username, visit)
    session.add(LoginFailure(username=username[:64], address=address, at=visit.now))
    audit.record(session, None, "sign_in_refused", ("user", ""), now=visit.now)


def _counted_address(session: Session, username: str, visit: Visit) -> str:
    """What failures are counted under: the address, which a whole office may share.

    A browser that the person signed in with before counts by itself, so that nobody else at that
    address keeps them out.
    """
    browser = digest(visit.mark)
    own_browser = (
        select(LoginSession.id)
        .join(User, User.id == LoginSession.user_id)
        .where(User.username == username, LoginSession.browser_hash == browser)
    )
    is_known = visit.mark and session.scalar(select(exists(own_browser)))
    return f"browser {browser.hex()[:40]}" if is_known else _line_of(visit.address)


def _line_of(address: str) -> str:
    """What an address is counted as: of IPv6 the first 64 bits, which one line has to itself."""
    try:
        place = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(place, IPv4Address):
        return str(place)
    if place.ipv4_mapped is not None:
        return str(place.ipv4_mapped)
    return str(ip_network((place, _LINE_BITS), strict=False))
