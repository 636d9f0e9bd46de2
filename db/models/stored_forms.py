"""Opened forms that were stored, so that a second click makes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Id, Model


class StoredForm(Model):
    """A form a person opened, by its random token, and the record that storing it made.

    `record_id` is the record's key in its own table. Nothing that was entered stands here.
    """

    __tablename__ = "stored_form"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[int] = mapped_column(Id)
    stored_at: Mapped[datetime]
