"""A month's plan drawn into the queues, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select

from core.access import Role
from core.checklist.choice import SHIPPED, ChoiceRow, EncounterKind, fitting
from core.errors import InvalidInput, NotAllowed
from core.plan import Plan, choose
from db.checklists.services.choice import save_choice
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Draft, Inspection, Photo, SamplingPlan
from db.inspection.queries import coverage
from db.inspection.queries.sampling_frame import FrameCount, frame_count, sampling_frame
from db.inspection.services.assignments import hand_over
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.sampling_plans import draw_plan, to_be_drawn
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, Station, User
from db.people.services.identities import identity_of
from tests.factories import (
    Seeded,
    make_interaction,
    make_staff,
    make_station,
    make_user,
    version_of,
)
from tests.support.clock import NOW
from tests.support.inspection.inspecting import at_once
from tests.support.inspection.monthly_draw import DUE, MONTH, draw

pytestmark = pytest.mark.both


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
        rows = session.scalars(select(Assignment).filter_by(plan_id=plan.id, purpose="record"))
        drawn = {(row.interaction_id, row.sample_class, row.stratum) for row in rows}
    settings = dict(plan.settings)
    settings.pop("due_on")
    rows, already = settings.pop("choice"), settings.pop("already")
    assert settings.pop("given") == [["phone", "phone", 12]]
    assert settings.pop("left_out") == {"refused": 0, "unfit": []}
    with seeded.transaction() as session:
        session.execute(delete(Assignment).filter_by(plan_id=plan.id))
        choice = tuple(ChoiceRow(*row) for row in rows)
        frame = sampling_frame(
            session, plan.month, lambda kind: next(iter(fitting(kind, choice)), None)
        )
        again = choose(frame, Plan(**settings), {int(key): n for key, n in already.items()})
    assert len(frame) == plan.frame_size
    assert {(c.encounter.interaction_id, c.sample_class, c.stratum) for c in again} == drawn
    assert len(drawn) == 4


def test_drawing_a_month_again_gives_what_the_quota_lacks(seeded, waiting):
    draw(seeded, quota=3, double_share=0)
    with pytest.raises(InvalidInput, match="already has as many"):
        draw(seeded, quota=3, seed=2)  # as a second click does
    again = draw(seeded, quota=5, double_share=0)
    assert (again.random, again.must_inspect) == (2, 0)
    with seeded.transaction() as session:
        row = session.scalars(select(Assignment).filter_by(sample_class="random")).first()
        row.state = "skipped"
    assert draw(seeded, quota=5, double_share=0).random == 1


def test_two_draws_at_once_are_one(seeded, waiting):
    first, second = sorted(
        at_once(lambda: draw(seeded, quota=3), lambda: draw(seeded, quota=3, seed=2)),
        key=lambda found: isinstance(found, InvalidInput),
    )
    assert first.random == 3
    assert isinstance(second, InvalidInput)


def test_what_came_inspected_from_elsewhere_is_not_drawn(seeded, waiting):
    with seeded.transaction() as session:
        call = session.get_one(Interaction, waiting[3])
        session.add(
            Inspection(
                submission_key="imported",
                interaction_id=call.id,
                checklist_version_id=seeded.phone_id,
                station_id=call.station_id,
                staff_id=call.staff_id,
                inspector_id=seeded.alice.user_id,
                channel=call.channel,
                purpose="record",
                sample_class="random",
                stratum="",
                inclusion_probability=1.0,
                occurred_at=call.occurred_at,
                day=call.occurred_at.date(),
                month=MONTH,
                submitted_at=NOW,
                answers={},
                critical=False,
            )
        )
    draw(seeded, quota=12, double_share=0)
    found = {row.interaction_id for row in given(seeded, waiting)}
    assert found == {*waiting} - {waiting[3]}


@pytest.mark.parametrize(
    ("given", "checklist"),
    [
        ({"channel": "record"}, "service_record"),
        ({"channel": "record", "case_kind": "problem"}, "service_record"),
        ({"channel": "record", "case_kind": "complaint"}, "complaint"),
        ({"channel": "record", "case_kind": "work_order"}, "work_order"),
        ({"channel": "record", "business_line": "agency"}, "agency_journey"),
        ({"channel": "record", "business_line": "hotel"}, "service_record"),
        ({"channel": "phone", "case_kind": "complaint"}, "phone"),
        ({"channel": "chat"}, "chat"),
        ({"channel": "bot"}, "chat"),
        ({"channel": "record", "case_kind": "order", "business_line": "agency"}, "order"),
        ({"channel": "record", "case_kind": "customer_profile"}, "customer_profile"),
        ({"channel": "site"}, "station_audit_facilities"),
        ({"channel": "site", "case_kind": "station_audit"}, "station_audit_management"),
        ({"channel": "phone", "checklist": "order"}, "order"),
    ],
)
def test_it_is_scored_with_the_checklist_for_what_it_is(seeded, given, checklist):
    with seeded.transaction() as session:
        call = make_interaction(session, **given).id
        wanted = version_of(session, checklist)
    draw(seeded)
    with seeded.reading() as session:
        [task] = session.scalars(select(Assignment).filter_by(interaction_id=call))
    assert task.checklist_version_id == wanted


def test_a_stations_bots_have_a_quota_of_their_own(seeded, waiting):
    """Two of the person's eleven calls, and two of the nine chats of the bot beside them."""
    with seeded.transaction() as session:
        person = session.scalars(select(Staff).join(Station).where(Station.code == "PLAN")).one()
        for _ in range(9):
            make_interaction(session, staff=person, channel="bot")
    drawn = draw(seeded, quota=2, double_share=0)
    assert {row[0]: row[2] for row in drawn.frame.given} == {"phone": 12, "bot": 9}
    assert (drawn.random, drawn.must_inspect) == (4, 1)
    assert [row.sample_class for row in given(seeded, waiting)].count("random") == 2


def test_nobody_gets_own_work_from_another_station(seeded, waiting):
    """Alice also serves customers: she is the person of the twelve calls, now of another team."""
    with seeded.transaction() as session:
        call = session.get_one(Interaction, waiting[0])
        session.get_one(Staff, call.staff_id).station_id = make_station(session, code="NEW").id
        session.get_one(User, seeded.alice.user_id).staff_id = call.staff_id
        dora = identity_of(session, make_user(session, "dora", Role.INSPECTOR))
    draw(seeded, quota=12, double_share=0)
    assert {row.inspector_id for row in given(seeded, waiting)} == {dora.user_id}
    with seeded.transaction() as session:
        done = hand_over(session, who=seeded.bob, inspector_id=dora.user_id, reason="ill", now=NOW)
    assert (done.moved, done.staying) == (0, 12)


def test_a_second_draw_does_not_give_the_same_encounter_again(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with pytest.raises(InvalidInput, match="No interaction of this month"):
        draw(seeded, quota=12)
    assert len(given(seeded, waiting)) == 12


def test_an_inspector_may_not_draw(seeded, waiting):
    with seeded.transaction() as session, pytest.raises(NotAllowed):
        draw_plan(session, who=seeded.alice, month=MONTH, plan=Plan(), due_on=DUE, now=NOW)


@pytest.mark.parametrize("month", [0, 202613, 12])
def test_a_month_that_is_none_is_refused(seeded, month):
    with seeded.transaction() as session, pytest.raises(InvalidInput, match="six digits"):
        draw_plan(session, who=seeded.bob, month=month, plan=Plan(), due_on=DUE, now=NOW)


def test_an_absent_inspectors_work_goes_to_the_others(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    with seeded.transaction() as session:
        dora = identity_of(session, make_user(session, "dora", Role.INSPECTOR))
        done = hand_over(
            session, who=seeded.bob, inspector_id=seeded.alice.user_id, reason="ill", now=NOW
        )
    assert (done.moved, done.staying) == (12, 0)
    assert {row.inspector_id for row in given(seeded, waiting)} == {dora.user_id}


def test_what_somebody_who_left_has_begun_goes_on_without_its_draft_if_so_wanted(seeded, waiting):
    draw(seeded, quota=12, double_share=0)
    first = given(seeded, waiting)[0].id
    with seeded.transaction() as session:
        dora = identity_of(session, make_user(session, "dora", Role.INSPECTOR))
        save_draft(
            session, who=seeded.alice, task=ASSIGNED.task(first), version=0, work=Work(), now=NOW
        )
        picture = {"name": "0" * 32, "width": 1, "height": 1, "size": 1, "added_at": NOW}
        session.add(Photo(assignment_id=first, **picture))
        session.get_one(User, seeded.alice.user_id).active = False
    assert [(row.open, row.begun, row.active) for row in open_work(seeded)] == [(12, 1, False)]
    over = {"who": seeded.bob, "inspector_id": seeded.alice.user_id, "reason": "left", "now": NOW}
    with seeded.transaction() as session:
        done = hand_over(session, **over)
    assert (done.moved, done.staying, done.photos) == (11, 1, frozenset())
    with seeded.transaction() as session:
        done = hand_over(session, **over, begun=True)
    assert (done.moved, done.staying, done.photos) == (1, 0, {"0" * 32})
    with seeded.reading() as session:
        assert session.get(Draft, ASSIGNED.task(first).draft) is None
        assert session.get_one(Assignment, first).inspector_id == dora.user_id
    assert [(row.user_id, row.open) for row in open_work(seeded)] == [(dora.user_id, 12)]


def open_work(seeded):
    with seeded.reading() as session:
        return coverage.waiting(session, seeded.bob)


def left_out(seeded):
    with seeded.transaction() as session:
        return to_be_drawn(session, who=seeded.bob, month=MONTH, now=NOW)


def test_what_no_checklist_fits_is_told_by_kind_before_a_draw(seeded, waiting):
    """12 calls can be drawn. Of the bot three and two of another kind; one of each refuses.

    The table has no row for bots; a call names a checklist that is not for calls.
    """
    rows = tuple(row for row in SHIPPED if row.channel != "bot")
    with seeded.transaction() as session:
        save_choice(session, who=seeded.bob, rows=rows, number=0, now=NOW)
    with seeded.transaction() as session:
        person = session.scalars(select(Staff).join(Station).where(Station.code == "PLAN")).one()
        for values in (
            *[{"channel": "bot"}] * 4,
            *[{"channel": "bot", "case_kind": "complaint", "business_line": "supplier"}] * 2,
        ):
            make_interaction(session, staff=person, **values)
        bots = select(Interaction.id).where(Interaction.channel == "bot").order_by(Interaction.id)
        session.get_one(Interaction, session.scalars(bots).first()).consent = False
        session.get_one(Interaction, waiting[5]).consent = False
        session.get_one(Interaction, waiting[6]).consent = True
        session.get_one(Interaction, waiting[7]).checklist = "email"
    counted = left_out(seeded)
    assert counted == FrameCount(
        given=(("phone", "phone", 10),),
        unfit=(
            (EncounterKind("bot", "none", "airline"), 3),
            (EncounterKind("bot", "complaint", "supplier"), 2),
            (EncounterKind("phone", "none", "airline", "email"), 1),
        ),
        refused=2,
    )
    drawn = draw(seeded, quota=50, double_share=0)
    assert drawn.frame == counted
    assert drawn.random + drawn.must_inspect == 10
    drawn_rows = given(seeded, waiting)
    assert {row.interaction_id for row in drawn_rows} == set(waiting) - {waiting[5], waiting[7]}
    with seeded.reading() as session:
        plan = session.scalars(select(SamplingPlan)).one()
    assert plan.settings["left_out"] == {
        "refused": 2,
        "unfit": [
            ["bot", "none", "airline", "", 3],
            ["bot", "complaint", "supplier", "", 2],
            ["phone", "none", "airline", "email", 1],
        ],
    }
    assert left_out(seeded) == FrameCount((), counted.unfit, 2)


def test_the_count_and_the_draw_see_the_same_month(seeded):
    """May begins at 16:00 UTC of 30 April in Taipei, at 04:00 UTC of 1 May in New York."""
    with seeded.transaction() as session:
        for zone in ("Asia/Taipei", "America/New_York"):
            person = make_staff(session, station=make_station(session, timezone=zone))
            for at in (
                datetime(2026, 4, 30, 15, 59, tzinfo=UTC),
                datetime(2026, 4, 30, 16, 0, tzinfo=UTC),
                datetime(2026, 5, 1, 3, 59, tzinfo=UTC),
                datetime(2026, 5, 1, 4, 0, tzinfo=UTC),
            ):
                make_interaction(session, staff=person, occurred_at=at)
        for month, expected in ((202604, 1 + 3), (202605, 3 + 1)):
            frame = sampling_frame(session, month, lambda kind: "phone")
            assert len(frame) == expected
            assert {row.occurred_at.month for row in frame} == {month % 100}
            counted = frame_count(session, month, lambda kind: "phone")
            assert counted.given == (("phone", "phone", expected),)


def test_who_does_not_assign_is_not_told(seeded):
    with seeded.transaction() as session, pytest.raises(NotAllowed):
        to_be_drawn(session, who=seeded.alice, month=MONTH, now=NOW)


def test_work_whose_customer_refused_since_is_replaced_by_another_draw(seeded, waiting):
    """Three of three are open; one is refused, so that one more is drawn."""
    draw(seeded, quota=3, double_share=0)
    random = [row for row in given(seeded, waiting) if row.sample_class == "random"]
    with seeded.transaction() as session:
        session.get_one(Interaction, random[0].interaction_id).consent = False
    again = draw(seeded, quota=3, seed=2, double_share=0)
    assert (again.random, again.must_inspect) == (1, 0)
