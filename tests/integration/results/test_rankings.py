"""Rankings: what they are computed from, how they are kept, on both databases."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select

from core.periods import Period
from core.ranking import rank_stations
from db.inspection.services.amendments import void
from db.people.models import Staff
from db.results.models import RankingRequest, RankingSnapshot, ScoreCell, StaffMonth
from db.results.queries.data_version import data_version
from db.results.queries.rankings import drift, snapshot
from db.results.queries.score_cells import ranking_data
from db.results.queries.stations import Slice
from db.results.queries.traffic import traffic
from db.results.services.rankings import compute_ranking, request_ranking
from tests.factories import make_interaction, make_staff, make_station
from tests.support.clock import NOW
from tests.support.inspection.inspecting import answers
from tests.support.ranking.crossed import inspections, part

pytestmark = pytest.mark.both

NA = {"na": True, "reason": "no case"}


def test_cells_hold_the_weights_that_the_draw_gave(crossed):
    cells = crossed.one(lambda session: ranking_data(session, part(crossed)).cells)
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
    cells = crossed.one(lambda session: ranking_data(session, part(crossed)).cells)
    cells.check()
    assert cells.n.min() > 0


def test_an_unscored_inspection_counts_as_one_and_adds_no_score(world):
    world.scored(**dict.fromkeys(answers(), NA))
    found = Slice(Period(202601, 202612), part(world).checklist_id)
    cells = world.one(lambda session: ranking_data(session, found).cells)
    cells.check()
    assert (cells.n.sum(), cells.unscored.sum(), cells.total.sum()) == (0, 1, 0)


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
    moments = [datetime(2026, 1, 1, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, tzinfo=UTC)]
    with crossed.seeded.transaction() as session:
        people = [
            make_staff(session, station=make_station(session, timezone=zone)).id
            for zone in ("America/Los_Angeles", "Asia/Taipei")
        ]
    assert served(crossed, people, moments) == [1, 1]
    assert served(crossed, people, [moment - timedelta(hours=12) for moment in moments]) == [2, 2]


def served(crossed, people, moments):
    """How much traffic each has once everybody was called at these moments, too."""
    with crossed.seeded.transaction() as session:
        for staff in (session.get_one(Staff, person) for person in people):
            for moment in moments:
                make_interaction(session, staff=staff, occurred_at=moment, turns=())
    found = crossed.one(lambda session: traffic(session, part(crossed)))
    by_staff = dict(zip(found.staff.tolist(), found.count.tolist(), strict=True))
    return [by_staff.get(person) for person in people]


def test_what_is_stored_is_the_ranking_of_the_cells(crossed):
    wanted = part(crossed)
    compute_ranking(crossed.seeded.engine, wanted, now=NOW)
    stored = crossed.one(lambda session: snapshot(session, wanted))
    cells = crossed.one(lambda session: ranking_data(session, wanted).cells)
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
    found = crossed.one(lambda session: drift(session, crossed.bob, wanted))
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
