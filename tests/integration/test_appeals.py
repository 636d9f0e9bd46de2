"""Appeals of the scored person, from raising to the end, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.access import Role
from core.appeals import WHOLE, Step
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from db.demo.appeals import load_appeals
from db.models import Amendment, Appeal, AppealPoint, AppealTerm, AuditEvent, Inspection
from db.services.amendments import amend, void
from db.services.appeal_decisions import decide_appeal, save_terms
from db.services.appeals import raise_appeal, withdraw_appeal
from db.services.inspections import Unanswered
from tests.factories import identity, make_staff, make_user, make_version
from tests.support.clock import NOW
from tests.support.inspecting import NO, PIN, SMALL, YES, answers, at_once

sqlite_only = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HEARD = {"HELLO": "I greeted in the third second."}
AGREED = {"HELLO": "The greeting is there, at 0:03."}


@pytest.fixture
def contested(world):
    """HELLO lost, 80 points, and charlie's appeal against that."""
    inspection_id = world.scored(HELLO=NO, evidence=[PIN])
    return inspection_id, raised(world, inspection_id)


def raised(world, inspection_id, reasons=HEARD, who=None, now=NOW):
    with world.seeded.transaction() as session:
        return raise_appeal(
            session,
            who=who or world.charlie,
            inspection_id=inspection_id,
            reasons=reasons,
            now=now,
        )


def decided(world, appeal_id, who=None, said=AGREED, **changed):
    return world.do(
        decide_appeal,
        who or world.bob,
        appeal_id=appeal_id,
        answers=answers(**changed),
        decisions=said,
    )


def appeals(world):
    return world.all(Appeal.state, Appeal.decided_by, Appeal.ended_at, Appeal.new_inspection_id)


def points(world):
    columns = (AppealPoint.item_key, AppealPoint.reason, AppealPoint.outcome, AppealPoint.decision)
    return sorted(tuple(row) for row in world.all(*columns))


def manager(world, name="dana", **values):
    with world.seeded.transaction() as session:
        make_user(session, name, Role.QUALITY_MANAGER, **values)
        return identity(session, name)


# --- raising ------------------------------------------------------------------------------------


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


# --- withdrawing --------------------------------------------------------------------------------


def test_a_withdrawn_appeal_leaves_the_score(world, contested):
    inspection_id, appeal_id = contested
    for _ in range(2):
        world.do(withdraw_appeal, world.charlie, appeal_id=appeal_id)
    assert appeals(world) == [("withdrawn", None, NOW, None)]
    assert world.inspection(inspection_id).state == "valid"
    assert [row.action for row in world.all(AuditEvent.action)].count("withdraw_appeal") == 1
    with pytest.raises(StaleEdit, match="no longer open"):
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
    with pytest.raises(StaleEdit, match="no longer open"):
        world.do(withdraw_appeal, world.charlie, appeal_id=contested[1])


# --- deciding -----------------------------------------------------------------------------------


def test_a_changed_item_amends_the_inspection_and_moves_every_figure(world):
    """HELLO is half of a greeting of 40, RIGHT two quarters of 60: 100 - 20 - 30 = 50.

    HELLO is given back: 70. RIGHT is heard again and stays.
    """
    old = world.scored(HELLO=NO, RIGHT=NO, evidence=[PIN])
    appeal_id = raised(world, old, HEARD | {"RIGHT": "The fare was right."})
    said = AGREED | {"RIGHT": "The fare was for another day."}
    new = decided(world, appeal_id, said=said, RIGHT=NO)
    assert world.inspection(old).state == "amended"
    assert world.inspection(old).score == pytest.approx(50)
    after = world.inspection(new)
    assert (after.state, after.score, after.replaces_id) == ("valid", pytest.approx(70), old)
    assert after.inspector_id == world.alice.user_id
    assert appeals(world) == [("changed", world.bob.user_id, NOW, new)]
    assert points(world) == [
        ("HELLO", HEARD["HELLO"], "changed", AGREED["HELLO"]),
        ("RIGHT", "The fare was right.", "kept", "The fare was for another day."),
    ]
    assert world.station_month() == [(1, pytest.approx(70), pytest.approx(70), 0)]
    assert world.findings() == [(new, "RIGHT", pytest.approx(30))]
    assert world.all(Amendment.inspection_id, Amendment.new_inspection_id) == [(old, new)]
    assert world.derived() == world.rebuilt()


@sqlite_only
def test_a_score_that_stands_changes_nothing(world, contested):
    inspection_id, appeal_id = contested
    before = world.derived()
    assert decided(world, appeal_id, said={"HELLO": "Nothing at 0:03."}, HELLO=NO) is None
    assert appeals(world) == [("kept", world.bob.user_id, NOW, None)]
    assert points(world) == [("HELLO", HEARD["HELLO"], "kept", "Nothing at 0:03.")]
    assert world.inspection(inspection_id).state == "valid"
    assert (world.count(Amendment), world.count(Inspection)) == (0, 1)
    assert world.derived() == before


@sqlite_only
def test_a_decision_is_in_the_log_without_its_words(world, contested):
    decided(world, contested[1])
    events = world.all(AuditEvent.action, AuditEvent.reason, AuditEvent.details)[-2:]
    assert events == [
        ("amend", f"appeal {contested[1]}", {}),
        ("decide_appeal", "", {"outcome": "changed", "changed": ["HELLO"]}),
    ]


@sqlite_only
def test_every_point_needs_a_reason(world):
    appeal_id = raised(world, world.scored(HELLO=NO, NAME=NO), HEARD | {"NAME": "Said."})
    for said in ({}, AGREED, AGREED | {"NAME": " "}):
        with pytest.raises(InvalidInput, match="each point"):
            decided(world, appeal_id, said=said)
    with pytest.raises(InvalidInput, match="2000"):
        decided(world, appeal_id, said=AGREED | {"NAME": "x" * 2001})
    assert appeals(world)[0].state == "open"


@sqlite_only
def test_a_decision_reaches_only_what_is_contested(world, contested):
    with pytest.raises(InvalidInput, match="NAME"):
        decided(world, contested[1], HELLO=YES, NAME=NO)
    assert appeals(world)[0].state == "open"


def test_an_appeal_against_the_whole_reaches_everything(world):
    old = world.scored(HELLO=NO, HONEST=NO)
    appeal_id = raised(world, old, {WHOLE: "This was not my call."})
    new = decided(world, appeal_id, said={WHOLE: "Two answers were wrong."})
    assert world.inspection(new).score == pytest.approx(100)
    assert points(world)[0][2] == "changed"


def test_an_incomplete_decision_changes_nothing(world, contested):
    inspection_id, appeal_id = contested
    with pytest.raises(Unanswered):
        world.do(
            decide_appeal,
            world.bob,
            appeal_id=appeal_id,
            answers={key: value for key, value in answers().items() if key != "HELLO"},
            decisions=AGREED,
        )
    assert appeals(world)[0].state == "open"
    assert points(world)[0][2:] == (None, "")
    assert world.inspection(inspection_id).state == "valid"


def test_a_decision_sent_twice_is_one(world, contested):
    first, second = decided(world, contested[1]), decided(world, contested[1])
    assert first == second
    assert world.count(Inspection) == 2


def test_of_two_who_decide_at_once_the_second_is_told(world, contested):
    dana = manager(world)

    def deciding(who, said, **changed):
        try:
            return decided(world, contested[1], who=who, said=said, **changed)
        except StaleEdit as error:
            return error

    results = at_once(
        lambda: deciding(world.bob, AGREED),
        lambda: deciding(dana, {"HELLO": "Not there."}, HELLO=NO),
    )
    told = [result for result in results if isinstance(result, StaleEdit)]
    assert len(told) == 1
    assert "no longer open" in str(told[0])
    assert world.derived() == world.rebuilt()


@sqlite_only
@pytest.mark.parametrize("name", ["alice", "charlie"])
def test_who_scores_and_who_is_scored_decide_nothing(world, contested, name):
    with pytest.raises(NotAllowed):
        decided(world, contested[1], who=getattr(world, name))


@sqlite_only
def test_an_appeal_that_does_not_exist_is_not_found(world):
    with pytest.raises(NotFound):
        decided(world, 77)


@sqlite_only
def test_a_decision_reaches_what_a_changed_answer_asks_for_the_first_time(world):
    """Without a name there is nothing to spell; NAME given back asks for SPELLED."""
    asked_later = {"key": "SPELLED", "when": {"item": "NAME", "equals": "yes"}}
    greeting, solution = SMALL["sections"]
    sections = [greeting | {"items": [*greeting["items"], asked_later]}, solution]
    with world.seeded.transaction() as session:
        world.version_id = make_version(session, SMALL | {"key": "more", "sections": sections}).id
    appeal_id = raised(world, world.scored(NAME=NO), {"NAME": "I said it."})
    said = {"NAME": "It is there."}
    with pytest.raises(Unanswered):
        decided(world, appeal_id, said=said)
    new = decided(world, appeal_id, said=said, SPELLED=YES)
    assert world.inspection(new).score == pytest.approx(100)


def test_deciding_and_amending_at_once_leave_one_valid_row(world, contested):
    inspection_id, appeal_id = contested
    dana = manager(world)

    def deciding():
        try:
            return decided(world, appeal_id)
        except StaleEdit as error:
            return error

    def amending():
        right = {"answers": answers(RIGHT=NO), "reason": "Heard again."}
        return world.do(amend, dana, inspection_id=inspection_id, **right)

    results = at_once(deciding, amending)
    assert sorted(isinstance(result, int) for result in results) == [False, True]
    assert [row.state for row in world.all(Inspection.state)].count("valid") == 1
    assert appeals(world)[0].state == ("changed" if isinstance(results[0], int) else "closed")
    assert world.derived() == world.rebuilt()


# --- amended or voided by other means -----------------------------------------------------------


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
    with pytest.raises(StaleEdit, match="no longer open"):
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


# --- the demo -----------------------------------------------------------------------------------


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
    assert world.derived() == world.rebuilt()


@sqlite_only
def test_a_demo_without_results_has_no_appeals(with_demo_names):
    with with_demo_names.seeded.transaction() as session:
        load_appeals(session, now=NOW)
    assert with_demo_names.count(Appeal) == 0
