"""N/A counted by station and inspector, on both databases."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotAllowed
from core.inspectors.na_watch import Counted
from core.periods import Period
from db.checklists.queries.versions import (
    count_past,
    months_of,
    past_inspections,
    pilot_figures,
    used_by,
    versions,
)
from db.inspection.services.amendments import void
from db.inspectors.queries.na_watch import na_figures
from db.results.models import InspectorItemMonth
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO

NA = {"na": True, "reason": "no case"}


def figures(world, who=None):
    month = NOW.year * 100 + NOW.month
    return world.one(
        lambda session: na_figures(
            session, who or world.bob, world.version_id, Period(month, month)
        )
    )


def test_answers_and_na_are_counted_by_inspector_and_station(world):
    """HELLO lost once: half of 40, so 20 points; NAME is N/A once."""
    world.scored(HELLO=NO)
    world.scored(NAME=NA)
    found = figures(world)
    alice = {row.item: row for row in found.inspectors if row.who == world.alice.user_id}
    assert (alice["NAME"].answered, alice["NAME"].na) == (1, 1)
    assert alice["HELLO"] == Counted(world.alice.user_id, "HELLO", 2, 0, pytest.approx(20))
    at_desk = {row.item: row for row in found.stations}
    assert (at_desk["NAME"].na, at_desk["HELLO"].points_lost) == (1, pytest.approx(20))
    assert (found.inspections, found.mean) == (2, pytest.approx(90))
    assert found.by_inspectors == {world.alice.user_id: 2}
    assert found.names[world.alice.user_id] == "Alice"


def test_a_voided_inspection_leaves_the_counts_and_a_rebuild_gives_the_same(world):
    world.scored(NAME=NA)
    gone = world.scored(NAME=NA)
    world.do(void, world.bob, inspection_id=gone, reason="wrong call")
    counts = world.all(InspectorItemMonth.item_key, InspectorItemMonth.na)
    assert ("NAME", 1) in [tuple(row) for row in counts]
    before = world.derived()
    assert world.rebuilt() == before


def test_only_who_looks_after_checklists_sees_inspectors(world):
    with pytest.raises(NotAllowed):
        figures(world, world.alice)
    assert Role.INSPECTOR in world.alice.roles


def test_past_inspections_and_pilots_are_read_for_comparison(world):
    world.scored(HELLO=NO)
    month = NOW.year * 100 + NOW.month
    with world.seeded.reading() as session:
        checklist_id = next(
            row.checklist_id
            for row in versions(session, world.bob, today=NOW.date())
            if row.id == world.version_id
        )
        past, after = past_inspections(session, world.bob, checklist_id, Period(month, month))
        assert [(row.score, after) for row in past] == [(pytest.approx(80), None)]
        assert count_past(session, world.bob, checklist_id, Period(month, month)) == 1
        assert months_of(session, world.bob, checklist_id) == (month, month)
        (row,) = pilot_figures(session, world.bob, checklist_id, [world.seeded.station_id])
        assert (row.at_pilots, row.n, row.mean) == (True, 1, pytest.approx(80))
        uses = used_by(session, world.bob, today=NOW.date())
        assert [version for version, _ in uses["HELLO"]] == [world.version_id]
