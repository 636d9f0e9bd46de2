"""A kind of record that only this test knows is moved and logged by its table of states alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from enum import StrEnum, auto
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.access import Action
from core.errors import InvalidInput, NotAllowed, StaleEdit
from core.states import States, deed
from db.store.base import UtcDateTime
from db.store.models import AuditEvent
from db.store.moving import move
from tests.support.clock import NOW


class Flag(StrEnum):
    RAISED = auto()
    TAKEN = auto()
    LOWERED = auto()


FLAG = States(
    kind="flag",
    first=Flag.RAISED,
    deeds=(
        deed("take_flag", Flag.RAISED, Flag.TAKEN, Action.ASSIGN),
        deed("lower_flag", Flag.TAKEN, Flag.LOWERED, Action.ASSIGN, needs_reason=True),
        deed("forget_flag", (Flag.RAISED, Flag.TAKEN), Flag.LOWERED, None),
    ),
    refusal="This flag was taken or lowered meanwhile.",
)


class Toys(DeclarativeBase):
    pass


class FlagRow(Toys):
    __tablename__ = "flag"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=Flag.RAISED.value)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


@pytest.fixture
def flags(seeded):
    Toys.metadata.create_all(seeded.engine)
    with seeded.transaction() as session:
        session.add(FlagRow(id=1))
    return seeded


def by(flags, name, *, who, reason=""):
    with flags.transaction() as session:
        flag = session.get_one(FlagRow, 1)
        move(session, flag, FLAG.by(name), who=who, now=NOW, reason=reason)


def log(flags):
    with flags.reading() as session:
        rows = session.scalars(
            select(AuditEvent).where(AuditEvent.object_type == "flag").order_by(AuditEvent.id)
        )
        return [(row.user_id, row.action, row.object_id, row.reason) for row in rows]


def flag_row(flags):
    with flags.reading() as session:
        row = session.get_one(FlagRow, 1)
        return row.state, row.ended_at


def test_a_record_goes_from_state_to_state_with_a_line_in_the_log(flags):
    bob = flags.bob
    by(flags, "take_flag", who=bob)
    assert flag_row(flags) == ("taken", None)
    by(flags, "lower_flag", who=bob, reason="Call 0912-345-678.")
    assert flag_row(flags) == ("lowered", NOW)
    rows = log(flags)
    assert [row[:3] for row in rows] == [
        (bob.user_id, "take_flag", "1"),
        (bob.user_id, "lower_flag", "1"),
    ]
    assert "0912" not in rows[1][3]


def test_without_the_right_nothing_moves(flags):
    with pytest.raises(NotAllowed):
        by(flags, "take_flag", who=flags.alice)
    assert flag_row(flags) == ("raised", None)


def test_a_deed_out_of_turn_is_one_sentence(flags):
    with pytest.raises(StaleEdit, match="taken or lowered meanwhile") as refusal:
        by(flags, "lower_flag", who=flags.bob, reason="x")
    assert refusal.value.current == "raised"
    assert (flag_row(flags), log(flags)) == (("raised", None), [])


def test_a_reason_that_is_asked_for_is_given(flags):
    by(flags, "take_flag", who=flags.bob)
    with pytest.raises(InvalidInput, match="reason"):
        by(flags, "lower_flag", who=flags.bob, reason=" ")
    assert flag_row(flags) == ("taken", None)


def test_the_portal_moves_it_without_a_person(flags):
    by(flags, "forget_flag", who=None)
    assert flag_row(flags) == ("lowered", NOW)
    assert [row[:2] for row in log(flags)] == [(None, "forget_flag")]


def test_two_at_the_same_moment_make_one(flags):
    """Both have read the record before either moves it."""
    together = Barrier(2)

    def take(_):
        try:
            with flags.transaction() as session:
                flag = session.get_one(FlagRow, 1)
                if session.bind.dialect.name == "postgresql":  # SQLite lets one in at a time
                    together.wait(timeout=30)
                move(session, flag, FLAG.by("take_flag"), who=flags.bob, now=NOW)
        except StaleEdit:
            return "late"
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(take, range(2)))
    assert outcomes == ["late", "moved"]
    assert [row[1] for row in log(flags)] == ["take_flag"]
