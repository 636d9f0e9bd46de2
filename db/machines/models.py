"""Keys with which other systems hand files to the portal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Key, Model, Title


class LossPermission(Model):
    """An account whose imports may empty and shorten what is stored without a question."""

    __tablename__ = "loss_permission"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class ServiceKey(Model):
    """A key of a service account; only the SHA-256 of its secret is stored.

    `prefix` is the part of the key that is no secret: it finds the row, and people recognise the
    key by it.
    """

    __tablename__ = "service_key"

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    label: Mapped[Title]
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
