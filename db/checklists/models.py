"""The standards library, the checklists with their versions, and which is for what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.checklist.states import CHECKLIST_VERSION, VersionState
from db.store.base import Code, Key, Model, state_of


class StandardItem(Model):
    """An item of the standards library; `content` is core.library's data form of it."""

    __tablename__ = "standard_item"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    group: Mapped[Code] = mapped_column(index=True)
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[str] = mapped_column(String(64))


class ChecklistRecord(Model):
    """A checklist through all its versions. `origin` is seed (shipped) or portal (made here)."""

    __tablename__ = "checklist"

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(unique=True)
    origin: Mapped[Code]
    created_at: Mapped[datetime]


class ChecklistVersion(Model):
    """One version: a draft until it is activated, immutable once it has been used.

    `content` is core.checklist.to_data of it; a draft's may still be faulty. An active version is
    in force from `effective_from` (None: always) until the day before `effective_until`. `edit`
    grows by one with each change of a draft.
    """

    __tablename__ = "checklist_version"
    __table_args__ = (UniqueConstraint("checklist_id", "number"),)

    id: Mapped[Key]
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = state_of(CHECKLIST_VERSION)
    content: Mapped[dict[str, Any]]
    content_digest: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[date | None]
    effective_until: Mapped[date | None]
    edit: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class ClockChange(Model):
    """What became of a clock of the library from a day on, and who said so; never changed itself.

    `checklist` is the key of the one that it is for, empty for all. `limit_minutes` is None where
    there is no limit. The checklists hold it in versions of theirs.
    """

    __tablename__ = "clock_change"
    __table_args__ = (Index(None, "item_id", "effective_from"),)

    id: Mapped[Key]
    item_id: Mapped[Code]
    checklist: Mapped[Code] = mapped_column(default="")
    status: Mapped[Code]
    limit_minutes: Mapped[float | None]
    effective_from: Mapped[date]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class PilotStation(Model):
    """A station that tries out a version; a version with none is for every station."""

    __tablename__ = "checklist_pilot_station"

    checklist_version_id: Mapped[int] = mapped_column(
        ForeignKey("checklist_version.id", ondelete="CASCADE"), primary_key=True
    )
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True)


class ChecklistChoice(Model):
    """An edition of the table that says which checklist is for what; the newest stands.

    `rows` are `core.checklist.choice.ChoiceRow`s. Before the first edition the shipped rows stand.
    """

    __tablename__ = "checklist_choice"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[list[Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
