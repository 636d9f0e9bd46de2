"""Who is harder on a group than colleagues: kept, shown to the inspector first, then to others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.errors import NotAllowed
from core.periods import Period
from db.inspectors.models import InspectorLean
from db.inspectors.queries.leans import own_leans, shown_leans
from db.inspectors.services.leans import look_for_leans
from db.inspectors.services.told_first import note_leans_shown
from db.results.models import ScoreCell
from tests.support.clock import NOW

MONTHS = Period(202601, 202612)
NEXT_MONTH = NOW + timedelta(days=31)
EARLY, LATE = 3, 1  # inspections of each of ten people by each inspector


@pytest.fixture
def leaning(world):
    """alice takes 6 more off late ones than dan and eve do, who take 10 off; all score ten people.

    The sums of scores are written as the rollups hold them: chance is from -2 to 2 by person.
    """
    world.scored()
    inspectors = [world.alice, world.inspector("dan"), world.inspector("eve")]
    with world.seeded.transaction() as session:
        row = session.query(ScoreCell).one()
        grain = {column.key: getattr(row, column.key) for column in ScoreCell.__table__.columns}
        month = grain["month"]
        session.delete(row)
        for person in range(10):
            for k, who in enumerate(inspectors):
                for shift, n in (("early", EARLY), ("late", LATE)):
                    chance = (person + k) % 5 - 2
                    taken = 10 + 6 * (k == 0) - chance if shift == "late" else 0
                    sums = {"n": n, "total_before": n * (85.0 - taken), "unscored": 0}
                    keys = {"inspector_id": who.user_id, "staff_id": 1000 + person, "shift": shift}
                    session.add(ScoreCell(**grain | keys | sums | {"month": month}))
    return world


def looked(world, now=NEXT_MONTH):
    with world.seeded.transaction() as session:
        return look_for_leans(session, now=now)


def own(world, who):
    return world.one(lambda session: own_leans(session, who, MONTHS))


def others_see(world, who=None):
    return world.one(lambda session: shown_leans(session, who or world.bob, MONTHS))


@pytest.mark.both
def test_the_inspector_reads_it_first_and_quality_managers_from_then_on(leaning):
    """-16 less -10 of the two colleagues: -6; 10 late and 30 early of alice, 80 of theirs."""
    assert looked(leaning) == 1
    assert others_see(leaning) == ()
    [told] = own(leaning, leaning.alice)
    assert (told.lean.by, told.lean.group) == ("shift", "late")
    assert told.lean.points.value == pytest.approx(-6)
    assert (told.lean.own, told.lean.own_others, told.lean.theirs) == (10, 30, 80)
    assert (told.lean.colleagues, told.looked_at) == (2, 1)
    leaning.do(note_leans_shown, leaning.alice, period=told.period)
    leaning.do(note_leans_shown, leaning.alice, period=told.period)
    [row] = others_see(leaning)
    assert (row.inspector, row.shown_at) == (leaning.alice.name, NOW)
    assert [deed for deed, _id in leaning.noted()].count("acknowledge") == 1


def test_what_was_told_of_some_months_is_told_once(leaning):
    assert looked(leaning) == 1
    assert looked(leaning, NEXT_MONTH + timedelta(days=1)) == 0
    assert len(leaning.all(InspectorLean.id)) == 1


def test_the_running_month_waits_and_what_lies_seven_months_back_is_past(leaning):
    assert looked(leaning, NOW) == 0
    assert looked(leaning, NOW + timedelta(days=31 * 7)) == 0


def test_shifts_that_nobody_recorded_are_not_told_apart(leaning):
    with leaning.seeded.transaction() as session:
        session.execute(update(ScoreCell).where(ScoreCell.shift == "early").values(shift=""))
    assert looked(leaning) == 0


def test_only_inspectors_read_their_own_and_only_quality_managers_the_others(leaning):
    looked(leaning)
    with pytest.raises(NotAllowed):
        own(leaning, leaning.bob)
    with pytest.raises(NotAllowed):
        others_see(leaning, leaning.alice)
    with pytest.raises(NotAllowed):
        leaning.do(note_leans_shown, leaning.bob, period=MONTHS)
