"""Rankings as they were computed, what is waiting to be computed, and who computes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Code, Key, Model, PersonalText


class RankingSnapshot(Model):
    """The ranking of a slice; `inspection` and `amendment` are the newest rows it saw.

    `channel` and `sample_class` are empty for all. `payload` is db.services.rankings' data form,
    `drift` the inspectors' months, which only the page of inspectors reads.
    """

    __tablename__ = "ranking_snapshot"
    __table_args__ = (UniqueConstraint("first", "last", "checklist_id", "channel", "sample_class"),)

    id: Mapped[Key]
    first: Mapped[int]
    last: Mapped[int]
    checklist_id: Mapped[int]
    channel: Mapped[Code]
    sample_class: Mapped[Code]
    inspection: Mapped[int]
    amendment: Mapped[int]
    computed_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    drift: Mapped[list[Any]] = mapped_column(default=list, deferred=True)


class RankingRequest(Model):
    """A ranking that someone waits for; gone once it is computed. `problem` says why it failed."""

    __tablename__ = "ranking_request"
    __table_args__ = (UniqueConstraint("first", "last", "checklist_id", "channel", "sample_class"),)

    id: Mapped[Key]
    first: Mapped[int]
    last: Mapped[int]
    checklist_id: Mapped[int]
    channel: Mapped[Code]
    sample_class: Mapped[Code]
    asked_at: Mapped[datetime]
    problem: Mapped[str] = mapped_column(PersonalText(500), default="")
