"""What was told before events were written down stays told, and what was computed stays current."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.appeals.services.raising import note_as_read
from db.inspection.services.amendments import void
from db.migrations import migrate
from db.results.models import RankingSnapshot
from db.results.queries.data_version import data_version
from db.store.models import Notice
from tests.support.appeals.appealing import decided, raised
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO

BEFORE = "0008"


@pytest.fixture
def told(world):
    """Three appeals of charlie's: decided and read, closed and not read, open."""
    read, closed, _open = (
        (inspection_id, raised(world, inspection_id))
        for inspection_id in (world.scored(HELLO=NO) for _ in range(3))
    )
    decided(world, read[1])
    world.do(note_as_read, world.charlie, appeal_id=read[1])
    world.do(void, world.bob, inspection_id=closed[0], reason="Not our call.")
    return world, [("decide_appeal", read[1], NOW), ("close_appeal", closed[1], None)]


def notices(world):
    return world.all(Notice.deed, Notice.record_id, Notice.seen_at)


def test_a_read_and_an_unread_end_of_an_appeal_stay_so(told):
    world, expected = told
    assert notices(world) == expected
    migrate.downgrade(world.seeded.engine, BEFORE)
    with world.seeded.engine.connect() as connection:
        seen = connection.execute(text("SELECT id, seen_at FROM appeal ORDER BY id")).all()
    assert [at is not None for _, at in seen] == [True, False, False]
    migrate.upgrade(world.seeded.engine)
    assert notices(world) == expected


def test_what_was_computed_from_the_newest_rows_is_current_and_nothing_else(told):
    world, _ = told
    engine = world.seeded.engine
    migrate.downgrade(engine, BEFORE)
    newest = "(SELECT max(id) FROM inspection)", "(SELECT max(id) FROM amendment)"
    with engine.begin() as connection:
        for month, inspection in ((202601, newest[0]), (202602, "1")):
            connection.execute(
                text(
                    "INSERT INTO ranking_snapshot (first, last, checklist_id, channel,"
                    " sample_class, inspection, amendment, computed_at, payload, drift) VALUES"
                    f" ({month}, {month}, 1, '', '', {inspection}, {newest[1]}, :now, '{{}}', '[]')"
                ),
                {"now": NOW.replace(tzinfo=None)},
            )
    migrate.upgrade(engine)
    version = world.one(data_version)
    computed = world.all(RankingSnapshot.first, RankingSnapshot.data_version)
    assert [(month, at == version) for month, at in sorted(computed)] == [
        (202601, True),
        (202602, False),
    ]
