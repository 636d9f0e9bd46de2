"""Actions as lists, and what people are told of them as days pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from core.improvements.terms import Subject
from db.improvements.queries.lists import actions, actions_here, waiting_actions
from db.improvements.queries.owners import possible_owners
from db.improvements.services.carrying_out import note_improvement_read
from db.improvements.services.proposing import (
    hand_on_improvement,
    withdraw_improvement,
)
from db.improvements.services.telling import tell_of_improvements
from db.people.models import User
from db.store.queries import unread
from tests.support.clock import NOW
from tests.support.improvements.acting import DUE, LOOK
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both
DAY = timedelta(days=1)


def test_the_head_of_the_page_counts_what_waits(acting):
    acting.proposed()
    acting.agreed()
    acting.judged()
    late = DUE + DAY
    waiting = acting.read(waiting_actions, acting.bob, now=datetime.combine(late, NOW.timetz()))
    assert waiting._asdict() == {
        "open": 3,
        "overdue": 1,
        "to_agree": 1,
        "to_judge": 0,
        "to_decide": 1,
        "ownerless": 0,
    }


def test_lists_go_on_where_they_ended(acting):
    """Five, two a page; ended ones newest first."""
    made = [acting.proposed(due_on=DUE + k * DAY) for k in range(5)]
    pages, after = [], None
    for _ in range(3):
        page = acting.read(actions, acting.bob, is_open=True, now=NOW, after=after, limit=2)
        pages.append([row.improvement_id for row in page.rows])
        after = page.next
    assert (pages, after) == ([made[:2], made[2:4], made[4:]], None)
    for number, improvement_id in enumerate(made):
        values = {"improvement_id": improvement_id, "reason": "Not worth the while."}
        acting.do(withdraw_improvement, acting.bob, now=NOW + number * DAY, **values)
    first = acting.read(actions, acting.bob, is_open=False, now=NOW, limit=3)
    rest = acting.read(actions, acting.bob, is_open=False, now=NOW, after=first.next)
    assert [row.improvement_id for row in (*first.rows, *rest.rows)] == made[::-1]


def test_what_was_opened_again_is_listed_by_its_new_day(acting):
    """One a page: due in July, opened again until 31 August, due in September."""
    first, last = (acting.proposed(due_on=date(2026, month, 15)) for month in (7, 9))
    again = acting.opened_again()
    august, listed, after = datetime(2026, 8, 21, tzinfo=UTC), [], None
    for _ in range(3):
        page = acting.read(actions, acting.bob, is_open=True, now=august, after=after, limit=1)
        listed += [row.improvement_id for row in page.rows]
        after = page.next
    assert (listed, after) == ([first, again, last], None)


def test_what_is_done_here_is_found_from_its_station_and_its_item(acting):
    at_station = acting.proposed()
    about_item = acting.proposed(subject=Subject.ITEM, subject_key="HELLO")
    both = acting.read(actions_here, acting.bob, station_id=acting.here, now=NOW)
    assert [row.improvement_id for row in both] == [about_item, at_station]
    control = acting.read(actions_here, acting.bob, station_id=acting.there, now=NOW)
    assert control == ()
    about = (Subject.ITEM, "HELLO")
    [row] = acting.read(actions_here, acting.bob, about=about, now=NOW)
    assert (row.improvement_id, row.is_late) == (about_item, False)


def test_an_owner_who_leaves_is_listed_the_same_day_and_the_station_is_told(acting):
    improvement_id = acting.agreed()
    with acting.seeded.transaction() as session:
        session.execute(update(User).where(User.username == "hanna").values(active=False))
    [row] = acting.read(actions, acting.bob, is_open=True, now=NOW).rows
    assert row.owner == ""
    assert acting.read(waiting_actions, acting.bob, now=NOW).ownerless == 1
    names = {owner.name for owner in acting.read(possible_owners, acting.bob, acting.here)}
    assert names == {"Bob", "Manny", "Tina"}
    new_owner = {"improvement_id": improvement_id, "owner_id": acting.manny.user_id}
    acting.do(hand_on_improvement, acting.bob, **new_owner)
    assert acting.read(waiting_actions, acting.bob, now=NOW).ownerless == 0
    assert ("hand_on_improvement", acting.manny.user_id) in acting.notices()


def test_what_is_late_steps_up_and_each_stage_is_told_once(acting):
    acting.agreed()
    before = acting.notices()

    def told(day):
        nonlocal before
        now = datetime.combine(day, NOW.timetz())
        for _ in range(2):
            acting.do(
                lambda session, who, now: tell_of_improvements(session, now=now), None, now=now
            )
        new, before = acting.notices() - before, acting.notices()
        return new

    hanna, manny, bob = (who.user_id for who in (acting.hanna, acting.manny, acting.bob))
    assert told(date(2026, 3, 20)) == set()
    assert told(date(2026, 3, 25)) == {("due_soon", hanna)}
    assert told(DUE + DAY) == {("late", hanna)}
    assert told(DUE + 8 * DAY) == {("late_at_station", hanna), ("late_at_station", manny)}
    assert told(DUE + 15 * DAY) == {("escalated", bob)}
    assert told(DUE + 100 * DAY) == set()


def test_who_agreed_is_told_when_it_can_be_judged(acting):
    improvement_id = acting.carried_out()
    acting.do(lambda session, who, now: tell_of_improvements(session, now=now), None, now=LOOK)
    manny = acting.manny.user_id
    assert ("to_judge", manny) in acting.notices()
    assert acting.read(waiting_actions, acting.manny, now=LOOK).to_judge == 1
    unread_before = acting.read(unread, acting.manny, ["improvement"])
    acting.do(note_improvement_read, acting.manny, improvement_id=improvement_id, now=LOOK)
    assert (unread_before, acting.read(unread, acting.manny, ["improvement"])) == (
        {"improvement": 1},
        {},
    )


def test_two_workers_at_one_moment_tell_once(acting):
    for _ in range(5):
        acting.agreed()
    later = datetime.combine(DUE + DAY, NOW.timetz())

    def tell():
        with acting.seeded.transaction() as session:
            return tell_of_improvements(session, now=later)

    assert sum(at_once(tell, tell)) == 5
