"""The appeals of the demo."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from db.appeals.models import Appeal
from db.demo.appeals import load_appeals
from db.inspection.models import Inspection
from db.store.models import Notice
from tests.factories import make_user
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO


@pytest.fixture
def with_demo_names(world):
    """The two accounts that the demo's appeals are raised and decided by."""
    with world.seeded.transaction() as session:
        make_user(session, "staff", Role.STAFF, staff_id=world.charlie.staff_id)
        make_user(session, "quality", Role.QUALITY_MANAGER)
    return world


@sqlite_only
def test_the_demo_has_an_open_a_late_a_changed_and_a_kept_appeal(with_demo_names):
    world = with_demo_names
    for days in (1, 5, 30, 50, 60, 70):
        inspection_id = world.scored(HELLO=NO)
        with world.seeded.transaction() as session:
            row = session.get_one(Inspection, inspection_id)
            row.submitted_at = NOW - timedelta(days=days)
    with world.seeded.transaction() as session:
        load_appeals(session, now=NOW)
    rows = sorted(world.all(Appeal.id, Appeal.state, Appeal.due_on))
    assert [row.state for row in rows] == ["open", "open", "changed", "kept", "kept"]
    assert [row.due_on < NOW.date() for row in rows[:2]] == [False, True]
    told = dict(world.all(Notice.record_id, Notice.seen_at))
    assert sorted(told) == [row.id for row in rows if row.state != "open"]
    assert [row.state for row in rows if row.id in told and not told[row.id]] == ["changed"]
    assert world.derived() == world.rebuilt()


@sqlite_only
def test_a_demo_without_results_has_no_appeals(with_demo_names):
    with with_demo_names.seeded.transaction() as session:
        load_appeals(session, now=NOW)
    assert with_demo_names.count(Appeal) == 0
