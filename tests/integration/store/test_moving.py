"""A kind of record that only this test knows is moved and logged by its table of states alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from core.access import Identity
from core.errors import InvalidInput, NotAllowed, OutOfTurn
from db.store.models import AuditEvent
from db.store.moving import Records, move, move_all
from tests.support.clock import NOW
from tests.support.store.flags import FLAG, Flag, flag_table

pytestmark = pytest.mark.both


class Flags(NamedTuple):
    model: Any
    transaction: Any
    reading: Any
    alice: Identity
    bob: Identity


@pytest.fixture
def flags(seeded):
    with flag_table(seeded.engine) as model:
        with seeded.transaction() as session:
            session.add_all(model(id=number) for number in (1, 2))
        yield Flags(model, seeded.transaction, seeded.reading, seeded.alice, seeded.bob)


def by(flags, name, *, who, reason=""):
    with flags.transaction() as session:
        flag = session.get_one(flags.model, 1)
        move(session, flag, FLAG.by(name), who=who, now=NOW, reason=reason)
        return flag.state


def log(flags):
    with flags.reading() as session:
        rows = session.scalars(
            select(AuditEvent).where(AuditEvent.object_type == "flag").order_by(AuditEvent.id)
        )
        return [(row.user_id, row.action, row.object_id, row.reason) for row in rows]


def flag_row(flags):
    with flags.reading() as session:
        row = session.get_one(flags.model, 1)
        return row.state, row.ended_at


def test_a_record_goes_from_state_to_state_with_a_line_in_the_log(flags):
    bob = flags.bob
    assert by(flags, "take_flag", who=bob) == Flag.TAKEN
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
    with pytest.raises(OutOfTurn, match="taken or lowered meanwhile") as refusal:
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


def test_what_machines_do_all_day_is_in_the_record_and_not_in_the_log(flags):
    by(flags, "take_flag", who=flags.bob)
    by(flags, "drop_flag", who=None)
    assert flag_row(flags) == ("lowered", NOW)
    assert [row[1] for row in log(flags)] == ["take_flag"]


def test_two_at_the_same_moment_make_one(flags):
    """Both have read the record before either moves it."""
    together = Barrier(2)

    def take(_):
        try:
            with flags.transaction() as session:
                flag = session.get_one(flags.model, 1)
                if session.bind.dialect.name == "postgresql":  # SQLite lets one in at a time
                    together.wait(timeout=30)
                move(session, flag, FLAG.by("take_flag"), who=flags.bob, now=NOW)
        except OutOfTurn:
            return "late"
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(take, range(2)))
    assert outcomes == ["late", "moved"]
    assert [row[1] for row in log(flags)] == ["take_flag"]


def states(flags):
    with flags.reading() as session:
        return list(session.scalars(select(flags.model.state).order_by(flags.model.id)))


def take_both(flags):
    with flags.transaction() as session:
        take = FLAG.by("take_flag")
        move_all(session, Records(flags.model, [2, 1]), take, who=flags.bob, now=NOW)


def test_several_move_at_once_with_a_line_for_each(flags):
    take_both(flags)
    assert states(flags) == [Flag.TAKEN, Flag.TAKEN]
    assert [row[1:3] for row in log(flags)] == [("take_flag", "2"), ("take_flag", "1")]


def test_where_one_of_several_cannot_move_none_does(flags):
    by(flags, "take_flag", who=flags.bob)
    with pytest.raises(OutOfTurn) as refusal:
        take_both(flags)
    assert refusal.value.current is Flag.TAKEN
    assert states(flags) == [Flag.TAKEN, Flag.RAISED]
    assert len(log(flags)) == 1


def test_the_log_can_name_what_came_of_it(flags):
    with flags.transaction() as session:
        taken = Records(flags.model, [1], about=("pole", [7]))
        move_all(session, taken, FLAG.by("take_flag"), who=flags.bob, now=NOW)
        events = select(AuditEvent.object_type, AuditEvent.object_id).filter_by(action="take_flag")
        assert session.execute(events).all() == [("pole", "7")]


def test_what_is_changed_besides_is_stored_too(flags):
    with flags.transaction() as session:
        flag = session.get_one(flags.model, 1)
        flag.ended_at = NOW
        move(session, flag, FLAG.by("take_flag"), who=flags.bob, now=NOW)
    assert flag_row(flags) == ("taken", NOW)


def test_a_word_that_is_no_state_is_neither_stored_nor_compared(flags):
    with flags.reading() as session:
        for word in ("unheard", ""):
            with pytest.raises(StatementError, match="not a valid Flag"):
                session.scalars(select(flags.model).where(flags.model.state == word)).all()
        assert session.scalars(select(flags.model).where(flags.model.state == "raised")).all()
