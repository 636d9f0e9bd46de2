"""The append-only log of sign-ins, views of personal data and changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Code, Key, Model


class AuditEvent(Model):
    """Who did what to which object, when and why. Field names only, never personal values."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "object_type", "object_id", "at"),
        Index(None, "user_id", "at"),
        Index(None, "user_id", "action", "at"),
        Index(None, "user_id", "object_type", "at"),
        Index(None, "action", "at"),
        Index(None, "object_type", "at"),
        Index(None, "action", "object_type", "at"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]]
