"""Rankings as a job computes and keeps them, on both databases."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select

from core.errors import InvalidInput
from core.periods import Period
from core.ranking import rank_stations
from core.settings import Settings
from db import jobs
from db import session as sessions
from db.models import (
    ChecklistVersion,
    Inspection,
    RankingRequest,
    RankingSnapshot,
    ScoreCell,
    Staff,
    StaffMonth,
)
from db.queries.rankings import drift, score_cells, snapshot, waiting
from db.queries.stations import Slice
from db.queries.traffic import traffic
from db.queries.version import data_version
from db.services import rankings
from db.services.amendments import void
from db.services.drafts import Work, save_draft
from db.services.inspections import submit
from db.services.leases import return_lease, take_lease
from db.services.rankings import PATIENCE, compute_ranking, request_ranking
from tests import factories
from tests.factories import identity, make_assignment, make_interaction, make_staff, make_station
from tests.support.clock import NOW
from tests.support.inspecting import NO, SMALL, YES, World, answers
from tests.support.requirements import ROOT

NA = {"na": True}


@pytest.fixture
def crossed(databases):
    with databases.like("crossed", _make_crossed) as engine:
        yield World(factories.seeded_in(engine))


def _make_crossed(engine):
    """Three stations, forty calls each, both inspectors at all of them; one call is voided."""
    factories.seed(engine)
    with sessions.transaction(engine) as session:
        factories.make_version(session, SMALL)
    world = World(factories.seeded_in(engine))
    world.inspector("irene")
    with world.seeded.transaction() as session:
        places = [make_station(session, code=f"DESK-{k}") for k in range(3)]
        people = [make_staff(session, station=place) for place in places for _ in range(2)]
        people = [person.id for person in people]
    rng = random.Random(5)
    for number in range(120):
        poor = people[number % 6] in people[4:]
        given = {item: NO if rng.random() < (0.4 if poor else 0.15) else YES for item in answers()}
        _score(world, people[number % 6], number, given)
    ids = world.one(lambda session: session.scalars(select(Inspection.id)).all())
    world.do(void, world.bob, inspection_id=ids[7], reason="test call")


def _score(world, staff_id, number, given):
    with world.seeded.transaction() as session:
        who = identity(session, "irene" if number % 7 < 3 else "alice")
        call = make_interaction(
            session,
            staff=session.get_one(Staff, staff_id),
            occurred_at=datetime(2026, 1 + number % 3, 1 + number % 28, 4, tzinfo=UTC),
        )
        task = make_assignment(
            session,
            interaction=call,
            inspector=who,
            checklist_version_id=world.version_id,
            sample_class="random" if number % 4 else "must_inspect",
            stratum="" if number % 4 else "complaint",
            inclusion_probability=0.1 if number % 4 else 0.8,
        )
        work = Work(answers(**given))
        save_draft(session, who=who, assignment_id=task.id, version=0, work=work, now=NOW)
        submit(session, who=who, assignment_id=task.id, version=1, now=NOW)


def part(world, **values):
    version = world.one(lambda session: session.get_one(ChecklistVersion, world.version_id))
    return Slice(Period(202601, 202603), version.checklist_id, **values)


def inspections(world, **wanted):
    return world.one(
        lambda session: session.scalars(
            select(Inspection).filter_by(state="valid", purpose="record", **wanted)
        ).all()
    )


def test_cells_hold_the_weights_that_the_draw_gave(crossed):
    cells = crossed.one(lambda session: score_cells(session, part(crossed)))
    cells.check()
    rows = inspections(crossed)
    weights = [1 / row.inclusion_probability for row in rows]
    scores = [row.score_before_critical for row in rows]
    assert cells.n.sum() == len(rows) == 119
    assert cells.weight.sum() == pytest.approx(sum(weights))
    assert cells.weighted.sum() == pytest.approx(np.dot(weights, scores))
    assert cells.squares.sum() == pytest.approx(np.dot(scores, scores))
    assert len(set(cells.stratum.tolist())) == 2
    assert len(set(cells.inspector.tolist())) == 2


def test_a_cell_that_was_emptied_again_is_left_out(crossed):
    for row in inspections(crossed, sample_class="must_inspect"):
        crossed.do(void, crossed.bob, inspection_id=row.id, reason="not drawn")
    emptied = crossed.one(
        lambda session: (
            session.scalars(select(ScoreCell.n).filter_by(sample_class="must_inspect"))
            .unique()
            .all()
        )
    )
    assert set(emptied) == {0}
    cells = crossed.one(lambda session: score_cells(session, part(crossed)))
    cells.check()
    assert cells.n.min() > 0


def test_an_unscored_inspection_counts_as_one_and_adds_no_score(world):
    world.scored(**dict.fromkeys(answers(), NA))
    found = Slice(Period(202601, 202612), part(world).checklist_id)
    cells = world.one(lambda session: score_cells(session, found))
    cells.check()
    assert (cells.n.sum(), cells.unscored.sum(), cells.total.sum()) == (0, 1, 0)


def test_what_is_stored_is_the_ranking_of_the_cells(crossed):
    wanted = part(crossed)
    compute_ranking(crossed.seeded.engine, wanted, now=NOW)
    stored = crossed.one(lambda session: snapshot(session, wanted))
    cells = crossed.one(lambda session: score_cells(session, wanted))
    ranking = rank_stations(cells, crossed.one(lambda session: traffic(session, wanted)))
    assert stored.computed_at == NOW
    assert stored.version == crossed.one(data_version)
    assert len(ranking.ranked) == 3
    for row, expected in zip(stored.ranked, ranking.ranked, strict=True):
        assert row.station == expected.station
        assert row.n == expected.n
        assert row.plain == pytest.approx(expected.plain)
        assert row.adjusted.value == pytest.approx(expected.adjusted.value)
        assert row.adjusted[1:] == pytest.approx(tuple(expected.adjusted.interval))
        assert (row.rank, row.tier) == (expected.adjusted.position.rank, expected.tier)
        assert (row.best, row.worst) == tuple(expected.adjusted.position.rank_interval)
        assert str(row.adjustment) == str(expected.adjustment.sentence)
    assert [row.inspector for row in stored.severities] == [
        row.inspector for row in ranking.severities
    ]


def test_the_months_of_every_inspector_are_kept_beside(crossed):
    wanted = part(crossed)
    compute_ranking(crossed.seeded.engine, wanted, now=NOW)
    found = crossed.one(lambda session: drift(session, wanted))
    counts = defaultdict(int)
    for row in inspections(crossed):
        counts[row.inspector_id, row.month] += 1
    assert {(row.inspector, row.month): row.n for row in found} == counts
    assert all(row.error > 0 for row in found)


def test_traffic_counts_every_call_whether_inspected_or_not(crossed):
    """Charlie takes two more calls in the period, one just outside it, and one by chat."""
    wanted = part(crossed)
    before = crossed.one(lambda session: traffic(session, wanted)).count.sum()
    with crossed.seeded.transaction() as session:
        charlie = session.get_one(Staff, crossed.seeded.staff_id)
        first, after = (
            datetime(2026, month, 1, tzinfo=ZoneInfo("Asia/Taipei")) for month in (1, 4)
        )
        for moment in (first, after - timedelta(seconds=1), after):
            make_interaction(session, staff=charlie, occurred_at=moment)
        make_interaction(session, staff=charlie, occurred_at=first, channel="chat")
    served = crossed.one(lambda session: traffic(session, wanted))
    by_staff = dict(zip(served.staff.tolist(), served.count.tolist(), strict=True))
    assert served.count.sum() == before + 2
    del by_staff[crossed.seeded.staff_id]
    assert sum(by_staff.values()) == 120  # the voided call was served as well
    assert len(by_staff) == 6


def test_the_edges_of_the_period_are_those_of_each_stations_zone(crossed):
    """At 03:00 UTC on 1 January it is the 1st in Taipei and still December in Los Angeles."""
    wanted = part(crossed)
    moments = [datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, tzinfo=UTC)]
    with crossed.seeded.transaction() as session:
        people = [
            make_staff(session, station=make_station(session, timezone=zone)).id
            for zone in ("America/Los_Angeles", "Asia/Taipei")
        ]
        for person in people:
            for moment in moments:
                staff = session.get_one(Staff, person)
                make_interaction(session, staff=staff, occurred_at=moment, turns=())
    served = crossed.one(lambda session: traffic(session, wanted))
    by_staff = dict(zip(served.staff.tolist(), served.count.tolist(), strict=True))
    assert [by_staff.get(person) for person in people] == [1, 1]
    with crossed.seeded.transaction() as session:
        early = [moment - timedelta(hours=12) for moment in moments]
        for person in people:
            for moment in early:
                staff = session.get_one(Staff, person)
                make_interaction(session, staff=staff, occurred_at=moment, turns=())
    served = crossed.one(lambda session: traffic(session, wanted))
    by_staff = dict(zip(served.staff.tolist(), served.count.tolist(), strict=True))
    assert [by_staff.get(person) for person in people] == [2, 2]


def test_the_busiest_person_weighs_most(crossed):
    """A hundred calls that nobody inspected move a station towards who took them."""
    wanted = part(crossed)
    busiest = min(crossed.all(StaffMonth.staff_id, StaffMonth.total))[0]

    def adjusted():
        compute_ranking(crossed.seeded.engine, wanted, now=NOW)
        return {
            row.station: row.adjusted.value
            for row in crossed.one(lambda session: snapshot(session, wanted)).ranked
        }

    before = adjusted()
    with crossed.seeded.transaction() as session:
        person = session.get_one(Staff, busiest)
        for _ in range(100):
            make_interaction(
                session, staff=person, occurred_at=datetime(2026, 2, 3, tzinfo=UTC), turns=()
            )
        station = person.station_id
    after = adjusted()
    others = before.keys() - {station}
    assert after[station] != pytest.approx(before[station], abs=1e-6)
    assert {key: after[key] for key in others} == pytest.approx({k: before[k] for k in others})


def test_stations_with_too_little_evidence_keep_their_reason(crossed):
    wanted = part(crossed, sample_class="must_inspect")
    compute_ranking(crossed.seeded.engine, wanted, now=NOW)
    stored = crossed.one(lambda session: snapshot(session, wanted))
    assert stored.ranked == ()
    assert [str(row.reason) for row in stored.unranked] == [
        f"Only {row.n} inspections; at least 30 are needed for a rank."
        if row.n
        else "Nothing was scored in this period."
        for row in stored.unranked
    ]
    assert sum(row.n for row in stored.unranked) == 30


def test_nothing_inspected_gives_an_empty_ranking(world):
    wanted = Slice(Period(200001, 200001), part(world).checklist_id)
    compute_ranking(world.seeded.engine, wanted, now=NOW)
    stored = world.one(lambda session: snapshot(session, wanted))
    assert (stored.ranked, stored.unranked) == ((), ())


def test_computing_again_replaces_the_former_ranking_and_serves_the_request(crossed):
    wanted, engine = part(crossed), crossed.seeded.engine
    with crossed.seeded.transaction() as session:
        assert request_ranking(session, wanted, now=NOW)
    compute_ranking(engine, wanted, now=NOW)
    compute_ranking(engine, wanted, now=NOW + timedelta(hours=1))
    assert crossed.count(RankingSnapshot) == 1
    assert crossed.count(RankingRequest) == 0
    stored = crossed.one(lambda session: snapshot(session, wanted))
    assert stored.computed_at == NOW + timedelta(hours=1)


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
    work = jobs.Jobs(Settings(var_dir=tmp_path), crossed.seeded.engine)
    work.refresh()
    asked = crossed.all(RankingRequest.first, RankingRequest.last, RankingRequest.sample_class)
    assert sorted(asked) == [
        (202601, 202603, "random"),
        (202601, 202612, "random"),
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
        assert worker.wait(timeout=30) in (0, -signal.SIGTERM)
    finally:
        if worker.poll() is None:
            worker.kill()
        worker.wait()
        log.close()
