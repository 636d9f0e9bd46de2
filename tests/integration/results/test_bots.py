"""Bots are a channel of their own: their scores are in no figure of people or of stations."""

from __future__ import annotations

import pytest

from core.periods import Period
from db.inspection.models import Finding
from db.results.models import StaffMonth
from db.results.queries import own_results, stations
from db.results.queries.score_cells import ranking_data
from db.results.queries.stations import Slice
from tests.support.inspection.inspecting import NO

pytestmark = pytest.mark.both


def test_a_bots_score_counts_where_it_is_asked_for_alone(world):
    """One call of 80 points, and a bot's of 50 at the same desk, in charlie's name."""
    world.scored(HELLO=NO)
    row = world.inspection(world.scored(call={"channel": "bot"}, HONEST=NO))
    everything = Slice(Period(row.month, row.month), world.checklist_id())
    bots = Slice(everything.period, everything.checklist_id, channel="bot")
    with world.seeded.reading() as session:
        here = stations.station_figures(session, everything)[row.station_id]
        assert (here.scores.n, here.scores.mean) == (1, pytest.approx(80))
        there = stations.station_figures(session, bots)[row.station_id]
        assert (there.scores.n, there.scores.mean) == (1, pytest.approx(50))
        by_channel = {one.channel: one.figures for one in stations.channels(session, everything)}
        assert {name: figures.scores.n for name, figures in by_channel.items()} == {
            "bot": 1,
            "phone": 1,
        }
        assert list(ranking_data(session, everything).cells.n) == [1]
        assert list(ranking_data(session, bots).cells.n) == [1]
        assert [one.score for one in own_results.own_scores(session, world.charlie)] == [
            pytest.approx(80)
        ]
        assert len(own_results.own_results(session, world.charlie).rows) == 1
    assert sorted(world.all(StaffMonth.staff_id, StaffMonth.channel)) == [
        (0, "bot"),
        (world.seeded.staff_id, "phone"),
    ]
    assert set(world.all(Finding.item_key, Finding.staff_id)) == {
        ("HELLO", world.seeded.staff_id),
        ("HONEST", None),
    }
    assert world.rebuilt() == world.derived()
