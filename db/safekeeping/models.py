"""What keeps people's data safe: seals of the log, erasures, retention, backups."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.store.base import Code, Key, Model, Words


class AuditSeal(Model):
    """A batch of the log, sealed: `mac` covers its entries and the seal before it.

    A batch whose time of keeping is over keeps its seal; `prune_mac` proves that the portal and
    nobody else removed the entries.
    """

    __tablename__ = "audit_seal"

    id: Mapped[Key]
    first_id: Mapped[int]
    last_id: Mapped[int] = mapped_column(index=True)
    entries: Mapped[int]
    newest_at: Mapped[datetime]
    mac: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    pruned_at: Mapped[datetime | None]
    prune_mac: Mapped[str | None] = mapped_column(String(64))


class DatabaseKey(Model):
    """Which secret the database is written with; one row, which the first start makes.

    `key_id` and `next_id` are what `Keys.id` says of a secret. `next_id` stands while a change of
    key goes on: some rows are under that key then, others still under `key_id`.
    """

    __tablename__ = "database_key"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[str] = mapped_column(String(16))
    next_id: Mapped[str | None] = mapped_column(String(16))


class OpeningDay(Model):
    """How many encounters an account opened on a day (UTC); counted while sealing."""

    __tablename__ = "opening_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    opened: Mapped[int]


class Customer(Model):
    """The clear identifier behind a pseudonym, encrypted."""

    __tablename__ = "customer"

    ref: Mapped[str] = mapped_column(String(64), primary_key=True)
    cipher: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Model):
    """Something that was erased on request and must not come back with the next import.

    `kind` is customer, interaction or staff; `digest` is keyed, nobody can turn it back.
    """

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class RetentionRule(Model):
    """How long a kind of record is kept; `months` None keeps it for good."""

    __tablename__ = "retention_rule"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    months: Mapped[int | None]


class StationRetentionRule(Model):
    """How long a kind is kept at a station and all below it, where a region needs its own time.

    `months` None keeps it for good. The nearest rule above a station holds there, and
    `RetentionRule` where there is none.
    """

    __tablename__ = "station_retention_rule"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    months: Mapped[int | None]


class RetentionRun(Model):
    """What the retention job removed or made anonymous, one row a kind and time with something."""

    __tablename__ = "retention_run"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    older_than: Mapped[datetime]
    removed: Mapped[int]


class InformationSheet(Model):
    """What the company tells scored people about their data, in its own words; the newest holds.

    `texts` is {part: {language: text}}, see core.safekeeping.information. Whoever has read an
    earlier one is asked to read it again where `asks_again`.
    """

    __tablename__ = "information_sheet"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    texts: Mapped[dict[str, Any]]
    asks_again: Mapped[bool]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class SheetReading(Model):
    """That a person has read a sheet; number 0 is the one in the portal's own words."""

    __tablename__ = "sheet_reading"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    read_at: Mapped[datetime]


class BackupRun(Model):
    """A backup or a restore test of one. `problem` is empty when it went well."""

    __tablename__ = "backup_run"
    __table_args__ = (Index(None, "kind", "finished_at"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    name: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    size: Mapped[int | None]
    problem: Mapped[Words] = mapped_column(default="")
