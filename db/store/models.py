"""The append-only log, the events that others read of, and what the portal notes for itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Id, Key, Model, PersonalJson


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


class Event(Model):
    """Something that was done to records of one kind, for whoever reads of it later.

    `ids` are the keys of the records. No words of people stand here, as in the log. A row goes once
    every reader is past it and some days are over.
    """

    __tablename__ = "event"

    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int | None]
    kind: Mapped[Code]
    deed: Mapped[Code]
    ids: Mapped[list[Any]]
    details: Mapped[dict[str, Any]]


class EventPosition(Model):
    """How far a reader of events has come: up to `last`, and how many of them concerned it."""

    __tablename__ = "event_position"

    reader: Mapped[str] = mapped_column(String(64), primary_key=True)
    last: Mapped[int] = mapped_column(Id, default=0)
    total: Mapped[int] = mapped_column(Id, default=0)


class Notice(Model):
    """What somebody else did to a person's record, until the person has read of it.

    `kind` and `deed` are those of its table of states, `record_id` is its key. Of a file a person
    is told each stage once; `deed` is the stage.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(None, "user_id", "kind", "record_id"),
        Index(
            "uq_notice_stage",
            "record_id",
            "deed",
            "user_id",
            unique=True,
            sqlite_where=text("kind = 'file'"),
            postgresql_where=text("kind = 'file'"),
        ),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[Code]
    record_id: Mapped[int] = mapped_column(Id)
    deed: Mapped[Code]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class Lease(Model):
    """A task that one process at a time may do, until `expires_at`."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class Meta(Model):
    """Small facts about this database, such as whether the demo was loaded."""

    __tablename__ = "meta"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[Key]
    key: Mapped[Code]
    value: Mapped[str]


class StoredForm(Model):
    """A form a person opened, by its random token, and the record that storing it made.

    `record_id` is the record's key in its own table. Nothing that was entered stands here.
    """

    __tablename__ = "stored_form"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_id: Mapped[int] = mapped_column(Id)
    stored_at: Mapped[datetime]


class OpenForm(Model):
    """What a person chose in a form that is not stored yet; see db.store.open_forms.

    `choices` holds numbers, days, ids and codes by the field's name; words stand under `note`.
    """

    __tablename__ = "open_form"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Id)
    choices: Mapped[dict[str, Any]] = mapped_column(PersonalJson(("note",)))
    kept_at: Mapped[datetime]
