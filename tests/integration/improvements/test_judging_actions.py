"""Judging an action by its computed effect, and what is decided then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from core.errors import InvalidInput, NotAllowed, OutOfTurn
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind
from core.measures.change import Verdict
from core.periods import Period
from db.improvements.queries.lists import actions
from db.improvements.queries.one import action
from db.improvements.services.judging import (
    close_improvement,
    judge_improvement,
    look_again_improvement,
)
from db.results.models import StationMonth
from tests.support.clock import NOW
from tests.support.improvements.acting import AGAIN, BACK_DUE, LOOK, of_month
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


def test_what_looks_like_success_is_not_shown_beside_the_other_station(acting):
    """-9.6 points at D1, -1.5 at D2: -8.1 (-17.7 to 1.3), which holds zero."""
    improvement_id = acting.judged()
    view = acting.read(action, acting.bob, improvement_id)
    assert view.effect is not None
    effect = view.effect.effect
    assert [round(end, 1) for end in effect.effect] == [-8.1, -17.7, 1.3]
    assert [round(end, 1) for end in effect.own.difference] == [-9.6, -16.2, -3.4]
    assert [round(end, 1) for end in effect.control.difference] == [-1.5, -8.5, 5.4]
    assert (view.verdict, view.state) == (Verdict.NOT_SHOWN, ImprovementState.JUDGED)
    assert (view.effect.before, view.effect.after) == (
        Period(202512, 202512),
        Period(202604, 202606),
    )


def test_without_others_the_change_alone_is_judged(acting):
    improvement_id = acting.judged(control_ids=())
    assert acting.row(improvement_id).verdict == Verdict.EFFECTIVE
    acting.do(close_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
    assert acting.row(improvement_id).state == ImprovementState.CLOSED


def test_what_was_told_stays_as_it_was_told(acting):
    """The figures of May are corrected afterwards; the verdict and its numbers stand."""
    improvement_id = acting.judged()
    before = acting.read(action, acting.bob, improvement_id).effect
    with acting.seeded.transaction() as session:
        session.execute(update(StationMonth).values(critical=0))
    assert acting.read(action, acting.bob, improvement_id).effect == before


def test_nobody_judges_before_the_day_to_look(acting):
    improvement_id = acting.carried_out()
    for now in (NOW + 11 * DAY, LOOK - DAY):
        with pytest.raises(InvalidInput, match="from 2026-07-01 on"):
            acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=now)
    assert acting.row(improvement_id).effect is None


def test_not_shown_asks_for_a_decision(acting):
    improvement_id = acting.judged()
    with pytest.raises(InvalidInput, match="at least 10 characters"):
        acting.do(close_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
    values = {"improvement_id": improvement_id, "now": LOOK}
    acting.do(close_improvement, acting.bob, reason="It costs nothing and stays.", **values)
    assert acting.row(improvement_id).decision == "It costs nothing and stays."


def test_it_is_looked_at_again_once_by_more_months_and_a_stricter_interval(acting):
    """July to September join: 7 + 2 of 130 + 200 at D1, 14 + 22 of 125 + 190 at D2."""
    improvement_id = acting.judged()
    again = {"improvement_id": improvement_id, "reason": "Three months more may tell."}
    acting.do(look_again_improvement, acting.bob, now=LOOK, **again)
    with pytest.raises(InvalidInput, match="from 2026-10-01 on"):
        acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=LOOK + DAY)
    with acting.seeded.transaction() as session:
        session.add(of_month(acting.here, 202608, 2, 200))
        session.add(of_month(acting.there, 202608, 22, 190))
    verdict = acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=AGAIN)
    view = acting.read(action, acting.bob, improvement_id)
    assert view.effect is not None
    assert (verdict, view.effect.level) == (Verdict.EFFECTIVE, 0.95)
    assert view.effect.after == view.after == Period(202604, 202609)
    assert view.effect.effect.own.after.n == 330
    with pytest.raises(InvalidInput, match="It was effective"):
        acting.do(look_again_improvement, acting.bob, now=AGAIN, **again)


def test_a_third_look_is_refused(acting):
    improvement_id = acting.judged()
    again = {"improvement_id": improvement_id, "reason": "Three months more may tell."}
    acting.do(look_again_improvement, acting.bob, now=LOOK, **again)
    acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=AGAIN)
    with pytest.raises(InvalidInput, match="looked at again already"):
        acting.do(look_again_improvement, acting.bob, now=AGAIN, **again)


def test_a_finding_that_is_back_opens_its_action_again_within_half_a_year(acting):
    """Closed on 1 July, back in August: due on 31 August, September to November count."""
    improvement_id = acting.judged(control_ids=())
    acting.do(close_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
    late = datetime(2027, 1, 2, 4, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="more than half a year ago"):
        acting.open_again(improvement_id, acting.bob, due_on=late.date() + DAY, now=late)
    acting.open_again(improvement_id, acting.bob)
    row = acting.row(improvement_id)
    assert (row.state, row.due_on, row.look_on) == ("agreed", BACK_DUE, date(2026, 12, 1))
    assert (row.looks, row.done_on, row.verdict) == (0, None, Verdict.EFFECTIVE)


def test_what_is_opened_again_stands_as_open_and_without_a_verdict(acting):
    """The effect of April to June stays; September to November are waited for."""
    improvement_id = acting.opened_again()
    view = acting.read(action, acting.bob, improvement_id)
    assert (view.state, view.verdict, view.ended_at) == (ImprovementState.AGREED, None, None)
    assert view.effect is not None
    assert (view.effect.after, view.after) == (Period(202604, 202606), Period(202609, 202611))


def test_what_is_looked_at_again_has_no_verdict_meanwhile(acting):
    improvement_id = acting.judged()
    assert acting.read(action, acting.bob, improvement_id).verdict is Verdict.NOT_SHOWN
    again = {"improvement_id": improvement_id, "reason": "Three months more may tell."}
    acting.do(look_again_improvement, acting.bob, now=LOOK, **again)
    view = acting.read(action, acting.bob, improvement_id)
    [row] = acting.read(actions, acting.bob, is_open=True, now=LOOK).rows
    assert (view.verdict, row.verdict) == (None, None)


def test_only_who_agrees_to_actions_opens_them_again(acting):
    training = acting.judged(control_ids=(), kind=ActionKind.TRAINING)
    acting.do(close_improvement, acting.tina, improvement_id=training, now=LOOK)
    assert not acting.read(action, acting.tina, training).rights.reopen
    assert acting.read(action, acting.bob, training).rights.reopen
    with pytest.raises(NotAllowed):
        acting.open_again(training, acting.tina)


def test_two_who_judge_at_one_moment_judge_once(acting):
    improvement_id = acting.carried_out()

    def judge():
        try:
            return acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
        except OutOfTurn:
            return None

    assert sorted(at_once(judge, judge), key=str) == [None, Verdict.NOT_SHOWN]
    assert acting.row(improvement_id).looks == 1
