"""From draft to inspection of record, exactly once, on both databases."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn, StaleEdit
from db.inspection.models import Assignment, Draft, Evidence, Finding, Inspection
from db.inspection.services.assignments import Task, assign, skip
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import Unanswered, Unexplained, submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, User
from db.results import rollups
from db.results.models import StationItemMonth, StationMonth
from db.store.models import AuditEvent
from tests.factories import identity, make_interaction, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, YES, answers, at_once


def test_a_draft_shows_the_score_it_stands_at(world):
    """HELLO is half of 40: 100 - 20 = 80."""
    saved = world.draft(Work(answers(HELLO=NO)))
    assert (saved.version, saved.saved_at) == (1, NOW)
    assert saved.sheet.score == pytest.approx(80)


def test_a_half_answered_draft_is_kept_with_what_is_missing(world):
    saved = world.draft(Work({"HELLO": YES}))
    assert saved.sheet.missing == ("NAME", "RIGHT", "FAST", "HONEST")


def test_submitting_stores_answers_scores_and_evidence(world):
    """Without HONEST the solution earns 3/4 of 60: 40 + 45 = 85, then the cap leaves 50."""
    world.draft(
        Work(answers(HONEST=NO), [PIN], note="Promised what nobody can.", active_seconds=90)
    )
    done = world.submit()
    row = world.inspection(done.inspection_id)
    assert not done.repeated
    assert (row.score, row.score_before_critical) == (pytest.approx(50), pytest.approx(85))
    assert (row.critical, row.passed, row.band) == (True, False, "poor")
    assert (row.answers, row.note) == (answers(HONEST=NO), "Promised what nobody can.")
    assert (row.state, row.purpose, row.submitted_at) == ("valid", "record", NOW)
    assert world.all(Evidence.item_key, Evidence.turn_position, Evidence.end_offset) == [
        ("HELLO", 2, 3)
    ]
    assert world.count(Draft) == 0


def test_a_submission_is_written_to_the_audit_log_without_content(world):
    inspection_id = world.scored(HELLO=NO)
    assert world.all(AuditEvent.action, AuditEvent.object_id, AuditEvent.details) == [
        ("submit", str(inspection_id), {})
    ]


def test_submitting_again_returns_the_first_result(world):
    world.draft(Work(answers(HELLO=NO)))
    first = world.submit()
    again = world.submit()
    with_another_version = world.submit(version=7)
    assert again == with_another_version
    assert (again.inspection_id, again.score, again.repeated) == (
        first.inspection_id,
        first.score,
        True,
    )
    assert world.count(Inspection) == 1
    assert [row.n for row in world.station_month()] == [1]
    assert len(world.findings()) == 1


def test_two_clicks_at_once_submit_once(world):
    world.draft(Work(answers(HELLO=NO)))
    results = at_once(world.submit, world.submit)
    assert sorted(result.repeated for result in results) == [False, True]
    assert len({result.inspection_id for result in results}) == 1
    assert world.count(Inspection) == 1
    assert world.all(StationMonth.n) == [(1,)]
    assert world.count(Finding) == 1


def test_many_inspectors_at_once_lose_no_count(world):
    tasks = [world.assigned() for _ in range(8)]
    for task in tasks:
        world.draft(Work(answers(HELLO=NO)), task=task)
    at_once(*(lambda task=task: world.submit(task=task) for task in tasks))
    assert world.all(StationMonth.n, StationMonth.total) == [(8, pytest.approx(640))]
    assert world.all(StationItemMonth.lost).count((8,)) == 1


def test_a_stale_save_is_refused_and_shows_what_is_stored(world):
    world.draft(Work(answers(HELLO=NO), note="first tab"))
    with pytest.raises(StaleEdit) as refused:
        world.draft(Work(answers(NAME=NO), note="second tab"), version=0)
    assert refused.value.current.note == "first tab"
    assert world.all(Draft.note, Draft.version) == [("first tab", 1)]


def test_submitting_a_version_one_has_not_seen_is_refused(world):
    world.draft(Work(answers()))
    world.draft(Work(answers(HELLO=NO)), version=1)
    with pytest.raises(StaleEdit):
        world.submit(version=1)
    assert world.count(Inspection) == 0
    assert world.submit(version=2).score == pytest.approx(80)


def test_a_save_that_ends_while_a_submission_waits_for_it_is_not_lost(world):
    world.draft(Work(answers()))
    with ThreadPoolExecutor(1) as other_tab:
        with world.seeded.transaction() as session:
            save_draft(
                session,
                who=world.alice,
                task=ASSIGNED.task(world.task),
                version=1,
                work=Work(answers(HELLO=NO)),
                now=NOW,
            )
            submission = other_tab.submit(world.submit, version=1)
            time.sleep(0.3)  # it reaches the lock; were it slower, the test would only ask less
        with pytest.raises(StaleEdit):
            submission.result()
    assert world.all(Draft.version) == [(2,)]
    assert world.count(Inspection) == 0


def test_unanswered_items_are_named_and_nothing_is_stored(world):
    world.draft(Work({"HELLO": YES, "RIGHT": YES, "HONEST": YES}))
    with pytest.raises(Unanswered) as refused:
        world.submit()
    assert refused.value.items == ("NAME", "FAST")
    assert world.count(Inspection) == 0
    assert world.all(Assignment.state) == [("open",)]
    assert world.count(Draft) == 1


@pytest.mark.parametrize("given", [{"na": True}, {"na": True, "reason": " \u3000"}])
def test_a_critical_item_is_not_applicable_with_a_reason_only(world, given):
    world.draft(Work(answers(HONEST=given, NAME={"na": True})))
    with pytest.raises(Unexplained, match=r"Say why .* HONEST") as refused:
        world.submit()
    assert refused.value.items == ("HONEST",)
    assert (world.count(Inspection), world.count(Draft)) == (0, 1)
    told = {"na": True, "reason": "nothing was promised"}
    world.draft(Work(answers(HONEST=told)), version=1)
    inspection_id = world.submit(version=2).inspection_id
    assert world.inspection(inspection_id).answers["HONEST"] == told


def test_a_whole_section_is_not_applicable_with_reasons_for_its_critical_items(world):
    greeting = {"HELLO": YES, "NAME": YES}
    world.draft(Work(greeting | {"solution": {"na": True}}))
    with pytest.raises(Unexplained) as refused:
        world.submit()
    assert refused.value.items == ("HONEST",)


def test_nothing_entered_is_no_inspection(world):
    with pytest.raises(InvalidInput):
        world.submit(version=0)


def test_an_unfit_answer_is_refused_when_it_is_saved(world):
    with pytest.raises(InvalidInput):
        world.draft(Work(answers(HELLO={"value": "maybe"})))
    with pytest.raises(InvalidInput):
        world.draft(Work(answers(UNKNOWN=YES)))
    assert world.count(Draft) == 0


def test_a_submitted_assignment_takes_no_more_drafts(world):
    world.draft(Work(answers()))
    world.submit()
    with pytest.raises(InvalidInput):
        world.draft(Work(answers(HELLO=NO)))


def test_another_inspectors_assignment_does_not_exist_for_one(world):
    dana = world.inspector("dana")
    work = Work(answers())
    for service, values in ((save_draft, {"work": work}), (submit, {})):
        with pytest.raises(NotFound):
            world.do(service, dana, task=ASSIGNED.task(world.task), version=0, **values)


def test_only_inspectors_submit(world):
    for who in (world.bob, world.charlie, world.seeded.administrator):
        with pytest.raises(NotAllowed):
            world.do(submit, who, task=ASSIGNED.task(world.task), version=1)


def test_nobody_is_given_their_own_work(world):
    with world.seeded.transaction() as session:
        make_user(session, "dana", Role.INSPECTOR, staff_id=world.seeded.staff_id)
        dana = identity(session, "dana")
        call = make_interaction(session, staff=session.get_one(Staff, world.seeded.staff_id))
    task = Task(dana.user_id, world.version_id, date(2026, 3, 17))
    with pytest.raises(NotAllowed):
        world.do(assign, world.bob, interaction_id=call.id, task=task)


def test_who_became_staff_after_the_assignment_still_cannot_score_themselves(world):
    world.draft(Work(answers()))
    with world.seeded.transaction() as session:
        session.get_one(User, world.alice.user_id).staff_id = world.seeded.staff_id
        session.flush()
        alice = identity(session, "alice")
    with pytest.raises(NotAllowed):
        world.do(submit, alice, task=ASSIGNED.task(world.task), version=1)


def test_a_skipped_assignment_cannot_be_submitted(world):
    world.draft(Work(answers()))
    with world.seeded.transaction() as session:
        task = session.get_one(Assignment, world.task)
        skip(session, who=world.alice, assignment=task, reason="No audio.", now=NOW)
    with pytest.raises(OutOfTurn, match="no longer open"):
        world.submit()
    with world.seeded.transaction() as session:
        task = session.get_one(Assignment, world.task)
        with pytest.raises(OutOfTurn, match="no longer open"):
            skip(session, who=world.alice, assignment=task, reason="No audio.", now=NOW)
    assert world.count(Inspection) == 0


def test_an_open_second_scoring_takes_the_place_of_a_first_that_is_put_aside(world):
    iris = world.inspector("iris")
    with world.seeded.transaction() as session:
        first = session.get_one(Assignment, world.task)
        task = Task(iris.user_id, world.version_id, NOW.date())
        second = assign(
            session, who=world.bob, interaction_id=first.interaction_id, task=task, now=NOW
        )
        session.flush()
        assert (first.purpose, second.purpose) == ("record", "second")
        skip(session, who=world.alice, assignment=first, reason="I know her.", now=NOW)
        assert (first.purpose, second.purpose) == ("second", "record")
    work = Work(answers())
    world.do(save_draft, iris, task=ASSIGNED.task(second.id), version=0, work=work)
    done = world.do(submit, iris, task=ASSIGNED.task(second.id), version=1)
    assert world.inspection(done.inspection_id).purpose == "record"
    assert world.count(StationMonth) == 1


def test_a_submitted_second_scoring_takes_the_place_too(world):
    iris = world.inspector("iris")
    with world.seeded.transaction() as session:
        first = session.get_one(Assignment, world.task)
        task = Task(iris.user_id, world.version_id, NOW.date())
        second = assign(
            session, who=world.bob, interaction_id=first.interaction_id, task=task, now=NOW
        )
    work = Work(answers())
    world.do(save_draft, iris, task=ASSIGNED.task(second.id), version=0, work=work)
    done = world.do(submit, iris, task=ASSIGNED.task(second.id), version=1)
    assert world.count(StationMonth) == 0
    with world.seeded.transaction() as session:
        first = session.get_one(Assignment, world.task)
        skip(session, who=world.alice, assignment=first, reason="I know her.", now=NOW)
    assert world.inspection(done.inspection_id).purpose == "record"
    assert world.count(StationMonth) == 1


def test_what_happens_after_submitting_in_the_same_transaction_undoes_it(world):
    """The caller owns the transaction: an error after the service leaves nothing behind."""
    world.draft(Work(answers(HELLO=NO), [PIN]))

    def submit_and_fail(session, **values):
        submit(session, **values)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.do(submit_and_fail, world.alice, task=ASSIGNED.task(world.task), version=1)
    for table in (Inspection, Evidence, Finding, AuditEvent, *rollups.TABLES):
        assert world.count(table) == 0, table
    assert world.count(Draft) == 1
    assert world.submit().score == pytest.approx(80)
