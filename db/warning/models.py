"""Warnings, the windows that are signs of them, what was done with them, and the rules."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.warning.states import WARNING, WarningState
from db.store.base import Code, Key, Model, Words, state_of


class WarningRule(Model):
    """How a rule of `core.warning.rules` is set, and what it last looked at.

    `threshold` is the limit of a rule about a number, `owner_id` who gets its warnings at first.
    `looked_on` is the newest window that it looked at, `cells` how many cells it compared there.
    """

    __tablename__ = "warning_rule"

    rule: Mapped[Code] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    threshold: Mapped[int | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    looked_at: Mapped[datetime | None]
    looked_on: Mapped[date | None]
    cells: Mapped[int] = mapped_column(default=0)


class EarlyWarning(Model):
    """A cell that became worse: a station, and what of it.

    `subject_key` is the class of complaints, the item, the step, or the id of the file. `since` is
    the first window that is a sign. `due_on` is the day by which it is to be taken, or until which
    it is put off; `told` is the reminder that people were given last. `is_subsided` is only a mark.
    `cause` and `action_id` are those it was closed with last.
    """

    __tablename__ = "warning"
    __table_args__ = (
        Index(None, "rule", "station_id", "subject_key"),
        Index(None, "state", "since", "id"),
    )

    id: Mapped[Key]
    rule: Mapped[Code]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    subject_key: Mapped[Code]
    state: Mapped[WarningState] = state_of(WARNING)
    since: Mapped[date]
    begun_at: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date | None]
    is_put_off: Mapped[bool] = mapped_column(default=False)
    is_subsided: Mapped[bool] = mapped_column(default=False)
    told: Mapped[Code] = mapped_column(default="")
    cause: Mapped[Code] = mapped_column(default="")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"))
    ended_at: Mapped[datetime | None]


class WarningSign(Model):
    """A window that is a sign, with its numbers as they are known now.

    `first_times` is how many there were when it became one, `lapsed_at` when a correction of the
    data took it away. The rest is a `core.warning.signs.Sign`.
    """

    __tablename__ = "warning_sign"
    __table_args__ = (UniqueConstraint("warning_id", "window_on"),)

    id: Mapped[Key]
    warning_id: Mapped[int] = mapped_column(ForeignKey("warning.id"))
    window_on: Mapped[date]
    alarm: Mapped[Code]
    times: Mapped[int]
    chances: Mapped[int]
    base_times: Mapped[int]
    base_chances: Mapped[int]
    p: Mapped[float | None]
    limit_value: Mapped[float | None]
    first_times: Mapped[int]
    seen_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class WarningStep(Model):
    """What the portal or a person did with a warning, and why; never changed itself."""

    __tablename__ = "warning_step"

    id: Mapped[Key]
    warning_id: Mapped[int] = mapped_column(ForeignKey("warning.id"), index=True)
    deed: Mapped[Code]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[Words] = mapped_column(default="")
    until: Mapped[date | None]
    cause: Mapped[Code] = mapped_column(default="")
    action_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"))
