"""The record of a job: one at a time for a key, taken once, stopped when nobody is heard."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotFound, OutOfTurn
from core.jobs.kinds import IMPORT, KEPT, LEASE, JobKind
from db.jobs import record
from db.jobs.models import Job
from db.jobs.queries import told_state
from db.jobs.record import JobLost, Order
from db.store.models import AuditEvent
from tests.support.clock import NOW

NIGHTLY = JobKind("nightly")
EACH_MINUTE = JobKind("each minute", last_only=True)


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind in (NIGHTLY, EACH_MINUTE):
        monkeypatch.setitem(record.KINDS, kind.name, kind)


@pytest.fixture
def jobs(seeded):
    return Steps(seeded)


class Steps:
    """Steps in transactions of their own, so many seconds after NOW."""

    def __init__(self, seeded):
        self.seeded, self.who = seeded, seeded.administrator

    def do(self, step, *values, after=0, **named):
        with self.seeded.transaction() as session:
            return step(session, *values, now=NOW + timedelta(seconds=after), **named)

    def ask(self, kind=NIGHTLY, key="k", after=0):
        asked = self.do(record.ask, Order(kind, key), asked_by=self.who.user_id, after=after)
        return asked and asked.id

    def begun(self, kind=NIGHTLY, key="k", after=0):
        return self.do(record.begin, self.ask(kind, key, after), after=after)

    def told(self, after=0):
        """Every job's state as it is told, oldest first."""
        state = told_state(NOW + timedelta(seconds=after))
        with self.seeded.reading() as session:
            return list(session.scalars(select(state).select_from(Job).order_by(Job.id)))

    def row(self, job_id):
        with self.seeded.reading() as session:
            return session.get_one(Job, job_id)


def silent():
    return LEASE.total_seconds() + 1


def test_a_job_waits_runs_and_is_done_with_what_came_of_it(jobs):
    job_id = jobs.ask()
    assert jobs.told() == ["waiting"]
    job = jobs.do(record.begin, job_id, after=1)
    assert jobs.told() == ["running"]
    jobs.do(record.report, job, share=0.5, counts={"read": 7}, after=2)
    assert (jobs.row(job_id).share, jobs.row(job_id).counts) == (0.5, {"read": 7})
    jobs.do(record.finish, job, {"rows": 14}, after=3)
    row = jobs.row(job_id)
    assert (row.state, row.share, row.outcome) == ("done", 1.0, {"rows": 14})
    times = [(at - NOW).total_seconds() for at in (row.asked_at, row.begun_at, row.ended_at)]
    assert times == [0, 1, 3]


def test_an_error_is_kept_as_its_sentence_with_what_fills_it_masked(jobs):
    job = jobs.begun()
    error = InvalidInput("{who} has {count} rows too many.", who="Nora, 13812345678", count=3)
    jobs.do(record.fail, job, error)
    kept = record.error_of(jobs.row(job.id).outcome)
    assert (jobs.told(), str(kept)) == (["failed"], f"Nora, {'█' * 11} has 3 rows too many.")


def test_of_one_key_one_job_waits_or_runs_and_of_others_more(jobs):
    first = jobs.ask()
    assert (jobs.ask(), jobs.ask(key="another") is None) == (None, False)
    job = jobs.do(record.begin, first)
    assert jobs.ask() is None
    jobs.do(record.finish, job, {})
    assert jobs.ask() is not None


def test_the_database_itself_keeps_two_hosts_from_asking_at_the_same_moment(jobs):
    barrier = Barrier(4)

    def ask(_number):
        barrier.wait()
        return jobs.ask()

    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(ask, range(4)))
    assert (len([job for job in asked if job]), jobs.told()) == (1, ["waiting"])


def test_two_processes_that_are_started_on_one_job_do_it_once(jobs):
    job_id, barrier = jobs.ask(), Barrier(4)

    def begin(_number):
        barrier.wait()
        return jobs.do(record.begin, job_id)

    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(begin, range(4)))
    assert len([job for job in begun if job]) == 1
    assert jobs.do(record.begin, 0) is None


def test_whose_process_is_not_heard_for_a_minute_has_stopped_until_it_is_heard_again(jobs):
    job = jobs.begun()
    assert jobs.told(after=60) == ["running"]
    assert jobs.told(after=silent()) == ["stopped"]
    jobs.do(record.report, job, share=0.1, counts={}, after=silent())
    assert jobs.told(after=silent() + 60) == ["running"]


def test_what_waits_for_the_worker_may_wait_and_what_starts_at_once_may_not(jobs):
    jobs.ask(NIGHTLY, "a")
    jobs.ask(IMPORT, "b")
    assert jobs.told(after=60) == ["waiting", "waiting"]
    assert jobs.told(after=silent()) == ["waiting", "stopped"]


def test_a_job_that_stopped_is_in_nobodys_way(jobs):
    jobs.begun()
    assert jobs.ask(after=60) is None
    assert jobs.ask(after=silent()) is not None
    assert jobs.told() == ["stopped", "waiting"]


def restarted(jobs, job_id, after):
    return jobs.do(record.restart, job_id, who=jobs.who, after=after)


def test_a_stopped_job_is_started_again_from_its_beginning_and_the_log_says_by_whom(jobs):
    job = jobs.begun()
    jobs.do(record.report, job, share=0.9, counts={"read": 9})
    assert restarted(jobs, job.id, silent()) is NIGHTLY
    row = jobs.row(job.id)
    assert (row.state, row.share, row.counts, row.begun_at) == ("waiting", 0, {}, None)
    with jobs.seeded.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.object_type == "job")).all()
    [event] = events
    assert (event.action, event.object_id) == ("start_again", str(job.id))
    assert event.user_id == jobs.who.user_id


def test_what_goes_on_or_has_ended_is_not_started_again(jobs):
    job = jobs.begun()
    with pytest.raises(OutOfTurn):
        restarted(jobs, job.id, 60)
    jobs.do(record.finish, job, {})
    with pytest.raises(OutOfTurn):
        restarted(jobs, job.id, silent())
    with pytest.raises(NotFound):
        restarted(jobs, 0, 0)


def test_two_who_start_it_again_at_the_same_moment_start_it_once(jobs):
    job, barrier = jobs.begun(), Barrier(4)

    def start_again(_number):
        barrier.wait()
        try:
            return restarted(jobs, job.id, silent())
        except OutOfTurn:
            return None

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start_again, range(4)))
    assert len([kind for kind in started if kind]) == 1


def test_a_stopped_job_gives_way_to_a_newer_one_of_its_key(jobs):
    job = jobs.begun()
    jobs.ask(after=silent())
    with pytest.raises(InvalidInput, match="newer job"):
        restarted(jobs, job.id, silent())
    assert jobs.told() == ["stopped", "waiting"]


def test_a_process_that_comes_back_after_another_took_over_changes_nothing(jobs):
    late = jobs.begun()
    restarted(jobs, late.id, silent())
    steps = [
        lambda: jobs.do(record.report, late, share=0.5, counts={}),
        lambda: jobs.do(record.finish, late, {"by": 1}),
        lambda: jobs.do(record.fail, late, InvalidInput("no")),
        lambda: jobs.do(record.stop, late, InvalidInput("no")),
    ]
    for step in steps:  # nobody has begun it again
        with pytest.raises(JobLost):
            step()
    now = jobs.do(record.begin, late.id, after=silent())
    for step in steps:  # another process does it
        with pytest.raises(JobLost):
            step()
    jobs.do(record.finish, now, {"by": 2})
    assert jobs.row(late.id).outcome == {"by": 2}


def test_of_what_is_done_every_minute_the_last_good_end_stays_and_the_last_bad_of_each_key(jobs):
    def ended(step, *values):
        jobs.do(step, jobs.begun(EACH_MINUTE), *values)

    for _ in range(3):
        ended(record.finish, {})
    ended(record.fail, InvalidInput("no"))
    ended(record.finish, {})
    assert jobs.told() == ["failed", "done"]
    for step, value in ((record.fail, InvalidInput("no")), (record.finish, {})):
        jobs.do(step, jobs.begun(EACH_MINUTE, "another key"), value)
    assert jobs.told() == ["failed", "failed", "done"]


def test_jobs_are_forgotten_ninety_days_after_their_end_and_none_that_goes_on(jobs):
    old = jobs.begun(key="old")
    jobs.do(record.finish, old, {})
    stopped = jobs.begun(key="stopped")
    waiting = jobs.ask(key="waits for the worker")
    at = KEPT.total_seconds()
    recent = jobs.begun(key="recent", after=at - 3)
    jobs.do(record.finish, recent, {}, after=at - 2)
    jobs.do(record.forget_old, after=at)
    assert jobs.row(old.id).state == "done"
    jobs.do(record.forget_old, after=at + 1)
    with jobs.seeded.reading() as session:
        assert set(session.scalars(select(Job.id))) == {waiting, recent.id}
    assert stopped.id not in {waiting, recent.id}
