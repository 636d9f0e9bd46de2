"""Doing a job: signs of life while it lasts, its end noted, and giving up once another has it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from core.errors import InvalidInput
from core.jobs.kinds import JobKind
from db.jobs import record, working
from db.jobs.models import Job
from db.jobs.record import Order
from db.jobs.working import carry_out

NIGHTLY = JobKind("nightly")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setitem(record.KINDS, NIGHTLY.name, NIGHTLY)
    monkeypatch.setattr(working, "_LOOK", 0.01)
    monkeypatch.setattr(working, "PULSE", timedelta(seconds=0.05))


@pytest.fixture
def job_id(seeded):
    with seeded.transaction() as session:
        return record.ask(session, Order(NIGHTLY, "k"), asked_by=None, now=clock()).id


def clock():
    return datetime.now(UTC)


def row(seeded):
    with seeded.reading() as session:
        return session.scalars(select(Job)).one()


def until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_job_is_done_once_and_its_last_progress_is_kept(seeded, job_id):
    done = []

    def work(job):
        job.report(0.7, {"read": 7})
        done.append(job.job.id)
        return {"rows": 7}

    for _ in range(2):
        carry_out(seeded.engine, job_id, work, clock=clock)
    assert done == [job_id]
    kept = row(seeded)
    assert (kept.state, kept.counts, kept.outcome) == ("done", {"read": 7}, {"rows": 7})


def test_progress_and_signs_of_life_are_stored_while_it_lasts(seeded, job_id):
    def work(job):
        job.report(0.25, {"read": 1})
        until(lambda: row(seeded).share == 0.25)
        heard = row(seeded).heard_at
        until(lambda: row(seeded).heard_at > heard)
        return {}

    carry_out(seeded.engine, job_id, work, clock=clock)
    assert row(seeded).state == "done"


@pytest.mark.parametrize(
    ("error", "state", "sentence"),
    [
        (InvalidInput("There is no backup yet."), "failed", "There is no backup yet."),
        (ZeroDivisionError("of customer 13812345678"), "stopped", working._UNEXPECTED),
    ],
)
def test_an_error_ends_it_in_one_sentence_that_tells_no_more_than_it_should(
    seeded, job_id, monkeypatch, error, state, sentence
):
    logged = []
    monkeypatch.setattr(working._log, "error", lambda *_values, exc_info: logged.append(exc_info))

    def work(_job):
        raise error

    carry_out(seeded.engine, job_id, work, clock=clock)
    kept = row(seeded)
    assert (kept.state, str(record.error_of(kept.outcome))) == (state, sentence)
    assert bool(logged) == (state == "stopped")


def test_who_has_lost_the_job_is_told_and_changes_nothing_more(seeded, job_id):
    """As after a minute without a sign, when somebody has started it again."""
    told = []

    def work(job):
        with seeded.transaction() as session:
            session.execute(update(Job).values(holder="another"))
        until(lambda: told)
        job.report(0.9, {})
        pytest.fail("it should have stopped")

    carry_out(seeded.engine, job_id, work, clock=clock, on_loss=lambda: told.append("lost"))
    assert (told, row(seeded).state, row(seeded).share) == (["lost"], "running", 0.0)


def test_a_sign_of_life_that_is_due_at_the_end_takes_the_end_for_no_loss(
    seeded, job_id, monkeypatch
):
    real, told = working.transaction, []

    @contextmanager
    def slow_to_return(engine):
        with real(engine) as session:
            yield session
        if row(seeded).state == "done":
            time.sleep(0.3)  # several signs of life are due meanwhile

    monkeypatch.setattr(working, "transaction", slow_to_return)
    carry_out(seeded.engine, job_id, lambda _job: {}, clock=clock, on_loss=lambda: told.append(1))
    assert (row(seeded).state, told) == ("done", [])


def test_a_database_that_is_away_for_a_while_loses_neither_life_nor_end(
    seeded, job_id, monkeypatch
):
    real, failures = record.report, [3]

    def report(*values, **named):
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("UPDATE job", {}, Exception("database is locked"))
        real(*values, **named)

    def work(job):
        job.report(0.5, {})
        until(lambda: row(seeded).share == 0.5)
        failures[0] = 3
        return {"rows": 1}

    monkeypatch.setattr(record, "report", report)
    carry_out(seeded.engine, job_id, work, clock=clock)
    assert (row(seeded).state, failures) == ("done", [0])
