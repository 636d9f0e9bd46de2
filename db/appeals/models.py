"""Appeals of scored people against their scores, and how long each step may take."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.appeals.states import APPEAL, AppealState
from db.store.base import Code, Key, Model, Words, state_of


class Appeal(Model):
    """The scored person contests an inspection of record, once.

    `state` is open, kept (the score stands), changed (`new_inspection_id` has the new one),
    withdrawn, or closed (the inspection was amended or voided by other means; its amendment says
    why). `due_on` is the day, at the station, by which it is to be decided; `ended_at` is when it
    ceased to be open, `decided_by` who decided.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        Index(None, "state", "due_on", "id"),
        Index(None, "state", "ended_at", "id"),
    )

    id: Mapped[Key]
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    raised_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[AppealState] = state_of(APPEAL)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    new_inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspection.id"), unique=True)


class AppealPoint(Model):
    """What is contested, with the reason; `item_key` is empty for the inspection as a whole.

    `outcome` is kept or changed once it is decided, `decision` the reason for that.
    """

    __tablename__ = "appeal_point"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    item_key: Mapped[Code] = mapped_column(primary_key=True)
    reason: Mapped[Words]
    outcome: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[Words] = mapped_column(default="")


class AppealTerm(Model):
    """How many days a step of an appeal may take; without a row it is the proposed number."""

    __tablename__ = "appeal_term"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    days: Mapped[int]
