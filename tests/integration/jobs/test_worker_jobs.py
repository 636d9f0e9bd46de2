"""What the worker does, each time as a job: by the clock, on demand, for another host, again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.jobs import kinds
from core.jobs.kinds import KINDS
from core.settings import Settings
from db.jobs import record
from db.jobs.models import Job
from db.jobs.record import Order
from db.results.models import RankingSnapshot
from db.results.services import rankings
from db.store.keys import load_keys
from db.upkeep.jobs import Jobs
from db.upkeep.recomputing import RECOMPUTING
from tests.support.jobs.queue import work_off
from tests.support.ranking.crossed import part


@pytest.fixture
def settings(seeded, tmp_path):
    url = seeded.engine.url.render_as_string(hide_password=False)
    load_keys(tmp_path)
    return Settings(database_url=url, var_dir=tmp_path)


@pytest.fixture
def work(seeded, settings):
    return Jobs(settings, seeded.engine)


def rows(seeded):
    with seeded.reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def due(work, name):
    """What the queue has the worker do at that moment."""
    tasks = work._queue._huey.read_periodic(datetime(2026, 3, 15, 1, 40))
    [task] = [task for task in tasks if task.name == name]
    work._queue._huey.execute(task)


def ask(seeded, kind, key=None, *, minutes_ago=0):
    now = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    with seeded.transaction() as session:
        return record.ask(session, Order(kind, key or kind.name), asked_by=None, now=now).id


def test_what_is_due_leaves_a_job_with_what_came_of_it(seeded, work):
    due(work, "backup")
    [job] = rows(seeded)
    assert (job.kind, job.state, job.asked_by) == ("backup", "done", None)
    assert (job.outcome["rows"] > 0, job.outcome["bytes"] > 0) == (True, True)


def test_what_is_due_and_cannot_be_done_says_why(seeded, work):
    work.perform(work._duties["test_restore"])
    [job] = rows(seeded)
    assert (job.state, str(record.error_of(job.outcome))) == ("failed", "There is no backup yet.")


def test_every_duty_can_be_done_and_names_a_kind_of_job(seeded, work):
    work.perform(work._duties["backup"])
    for duty in work._duties.values():
        work.perform(duty)
    jobs = rows(seeded)
    assert {job.kind: job.state for job in jobs} == dict.fromkeys(work._duties, "done")
    assert {*work._duties, *RECOMPUTING} == set(KINDS) - {"import", "ranking"}


def test_what_another_worker_is_at_is_not_done_a_second_time(seeded, work):
    job_id = ask(seeded, kinds.BACKUP)
    with seeded.transaction() as session:
        record.begin(session, job_id, now=datetime.now(UTC))
    work.perform(work._duties["backup"])
    assert [(job.id, job.state) for job in rows(seeded)] == [(job_id, "running")]


def test_what_a_killed_worker_was_at_is_done_anew_when_it_is_due(seeded, work):
    job_id = ask(seeded, kinds.RETAIN)
    with seeded.transaction() as session:
        record.begin(session, job_id, now=datetime.now(UTC) - timedelta(minutes=5))
    work.perform(work._duties["retain"])
    assert [job.state for job in rows(seeded)] == ["stopped", "done"]


def test_what_was_asked_for_and_never_begun_is_done_when_it_is_due(seeded, work):
    ask(seeded, kinds.RETAIN)
    work.perform(work._duties["retain"])
    assert [job.state for job in rows(seeded)] == ["done"]


def test_what_waits_in_the_queue_of_another_host_is_taken_up_after_a_minute(seeded, work):
    waiting = ask(seeded, kinds.RETAIN, minutes_ago=2)
    ask(seeded, kinds.BACKUP)
    imported = ask(seeded, kinds.IMPORT, "import 1", minutes_ago=2)  # started beside a portal
    work.take_up()
    assert work_off(work) == 1
    states = {job.id: job.state for job in rows(seeded)}
    assert (states[waiting], states[imported]) == ("done", "waiting")


def test_a_job_that_is_queued_twice_is_done_once(seeded, work):
    waiting = ask(seeded, kinds.BACKUP)
    for _ in range(2):
        work.have_done(waiting, kinds.BACKUP)
    assert work_off(work) == 2
    with seeded.reading() as session:
        [job] = session.scalars(select(Job))
    assert job.state == "done"


def test_jobs_that_ended_long_ago_go_with_what_is_over_its_time(seeded, work):
    due(work, "backup")
    with seeded.transaction() as session:
        session.execute(update(Job).values(heard_at=datetime.now(UTC) - timedelta(days=91)))
    work.perform(work._duties["retain"])
    assert [job.kind for job in rows(seeded)] == ["retain"]


def test_a_ranking_is_a_job_of_its_slice(crossed, tmp_path):
    work = Jobs(Settings(var_dir=tmp_path), crossed.seeded.engine)
    for _ in range(2):
        work.ask_for_ranking(part(crossed), now=datetime.now(UTC))
    assert [job.state for job in rows(crossed.seeded)] == ["waiting"]
    assert work_off(work) == 1
    [job] = rows(crossed.seeded)
    assert (job.kind, job.state) == ("ranking", "done")
    assert crossed.count(RankingSnapshot) == 1


def test_a_ranking_that_cannot_be_computed_says_why(crossed, tmp_path, monkeypatch):
    problem = rankings.PortalError("A score cell with inspections has no weight.")

    def fails(_cells, _served):
        raise problem

    monkeypatch.setattr(rankings, "rank_stations", fails)
    work = Jobs(Settings(var_dir=tmp_path), crossed.seeded.engine)
    work.ask_for_ranking(part(crossed), now=datetime.now(UTC))
    work_off(work)
    [job] = rows(crossed.seeded)
    assert (job.state, str(record.error_of(job.outcome))) == ("failed", str(problem))
