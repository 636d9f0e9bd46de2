"""An import whose process is killed: told as stopped, started again by one of two hosts, whole."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from core.errors import OutOfTurn
from db.importing import import_job
from db.jobs import engine
from db.jobs.models import Job
from db.people.models import Staff
from pages.ui.kit import wiring
from tests.support.importing.jobs import OwnImport, stored, uploaded

ROWS = 4000
FILE = b"staff_no,name,station_code\n" + b"".join(
    b"N-%d,Person %d,TPE-PHONE\n" % (number, number) for number in range(ROWS)
)


@pytest.fixture
def own(wired):
    return OwnImport(wired.seeded.administrator)


def people():
    with wiring.reading() as session:
        return session.scalar(
            select(func.count()).select_from(Staff).where(Staff.staff_no.startswith("N-"))
        )


def killed(own):
    """Begin an import and kill its process as soon as some rows, and not all, are there."""
    job = own.begin(uploaded(own.who, FILE))
    import_job.start(job.id)
    process = engine._started[-1]
    deadline = time.monotonic() + 300
    while not people():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return job.id


def test_a_killed_import_is_started_again_once_and_nothing_is_lost_or_doubled(own):
    job_id = killed(own)
    assert 0 < people() < ROWS
    assert own.state().runs  # nobody can know yet
    silent = wiring.now() - timedelta(minutes=2)
    with wiring.transaction() as session:
        session.execute(update(Job).values(heard_at=silent))
    assert own.state().stopped
    hosts = Barrier(2)

    def start_again(_host):
        hosts.wait()
        try:
            with wiring.transaction() as session:
                import_job.start_again(session, own.who, job_id, now=wiring.now())
        except OutOfTurn:
            return 0
        import_job.start(job_id)
        return 1

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(start_again, range(2))) == 1
    own.wait()
    outcome = own.state().outcome
    assert (outcome.counts.read, outcome.counts.refused) == (ROWS, 0)
    assert outcome.counts.added + outcome.counts.unchanged == ROWS
    assert people() == ROWS
    with wiring.reading() as session:
        assert session.get_one(Job, job_id).state == "done"
    engine._started[-1].wait(60)  # its files go once it is done
    assert stored("uploads") == []
