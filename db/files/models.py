"""Files and their events; what follows from the events is derived and can be made anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Key, Model, Title, Words


class FileLimit(Model):
    """One line of the limits of a clock of files from a day on; never changed itself.

    `step` stops the clock. `level` and `channel` are empty for all. At most one of `minutes`,
    `days` and `months` holds the amount. `for_running`: it holds for clocks that run when the day
    begins, too.
    """

    __tablename__ = "file_limit"

    id: Mapped[Key]
    kind: Mapped[Code]
    step: Mapped[Code]
    level: Mapped[Code] = mapped_column(default="")
    channel: Mapped[Code] = mapped_column(default="")
    status: Mapped[Code]
    minutes: Mapped[float | None]
    days: Mapped[int | None]
    months: Mapped[int | None]
    effective_from: Mapped[date]
    for_running: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class StationHours(Model):
    """The opening hours and free days of a station from a day on; never changed itself.

    `openings` are lists of a weekday (0 is Monday) and two times, `free_days` are dates; no opening
    at all switches the calendar off.
    """

    __tablename__ = "station_hours"
    __table_args__ = (Index(None, "station_id", "effective_from"),)

    id: Mapped[Key]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    openings: Mapped[list[Any]]
    free_days: Mapped[list[Any]]
    effective_from: Mapped[date]
    for_running: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class File(Model):
    """A problem, complaint, work order or the like.

    `first_kind` and `severity` are as it came; `customer_ref` is a keyed pseudonym; `marks` are
    what makes it major. `cause`, `finding`, `emotion` and `solution` are codes of
    `core/files/fields.py`; `promised_at` is until when the customer was told to wait;
    `duplicate_of` is the file that goes on in place of this one, `interaction_id` the encounter
    that it became when it was closed. Derived from the events, see `db/files/derived_columns.py`:
    `kind`, `state`, `level`, `round`, `owner_id`; `next_due_at`, when the next of its clocks is
    due, and `late_since`, both as known at the last event; and how it counts in figures, see
    `core/files/timing.py`: `weekday_hour`; `answered`, `handled` and `told` are met, late or open,
    empty where no clock counts, each with when it is due; `worked_until`, `is_handled`.
    """

    __tablename__ = "file"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "station_id", "next_due_at"),
        Index(None, "state", "next_due_at", "id"),
        Index(None, "customer_ref", "topic", "received_at"),
        Index(None, "received_at", "id"),
        Index(None, "station_id", "received_at"),
    )

    id: Mapped[Key]
    source: Mapped[Code]
    external_id: Mapped[str] = mapped_column(String(128))
    first_kind: Mapped[Code]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    channel: Mapped[Code] = mapped_column(default="")
    business_line: Mapped[Code] = mapped_column(default="airline")
    received_at: Mapped[datetime]
    topic: Mapped[Code] = mapped_column(default="")
    sub_topic: Mapped[Code] = mapped_column(default="")
    severity: Mapped[str | None] = mapped_column(String(16))
    marks: Mapped[list[Any]]
    customer_ref: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[Words] = mapped_column(default="")
    demand: Mapped[Words] = mapped_column(default="")
    contact: Mapped[Words] = mapped_column(default="")
    cause: Mapped[Code] = mapped_column(default="")
    finding: Mapped[Code] = mapped_column(default="")
    emotion: Mapped[Code] = mapped_column(default="")
    solution: Mapped[Code] = mapped_column(default="")
    compensation: Mapped[float | None]
    promised_at: Mapped[datetime | None]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("file.id"), index=True)
    interaction_id: Mapped[int | None] = mapped_column(ForeignKey("interaction.id"), unique=True)
    kind: Mapped[Code]
    state: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    round: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    next_due_at: Mapped[datetime | None]
    late_since: Mapped[datetime | None] = mapped_column(index=True)
    weekday_hour: Mapped[int | None]
    answered: Mapped[str | None] = mapped_column(String(16))
    handled: Mapped[str | None] = mapped_column(String(16))
    told: Mapped[str | None] = mapped_column(String(16))
    answer_due_at: Mapped[datetime | None]
    handling_due_at: Mapped[datetime | None]
    telling_due_at: Mapped[datetime | None]
    worked_until: Mapped[datetime | None]
    is_handled: Mapped[bool | None]


class FileStep(Model):
    """One event of a file. It is struck out with a reason, never changed or removed.

    `source` is system or manual. `told_by` is who another system says took the step, `user_id` the
    account that took it here. `reply` is what was sent to the customer with it. `owner_id` is whom
    `assigned` names, `absent` are the steps that the closing one says cannot be. Of a step at a
    moment one event counts.
    """

    __tablename__ = "file_event"
    __table_args__ = (
        Index(
            "uq_file_event_counted",
            "file_id",
            "step",
            "at",
            unique=True,
            sqlite_where=text("struck_at IS NULL"),
            postgresql_where=text("struck_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    step: Mapped[Code]
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    told_by: Mapped[Title] = mapped_column(default="")
    note: Mapped[Words] = mapped_column(default="")
    reply: Mapped[Words | None]
    level: Mapped[str | None] = mapped_column(String(16))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    absent: Mapped[list[Any]]
    not_agreed: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    struck_reason: Mapped[Words] = mapped_column(default="")


class Accountability(Model):
    """Who answers for a repeated or major file: a department or a person, and what was found.

    It is never changed; a later note stands beside it.
    """

    __tablename__ = "file_accountability"

    id: Mapped[Key]
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    department: Mapped[Title] = mapped_column(default="")
    finding: Mapped[Words] = mapped_column(default="")
    decided_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
