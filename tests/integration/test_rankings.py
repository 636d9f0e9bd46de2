"""Rankings as they are computed and kept, on both databases."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from core.periods import Period
from core.ranking import rank_stations
from db.models import RankingRequest, RankingSnapshot, Staff, StaffMonth
from db.queries.rankings import drift, score_cells, snapshot
from db.queries.stations import Slice
from db.queries.traffic import traffic
from db.queries.version import data_version
from db.services.rankings import compute_ranking, request_ranking
from tests.factories import make_interaction
from tests.support.clock import NOW
from tests.support.crossed import inspections, part


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
