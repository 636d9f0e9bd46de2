"""A month's plan drawn into the queues, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.errors import InvalidInput, NotAllowed
from core.plan import Plan
from db.models import Assignment, SamplingPlan
from db.queries import coverage
from db.services.assignments import hand_over
from db.services.identities import identity_of
from db.services.plans import draw_plan
from tests.factories import Seeded, make_interaction, make_staff, make_station, make_user
from tests.support.clock import NOW

_MONTH = NOW.year * 100 + NOW.month
_DUE = date(NOW.year, NOW.month, 28)


@pytest.fixture
def waiting(seeded: Seeded) -> list[int]:
    """Twelve phone calls of this month that nobody was given yet, one of them urgent."""
    with seeded.transaction() as session:
        person = make_staff(session, station=make_station(session, code="PLAN"))
        rows = [
            make_interaction(
                session,
                staff=person,
                occurred_at=NOW - timedelta(hours=number),
                severity="urgent" if number == 0 else None,
            )
            for number in range(12)
        ]
        session.flush()
        return [row.id for row in rows]


def draw(seeded: Seeded, **plan):
    with seeded.transaction() as session:
        return draw_plan(
            session, who=seeded.bob, month=_MONTH, plan=Plan(**plan), due_on=_DUE, now=NOW
        )


def given(seeded: Seeded, waiting: list[int]) -> list[Assignment]:
    with seeded.reading() as session:
        wanted = Assignment.interaction_id.in_(waiting)
        return list(session.scalars(select(Assignment).where(wanted).order_by(Assignment.id)))


def test_it_draws_the_quota_beside_what_must_be_inspected(seeded, waiting):
    drawn = draw(seeded, quota=4, double_share=0)
    assert (drawn.random, drawn.must_inspect) == (4, 1)
    rows = given(seeded, waiting)
    assert [row.interaction_id for row in rows if row.sample_class == "must_inspect"] == waiting[:1]
    random = [row for row in rows if row.sample_class == "random"]
    by_stratum = {row.stratum: row.inclusion_probability for row in random}
    assert len(random) == 4
    assert all(0 < probability <= 1 for probability in by_stratum.values())


def test_the_record_repeats_the_draw(seeded, waiting):
    draw(seeded, quota=3, seed=9)
    with seeded.reading() as session:
        plan = session.scalars(select(SamplingPlan)).one()
    assert plan.settings["seed"] == 9
    assert plan.settings["quota"] == 3
    assert plan.frame_size >= 12


def test_a_second_draw_does_not_give_the_same_encounter_again(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with pytest.raises(InvalidInput, match="No interaction of this month"):
        draw(seeded, quota=12)
    assert len(given(seeded, waiting)) == 12


def test_an_inspector_may_not_draw(seeded, waiting):
    with seeded.transaction() as session, pytest.raises(NotAllowed):
        draw_plan(session, who=seeded.alice, month=_MONTH, plan=Plan(), due_on=_DUE, now=NOW)


@pytest.mark.parametrize("month", [0, 202613, 12])
def test_a_month_that_is_none_is_refused(seeded, month):
    with seeded.transaction() as session, pytest.raises(InvalidInput, match="six digits"):
        draw_plan(session, who=seeded.bob, month=month, plan=Plan(), due_on=_DUE, now=NOW)


def test_an_absent_inspectors_work_goes_to_the_others(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.transaction() as session:
        dora = identity_of(session, make_user(session, "dora", Role.INSPECTOR))
        moved = hand_over(
            session, who=seeded.bob, inspector_id=seeded.alice.user_id, reason="ill", now=NOW
        )
    assert moved == 12
    assert {row.inspector_id for row in given(seeded, waiting)} == {dora.user_id}


def test_coverage_counts_what_was_drawn_done_and_late(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.reading() as session:
        late = coverage.by_inspector(
            session, seeded.bob, since=_DUE, today=_DUE + timedelta(days=1)
        )
        own = coverage.by_inspector(session, seeded.alice, since=_DUE, today=_DUE)
        places = coverage.by_station(session, seeded.bob, since=_DUE, today=_DUE, language="en")
    assert [(row.drawn, row.done, row.overdue) for row in late] == [(12, 0, 12)]
    assert [(row.drawn, row.overdue) for row in own] == [(12, 0)]
    assert [row.margin for row in places] == [None]
