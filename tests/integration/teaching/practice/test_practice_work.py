"""Practice on a case set: blind, compared with the reference, apart from inspections."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from db.encounters.models import Interaction
from db.inspection.models import Draft, Finding, Inspection
from db.inspection.queries.desk import desk
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import Unanswered, Unexplained, submit
from db.results.models import StationMonth
from db.safekeeping.queries.own_record import own_record
from db.store.models import AuditEvent
from db.teaching.models import PracticeTask
from db.teaching.queries.practice import next_task, round_view
from db.teaching.queries.practice_attempts import answer_pairs
from db.teaching.services import practice, withdrawal
from db.teaching.tasks import PRACTISED
from tests.factories import identity, make_assignment, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers
from tests.support.inspection.pads import Browser, wired_to
from tests.support.teaching.practising import attempts, hand_in


def test_answers_are_compared_with_the_inspections_of_record(world, people, held):
    """HELLO of the first case is judged otherwise: 9 of 10 items are alike."""
    round_id = held("irma")
    hand_in(world, people["irma"], round_id, answers(), answers())
    [attempt] = attempts(world, people, "irma", round_id)
    assert attempt.outcome is not None
    assert (attempt.outcome.agreeing, attempt.outcome.compared) == (9, 10)
    assert attempt.outcome.score_gap == pytest.approx(10)
    assert attempt.outcome.passes(80)


def test_practice_never_becomes_an_inspection(world, people, held):
    before = (world.count(Inspection), world.count(Finding), world.all(StationMonth.n))
    hand_in(world, people["irma"], held("irma"), answers(NAME=NO), answers(RIGHT=NO))
    assert (world.count(Inspection), world.count(Finding), world.all(StationMonth.n)) == before


def test_a_case_that_is_to_be_scored_is_no_practice(world, people, held):
    """Irma has the second scoring of the set's first case in her queue."""
    with world.seeded.transaction() as session:
        first = session.scalars(select(Inspection).order_by(Inspection.id)).first()
        call = session.get_one(Interaction, first.interaction_id)
        make_assignment(session, interaction=call, inspector=people["irma"], purpose="second")
    held("irma", "sam")
    tasks = world.all(PracticeTask.user_id)
    assert tasks.count((people["irma"].user_id,)) == 1
    assert tasks.count((people["sam"].user_id,)) == 2


def test_a_participant_scores_blind(world, people, held):
    round_id = held("sam")
    sam = people["sam"]
    task = world.one(lambda session: next_task(session, sam, round_id))
    shown = world.one(lambda session: desk(session, sam, PRACTISED.task(task)))
    assert (shown.encounter.station, shown.encounter.case) == ("Greeting", "1 / 2")
    assert not shown.encounter.has_recording
    assert shown.draft.answers == {}
    with pytest.raises(NotFound):
        world.one(lambda session: desk(session, people["irma"], PRACTISED.task(task)))
    with pytest.raises(NotFound):
        world.do(submit, people["irma"], task=PRACTISED.task(task), version=0, work=Work(answers()))


def test_a_save_is_kept_repeatable_and_guarded(world, people, held):
    round_id = held("irma")
    irma = people["irma"]
    task = world.one(lambda session: next_task(session, irma, round_id))
    work = Work({"HELLO": NO})
    values = {"task": PRACTISED.task(task), "version": 0, "work": work}
    assert world.do(save_draft, irma, **values).version == 1
    assert world.do(save_draft, irma, **values).version == 1
    with pytest.raises(StaleEdit):
        world.do(save_draft, irma, task=PRACTISED.task(task), version=0, work=Work(answers()))
    with pytest.raises(Unanswered):
        world.do(submit, irma, task=PRACTISED.task(task), version=1, work=work)
    world.do(submit, irma, task=PRACTISED.task(task), version=1, work=Work(answers()))
    world.do(submit, irma, task=PRACTISED.task(task), version=1, work=Work(answers(NAME=NO)))
    stored = world.one(lambda session: session.get_one(PracticeTask, task))
    assert (stored.state, stored.score, stored.answers) == ("submitted", 100, answers())


def test_practice_asks_why_a_critical_item_does_not_apply_as_the_pad_does(world, people, held):
    irma = people["irma"]
    task = world.one(lambda session: next_task(session, irma, held("irma")))
    silent = Work(answers(HONEST={"na": True}))
    with pytest.raises(Unexplained, match="HONEST"):
        world.do(submit, irma, task=PRACTISED.task(task), version=0, work=silent)


def test_what_a_participant_wrote_is_masked_when_it_is_submitted(world, people, held):
    irma, said = people["irma"], "ring 13812345678"
    task = world.one(lambda session: next_task(session, irma, held("irma")))
    work = Work(answers(NAME=NO | {"note": said}), note=said)
    world.do(submit, irma, task=PRACTISED.task(task), version=0, work=work)
    kept = world.one(lambda session: session.get_one(PracticeTask, task))
    assert (kept.note, kept.answers["NAME"]["note"]) == ("ring ███████████",) * 2


def test_a_save_with_a_number_in_it_is_masked_at_once_and_repeatable(world, people, held):
    irma, said = people["irma"], "ring 13812345678"
    task = world.one(lambda session: next_task(session, irma, held("irma")))
    pin = {"item_key": "NAME", "turn_position": 1, "note": said}
    work = Work({"NAME": NO | {"note": said}}, [pin], said)
    for _ in range(2):
        assert (
            world.do(save_draft, irma, task=PRACTISED.task(task), version=0, work=work).version == 1
        )
    kept = world.one(lambda session: session.get_one(Draft, PRACTISED.task(task).draft))
    told = (kept.note, kept.answers["NAME"]["note"], kept.evidence[0]["note"])
    assert told == ("ring ███████████",) * 3


def test_a_failed_attempt_can_be_repeated_as_often_as_agreed(world, people, held):
    """Everything judged otherwise but HELLO of the first case: 1 of 10."""
    round_id = held("irma")
    irma = people["irma"]
    with pytest.raises(InvalidInput):
        world.do(practice.retake, irma, round_id=round_id)
    wrong = dict.fromkeys(answers(), NO)
    hand_in(world, irma, round_id, wrong, wrong)
    [first] = attempts(world, people, "irma", round_id)
    assert (first.outcome.agreeing, first.outcome.passes(80)) == (1, False)
    world.do(practice.retake, irma, round_id=round_id)
    hand_in(world, irma, round_id, answers(HELLO=NO), answers())
    assert [each.outcome.percent for each in attempts(world, people, "irma", round_id)] == [10, 100]
    with pytest.raises(InvalidInput):
        world.do(practice.retake, irma, round_id=round_id)


def test_no_attempt_is_left_after_the_last(world, people, held):
    round_id = held("irma", attempts=1)
    wrong = dict.fromkeys(answers(), NO)
    hand_in(world, people["irma"], round_id, wrong, wrong)
    with pytest.raises(InvalidInput):
        world.do(practice.retake, people["irma"], round_id=round_id)


def test_a_person_may_give_the_reference(world, people, held):
    """Until tina has scored a case, nobody's answers to it can be compared."""
    tina, irma = people["tina"], people["irma"]
    round_id = held("irma", reference_user_id=tina.user_id)
    hand_in(world, irma, round_id, answers(NAME=NO), answers())
    assert attempts(world, people, "irma", round_id)[0].outcome is None
    hand_in(world, tina, round_id, answers(NAME=NO), answers(NAME=NO))
    outcome = attempts(world, people, "irma", round_id)[0].outcome
    assert (outcome.agreeing, outcome.compared) == (9, 10)
    view = world.one(lambda session: round_view(session, tina, round_id))
    assert [(each.name, each.is_reference) for each in view.takers] == [
        ("Irma", False),
        ("Tina", True),
    ]


def test_every_answer_stands_beside_the_reference(world, people, held):
    round_id = held("irma")
    hand_in(world, people["irma"], round_id, answers(), answers())
    [attempt] = attempts(world, people, "irma", round_id)
    tasks = [case.task_id for case in attempt.cases]
    pairs = world.one(lambda session: answer_pairs(session, people["irma"], round_id, tasks))
    apart = [pair for pair in pairs if not pair.agrees]
    assert len(pairs) == 10
    assert [(each.position, each.item.key) for each in apart] == [(1, "HELLO")]
    assert (apart[0].own.keys, apart[0].reference.keys) == (("yes",), ("no",))

    def read(name):
        return world.one(lambda session: answer_pairs(session, people[name], round_id, tasks))

    assert (read("tina"), read("sam")) == (pairs, [])  # Tina opened the round


def test_another_trainer_reads_nobodys_answers(world, people, held):
    round_id = held("irma")
    hand_in(world, people["irma"], round_id, answers(), answers())
    [attempt] = attempts(world, people, "irma", round_id)
    tasks = [case.task_id for case in attempt.cases]
    with world.seeded.transaction() as session:
        make_user(session, "theo", Role.TRAINER)
        theo = identity(session, "theo")
    assert world.one(lambda session: answer_pairs(session, theo, round_id, tasks)) == []


def test_a_case_that_leaves_takes_its_practice_answers_along(world, people, held):
    round_id = held("irma")
    hand_in(world, people["irma"], round_id, answers(), answers())
    first = world.one(lambda session: session.get_one(PracticeTask, 1))
    call = min(world.all(Inspection.interaction_id))[0]
    with world.seeded.transaction() as session:
        withdrawal.leave_sets(session, [call], reason=withdrawal.RETENTION, now=NOW)
    [attempt] = attempts(world, people, "irma", round_id)
    assert (attempt.outcome.agreeing, attempt.outcome.compared) == (5, 5)
    kept = world.one(lambda session: session.get_one(PracticeTask, first.id))
    assert (kept.state, kept.answers) == ("left", {})
    with world.seeded.transaction() as session:  # as when an erasure is repeated
        withdrawal.leave_sets(session, [call], reason=withdrawal.RETENTION, now=NOW)
    assert world.noted().count(("leave_set", str(first.id))) == 1


def test_the_pad_leads_from_case_to_case_and_ends(world, people, held, tmp_path, monkeypatch):
    round_id = held("irma")
    with wired_to(world.seeded.engine, tmp_path, monkeypatch):
        task = world.one(lambda session: next_task(session, people["irma"], round_id))
        browser = Browser(world, "irma", task=task)
        headers = {"X-CSRF-Token": browser.token}
        state = browser.http.get(f"/api/practice/{task}/state").json()
        assert (state["state"], state["title"]) == ("open", "Greeting · 1 / 2")
        body = {
            "version": 0,
            "answers": answers(),
            "evidence": [],
            "note": "",
            "active_seconds": 1.0,
        }
        saved = browser.http.post(f"/api/practice/{task}/save", json=body, headers=headers)
        assert saved.json()["version"] == 1
        body["version"] = 1
        sent = browser.http.post(f"/api/practice/{task}/submit", json=body, headers=headers)
        following = sent.json()["next"]
        assert following["title"] == "Greeting · 2 / 2"
        body["version"] = 0
        path = f"/api/practice/{following['assignment']}/submit"
        assert browser.http.post(path, json=body, headers=headers).json() == {"next": None}
        assert browser.http.post(path, json=body).status_code == 403
        stranger = Browser(world, "sam")
        assert stranger.http.get(f"/api/practice/{task}/state").status_code == 404
    seen = world.all(AuditEvent.action, AuditEvent.object_type, AuditEvent.user_id)
    assert seen.count(("view", "inspection", people["irma"].user_id)) == 2


def test_the_reader_of_a_persons_answers_stands_in_the_log_and_in_the_persons_record(
    world, people, held
):
    """Sam hands in two cases; Tina, who opened the practice, reads them twice."""
    round_id = held("sam", "irma")
    hand_in(world, people["sam"], round_id, answers(), answers())
    [attempt] = attempts(world, people, "sam", round_id)
    tasks = [case.task_id for case in attempt.cases]
    for _ in range(2):
        pairs = world.do(practice.open_answers, people["tina"], round_id=round_id, task_ids=tasks)
        assert len(pairs) == 10
    [opening] = world.one(lambda session: own_record(session, people["sam"])).openings
    assert (opening.roles, opening.deed, opening.times, opening.records) == (
        frozenset({Role.TRAINER}),
        "view",
        4,
        2,
    )
    for name in ("irma", "sam"):
        with pytest.raises(NotAllowed):
            world.do(practice.open_answers, people[name], round_id=round_id, task_ids=tasks)


def test_nothing_is_noted_where_nothing_is_read(world, people, held):
    """Irma has handed in nothing, and the tasks of another practice are not read through this."""
    first, second = held("irma"), held("sam")
    hand_in(world, people["irma"], first, answers(), answers())
    [attempt] = attempts(world, people, "irma", first)
    tasks = [case.task_id for case in attempt.cases]
    assert world.do(practice.open_answers, people["tina"], round_id=second, task_ids=tasks) == []
    assert world.one(lambda session: own_record(session, people["sam"])).openings == ()
