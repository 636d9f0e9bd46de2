"""Service encounters as imported or observed: interactions, their turns, names of their events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Key, Model, PersonalText


class Interaction(Model):
    """One encounter between a customer and a member of staff, whatever the channel.

    `turns` stand in their own table. `customer_ref` is a keyed pseudonym. `content_digest` tells
    an unchanged row of a repeated import. `checklist` is the key of the one it is to be scored
    with, where whoever sent it has said so. `must_inspect` where the file it was made of is urgent,
    major or repeated; None where the rules of the draw alone decide.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "station_id", "occurred_at"),
        Index(None, "staff_id", "occurred_at"),
        Index(None, "occurred_at", "channel", "station_id", "staff_id"),
        Index(None, "language"),
        Index(
            "ix_interaction_rated",
            "customer_rating",
            "rating_low",
            "rating_high",
            sqlite_where=text("customer_rating IS NOT NULL"),
            postgresql_where=text("customer_rating IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    source: Mapped[Code]
    external_id: Mapped[str] = mapped_column(String(128))
    channel: Mapped[Code]
    business_line: Mapped[Code] = mapped_column(default="airline")
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    occurred_at: Mapped[datetime]
    language: Mapped[Code] = mapped_column(default="")
    customer_ref: Mapped[str | None] = mapped_column(String(64), index=True)
    duration_seconds: Mapped[float | None]
    recording: Mapped[str | None] = mapped_column(Text)
    customer_rating: Mapped[float | None]
    rating_low: Mapped[float | None]
    rating_high: Mapped[float | None]
    case_kind: Mapped[Code] = mapped_column(default="none")
    checklist: Mapped[Code | None]
    severity: Mapped[str | None] = mapped_column(String(16))
    is_repeat: Mapped[bool] = mapped_column(default=False)
    must_inspect: Mapped[bool | None]
    consent: Mapped[bool | None]
    events: Mapped[list[Any]]
    attributes: Mapped[dict[str, Any]]
    turn_count: Mapped[int] = mapped_column(default=0)
    content_digest: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class Turn(Model):
    """One turn of a transcript; `text` is the masked text, the only one that is ever shown."""

    __tablename__ = "turn"

    interaction_id: Mapped[int] = mapped_column(
        ForeignKey("interaction.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    speaker: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    start_seconds: Mapped[float | None]


class ClearSpan(Model):
    """A masked stretch of a text: where it stood, what kind it was, its clear text encrypted.

    `field` is empty for the turn at `position`, else the path of an attribute, and `position` 0.
    """

    __tablename__ = "clear_span"
    __table_args__ = (Index(None, "interaction_id", "position"),)

    id: Mapped[Key]
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interaction.id", ondelete="CASCADE"))
    position: Mapped[int]
    field: Mapped[str] = mapped_column(Text, default="")
    start: Mapped[int]
    length: Mapped[int]
    kind: Mapped[Code]
    cipher: Mapped[bytes] = mapped_column(LargeBinary)


class EventName(Model):
    """What another system calls an event: `name` is folded, `event` a key of core.clock.

    Names that came in with encounters and that nobody has explained yet have no event.
    """

    __tablename__ = "event_name"

    id: Mapped[Key]
    name: Mapped[Code] = mapped_column(unique=True)
    event: Mapped[Code] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class ImportBatch(Model):
    """One import run and what came of it."""

    __tablename__ = "import_batch"

    id: Mapped[Key]
    kind: Mapped[Code]
    file_name: Mapped[str] = mapped_column(PersonalText(255))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
