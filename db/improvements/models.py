"""Actions that are to improve something, and the stations on both sides of their effect."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.improvements.states import IMPROVEMENT, ImprovementState
from db.store.base import Code, Key, Model, Words, state_of


class Improvement(Model):
    """A finding, its cause, what is done about it, by whom, until when, and what came of it.

    `subject` says what the finding is about beside `station_id`: nothing more, an item or an
    appeal, of which `subject_key` has the key. `measure` is what is to change, to `target` in its
    unit where one was set. Months (yyyymm) are those of core.improvements.judging; `waits` and
    `lasts` count them. `looks` is how often it was judged, `effect` the stored form of the last
    time (core.measures.stored_effect), `verdict` its verdict. `told` is the stage of which people
    were told last. `next_on` is the day that matters next: due, or from which it can be judged.
    `follows_id` is the action in whose place this one came.
    """

    __tablename__ = "improvement"
    __table_args__ = (
        Index(None, "state", "next_on", "id"),
        Index(None, "state", "ended_at", "id"),
        Index(None, "subject", "subject_key"),
    )

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    subject: Mapped[Code]
    subject_key: Mapped[Code] = mapped_column(default="")
    finding: Mapped[Words]
    cause: Mapped[Code]
    kind: Mapped[Code]
    doing: Mapped[Words]
    measure: Mapped[Code]
    target: Mapped[float | None]
    finding_first: Mapped[int]
    finding_last: Mapped[int]
    before_first: Mapped[int]
    before_last: Mapped[int]
    waits: Mapped[int]
    lasts: Mapped[int]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date]
    state: Mapped[ImprovementState] = state_of(IMPROVEMENT)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    agreed_at: Mapped[datetime | None]
    done_on: Mapped[date | None]
    proof: Mapped[Words] = mapped_column(default="")
    look_on: Mapped[date | None]
    next_on: Mapped[date]
    looks: Mapped[int] = mapped_column(default=0)
    effect: Mapped[dict[str, Any] | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[Words] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    told: Mapped[Code] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"))


class ImprovementStation(Model):
    """A station where the action is carried out, or (`is_control`) one that it is compared with."""

    __tablename__ = "improvement_station"

    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"), primary_key=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True, index=True)
    is_control: Mapped[bool] = mapped_column(default=False)
