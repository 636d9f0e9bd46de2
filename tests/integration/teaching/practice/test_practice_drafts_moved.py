"""Revision 0005: what was entered in a practice moves to the drafts of all tasks, and back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.inspection.models import Draft
from db.inspection.queries.desk import desk
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.migrations import migrate
from db.teaching.models import PracticeTask
from db.teaching.queries.practice import next_task
from db.teaching.tasks import PRACTISED
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, answers

BEFORE = "0004"


@pytest.fixture
def practised(world, people, held):
    """irma has begun her first case and not the second, sam has handed in his first."""
    world.draft(Work(answers(NAME=NO), note="of record"))
    round_id = held("irma", "sam")
    tasks = {
        name: world.one(lambda session, name=name: next_task(session, people[name], round_id))
        for name in ("irma", "sam")
    }
    begun = Work({"HELLO": NO | {"note": "late"}}, [PIN], "so far", active_seconds=90)
    irma = PRACTISED.task(tasks["irma"])
    for version in (0, 1):
        work = begun if version else Work(note="first")
        world.do(save_draft, people["irma"], task=irma, version=version, work=work)
    done = Work(answers(), note="done", active_seconds=60)
    world.do(submit, people["sam"], task=PRACTISED.task(tasks["sam"]), version=0, work=done)
    return tasks


def raw(world, query, **values):
    with world.seeded.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def stored(world):
    """Every draft and every task of a practice, as the models read them."""
    columns = ("kind", "task_id", "version", "answers", "evidence", "note", "active_seconds")
    drafts = world.all(*(getattr(Draft, name) for name in (*columns, "saved_at")))
    names = ("id", "state", "answers", "evidence", "note", "active_seconds", "score")
    tasks = world.all(*(getattr(PracticeTask, name) for name in names))
    return sorted(drafts, key=str), sorted(tasks, key=str)


def test_before_it_the_work_stood_in_the_task_of_the_practice(world, practised):
    migrate.downgrade(world.seeded.engine, BEFORE)
    query = "SELECT version, state, note, active_seconds FROM practice_task WHERE id = :id"
    assert raw(world, query, id=practised["irma"]) == [(2, "open", "so far", 90)]
    assert raw(world, query, id=practised["sam"]) == [(0, "submitted", "done", 60)]
    assert raw(world, "SELECT assignment_id, note FROM draft") == [(world.task, "of record")]


def test_nothing_is_lost_on_the_way(world, practised):
    before = stored(world)
    migrate.downgrade(world.seeded.engine, BEFORE)
    migrate.upgrade(world.seeded.engine)
    assert migrate.differences(world.seeded.engine) == []
    assert stored(world) == before
    assert [draft.kind for draft in before[0]] == ["assignment", "practice_task"]


def test_what_was_begun_goes_on_where_it_stood(world, people, practised):
    migrate.downgrade(world.seeded.engine, BEFORE)
    migrate.upgrade(world.seeded.engine)
    irma, task = people["irma"], PRACTISED.task(practised["irma"])
    found = world.one(lambda session: desk(session, irma, task)).draft
    assert (found.version, found.note, found.saved_at) == (2, "so far", NOW)
    assert found.answers == {"HELLO": NO | {"note": "late"}}
    world.do(submit, irma, task=task, version=2, work=Work(answers()))
    kept = world.one(lambda session: session.get_one(PracticeTask, task.task_id))
    assert (kept.state, kept.score, kept.answers) == ("submitted", 100, answers())
    assert world.all(Draft.kind, Draft.task_id) == [("assignment", world.task)]
    assert world.one(lambda s: desk(s, world.alice, ASSIGNED.task(world.task))).draft.version == 1
