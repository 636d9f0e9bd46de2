"""What one inspection adds to the derived figures, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.inspection.models import Assignment, Inspection
from db.inspection.services.assignments import Task, assign
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.results.models import (
    ScoreCell,
    StaffMonth,
    StationDay,
    StationItemMonth,
    StationMonth,
    StationSectionMonth,
)
from tests.support.inspection.inspecting import NO, answers

pytestmark = pytest.mark.both


def test_every_rollup_counts_the_inspection(world):
    """HELLO lost: greeting 50, solution 100, score 40 x .5 + 60 = 80."""
    world.draft(Work(answers(HELLO=NO)))
    done = world.submit()
    for table in (StationDay, StationMonth, StaffMonth, ScoreCell):
        assert world.all(table.n, table.total, table.squares, table.passed, table.critical) == [
            (1, pytest.approx(80), pytest.approx(6400), 0, 0)
        ]
    assert sorted(world.all(StationSectionMonth.section_key, StationSectionMonth.total)) == [
        ("greeting", pytest.approx(50)),
        ("solution", pytest.approx(100)),
    ]
    lost = [row for row in world.all(StationItemMonth.item_key, StationItemMonth.lost) if row.lost]
    assert lost == [("HELLO", 1)]
    assert world.findings() == [(done.inspection_id, "HELLO", pytest.approx(20))]


def test_both_scores_are_kept_apart_in_the_rollups(world):
    world.scored(HONEST=NO)
    assert world.station_month() == [(1, pytest.approx(50), pytest.approx(85), 1)]


def test_an_inspection_in_which_nothing_applies_has_no_score(world):
    inspection_id = world.scored(**{key: {"na": True, "reason": "no case"} for key in answers()})
    assert world.inspection(inspection_id).score is None
    assert world.all(StationMonth.n, StationMonth.unscored, StationMonth.total) == [(0, 1, 0)]
    assert world.all(StationSectionMonth.n) == []


def test_the_day_is_that_of_the_encounter_in_the_stations_zone(world):
    """17:00 UTC on the last of February is 01:00 on 1 March in Taipei."""
    task = world.assigned(occurred_at=datetime(2026, 2, 28, 17, tzinfo=UTC))
    world.draft(Work(answers()), task=task)
    row = world.inspection(world.submit(task=task).inspection_id)
    assert (row.day, row.month) == (date(2026, 3, 1), 202603)
    assert world.all(StationDay.day) == [(date(2026, 3, 1),)]


def test_a_second_scoring_enters_no_figure(world):
    dana = world.inspector("dana")
    call = world.one(lambda session: session.get_one(Assignment, world.task).interaction_id)
    task = Task(dana.user_id, world.version_id, date(2026, 3, 17))
    second = world.do(assign, world.bob, interaction_id=call, task=task)
    assert second.purpose == "second"
    world.do(
        save_draft, dana, task=ASSIGNED.task(second.id), version=0, work=Work(answers(HELLO=NO))
    )
    world.do(submit, dana, task=ASSIGNED.task(second.id), version=1)
    assert world.count(Inspection) == 1
    assert world.station_month() == []
    assert world.findings() == []
