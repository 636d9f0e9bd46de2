"""What a ranking is computed from: score cells and traffic, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import select

from core.periods import Period
from db.models import ScoreCell, Staff
from db.queries.rankings import score_cells
from db.queries.stations import Slice
from db.queries.traffic import traffic
from db.services.amendments import void
from tests.factories import make_interaction, make_staff, make_station
from tests.support.crossed import inspections, part
from tests.support.inspecting import answers

NA = {"na": True}


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
