"""What deciders, the scored person and the inspector read of appeals, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.access import Role
from core.appeals.deadlines import WHOLE
from core.errors import NotAllowed, NotFound
from db.appeals.models import Appeal
from db.appeals.queries.appeals import appeal, appeals, open_appeal, outcomes, waiting
from db.appeals.queries.own_appeals import (
    appeal_about,
    changed_on_appeal,
    own_appeals,
    right_to_appeal,
)
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal, withdraw_appeal
from db.cases.queries.case import case
from db.inspection.services.amendments import amend, void
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.appeals import appealing
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO, answers


def raised(world, reasons, *, days_ago=0, **changed):
    inspection_id = world.scored(**changed)
    with world.seeded.transaction() as session:
        at = NOW - timedelta(days=days_ago)
        who, given = world.charlie, {"inspection_id": inspection_id, "reasons": reasons}
        return inspection_id, raise_appeal(session, who=who, now=at, **given)


def decided(world, appeal_id, said, **changed):
    given = {"answers": answers(**changed), "decisions": said}
    return world.do(decide_appeal, world.bob, appeal_id=appeal_id, **given)


def ask(world, query, who, *more, **named):
    return world.one(lambda session: query(session, who, *more, **named))


def test_the_queue_begins_with_the_most_urgent_and_pages_follow_each_other(world):
    """Raised 12, 2 and 0 days ago: due 2 days ago, in 8 and in 10 days."""
    ids = [
        raised(world, {"HELLO": "Said."}, HELLO=NO)[1],
        raised(world, {"NAME": "Said.", "HELLO": "Too."}, days_ago=12, NAME=NO, HELLO=NO)[1],
        raised(world, {WHOLE: "Not my call."}, days_ago=2)[1],
    ]
    first = ask(world, appeals, world.bob, is_open=True, limit=2)
    second = ask(world, appeals, world.bob, is_open=True, limit=2, after=first.next)
    assert [row.appeal_id for row in first.rows] == [ids[1], ids[2]]
    assert [row.appeal_id for row in second.rows] == [ids[0]]
    assert second.next is None
    assert len(first.rows[0].names) == 2
    assert first.rows[1].names == ({},)
    assert ask(world, waiting, world.bob, now=NOW) == (3, 1)
    assert not ask(world, appeals, world.bob, is_open=False).rows


def test_an_appeal_is_overdue_when_its_day_is_over_at_its_station(world):
    """Both due on 20 March, which ends in Taipei at 16:00 UTC and in New York 12 hours later."""
    for zone in ("Asia/Taipei", "America/New_York"):
        with world.seeded.transaction() as session:
            staff = make_staff(session, station=make_station(session, timezone=zone))
            make_user(session, zone, Role.STAFF, staff_id=staff.id)
            who = identity(session, zone)
        appealing.raised(world, world.scored(staff=staff, HELLO=NO), who=who)
    assert set(world.all(Appeal.due_on)) == {(date(2026, 3, 20),)}
    evening = datetime(2026, 3, 20, 15, 59, tzinfo=UTC)
    overdue = [
        ask(world, waiting, world.bob, now=evening + timedelta(hours=hours)).overdue
        for hours in (0, 1, 12, 13)
    ]
    assert overdue == [0, 1, 1, 2]


def test_ended_appeals_are_listed_newest_first(world):
    one, other = (raised(world, {"HELLO": "Said."}, HELLO=NO)[1] for _ in range(2))
    world.do(withdraw_appeal, world.charlie, appeal_id=one)
    decided(world, other, {"HELLO": "It is there."})
    page = ask(world, appeals, world.bob, is_open=False, limit=1)
    rest = ask(world, appeals, world.bob, is_open=False, limit=1, after=page.next)
    assert [(row.appeal_id, row.state) for row in (*page.rows, *rest.rows)] == [
        (other, "changed"),
        (one, "withdrawn"),
    ]
    assert ask(world, waiting, world.bob, now=NOW) == (0, 0)


@sqlite_only
def test_one_appeal_says_who_may_not_decide_it(world):
    inspection_id, appeal_id = raised(world, {"NAME": "Said.", "HELLO": "Too."}, HELLO=NO)
    view = ask(world, appeal, world.bob, appeal_id)
    assert [point.item_key for point in view.points] == ["HELLO", "NAME"]
    assert (view.inspection_id, view.barred, view.decided_by) == (inspection_id, False, "")
    with world.seeded.transaction() as session:
        make_user(session, "both", Role.QUALITY_MANAGER, staff_id=world.charlie.staff_id)
        both = identity(session, "both")
    assert ask(world, appeal, both, appeal_id).barred
    assert ask(world, open_appeal, world.bob, inspection_id) == appeal_id
    decided(world, appeal_id, {"HELLO": "No.", "NAME": "No."}, HELLO=NO)
    assert ask(world, appeal, world.bob, appeal_id).decided_by
    assert ask(world, open_appeal, world.bob, inspection_id) is None
    with pytest.raises(NotFound):
        ask(world, appeal, world.bob, 99)


def test_items_that_were_changed_most_often_come_first(world):
    """HELLO 2 of 3 changed, the whole 1 of 1, NAME 0 of 1; the open one counts nowhere."""
    for given_back in (True, True, False):
        _, appeal_id = raised(world, {"HELLO": "Said."}, HELLO=NO)
        decided(world, appeal_id, {"HELLO": "Heard."}, **({} if given_back else {"HELLO": NO}))
    _, whole = raised(world, {WHOLE: "Not mine."}, FAST=NO)
    decided(world, whole, {WHOLE: "True."})
    _, name = raised(world, {"NAME": "Said."}, NAME=NO)
    decided(world, name, {"NAME": "Not there."}, NAME=NO)
    raised(world, {"RIGHT": "It was."}, RIGHT=NO)
    found = ask(world, outcomes, world.bob, since=NOW - timedelta(days=1))
    assert [
        (row.outcomes.item_key, row.outcomes.changed, row.outcomes.decided) for row in found
    ] == [
        ("HELLO", 2, 3),
        (WHOLE, 1, 1),
        ("NAME", 0, 1),
    ]
    assert ask(world, outcomes, world.bob, since=NOW + timedelta(seconds=1)) == []


def test_the_person_reads_what_became_of_each_appeal(world):
    changed_id, changed = raised(world, {"HELLO": "Said."}, HELLO=NO)
    closed_id, _ = raised(world, {"NAME": "Said."}, days_ago=1, NAME=NO)
    new_id = decided(world, changed, {"HELLO": "It is there."})
    world.do(void, world.bob, inspection_id=closed_id, reason="Not our call.")
    first, second = ask(world, own_appeals, world.charlie)
    assert (first.state, first.score, first.new_score) == (
        "changed",
        pytest.approx(80),
        pytest.approx(100),
    )
    assert [tuple(point)[2:] for point in first.points] == [("Said.", "changed", "It is there.")]
    assert (second.state, second.closed_because) == ("closed", "Not our call.")
    assert ask(world, appeal_about, world.charlie, new_id) == first
    assert ask(world, appeal_about, world.charlie, changed_id) == first


@sqlite_only
def test_nobody_reads_anothers_appeals(world):
    inspection_id, _ = raised(world, {"HELLO": "Said."}, HELLO=NO)
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.STAFF, staff_id=make_staff(session).id)
        dora = identity(session, "dora")
    assert ask(world, own_appeals, dora) == ()
    assert ask(world, appeal_about, dora, inspection_id) is None
    other = world.scored(HELLO=NO)
    assert ask(world, right_to_appeal, dora, other, now=NOW) is None
    assert ask(world, right_to_appeal, world.charlie, other, now=NOW) is not None
    with pytest.raises(NotAllowed):
        ask(world, own_appeals, world.bob)


@sqlite_only
def test_the_right_to_appeal_says_how_many_days_are_left(world):
    """Submitted on 10 March: until 24 March."""
    inspection_id = world.scored(HELLO=NO)

    def right(days):
        now = NOW + timedelta(days=days)
        return ask(world, right_to_appeal, world.charlie, inspection_id, now=now)

    assert right(0) == ((NOW + timedelta(days=14)).date(), 14)
    assert right(14).left == 0
    assert right(15) is None
    world.do(raise_appeal, world.charlie, inspection_id=inspection_id, reasons={"HELLO": "Said."})
    assert right(0) is None
    assert ask(world, right_to_appeal, world.charlie, 99, now=NOW) is None


def test_the_inspector_reads_what_was_changed_and_why_but_not_the_persons_words(world):
    _, kept = raised(world, {"NAME": "I, Charlie, said it."}, NAME=NO)
    decided(world, kept, {"NAME": "Not there."}, NAME=NO)
    _, changed = raised(world, {"HELLO": "I, Charlie, said it."}, HELLO=NO)
    decided(world, changed, {"HELLO": "It is there, at 0:03."})
    since = NOW - timedelta(days=90)
    [row] = ask(world, changed_on_appeal, world.alice, since=since)
    assert (row.score, row.new_score) == (pytest.approx(80), pytest.approx(100))
    assert [(point.reason, point.decision) for point in row.points] == [
        ("", "It is there, at 0:03.")
    ]
    assert "Charlie" not in str(row)
    dana = world.inspector("dana")
    assert ask(world, changed_on_appeal, dana, since=since) == ()
    assert ask(world, changed_on_appeal, world.alice, since=NOW + timedelta(1)) == ()


@sqlite_only
def test_the_history_of_a_case_gives_the_decision_as_the_reason(world):
    _, appeal_id = raised(world, {"HELLO": "Said.", "NAME": "Too."}, HELLO=NO, NAME=NO)
    new = decided(world, appeal_id, {"HELLO": "It is there.", "NAME": "Not there."}, NAME=NO)
    world.do(amend, world.seeded.administrator, inspection_id=new, answers=answers(), reason="All.")
    with world.seeded.reading() as session:
        newest = session.connection().exec_driver_sql("SELECT max(id) FROM inspection").scalar()
    changes = ask(world, case, world.bob, newest).changes
    assert [(change.kind, change.reason) for change in changes] == [
        ("appeal", "It is there."),
        ("amend", "All."),
    ]
