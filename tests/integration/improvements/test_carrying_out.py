"""Carrying an action out: its owner says what was done, and each step has its turn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed, OutOfTurn
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind
from db.improvements.services.carrying_out import (
    begin_improvement,
    carry_out_improvement,
)
from db.improvements.services.judging import (
    close_improvement,
    judge_improvement,
    look_again_improvement,
    reopen_improvement,
)
from db.improvements.services.proposing import agree_improvement
from db.store.models import AuditEvent
from tests.support.clock import NOW
from tests.support.improvements.acting import DUE, LOOK, WHY

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


def test_its_owner_carries_it_out_and_nobody_else(acting):
    improvement_id = acting.agreed()
    done = {"improvement_id": improvement_id, "proof": WHY, "done_on": NOW.date()}
    with pytest.raises(NotAllowed, match="Its owner"):
        acting.do(carry_out_improvement, acting.manny, **done)
    acting.do(begin_improvement, acting.hanna, improvement_id=improvement_id)
    for lacking, sentence in (
        ({"proof": "done"}, "at least 10 characters"),
        ({"done_on": NOW.date() + DAY}, "not later than today"),
        ({"done_on": NOW.date() - DAY}, "since it was agreed"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            acting.do(carry_out_improvement, acting.hanna, **done | lacking)
    for _ in range(2):
        acting.do(carry_out_improvement, acting.hanna, **done)
    assert acting.row(improvement_id).state == ImprovementState.CARRIED_OUT


def test_carried_out_too_late_it_is_judged_later(acting):
    """On 5 May instead of in March: June to August count."""
    improvement_id = acting.agreed()
    acting.do(
        carry_out_improvement,
        acting.hanna,
        improvement_id=improvement_id,
        proof=WHY,
        done_on=date(2026, 5, 5),
        now=datetime(2026, 5, 6, 4, tzinfo=UTC),
    )
    assert acting.row(improvement_id).look_on == date(2026, 9, 1)


def test_steps_out_of_turn_are_refused(acting):
    proposed = acting.proposed()
    done = {"proof": WHY, "done_on": NOW.date()}
    for service, who, values in (
        (begin_improvement, acting.hanna, {}),
        (carry_out_improvement, acting.hanna, done),
        (judge_improvement, acting.bob, {}),
        (close_improvement, acting.bob, {"reason": WHY}),
        (look_again_improvement, acting.bob, {"reason": WHY}),
        (reopen_improvement, acting.bob, {"reason": WHY, "due_on": DUE}),
    ):
        with pytest.raises(OutOfTurn):
            acting.do(service, who, improvement_id=proposed, **values)
    assert acting.row(proposed).state == ImprovementState.PROPOSED


def test_whoever_sees_it_without_answering_for_the_station_decides_nothing(acting):
    improvement_id = acting.judged()
    for service in (close_improvement, look_again_improvement):
        with pytest.raises(NotAllowed):
            acting.do(service, acting.hanna, improvement_id=improvement_id, reason=WHY, now=LOOK)
    training = acting.proposed(kind=ActionKind.TRAINING)
    with pytest.raises(NotAllowed):
        acting.do(agree_improvement, acting.tina, improvement_id=training)


def test_each_step_is_in_the_log(acting):
    acting.judged()
    with acting.seeded.reading() as session:
        of_actions = select(AuditEvent.action).where(AuditEvent.object_type == "improvement")
        logged = session.scalars(of_actions.order_by(AuditEvent.id)).all()
    assert logged == [
        "propose_improvement",
        "agree_improvement",
        "carry_out_improvement",
        "judge_improvement",
    ]
