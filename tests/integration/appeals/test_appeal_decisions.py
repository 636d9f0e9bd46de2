"""Deciding appeals, and what a decision changes."""

from __future__ import annotations

import pytest

from core.appeals.deadlines import WHOLE
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from db.appeals.services.decisions import decide_appeal
from db.inspection.models import Amendment, Inspection
from db.inspection.queries.corrections import unread_corrections
from db.inspection.services.amendments import amend
from db.inspection.services.submission import Unanswered, Unexplained
from db.store.models import AuditEvent
from tests.factories import make_version
from tests.support.appeals.appealing import AGREED, HEARD, appeals, decided, manager, points, raised
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.correcting import asked
from tests.support.inspection.inspecting import NO, PIN, SMALL, YES, answers, at_once


def test_a_changed_item_amends_the_inspection_and_moves_every_figure(world):
    """HELLO is half of a greeting of 40, RIGHT two quarters of 60: 100 - 20 - 30 = 50.

    HELLO is given back: 70. RIGHT is heard again and stays.
    """
    old = world.scored(HELLO=NO, RIGHT=NO, evidence=[PIN])
    appeal_id = raised(world, old, HEARD | {"RIGHT": "The fare was right."})
    said = AGREED | {"RIGHT": "The fare was for another day."}
    new = decided(world, appeal_id, said=said, RIGHT=NO)
    assert world.inspection(old).state == "amended"
    assert world.inspection(old).score == pytest.approx(50)
    after = world.inspection(new)
    assert (after.state, after.score, after.replaces_id) == ("valid", pytest.approx(70), old)
    assert after.inspector_id == world.alice.user_id
    assert appeals(world) == [("changed", world.bob.user_id, NOW, new)]
    assert points(world) == [
        ("HELLO", HEARD["HELLO"], "changed", AGREED["HELLO"]),
        ("RIGHT", "The fare was right.", "kept", "The fare was for another day."),
    ]
    assert world.station_month() == [(1, pytest.approx(70), pytest.approx(70), 0)]
    assert world.findings() == [(new, "RIGHT", pytest.approx(30))]
    assert world.all(Amendment.inspection_id, Amendment.new_inspection_id) == [(old, new)]
    assert world.derived() == world.rebuilt()


@sqlite_only
def test_a_score_that_stands_changes_nothing(world, contested):
    inspection_id, appeal_id = contested
    before = world.derived()
    assert decided(world, appeal_id, said={"HELLO": "Nothing at 0:03."}, HELLO=NO) is None
    assert appeals(world) == [("kept", world.bob.user_id, NOW, None)]
    assert points(world) == [("HELLO", HEARD["HELLO"], "kept", "Nothing at 0:03.")]
    assert world.inspection(inspection_id).state == "valid"
    assert (world.count(Amendment), world.count(Inspection)) == (0, 1)
    assert world.derived() == before


@sqlite_only
def test_a_decision_is_in_the_log_without_its_words(world, contested):
    decided(world, contested[1])
    events = world.all(AuditEvent.action, AuditEvent.reason, AuditEvent.details)[-2:]
    assert events == [
        ("amend", f"appeal {contested[1]}", {}),
        ("decide_appeal", "", {"outcome": "changed", "changed": ["HELLO"]}),
    ]


@sqlite_only
def test_who_asked_for_a_correction_is_told_of_the_appeal_and_no_number(world, contested):
    """The reason of the amendment is "appeal N", which says nothing to a person."""
    inspection_id, appeal_id = contested
    asked(world, inspection_id)
    decided(world, appeal_id)
    [row] = world.one(lambda session: unread_corrections(session, world.alice))
    assert (row.by_appeal, row.why) == (True, "")
    assert (row.score, row.new_score) == (80, 100)


@sqlite_only
def test_every_point_needs_a_reason(world):
    appeal_id = raised(world, world.scored(HELLO=NO, NAME=NO), HEARD | {"NAME": "Said."})
    for said in ({}, AGREED, AGREED | {"NAME": " "}):
        with pytest.raises(InvalidInput, match="each point"):
            decided(world, appeal_id, said=said)
    with pytest.raises(InvalidInput, match="2000"):
        decided(world, appeal_id, said=AGREED | {"NAME": "x" * 2001})
    assert appeals(world)[0].state == "open"


@sqlite_only
def test_a_decision_reaches_only_what_is_contested(world, contested):
    with pytest.raises(InvalidInput, match="NAME"):
        decided(world, contested[1], HELLO=YES, NAME=NO)
    assert appeals(world)[0].state == "open"


def test_an_appeal_against_the_whole_reaches_everything(world):
    old = world.scored(HELLO=NO, HONEST=NO)
    appeal_id = raised(world, old, {WHOLE: "This was not my call."})
    new = decided(world, appeal_id, said={WHOLE: "Two answers were wrong."})
    assert world.inspection(new).score == pytest.approx(100)
    assert points(world)[0][2] == "changed"


def test_an_incomplete_decision_changes_nothing(world, contested):
    inspection_id, appeal_id = contested
    with pytest.raises(Unanswered):
        world.do(
            decide_appeal,
            world.bob,
            appeal_id=appeal_id,
            answers={key: value for key, value in answers().items() if key != "HELLO"},
            decisions=AGREED,
        )
    assert appeals(world)[0].state == "open"
    assert points(world)[0][2:] == (None, "")
    assert world.inspection(inspection_id).state == "valid"


def test_a_decision_sent_twice_is_one(world, contested):
    first, second = decided(world, contested[1]), decided(world, contested[1])
    assert first == second
    assert world.count(Inspection) == 2


def test_of_two_who_decide_at_once_the_second_is_told(world, contested):
    dana = manager(world)

    def deciding(who, said, **changed):
        try:
            return decided(world, contested[1], who=who, said=said, **changed)
        except OutOfTurn as error:
            return error

    results = at_once(
        lambda: deciding(world.bob, AGREED),
        lambda: deciding(dana, {"HELLO": "Not there."}, HELLO=NO),
    )
    told = [result for result in results if isinstance(result, OutOfTurn)]
    assert len(told) == 1
    assert "no longer open" in str(told[0])
    assert world.derived() == world.rebuilt()


@sqlite_only
@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_who_scores_and_who_is_scored_decide_nothing(world, contested, name):
    with pytest.raises(NotAllowed):
        decided(world, contested[1], who=getattr(world, name))


@sqlite_only
def test_a_decision_says_why_a_critical_item_does_not_apply(world):
    """HONEST capped the score at 50; without it the solution is whole again."""
    appeal_id = raised(world, world.scored(HONEST=NO), {"HONEST": "I promised nothing."})
    said = {"HONEST": "That is so."}
    with pytest.raises(Unexplained, match="HONEST"):
        decided(world, appeal_id, said=said, HONEST={"na": True})
    why = {"na": True, "reason": "nothing was promised"}
    new = decided(world, appeal_id, said=said, HONEST=why)
    assert world.inspection(new).score == pytest.approx(100)


@sqlite_only
def test_an_appeal_does_not_stall_on_a_reason_that_was_never_asked_for(world):
    inspection_id = world.scored(HELLO=NO)
    silent = {"HONEST": {"na": True}}
    with world.seeded.transaction() as session:
        session.get_one(Inspection, inspection_id).answers = answers(HELLO=NO) | silent
    appeal_id = raised(world, inspection_id, HEARD)
    assert decided(world, appeal_id, HELLO=YES, **silent)


@sqlite_only
def test_an_appeal_that_does_not_exist_is_not_found(world):
    with pytest.raises(NotFound):
        decided(world, 77)


@sqlite_only
def test_a_decision_reaches_what_a_changed_answer_asks_for_the_first_time(world):
    """Without a name there is nothing to spell; NAME given back asks for SPELLED."""
    asked_later = {"key": "SPELLED", "when": {"item": "NAME", "equals": "yes"}}
    greeting, solution = SMALL["sections"]
    sections = [greeting | {"items": [*greeting["items"], asked_later]}, solution]
    with world.seeded.transaction() as session:
        world.version_id = make_version(session, SMALL | {"key": "more", "sections": sections}).id
    appeal_id = raised(world, world.scored(NAME=NO), {"NAME": "I said it."})
    said = {"NAME": "It is there."}
    with pytest.raises(Unanswered):
        decided(world, appeal_id, said=said)
    new = decided(world, appeal_id, said=said, SPELLED=YES)
    assert world.inspection(new).score == pytest.approx(100)


def test_deciding_and_amending_at_once_leave_one_valid_row(world, contested):
    inspection_id, appeal_id = contested
    dana = manager(world)

    def deciding():
        try:
            return decided(world, appeal_id)
        except OutOfTurn as error:
            return error

    def amending():
        right = {"answers": answers(RIGHT=NO), "reason": "Heard again."}
        return world.do(amend, dana, inspection_id=inspection_id, **right)

    results = at_once(deciding, amending)
    assert sorted(isinstance(result, int) for result in results) == [False, True]
    assert [row.state for row in world.all(Inspection.state)].count("valid") == 1
    assert appeals(world)[0].state == ("changed" if isinstance(results[0], int) else "closed")
    assert world.derived() == world.rebuilt()
