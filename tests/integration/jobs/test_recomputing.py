"""What an operator has computed anew is a job like any other: listed, alone, started again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from core.errors import InvalidInput
from core.jobs import kinds
from core.settings import Settings
from db.jobs import services
from db.jobs.models import Job
from db.store.keys import load_keys
from db.store.models import AuditEvent
from db.upkeep import recomputing
from db.upkeep.jobs import Jobs
from db.upkeep.recomputing import RECOMPUTING, recompute_here
from tests.support.jobs.queue import work_off

KINDS = [kind for kind in kinds.KINDS.values() if kind.by_operator]


@pytest.fixture
def settings(seeded, tmp_path):
    load_keys(tmp_path)
    url = seeded.engine.url.render_as_string(hide_password=False)
    return Settings(database_url=url, var_dir=tmp_path)


@pytest.fixture
def here(seeded, settings):
    """Do one at the terminal; what came of it."""

    def here(kind, show=lambda *_counts: None):
        return recompute_here(kind, seeded.engine, settings, clock=clock, show=show)

    return here


def clock():
    return datetime.now(UTC)


def job(seeded):
    with seeded.reading() as session:
        return session.scalars(select(Job)).one()


def test_every_kind_that_an_operator_begins_can_be_done():
    assert set(RECOMPUTING) == {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_it_leaves_a_job_of_the_portal_with_what_came_of_it_and_one_entry_in_the_log(
    seeded, here, kind
):
    counts = here(kind)
    row = job(seeded)
    assert (row.kind, row.state, row.asked_by) == (kind.name, "done", None)
    assert (row.outcome, row.share) == (counts, 1.0)
    with seeded.reading() as session:
        entries = select(func.count()).where(AuditEvent.action == kind.name)
        assert session.scalar(entries) == 1


def test_while_it_goes_on_a_second_one_is_refused(seeded, here, monkeypatch):
    begun, refused = [], []

    def working(_engine, _settings, progress, _clock):
        progress(1, 4)
        begun.append(job(seeded).state)
        with pytest.raises(InvalidInput, match="being done already") as refusal:
            here(kinds.REBUILD)
        refused.append(refusal)
        return {"read": 4}

    monkeypatch.setitem(RECOMPUTING, "rebuild", working)
    seen = []
    assert here(kinds.REBUILD, lambda *counts: seen.append(counts)) == {"read": 4}
    assert (begun, len(refused), seen) == (["running"], 1, [(1, 4)])
    assert job(seeded).counts == {"read": 1}  # the last that was told of its progress


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (InvalidInput("The figures are in use."), "failed"),
        (ZeroDivisionError("of 13812345678"), "stopped"),
        (KeyboardInterrupt(), "stopped"),
    ],
    ids=["error of the portal", "fault", "key of the operator"],
)
def test_what_ends_it_reaches_the_terminal_and_the_job_says_how_it_ended(
    seeded, here, monkeypatch, error, state
):
    def working(*_values):
        raise error

    monkeypatch.setitem(RECOMPUTING, "rescore", working)
    with pytest.raises(type(error)) as raised:
        here(kinds.RESCORE)
    assert (raised.value, job(seeded).state) == (error, state)
    assert "13812345678" not in str(job(seeded).outcome)


def test_what_was_cut_off_is_started_again_from_the_page_and_the_worker_does_it(
    seeded, here, settings, monkeypatch
):
    def cut_off(*_values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setitem(RECOMPUTING, "rescore", cut_off)
        with pytest.raises(KeyboardInterrupt):
            here(kinds.RESCORE)
    now, job_id = clock(), job(seeded).id
    with seeded.transaction() as session:
        kind = services.start_again(session, who=seeded.administrator, job_id=job_id, now=now)
    worker = Jobs(settings, seeded.engine)
    worker.have_done(job_id, kind)
    assert work_off(worker) == 1
    assert (job(seeded).state, job(seeded).outcome["read"]) == ("done", 0)


def test_who_has_lost_it_to_another_says_so(seeded, here, monkeypatch):
    """As when its process was held up for a minute, and somebody has started it again."""

    def lost(*_values):
        raise recomputing.record.JobLost("Another process does this job by now.")

    monkeypatch.setitem(RECOMPUTING, "remask", lost)
    with pytest.raises(InvalidInput, match="Another process"):
        here(kinds.REMASK)
