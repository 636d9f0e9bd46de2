"""Actions from the finding to the decision: each step in its order, and by whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from core.improvements.judging import JudgingPlan
from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind, Subject
from core.measures.change import Verdict
from core.periods import Period
from db.improvements.queries.lists import actions, actions_here, waiting_actions
from db.improvements.queries.one import action
from db.improvements.queries.owners import possible_owners
from db.improvements.services.carrying_out import (
    begin_improvement,
    carry_out_improvement,
    note_improvement_read,
)
from db.improvements.services.judging import (
    close_improvement,
    judge_improvement,
    look_again_improvement,
    reopen_improvement,
)
from db.improvements.services.proposing import (
    agree_improvement,
    hand_on_improvement,
    propose_improvement,
    withdraw_improvement,
)
from db.improvements.services.telling import tell_of_improvements
from db.people.models import User
from db.results.models import StationMonth
from db.store.models import AuditEvent
from db.store.queries import unread
from tests.support.clock import NOW
from tests.support.improvements.acting import AGAIN, DUE, LOOK, WHY, Acting, of_month
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


@pytest.fixture
def acting(seeded):
    return Acting(seeded)


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


def test_a_finding_that_is_back_opens_its_action_again_within_half_a_year(acting):
    """Closed on 1 July, back in August: due on 31 August, September to November count."""
    improvement_id = acting.judged(control_ids=())
    acting.do(close_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
    back = {"improvement_id": improvement_id, "reason": "Late again since the shift changed."}
    august = datetime(2026, 8, 20, 4, tzinfo=UTC)
    late = datetime(2027, 1, 2, 4, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="more than half a year ago"):
        acting.do(reopen_improvement, acting.bob, due_on=late.date() + DAY, now=late, **back)
    due_on = date(2026, 8, 31)
    acting.do(reopen_improvement, acting.bob, due_on=due_on, now=august, **back)
    row = acting.row(improvement_id)
    assert (row.state, row.due_on, row.look_on) == ("agreed", due_on, date(2026, 12, 1))
    assert (row.looks, row.done_on, row.verdict) == (0, None, Verdict.EFFECTIVE)


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


def test_whoever_sees_it_without_answering_for_the_station_decides_nothing(acting):
    improvement_id = acting.judged()
    for service in (close_improvement, look_again_improvement):
        with pytest.raises(NotAllowed):
            acting.do(service, acting.hanna, improvement_id=improvement_id, reason=WHY, now=LOOK)
    training = acting.proposed(kind=ActionKind.TRAINING)
    with pytest.raises(NotAllowed):
        acting.do(agree_improvement, acting.tina, improvement_id=training)


def test_an_owner_who_leaves_is_listed_the_same_day_and_the_station_is_told(acting):
    improvement_id = acting.agreed()
    with acting.seeded.transaction() as session:
        session.execute(update(User).where(User.username == "hanna").values(active=False))
    [row] = acting.read(actions, acting.bob, is_open=True, now=NOW).rows
    assert row.owner == ""
    assert acting.read(waiting_actions, acting.bob, now=NOW).ownerless == 1
    names = {owner.name for owner in acting.read(possible_owners, acting.bob, acting.here)}
    assert names == {"Bob", "Manny", "Tina"}
    new_owner = {"improvement_id": improvement_id, "owner_id": acting.manny.user_id}
    acting.do(hand_on_improvement, acting.bob, **new_owner)
    assert acting.read(waiting_actions, acting.bob, now=NOW).ownerless == 0
    assert ("hand_on_improvement", acting.manny.user_id) in acting.notices()


def test_what_is_late_steps_up_and_each_stage_is_told_once(acting):
    acting.agreed()
    before = acting.notices()

    def told(day):
        nonlocal before
        now = datetime.combine(day, NOW.timetz())
        for _ in range(2):
            acting.do(
                lambda session, who, now: tell_of_improvements(session, now=now), None, now=now
            )
        new, before = acting.notices() - before, acting.notices()
        return new

    hanna, manny, bob = (who.user_id for who in (acting.hanna, acting.manny, acting.bob))
    assert told(date(2026, 3, 20)) == set()
    assert told(date(2026, 3, 25)) == {("due_soon", hanna)}
    assert told(DUE + DAY) == {("late", hanna)}
    assert told(DUE + 8 * DAY) == {("late_at_station", hanna), ("late_at_station", manny)}
    assert told(DUE + 15 * DAY) == {("escalated", bob)}
    assert told(DUE + 100 * DAY) == set()


def test_who_agreed_is_told_when_it_can_be_judged(acting):
    improvement_id = acting.carried_out()
    acting.do(lambda session, who, now: tell_of_improvements(session, now=now), None, now=LOOK)
    manny = acting.manny.user_id
    assert ("to_judge", manny) in acting.notices()
    assert acting.read(waiting_actions, acting.manny, now=LOOK).to_judge == 1
    unread_before = acting.read(unread, acting.manny, ["improvement"])
    acting.do(note_improvement_read, acting.manny, improvement_id=improvement_id, now=LOOK)
    assert (unread_before, acting.read(unread, acting.manny, ["improvement"])) == (
        {"improvement": 1},
        {},
    )


def test_two_workers_at_one_moment_tell_once(acting):
    for _ in range(5):
        acting.agreed()
    later = datetime.combine(DUE + DAY, NOW.timetz())

    def tell():
        with acting.seeded.transaction() as session:
            return tell_of_improvements(session, now=later)

    assert sum(at_once(tell, tell)) == 5


def test_two_who_judge_at_one_moment_judge_once(acting):
    improvement_id = acting.carried_out()

    def judge():
        try:
            return acting.do(judge_improvement, acting.bob, improvement_id=improvement_id, now=LOOK)
        except OutOfTurn:
            return None

    assert sorted(at_once(judge, judge), key=str) == [None, Verdict.NOT_SHOWN]
    assert acting.row(improvement_id).looks == 1


def test_the_head_of_the_page_counts_what_waits(acting):
    acting.proposed()
    acting.agreed()
    acting.judged()
    late = DUE + DAY
    waiting = acting.read(waiting_actions, acting.bob, now=datetime.combine(late, NOW.timetz()))
    assert waiting._asdict() == {
        "open": 3,
        "overdue": 1,
        "to_agree": 1,
        "to_judge": 0,
        "to_decide": 1,
        "ownerless": 0,
    }


def test_lists_go_on_where_they_ended(acting):
    """Five, two a page; ended ones newest first."""
    made = [acting.proposed(due_on=DUE + k * DAY) for k in range(5)]
    pages, after = [], None
    for _ in range(3):
        page = acting.read(actions, acting.bob, is_open=True, now=NOW, after=after, limit=2)
        pages.append([row.improvement_id for row in page.rows])
        after = page.next
    assert (pages, after) == ([made[:2], made[2:4], made[4:]], None)
    for number, improvement_id in enumerate(made):
        values = {"improvement_id": improvement_id, "reason": "Not worth the while."}
        acting.do(withdraw_improvement, acting.bob, now=NOW + number * DAY, **values)
    first = acting.read(actions, acting.bob, is_open=False, now=NOW, limit=3)
    rest = acting.read(actions, acting.bob, is_open=False, now=NOW, after=first.next)
    assert [row.improvement_id for row in (*first.rows, *rest.rows)] == made[::-1]


def test_what_is_done_here_is_found_from_its_station_and_its_item(acting):
    at_station = acting.proposed()
    about_item = acting.proposed(subject=Subject.ITEM, subject_key="HELLO")
    both = acting.read(actions_here, acting.bob, station_id=acting.here, now=NOW)
    assert [row.improvement_id for row in both] == [about_item, at_station]
    control = acting.read(actions_here, acting.bob, station_id=acting.there, now=NOW)
    assert control == ()
    about = (Subject.ITEM, "HELLO")
    [row] = acting.read(actions_here, acting.bob, about=about, now=NOW)
    assert (row.improvement_id, row.is_late) == (about_item, False)


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
