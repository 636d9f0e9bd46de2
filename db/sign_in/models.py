"""Ways in beside the password: links that work once, second factors, external accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Key, Model, Name


class OneTimeToken(Model):
    """Leave to do one thing once, such as choosing a password; only the SHA-256 is stored."""

    __tablename__ = "one_time_token"

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[Code]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class Authenticator(Model):
    """A person's one-time code generator; it counts once `confirmed_at` is set.

    `begun_in` is the login session that was shown the secret; no other may confirm it.
    `last_step` is the time step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "authenticator"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    begun_in: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Model):
    """A code for when the code generator is lost; each works once."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None]


class CodeDemand(Model):
    """A role whose people must have one-time codes when they sign in with a password."""

    __tablename__ = "code_demand"

    role: Mapped[Code] = mapped_column(primary_key=True)


class ExternalAccount(Model):
    """The account of a person at an identity provider."""

    __tablename__ = "external_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class LoginSession(Model):
    """A signed-in browser; only the SHA-256 of its token is stored, and of its browser's mark."""

    __tablename__ = "login_session"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is never given to a second session

    id: Mapped[Key]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[Code] = mapped_column(default="")
    browser: Mapped[Name] = mapped_column(default="")
    browser_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    method: Mapped[Code] = mapped_column(default="password")


class LoginFailure(Model):
    """A refused sign-in, counted per account and address to slow guessing down."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index(None, "username", "at"),
        Index(None, "address", "at"),
    )

    id: Mapped[Key]
    username: Mapped[Code]
    address: Mapped[Code]
    at: Mapped[datetime]
