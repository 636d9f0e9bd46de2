"""The list of jobs: newest first, by page and state, with who asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.jobs import kinds
from core.jobs.states import JobState
from db.jobs import record, services
from db.jobs.queries import jobs
from db.jobs.record import Order
from tests.support.clock import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def asked(seeded):
    """Four jobs: done, stopped for the reader a few minutes later, waiting, failed."""
    who = seeded.administrator
    with seeded.transaction() as session:

        def ask(kind, key, asked_by=None):
            return record.ask(session, Order(kind, key), asked_by=asked_by, now=NOW).id

        def begun(kind, key, asked_by=None):
            return record.begin(session, ask(kind, key, asked_by), now=NOW)

        done = begun(kinds.BACKUP, "a")
        record.finish(session, done, {"rows": 1, "bytes": 1}, now=NOW)
        stopped = begun(kinds.IMPORT, "b", who.user_id)
        waiting = ask(kinds.RETAIN, "c")
        failed = begun(kinds.TEST_RESTORE, "d")
        record.fail(session, failed, record.JobLost("no"), now=NOW)
    return [done.id, stopped.id, waiting, failed.id]


def listed(seeded, who=None, **narrowed):
    with seeded.reading() as session:
        return jobs(session, who or seeded.administrator, now=LATER, **narrowed)


def test_the_newest_is_first_with_its_state_as_it_is_told_and_who_asked(seeded, asked):
    rows = listed(seeded)
    assert [row.job.id for row in rows] == asked[::-1]
    assert [row.job.state for row in rows] == ["failed", "waiting", "stopped", "done"]
    assert [row.asked_by for row in rows] == ["", "", "Administrator (administrator)", ""]


def test_a_page_begins_behind_the_last_job_of_the_one_before(seeded, asked):
    assert [row.job.id for row in listed(seeded, limit=2)] == asked[:1:-1]
    assert [row.job.id for row in listed(seeded, after=asked[2], limit=2)] == asked[1::-1]


@pytest.mark.parametrize("state", JobState)
def test_a_state_is_that_which_is_told(seeded, asked, state):
    """The silent one is no longer found among those that run."""
    place = {"done": 0, "stopped": 1, "waiting": 2, "failed": 3}.get(state)
    expected = [] if place is None else [asked[place]]
    assert [row.job.id for row in listed(seeded, state=state)] == expected


@pytest.mark.parametrize("name", ["alice", "bob", "charlie"])
def test_only_who_sees_to_the_jobs_reads_and_starts_them(seeded, asked, name):
    who = getattr(seeded, name)
    with pytest.raises(NotAllowed):
        listed(seeded, who)
    with seeded.transaction() as session, pytest.raises(NotAllowed):
        services.start_again(session, who=who, job_id=asked[1], now=LATER)
    with seeded.transaction() as session:
        kind = services.start_again(session, who=seeded.administrator, job_id=asked[1], now=LATER)
    assert kind is kinds.IMPORT
