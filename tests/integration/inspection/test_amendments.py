"""What amending and voiding move, and what they leave, on both databases."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, NotAllowed
from db.encounters.models import Interaction
from db.inspection.models import Amendment, Evidence, Inspection
from db.inspection.services.amendments import amend, void
from db.inspection.services.assignments import Task, assign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import Unanswered, Unexplained, submit
from db.inspection.tasks import ASSIGNED
from db.results.models import StationMonth
from db.store.models import AuditEvent
from tests.factories import (
    make_assignment,
)
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, YES, answers, at_once

NOT_SEEN = {"na": True, "reason": "not part of this call"}


def test_amending_keeps_the_old_row_and_moves_every_figure(world):
    """80 with HELLO lost becomes 70 with RIGHT lost (two quarters of 60)."""
    old = world.scored(HELLO=NO, evidence=[PIN])
    new = world.do(
        amend,
        world.bob,
        inspection_id=old,
        answers=answers(RIGHT=NO),
        reason="The greeting was there. ",
    )
    before, after = world.inspection(old), world.inspection(new)
    assert (before.state, before.score, before.answers) == ("amended", 80, answers(HELLO=NO))
    assert (after.state, after.score, after.replaces_id) == ("valid", pytest.approx(70), old)
    assert after.inspector_id == before.inspector_id == world.alice.user_id
    assert after.submitted_at == before.submitted_at
    assert world.station_month() == [(1, pytest.approx(70), pytest.approx(70), 0)]
    assert world.findings() == [(new, "RIGHT", pytest.approx(30))]
    assert sorted(world.all(Evidence.inspection_id, Evidence.item_key)) == [
        (old, "HELLO"),
        (new, "HELLO"),
    ]
    assert world.all(
        Amendment.kind, Amendment.inspection_id, Amendment.new_inspection_id, Amendment.reason
    ) == [("amend", old, new, "The greeting was there.")]


def test_amending_is_written_to_the_audit_log_with_its_reason(world):
    old = world.scored()
    world.do(amend, world.bob, inspection_id=old, answers=answers(), reason="Again.")
    assert world.all(AuditEvent.action, AuditEvent.user_id, AuditEvent.reason)[-1] == (
        "amend",
        world.bob.user_id,
        "Again.",
    )


def test_voiding_takes_the_inspection_out_of_every_figure(world):
    kept, wrong = world.scored(FAST=NO), world.scored(HELLO=NO)
    world.do(void, world.bob, inspection_id=wrong, reason="Not our call.")
    assert world.inspection(wrong).state == "void"
    assert world.station_month() == [(1, pytest.approx(85), pytest.approx(85), 0)]
    assert world.findings() == [(kept, "FAST", pytest.approx(15))]
    assert world.all(Amendment.kind, Amendment.new_inspection_id) == [("void", None)]


def test_a_second_scoring_becomes_that_of_record_when_the_first_is_voided(world):
    """Alice's 80 is void; iris' 85 of the same call, submitted before, counts instead."""
    first = world.scored(HELLO=NO)
    call = world.inspection(first).interaction_id
    iris = world.inspector("iris")
    task = Task(iris.user_id, world.version_id, NOW.date())
    second = world.do(assign, world.bob, interaction_id=call, task=task)
    world.do(
        save_draft, iris, task=ASSIGNED.task(second.id), version=0, work=Work(answers(FAST=NO))
    )
    done = world.do(submit, iris, task=ASSIGNED.task(second.id), version=1).inspection_id
    assert world.inspection(done).purpose == "second"
    world.do(void, world.bob, inspection_id=first, reason="Not this call.")
    assert world.inspection(done).purpose == "record"
    assert world.station_month() == [(1, pytest.approx(85), pytest.approx(85), 0)]
    assert world.findings() == [(done, "FAST", pytest.approx(15))]
    assert ("become_record", str(done)) in world.noted()
    assert world.rebuilt() == world.derived()


def test_the_same_call_can_be_inspected_again_after_voiding(world):
    wrong = world.scored()
    world.do(void, world.bob, inspection_id=wrong, reason="Wrong checklist.")
    dana = world.inspector("dana")
    with world.seeded.transaction() as session:
        call = session.get_one(Interaction, session.get_one(Inspection, wrong).interaction_id)
        task = make_assignment(
            session, interaction=call, inspector=dana, checklist_version_id=world.version_id
        ).id
    world.do(save_draft, dana, task=ASSIGNED.task(task), version=0, work=Work(answers()))
    assert world.do(submit, dana, task=ASSIGNED.task(task), version=1).score == pytest.approx(100)
    assert world.all(StationMonth.n, StationMonth.total) == [(1, pytest.approx(100))]


def test_figures_after_amending_and_voiding_equal_those_computed_anew(world):
    ids = [
        world.scored(),
        world.scored(HELLO=NO),
        world.scored(HONEST=NO, FAST=NO),
        world.scored(NAME={"na": True}, RIGHT=NO),
        world.scored(**dict.fromkeys(answers(), NOT_SEEN)),
    ]
    amended = world.do(
        amend, world.bob, inspection_id=ids[1], answers=answers(FAST=NO), reason="Heard again."
    )
    world.do(amend, world.bob, inspection_id=amended, answers=answers(), reason="And again.")
    world.do(void, world.bob, inspection_id=ids[2], reason="Not our call.")
    kept = world.derived()
    assert sum(row["n"] for row in kept["rollup_station_month"]) == 3
    assert kept == world.rebuilt()


@pytest.mark.parametrize("reason", ["", "   "])
def test_amending_and_voiding_need_a_reason(world, reason):
    row = world.scored()
    with pytest.raises(InvalidInput):
        world.do(void, world.bob, inspection_id=row, reason=reason)
    with pytest.raises(InvalidInput):
        world.do(amend, world.bob, inspection_id=row, answers=answers(), reason=reason)
    assert world.inspection(row).state == "valid"


def test_who_scores_may_not_amend(world):
    row = world.scored()
    for who in (world.alice, world.charlie):
        with pytest.raises(NotAllowed):
            world.do(void, who, inspection_id=row, reason="Please.")


def test_a_replaced_inspection_can_be_neither_amended_nor_voided(world):
    row = world.scored()
    world.do(amend, world.bob, inspection_id=row, answers=answers(), reason="Once.")
    with pytest.raises(InvalidInput, match="already"):
        world.do(void, world.bob, inspection_id=row, reason="Twice.")


def test_two_amendments_at_once_leave_one_valid_row(world):
    row = world.scored(HELLO=NO)

    def one():
        return world.do(amend, world.bob, inspection_id=row, answers=answers(), reason="Both.")

    results = at_once(one, one)
    assert sorted(type(result).__name__ for result in results) == ["OutOfTurn", "int"]
    assert world.station_month() == [(1, pytest.approx(100), pytest.approx(100), 0)]


def test_an_incomplete_amendment_changes_nothing(world):
    row = world.scored(HELLO=NO)
    before = world.derived()
    with pytest.raises(Unanswered):
        world.do(amend, world.bob, inspection_id=row, answers={"HELLO": YES}, reason="Oops.")
    assert world.inspection(row).state == "valid"
    assert world.derived() == before


def test_an_amendment_says_why_a_critical_item_does_not_apply(world):
    row = world.scored(HELLO=NO)
    silent = answers(HONEST={"na": True})
    with pytest.raises(Unexplained, match="HONEST"):
        world.do(amend, world.bob, inspection_id=row, answers=silent, reason="Not promised.")
    assert world.inspection(row).state == "valid"
    told = answers(HONEST=NOT_SEEN)
    new = world.do(amend, world.bob, inspection_id=row, answers=told, reason="Not promised.")
    assert world.inspection(new).answers["HONEST"] == NOT_SEEN


def test_what_was_not_applicable_before_reasons_were_asked_for_may_stand(world):
    row = world.scored(HELLO=NO)
    silent = {"HONEST": {"na": True}}
    with world.seeded.transaction() as session:
        session.get_one(Inspection, row).answers = answers(HELLO=NO) | silent
    new = world.do(
        amend, world.bob, inspection_id=row, answers=answers(**silent), reason="Greeted."
    )
    assert world.inspection(new).answers["HONEST"] == {"na": True}


def test_services_never_commit_by_themselves(world):
    row = world.scored(HELLO=NO)
    before = world.derived()

    def void_and_fail(session, **values):
        void(session, **values)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.do(void_and_fail, world.bob, inspection_id=row, reason="Wait.")
    assert world.inspection(row).state == "valid"
    assert world.derived() == before
