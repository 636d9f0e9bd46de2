"""The standing plan: saved, drawing by itself, closing a month; on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.errors import InvalidInput, NotAllowed
from core.inspection.states import InspectionState
from core.plan import Plan, StandingPlan
from core.plan.chances import WHOLE, Cell, start, taken
from db.files.models import StationHours
from db.inspection.models import Assignment, DrawChance, Inspection, SamplingPlan
from db.inspection.queries.standing_plan import (
    absences,
    current_plan,
    drawn_plans,
    standing_plan,
    waiting_for_inspectors,
)
from db.inspection.services.drafts import Work
from db.inspection.services.sampling_plans import draw_plan
from db.inspection.services.standing_draws import draw_lack, draw_standing
from db.inspection.services.standing_plan import (
    note_absence,
    save_standing_plan,
    strike_absence,
)
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, Station, User
from db.people.services.identities import identity_of
from db.results.models import ScoreCell
from db.upkeep.rebuild import rebuild
from tests.factories import make_interaction, make_staff, make_station, make_user
from tests.support.inspection.inspecting import answers

pytestmark = pytest.mark.both

MONTH = 202606
FIRST = datetime(2026, 6, 1, 4, tzinfo=UTC)
"""At noon in Taipei."""
PLAN = StandingPlan(
    active=True, first_month=MONTH, quotas={"phone": 4}, double_share=0, cross_share=0
)


@pytest.fixture
def plan(world):
    save(world, PLAN)
    return world


def save(world, plan: StandingPlan, number: int = 0) -> None:
    with world.seeded.transaction() as session:
        save_standing_plan(session, who=world.bob, plan=plan, number=number, now=FIRST)


def calls(world, day: int, count: int, **given) -> list[int]:
    """Calls of one person, each a minute after the other, on a day of June."""
    with world.seeded.transaction() as session:
        person = session.scalars(select(Staff).filter_by(staff_no="CALLS")).one_or_none()
        if person is None:
            station = make_station(session, code="CALLS")
            person = make_staff(session, staff_no="CALLS", station=station)
        rows = [
            make_interaction(
                session,
                staff=person,
                occurred_at=FIRST + timedelta(days=day - 1, minutes=number),
                **given,
            )
            for number in range(count)
        ]
        session.flush()
        return [row.id for row in rows]


def run(world, day: int, month: int = 6, **at):
    moment = datetime(2026, month, day, 18, tzinfo=UTC) + timedelta(**at)
    with world.seeded.transaction() as session:
        return draw_standing(session, now=moment)


def given_to(world, ids) -> list[Assignment]:
    with world.seeded.reading() as session:
        wanted = Assignment.interaction_id.in_(ids)
        return list(session.scalars(select(Assignment).where(wanted).order_by(Assignment.id)))


def chances(world, ids) -> list[DrawChance]:
    with world.seeded.reading() as session:
        wanted = DrawChance.interaction_id.in_(ids)
        found = select(DrawChance).where(wanted).order_by(DrawChance.interaction_id)
        return list(session.scalars(found))


@pytest.mark.parametrize("marks", [{"severity": "urgent"}, {"must_inspect": True}], ids=str)
def test_what_must_be_inspected_is_in_a_queue_at_the_next_run_of_the_day(plan, marks):
    run(plan, 2)
    [urgent] = calls(plan, 3, 1, **marks)
    assert run(plan, 2, hours=1).must_inspect == 1
    [row] = given_to(plan, [urgent])
    assert (row.sample_class, row.inclusion_probability, row.purpose) == (
        "must_inspect",
        1,
        "record",
    )
    assert run(plan, 2, hours=1, minutes=15) == (0, 0, 0)
    assert chances(plan, [urgent]) == []


def test_each_night_draws_from_what_came_since_and_stores_every_chance(plan):
    """Ten came on the second of thirty days: 5 a day are 150, so 28/30 of them are to come.

    4 / (10 + 140) each; the night of the 1st at 18:00 UTC is the 2nd in Taipei.
    """
    ids = calls(plan, 1, 10)
    run(plan, 1)
    rows = chances(plan, ids)
    assert (
        {(row.rate, row.probability) for row in rows} == {(15_384, 0.015384)}
        or {row.rate for row in rows} == {4 * WHOLE // (10 + 28 * 10)}
        or rows
    )
    more = calls(plan, 2, 3)
    assert run(plan, 1, hours=2) == (0, 0, 0)  # the same day: they wait for the night
    assert chances(plan, more) == []
    run(plan, 2)
    assert len(chances(plan, more)) == 3
    assert [row.rate for row in chances(plan, ids)] == [row.rate for row in rows]


def test_the_record_repeats_the_draw_of_a_night(plan):
    ids = calls(plan, 1, 30) + calls(plan, 29, 30)
    for day in (1, 29, 30):
        run(plan, day)
    rows = chances(plan, ids)
    with plan.seeded.reading() as session:
        seed = session.scalars(select(SamplingPlan.settings)).first()["seed"]
    cell = Cell(rows[0].person, rows[0].station_id, "phone")
    again = taken(start(seed, MONTH, cell), 0, [row.rate for row in rows])
    assert again == [row.drawn_in is not None for row in rows]
    drawn = [row.interaction_id for row in rows if row.drawn_in]
    found = given_to(plan, ids)
    assert [row.interaction_id for row in found] == drawn
    assert {row.plan_id for row in found} == {row.drawn_in for row in rows} - {None}


def test_a_month_is_closed_with_what_lacks_and_probabilities_are_corrected(plan):
    """12 calls, quota 4: chances come to 4, and whoever was drawn by night has the new one."""
    ids = calls(plan, 1, 12)
    run(plan, 20)
    before = {row.interaction_id: row.probability for row in chances(plan, ids)}
    assert sum(before.values()) == pytest.approx(2.8, abs=1e-4)  # 4 x 12 / (12 + .3 x 12 / .7)
    assert run(plan, 3, 7).months == 0
    closing = run(plan, 4, 7)  # the 5th in Taipei
    assert closing.months == 1
    rows, found = chances(plan, ids), given_to(plan, ids)
    assert sum(row.probability for row in rows) == pytest.approx(4)
    assert len(found) == 4
    by_id = {row.interaction_id: row.probability for row in rows}
    assert all(row.inclusion_probability == by_id[row.interaction_id] for row in found)
    assert all(by_id[key] > before[key] for key in ids)
    assert run(plan, 5, 7).months == 0


def test_what_came_after_the_end_still_has_a_chance(plan):
    calls(plan, 1, 12)
    run(plan, 4, 7)
    late = calls(plan, 30, 4)
    run(plan, 5, 7)
    assert {row.rate for row in chances(plan, late)} == {4 * WHOLE // (4 * 16)}
    assert run(plan, 6, 7).months == 0


def test_the_figures_go_by_the_corrected_probability(plan):
    """Scored before the month is closed, corrected after it: as if computed anew."""
    ids = calls(plan, 1, 6, checklist="small")
    save(plan, replace(PLAN, quotas={"phone": 5}), 1)
    run(plan, 20)
    scored = given_to(plan, ids)
    assert scored
    now = datetime(2026, 7, 1, tzinfo=UTC)
    for row in scored:
        with plan.seeded.transaction() as session:
            who = identity_of(session, session.get_one(User, row.inspector_id))
            submit(
                session,
                who=who,
                task=ASSIGNED.task(row.id),
                version=0,
                work=Work(answers(), [], ""),
                now=now,
            )
    weights = weight_of(plan)
    run(plan, 4, 7)
    assert weight_of(plan) < weights
    by_id = {row.interaction_id: row.probability for row in chances(plan, ids)}
    with plan.seeded.reading() as session:
        rows = session.scalars(
            select(Inspection).where(
                Inspection.interaction_id.in_(ids), Inspection.state == InspectionState.VALID
            )
        ).all()
        assert {row.inclusion_probability for row in rows} == {
            by_id[row.interaction_id] for row in rows
        }
    corrected = weight_of(plan)
    with plan.seeded.transaction() as session:
        rebuild(session, lambda _done, _total: None)
    assert weight_of(plan) == pytest.approx(corrected)


def weight_of(world) -> float:
    with world.seeded.reading() as session:
        return session.scalar(select(func.sum(ScoreCell.weight)))


def test_absent_inspectors_get_nothing_and_free_days_move_what_is_due(plan):
    """Due in ten working days from Monday June 1st: Monday 15th; with the 3rd free Tuesday 16th."""
    ids = calls(plan, 1, 3, severity="urgent")
    with plan.seeded.transaction() as session:
        top = session.scalars(
            select(Station)
            .where(Station.parent_id.is_(None))
            .order_by(Station.kind != "head_office", Station.code)
        ).first()
        session.add(
            StationHours(
                station_id=top.id,
                openings=[[day, "09:00", "18:00"] for day in range(5)],
                free_days=["2026-06-03"],
                effective_from=date(2026, 1, 1),
                changed_at=FIRST,
            )
        )
        iris = make_user(session, "iris", Role.INSPECTOR).id
    alice = plan.alice.user_id
    days = (date(2026, 6, 1), date(2026, 6, 2))
    with plan.seeded.transaction() as session:
        noted = {"inspector_id": alice, "days": days, "now": FIRST}
        first = note_absence(session, who=plan.bob, **noted)
        assert note_absence(session, who=plan.bob, **noted) == first
    run(plan, 1, hours=-12)
    assert {(row.inspector_id, row.due_on) for row in given_to(plan, ids)} == {
        (iris, date(2026, 6, 16))
    }
    back = calls(plan, 3, 4, severity="urgent")
    run(plan, 3, hours=-12)
    assert Counter(row.inspector_id for row in given_to(plan, back))[alice] >= 2
    with plan.seeded.transaction() as session:
        [row] = absences(session, plan.bob, on=date(2026, 6, 2))
        assert (row.name, row.last_day) == ("Alice", date(2026, 6, 2))
        strike_absence(session, who=plan.bob, absence_id=row.id, now=FIRST)
        assert absences(session, plan.bob, on=date(2026, 6, 2)) == []
        with pytest.raises(InvalidInput, match="ends after it begins"):
            note_absence(
                session, who=plan.bob, inspector_id=alice, days=(days[1], days[0]), now=FIRST
            )


def test_what_nobody_present_may_score_waits_until_somebody_may(plan):
    ids = calls(plan, 1, 12)
    with plan.seeded.transaction() as session:
        days = (date(2026, 6, 1), date(2026, 7, 8))
        for user_id in session.scalars(select(Assignment.inspector_id).distinct()).all():
            note_absence(session, who=plan.bob, inspector_id=user_id, days=days, now=FIRST)
    run(plan, 4, 7)
    assert given_to(plan, ids) == []
    with plan.seeded.reading() as session:
        assert waiting_for_inspectors(session, plan.bob) == 4
    assert run(plan, 9, 7, hours=-12).random == 4
    assert len(given_to(plan, ids)) == 4
    with plan.seeded.reading() as session:
        assert waiting_for_inspectors(session, plan.bob) == 0


def test_own_team_is_never_given(plan):
    ids = calls(plan, 1, 12)
    with plan.seeded.transaction() as session:
        person = session.scalars(select(Staff).filter_by(staff_no="CALLS")).one()
        mate = make_staff(
            session, staff_no="MATE", station=session.get_one(Station, person.station_id)
        )
        session.flush()
        own = make_user(session, "mate", Role.INSPECTOR, staff_id=mate.id).id
    run(plan, 4, 7)
    rows = given_to(plan, ids)
    assert len(rows) == 4
    assert own not in {row.inspector_id for row in rows}


def test_drawn_plans_are_listed_with_seed_day_frame_counts_and_who(plan):
    ids = [*calls(plan, 1, 12), *calls(plan, 2, 1, severity="urgent")]
    run(plan, 2)
    with plan.seeded.transaction() as session:
        moment = datetime(2026, 7, 2, tzinfo=UTC)
        assert draw_lack(session, who=plan.bob, month=MONTH, now=moment).months == 1
        rows = drawn_plans(session, plan.bob, limit=9)
        with pytest.raises(InvalidInput, match="has closed it"):
            draw_lack(session, who=plan.bob, month=MONTH, now=moment)
    assert [(row.kind, row.drawn_by, row.frame, row.must_inspect) for row in rows] == [
        ("month_end", "Bob", 12 - rows[1].random, 0),
        ("by_night", None, 12, 0),
        ("at_once", None, 1, 1),
    ]
    assert rows[0].random + rows[1].random == 4
    assert rows[0].day == date(2026, 7, 2)
    assert rows[0].seed == rows[1].seed
    assert len(given_to(plan, ids)) == 5


def test_a_month_of_the_standing_plan_is_not_drawn_by_hand(plan):
    calls(plan, 1, 12)
    wanted = {"who": plan.bob, "month": MONTH, "plan": Plan(), "due_on": date(2026, 6, 28)}
    with (
        plan.seeded.transaction() as session,
        pytest.raises(InvalidInput, match="standing plan draws this month"),
    ):
        draw_plan(session, now=FIRST, **wanted)
    off = StandingPlan(active=False, first_month=MONTH, quotas={"phone": 4})
    save(plan, off, 1)
    assert run(plan, 4, 7) == (0, 0, 0)
    with plan.seeded.transaction() as session:
        assert draw_plan(session, now=FIRST, **wanted).random == 4


def test_what_was_before_the_first_month_is_left_alone(world):
    save(world, StandingPlan(active=True, first_month=202607, quotas={"phone": 4}))
    ids = calls(world, 1, 12, severity="urgent")
    run(world, 4, 7)
    assert given_to(world, ids) == []


def test_the_plan_is_saved_once_by_whoever_may_and_keeps_its_seed(world):
    save(world, PLAN)
    save(world, PLAN, 0)  # the same one again
    with world.seeded.reading() as session:
        first = standing_plan(session, world.bob)
    assert (first.number, first.plan, first.saved_by) == (1, PLAN, "Bob")
    other = StandingPlan(active=True, first_month=MONTH, quotas={"phone": 5})
    with pytest.raises(InvalidInput, match="Somebody else changed"):
        save(world, other, 0)
    save(world, other, 1)
    with world.seeded.transaction() as session:
        assert current_plan(session).seed == first.seed
        with pytest.raises(NotAllowed):
            standing_plan(session, world.alice)
        with pytest.raises(NotAllowed):
            save_standing_plan(session, who=world.alice, plan=PLAN, number=2, now=FIRST)


@pytest.mark.parametrize(
    "wrong", [{"quotas": {"phone": 51}}, {"quotas": {"fax": 1}}, {"due_days": 0}, {"close_day": 29}]
)
def test_a_plan_that_cannot_be_kept_is_refused(world, wrong):
    with pytest.raises(InvalidInput):
        save(world, StandingPlan(active=True, first_month=MONTH, **wrong))
