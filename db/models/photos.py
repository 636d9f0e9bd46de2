"""Photos taken as evidence; the pictures themselves are files, named by chance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Code, Model


class Photo(Model):
    """A photo an inspector added to an assignment: re-encoded, without what the camera noted.

    It lasts as long as the draft or the evidence that shows it.
    """

    __tablename__ = "photo"

    name: Mapped[Code] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    added_at: Mapped[datetime]
