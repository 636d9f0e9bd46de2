"""Stations, staff, the portal's users and their sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.store.base import Code, Key, Model, Name


class Station(Model):
    """A place or desk with staff and interactions; a tree: company, region, station, desk."""

    __tablename__ = "station"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name_zh_tw: Mapped[Name]
    name_zh_cn: Mapped[Name]
    name_en: Mapped[Name]
    kind: Mapped[Code]
    region: Mapped[Name] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
    timezone: Mapped[Code]
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def names(self) -> dict[str, str]:
        """The name by language."""
        return {"zh_TW": self.name_zh_tw, "zh_CN": self.name_zh_cn, "en": self.name_en}


class Staff(Model):
    """A person whose service is scored."""

    __tablename__ = "staff"

    id: Mapped[Key]
    staff_no: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    post: Mapped[Code] = mapped_column(default="agent")
    uniform_variant: Mapped[Code] = mapped_column(default="")
    employed_from: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)


class FormerName(Model):
    """What a member of staff was called before a change: texts go on naming the person so."""

    __tablename__ = "former_name"
    __table_args__ = (UniqueConstraint("staff_id", "staff_no", "name"),)

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    staff_no: Mapped[Code]
    name: Mapped[Name]


class User(Model):
    """Someone who signs in. Deactivated, never deleted: inspections name their inspector.

    `news_since` and `news_until` are the first and the last change to the person's sign-in that
    they have not acknowledged yet. `introduced` are the pages whose introduction the person has
    dismissed; without a list the person is shown none.
    """

    __tablename__ = "user_account"

    id: Mapped[Key]
    username: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    password_hash: Mapped[str] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(8))
    region: Mapped[Name] = mapped_column(default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    news_since: Mapped[datetime | None]
    news_until: Mapped[datetime | None]
    introduced: Mapped[list[Any] | None] = mapped_column(default=list)

    roles: Mapped[list[UserRole]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )


class UserRole(Model):
    """A role and, for a station manager, the top of the subtree it reaches."""

    __tablename__ = "user_role"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Code] = mapped_column(primary_key=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)

    user: Mapped[User] = relationship(back_populates="roles")
