"""The standards library and the checklists with their versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Code, Key, Model


class StandardItem(Model):
    """An item of the standards library; `content` is core.library's data form of it."""

    __tablename__ = "standard_item"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    group: Mapped[Code] = mapped_column(index=True)
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[str] = mapped_column(String(64))


class ChecklistRecord(Model):
    """A checklist through all its versions. `origin` is seed (shipped) or portal (made here)."""

    __tablename__ = "checklist"

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(unique=True)
    origin: Mapped[Code]
    created_at: Mapped[datetime]


class ChecklistVersion(Model):
    """One version: immutable once it has been used.

    `content` is core.checklist.to_data of it; `state` is draft, active or retired.
    """

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("checklist_id", "number"),)

    id: Mapped[Key]
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    number: Mapped[int]
    state: Mapped[Code]
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
