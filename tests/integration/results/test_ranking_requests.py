"""Rankings asked for, and the one worker that computes them, on both databases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from core.errors import InvalidInput
from core.periods import Period
from core.settings import Settings
from db.results.models import RankingRequest, RankingSnapshot
from db.results.queries.rankings import snapshot, waiting
from db.results.services import rankings
from db.results.services.rankings import PATIENCE, compute_ranking, request_ranking
from db.store.claims import return_lease, take_lease
from db.upkeep import jobs
from tests.support.clock import NOW
from tests.support.ranking.crossed import part
from tests.support.requirements import ROOT


def test_a_ranking_is_asked_for_once_until_patience_ends(world):
    wanted = part(world)
    later = NOW + PATIENCE
    asked = []
    for now in (NOW, NOW + timedelta(seconds=5), later, later + timedelta(seconds=5)):
        with world.seeded.transaction() as session:
            asked.append(request_ranking(session, wanted, now=now))
    assert asked == [True, False, True, False]
    assert world.one(lambda session: waiting(session, wanted)).since == later


def test_a_failure_is_kept_for_those_who_wait(world, monkeypatch):
    def fails(_cells, _served):
        raise InvalidInput("A score cell with inspections has no weight.")

    monkeypatch.setattr(rankings, "rank_stations", fails)
    wanted = part(world)
    with world.seeded.transaction() as session:
        request_ranking(session, wanted, now=NOW)
    compute_ranking(world.seeded.engine, wanted, now=NOW)
    assert world.one(lambda session: waiting(session, wanted)).problem == (
        "A score cell with inspections has no weight."
    )
    assert world.count(RankingSnapshot) == 0


def test_a_lease_is_held_by_one_and_passes_on_when_it_ends(world):
    lasting = timedelta(seconds=30)

    def take(holder, seconds):
        now = NOW + timedelta(seconds=seconds)
        with world.seeded.transaction() as session:
            return take_lease(session, "worker", holder=holder, now=now, lasting=lasting)

    assert [take("a", 0), take("b", 10), take("a", 20), take("b", 49)] == [True, False, True, False]
    assert take("b", 50)
    assert not take("a", 60)
    with world.seeded.transaction() as session:
        return_lease(session, "worker", holder="a")
    assert not take("a", 61)
    with world.seeded.transaction() as session:
        return_lease(session, "worker", holder="b")
    assert take("a", 62)


def test_the_standard_rankings_are_asked_for_when_missing_or_behind(crossed, tmp_path):
    """The last month, and the last three, which are all there are."""
    work = jobs.Jobs(Settings(var_dir=tmp_path), crossed.seeded.engine)
    work.refresh()
    asked = crossed.all(RankingRequest.first, RankingRequest.last, RankingRequest.sample_class)
    assert sorted(asked) == [
        (202601, 202603, "random"),
        (202603, 202603, "random"),
    ]
    for first, last, sample_class in asked:
        wanted = part(crossed, sample_class=sample_class).during(Period(first, last))
        compute_ranking(crossed.seeded.engine, wanted, now=datetime.now(UTC))
    work.refresh()
    assert crossed.count(RankingRequest) == 0


def test_the_worker_computes_what_was_asked_and_ends_with_its_input(crossed, tmp_path):
    url = crossed.seeded.engine.url.render_as_string(hide_password=False)
    work = jobs.Jobs(Settings(var_dir=tmp_path), crossed.seeded.engine)
    wanted = part(crossed)
    work.ask_for_ranking(wanted, now=datetime.now(UTC))
    environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "db", "worker", "--while-open"]
    log = (tmp_path / "worker.log").open("wb")
    worker = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
    )
    try:
        deadline = time.monotonic() + 300
        while crossed.one(lambda session: snapshot(session, wanted)) is None:
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "worker.log").read_text()
            time.sleep(0.1)
        worker.stdin.close()
        assert worker.wait(timeout=120) in (0, -signal.SIGTERM)
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait()
        log.close()
