"""A kind of record that only tests know: one table of states and one model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Engine, ForeignKey, MetaData
from sqlalchemy.orm import Mapped, mapped_column, registry

from core.access import Action
from core.states import States, Trace, deed
from db.people.models import User
from db.store.base import Key, Model, PersonalJson, Words, state_of, table_of


class Flag(StrEnum):
    RAISED = auto()
    TAKEN = auto()
    LOWERED = auto()


FLAG = States(
    kind="flag",
    first=Flag.RAISED,
    deeds=(
        deed("take_flag", Flag.RAISED, Flag.TAKEN, Action.ASSIGN),
        deed(
            "lower_flag",
            Flag.TAKEN,
            Flag.LOWERED,
            Action.ASSIGN,
            needs_reason=True,
            leaves=Trace.NOTICE,
        ),
        deed("forget_flag", (Flag.RAISED, Flag.TAKEN), Flag.LOWERED, None),
        deed("drop_flag", Flag.TAKEN, Flag.LOWERED, None, leaves=Trace.NOTHING),
    ),
    refusal="This flag was taken or lowered meanwhile.",
    owner="user_id",
    waits_for=Action.ASSIGN,
)


@contextmanager
def flag_table(engine: Engine) -> Iterator[Any]:
    """The model of flags, with its table in a database; nothing of it is left behind."""
    flags = registry(type_annotation_map=Model.registry.type_annotation_map)

    class Toys(Model):
        __abstract__ = True
        metadata = MetaData()
        _sa_registry = flags

    class FlagRow(Toys):
        __tablename__ = "flag"

        id: Mapped[Key]
        state: Mapped[Flag] = state_of(FLAG)
        ended_at: Mapped[datetime | None]
        user_id: Mapped[int | None] = mapped_column(ForeignKey(table_of(User).c.id))
        due_on: Mapped[date | None]
        words: Mapped[Words] = mapped_column(default="")
        marks: Mapped[list[Any]] = mapped_column(PersonalJson(("note",)), default=list)

    Toys.metadata.create_all(engine)
    try:
        yield FlagRow
    finally:
        flags.dispose()
