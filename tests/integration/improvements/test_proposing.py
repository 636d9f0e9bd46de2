"""Proposing an action and agreeing to it: what is refused, by whom, and who sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.improvements.judging import JudgingPlan
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind, Subject
from core.periods import Period
from db.improvements.queries.lists import actions
from db.improvements.queries.one import action
from db.improvements.services.proposing import (
    agree_improvement,
    propose_improvement,
    withdraw_improvement,
)
from tests.support.clock import NOW
from tests.support.improvements.acting import LOOK

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"due_on": NOW.date() - DAY}, "cannot be due before today"),
        ({"measure": "joy"}, "no measure called joy"),
        ({"measure": "overdue_now"}, "A count without an interval"),
        ({"measure": "responded_in_time"}, "no value where it is carried out"),
        ({"target": 101.0}, "A share lies from 0 to 100"),
        ({"finding": "Late."}, "at least 10 characters"),
        ({"doing": "x" * 2001}, "at most 2000 characters"),
        ({"subject": Subject.ITEM}, "Choose an item"),
        ({"subject": Subject.APPEAL, "subject_key": "7"}, "none of the station"),
        ({"subject_key": "HELLO"}, "about nothing else"),
        ({"owner_id": 0}, "cannot own the action"),
    ],
)
def test_what_cannot_be_judged_is_not_proposed(acting, changed, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        acting.proposed(**changed)


def test_months_that_lie_on_both_sides_or_without_figures_are_refused(acting):
    found_by = JudgingPlan(
        finding=Period(202512, 202602), before=Period(202512, 202512), wait=0, length=3
    )
    with pytest.raises(InvalidInput, match="must not count"):
        acting.proposed(judging=found_by)
    empty = JudgingPlan(
        finding=Period(202601, 202602), before=Period(202511, 202511), wait=0, length=3
    )
    with pytest.raises(InvalidInput, match="no value where it is carried out"):
        acting.proposed(judging=empty)
    with pytest.raises(InvalidInput, match="own control group"):
        acting.proposed(control_ids=(acting.here, acting.there))


def test_managers_propose_at_their_stations_and_trainers_training(acting):
    with pytest.raises(NotFound):
        acting.proposed(acting.norma)
    with pytest.raises(NotAllowed, match="Trainers propose training"):
        acting.proposed(acting.tina)
    with pytest.raises(NotAllowed):
        acting.proposed(acting.seeded.alice)
    training = acting.proposed(acting.tina, kind=ActionKind.TRAINING)
    other = acting.proposed(acting.manny)
    seen = {
        name: {row.improvement_id for row in acting.read(actions, who, is_open=True, now=NOW).rows}
        for name, who in (
            ("bob", acting.bob),
            ("manny", acting.manny),
            ("norma", acting.norma),
            ("tina", acting.tina),
            ("hanna", acting.hanna),
        )
    }
    both = {training, other}
    assert seen == {"bob": both, "manny": both, "norma": set(), "tina": {training}, "hanna": both}
    with pytest.raises(NotFound):
        acting.read(action, acting.norma, other)


def test_who_proposed_it_does_not_agree_to_it(acting):
    improvement_id = acting.proposed(acting.manny)
    for agreeing, error in ((acting.manny, NotAllowed), (acting.norma, NotFound)):
        with pytest.raises(error):
            acting.do(agree_improvement, agreeing, improvement_id=improvement_id)
    for _ in range(2):  # the second time changes nothing
        acting.do(agree_improvement, acting.bob, improvement_id=improvement_id)
    row = acting.row(improvement_id)
    assert (row.state, row.agreed_by) == (ImprovementState.AGREED, acting.bob.user_id)
    assert row.look_on == date(2026, 7, 1)


def test_another_action_comes_in_its_place(acting):
    improvement_id = acting.judged()
    plan = JudgingPlan(
        finding=Period(202606, 202606), before=Period(202605, 202605), wait=0, length=3
    )
    proposal = acting.proposal(
        judging=plan, due_on=date(2026, 7, 20), follows_id=improvement_id, measure="critical_rate"
    )
    successor = acting.do(propose_improvement, acting.bob, proposal=proposal, now=LOOK)
    view = acting.read(action, acting.bob, improvement_id)
    assert (view.state, view.successor_id) == (ImprovementState.CLOSED, successor)
    assert acting.read(action, acting.bob, successor).follows_id == improvement_id


def test_withdrawing_keeps_the_reason_and_what_is_carried_out_cannot_be_withdrawn(acting):
    improvement_id = acting.agreed()
    with pytest.raises(InvalidInput, match="at least 10"):
        acting.do(withdraw_improvement, acting.manny, improvement_id=improvement_id, reason="")
    reason = "The desk closes in April."
    acting.do(withdraw_improvement, acting.manny, improvement_id=improvement_id, reason=reason)
    view = acting.read(action, acting.bob, improvement_id)
    assert (view.state, view.decision) == (ImprovementState.WITHDRAWN, reason)
    carried_out = acting.carried_out()
    with pytest.raises(OutOfTurn):
        acting.do(withdraw_improvement, acting.manny, improvement_id=carried_out, reason=reason)
