"""Appeals of the scored person: raising them, taking them back, closed by a correction."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.access import Role
from core.appeals.deadlines import WHOLE, Step
from core.errors import InvalidInput, NotAllowed, NotFound, OutOfTurn
from db.appeals.models import Appeal, AppealPoint, AppealTerm
from db.appeals.services.decisions import save_terms
from db.appeals.services.raising import withdraw_appeal
from db.inspection.services.amendments import amend, void
from db.store.models import AuditEvent
from tests.factories import identity, make_staff, make_user
from tests.support.appeals.appealing import HEARD, appeals, decided, points, raised
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO, answers, at_once


@sqlite_only
def test_an_appeal_names_items_and_is_due_ten_days_later(world, contested):
    """Raised on 10 March, due on the 20th."""
    inspection_id, appeal_id = contested
    assert world.all(Appeal.id, Appeal.inspection_id, Appeal.user_id, Appeal.state) == [
        (appeal_id, inspection_id, world.charlie.user_id, "open")
    ]
    assert world.all(Appeal.due_on) == [((NOW + timedelta(days=10)).date(),)]
    assert points(world) == [("HELLO", HEARD["HELLO"], None, "")]
    event = world.all(AuditEvent.action, AuditEvent.user_id, AuditEvent.reason, AuditEvent.details)
    assert event[-1] == (
        "appeal",
        world.charlie.user_id,
        "",
        {"inspection": inspection_id, "items": ["HELLO"]},
    )


def test_the_same_appeal_sent_twice_is_one(world, contested):
    inspection_id, appeal_id = contested
    assert raised(world, inspection_id) == appeal_id
    assert world.count(Appeal) == world.count(AppealPoint) == 1


def test_two_that_send_it_at_once_raise_one(world):
    inspection_id = world.scored(HELLO=NO)
    first, second = at_once(
        lambda: raised(world, inspection_id), lambda: raised(world, inspection_id)
    )
    assert first == second
    assert world.count(Appeal) == 1


@sqlite_only
def test_a_result_is_appealed_once_whatever_became_of_it(world, contested):
    inspection_id, appeal_id = contested
    with pytest.raises(InvalidInput, match="once"):
        raised(world, inspection_id, {WHOLE: "And in general."})
    world.do(withdraw_appeal, world.charlie, appeal_id=appeal_id)
    with pytest.raises(InvalidInput, match="once"):
        raised(world, inspection_id)


@sqlite_only
def test_a_result_that_an_appeal_changed_is_not_appealed_again(world, contested):
    newer = decided(world, contested[1])
    with pytest.raises(InvalidInput, match="once"):
        raised(world, newer, {"NAME": "This as well."})


@sqlite_only
@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        ({}, "at least one item"),
        ({"HELLO": "   "}, "Give a reason"),
        ({"HELLO": "x" * 2001}, "2000 characters"),
        ({"NOTHING": "It was there."}, "NOTHING"),
        ({f"ITEM{n}": "It was there." for n in range(11)}, "at most 10 items"),
    ],
)
def test_an_unfit_appeal_is_refused(world, reasons, said):
    inspection_id = world.scored(HELLO=NO)
    with pytest.raises(InvalidInput, match=said):
        raised(world, inspection_id, reasons)
    assert world.count(Appeal) == 0


@sqlite_only
def test_what_people_write_is_masked(world):
    raised(world, world.scored(HELLO=NO), {"HELLO": "I called 13812345678 back."})
    assert points(world)[0][1] == "I called ███████████ back."


@sqlite_only
def test_nobody_appeals_against_anothers_result(world):
    inspection_id = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.STAFF, staff_id=make_staff(session).id)
        dora = identity(session, "dora")
    for wanted in (inspection_id, inspection_id + 99):
        with pytest.raises(NotFound, match="not yours"):
            raised(world, wanted, who=dora)
    for who in (world.alice, world.bob):
        with pytest.raises(NotAllowed):
            raised(world, inspection_id, who=who)


@sqlite_only
def test_the_window_closes_with_the_fourteenth_day_at_the_station(world):
    """Submitted on 10 March, 12:30 in Taipei: open to the end of 24 March there, 16:00 UTC."""
    first, second = world.scored(HELLO=NO), world.scored(HELLO=NO)
    midnight = datetime.combine((NOW + timedelta(days=15)).date(), datetime.min.time(), NOW.tzinfo)
    end = midnight - timedelta(hours=8)
    with pytest.raises(InvalidInput, match="over"):
        raised(world, first, now=end)
    raised(world, second, now=end - timedelta(minutes=1))


def test_an_amendment_opens_the_window_anew(world):
    old = world.scored(HELLO=NO)
    later = NOW + timedelta(days=30)
    with world.seeded.transaction() as session:
        newer = amend(
            session,
            who=world.bob,
            inspection_id=old,
            answers=answers(RIGHT=NO),
            reason="Heard again.",
            now=later,
        )
    assert world.inspection(newer).submitted_at == NOW
    raised(world, newer, {"RIGHT": "It was right."}, now=later + timedelta(days=14))


@sqlite_only
def test_time_limits_are_set_by_who_decides_and_open_appeals_keep_theirs(world, contested):
    world.do(save_terms, world.bob, days={Step.RAISE: 30, Step.DECIDE: 5})
    assert sorted(world.all(AppealTerm.kind, AppealTerm.days)) == [("decide", 5), ("raise", 30)]
    raised(world, world.scored(NAME=NO), {"NAME": "Said."}, now=NOW + timedelta(days=30))
    assert world.all(Appeal.due_on) == [
        ((NOW + timedelta(days=10)).date(),),
        ((NOW + timedelta(days=35)).date(),),
    ]
    event = world.all(AuditEvent.action, AuditEvent.object_type, AuditEvent.details)
    assert ("save", "appeal_terms", {"fields": ["decide", "raise"]}) in event
    for unfit in (0, 366):
        with pytest.raises(InvalidInput, match="365"):
            world.do(save_terms, world.bob, days={Step.RAISE: unfit})
    with pytest.raises(NotAllowed):
        world.do(save_terms, world.charlie, days={})


def test_a_withdrawn_appeal_leaves_the_score(world, contested):
    inspection_id, appeal_id = contested
    for _ in range(2):
        world.do(withdraw_appeal, world.charlie, appeal_id=appeal_id)
    assert appeals(world) == [("withdrawn", None, NOW, None)]
    assert world.inspection(inspection_id).state == "valid"
    assert [row.action for row in world.all(AuditEvent.action)].count("withdraw_appeal") == 1
    with pytest.raises(OutOfTurn, match="no longer open"):
        decided(world, appeal_id)


@sqlite_only
def test_only_who_raised_it_withdraws(world, contested):
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.STAFF, staff_id=make_staff(session).id)
        dora = identity(session, "dora")
    for wanted in (contested[1], contested[1] + 9):
        with pytest.raises(NotFound, match="does not exist"):
            world.do(withdraw_appeal, dora, appeal_id=wanted)
    assert appeals(world)[0].state == "open"


@sqlite_only
def test_a_decided_appeal_cannot_be_withdrawn(world, contested):
    decided(world, contested[1])
    with pytest.raises(OutOfTurn, match="no longer open"):
        world.do(withdraw_appeal, world.charlie, appeal_id=contested[1])


@pytest.mark.parametrize(("service", "more"), [(amend, {"answers": answers()}), (void, {})])
def test_an_appeal_closes_when_its_inspection_is_corrected_otherwise(
    world, contested, service, more
):
    inspection_id, appeal_id = contested
    world.do(service, world.bob, inspection_id=inspection_id, reason="Not our call.", **more)
    assert appeals(world) == [("closed", None, NOW, None)]
    assert world.all(AuditEvent.action, AuditEvent.object_id)[-1] == (
        "close_appeal",
        str(appeal_id),
    )
    with pytest.raises(OutOfTurn, match="no longer open"):
        decided(world, appeal_id)


def test_a_result_corrected_while_contested_can_be_appealed_anew(world, contested):
    newer = world.do(
        amend,
        world.bob,
        inspection_id=contested[0],
        answers=answers(RIGHT=NO),
        reason="Heard again.",
    )
    raised(world, newer, {"RIGHT": "It was right."})
    assert [row.state for row in appeals(world)] == ["closed", "open"]


@sqlite_only
def test_a_voided_result_cannot_be_appealed(world):
    inspection_id = world.scored(HELLO=NO)
    world.do(void, world.bob, inspection_id=inspection_id, reason="Not our call.")
    with pytest.raises(InvalidInput, match="no longer counts"):
        raised(world, inspection_id)
