"""Taking back what was only just submitted, and leading past nothing overdue; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from db.cases.services import open_case
from db.inspection.models import Amendment, Assignment, Draft, Inspection
from db.inspection.queries.queue import QueueFilter, next_assignment
from db.inspection.queries.scored import scored
from db.inspection.services.amendments import amend
from db.inspection.services.drafts import Work
from db.inspection.services.recall import recall
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, answers

TEN = timedelta(minutes=10)


def taken_back(world, inspection_id, who=None, within=TEN):
    return world.do(recall, who or world.alice, inspection_id=inspection_id, within=within)


def listed(world):
    return world.one(
        lambda session: scored(
            session, world.alice, since=NOW - timedelta(days=1), recallable_from=NOW - TEN
        )
    )


@pytest.mark.both
def test_a_submission_taken_back_is_open_with_all_that_was_entered(world):
    """80 with HELLO lost goes; submitted anew with nothing lost it is 100, and counts once."""
    old = world.scored(HELLO=NO, evidence=[PIN], note="Whole call.")
    task = world.inspection(old).assignment_id
    assert taken_back(world, old) == task
    assert world.station_month() in ([], [(0, 0, 0, 0)])
    assert world.findings() == []
    draft = world.one(lambda session: session.get(Draft, ASSIGNED.task(task).draft))
    assert (draft.answers, draft.note, draft.version) == (answers(HELLO=NO), "Whole call.", 1)
    assert [pin["turn_position"] for pin in draft.evidence] == [2]
    assert world.inspection(old).state == "void"
    assert world.one(lambda session: session.get_one(Assignment, task)).state == "open"
    new = world.do(
        submit, world.alice, task=ASSIGNED.task(task), version=1, work=Work(answers())
    ).inspection_id
    after = world.inspection(new)
    assert (after.state, after.score, after.replaces_id) == ("valid", 100, old)
    assert world.station_month() == [(1, 100, 100, 0)]
    kinds = world.all(Amendment.kind, Amendment.inspection_id, Amendment.new_inspection_id)
    assert kinds == [("recall", old, new)]
    assert world.derived() == world.rebuilt()


def test_it_is_logged_with_both_records(world):
    old = world.scored()
    task = world.inspection(old).assignment_id
    taken_back(world, old)
    assert world.noted()[-2:] == [("recall", str(old)), ("recall", str(task))]


def test_it_is_taken_back_within_the_time_only(world):
    old = world.scored()
    with pytest.raises(InvalidInput, match="too late"):
        taken_back(world, old, within=timedelta(seconds=-1))
    assert world.inspection(old).state == "valid"


def test_what_somebody_has_opened_stays(world):
    old = world.scored()
    world.do(open_case, world.bob, inspection_id=old)
    with pytest.raises(InvalidInput, match="opened"):
        taken_back(world, old)
    assert [(row.inspection_id, row.recallable) for row in listed(world)] == [(old, False)]


def test_what_was_amended_stays(world):
    old = world.scored(HELLO=NO)
    new = world.do(amend, world.bob, inspection_id=old, answers=answers(), reason="Heard again.")
    with pytest.raises(InvalidInput, match="opened"):
        taken_back(world, new)
    with pytest.raises(InvalidInput):
        taken_back(world, old)
    [row] = listed(world)
    assert (row.inspection_id, row.score, row.amended, row.recallable) == (new, 100, True, False)


def test_nobody_takes_back_what_another_has_submitted(world):
    old = world.scored()
    dan = world.inspector("dan")
    with pytest.raises(NotFound):
        taken_back(world, old, who=dan)
    with pytest.raises(NotAllowed):
        taken_back(world, old, who=world.bob)


def test_taken_back_twice_and_submitted_twice_it_is_one_chain(world):
    first = world.scored()
    task = world.inspection(first).assignment_id
    made = [first]
    for _ in range(2):
        taken_back(world, made[-1])
        made.append(world.submit(task=task).inspection_id)
    chain = world.all(Inspection.id, Inspection.replaces_id, Inspection.state)
    assert chain == [
        (made[0], None, "void"),
        (made[1], made[0], "void"),
        (made[2], made[1], "valid"),
    ]


def test_own_work_is_listed_newest_first_with_what_can_be_taken_back(world):
    first, second = world.scored(), world.scored(HELLO=NO)
    rows = listed(world)
    assert {row.inspection_id for row in rows} == {first, second}
    assert [row.score for row in rows if row.inspection_id == second] == [80]
    assert all(row.recallable for row in rows)


def test_who_begins_in_the_middle_is_not_led_past_what_is_overdue(world):
    """Due in -3, 0, 1 and 2 days: from the third on comes the overdue one, then the fourth."""
    late, due, here, behind = (world.assigned() for _ in range(4))
    with world.seeded.transaction() as session:
        session.get_one(Assignment, world.task).state = "skipped"
        for task, days in ((late, -3), (due, 0), (here, 1), (behind, 2)):
            session.get_one(Assignment, task).due_on = (NOW + timedelta(days=days)).date()

    def following(task):
        return world.one(
            lambda session: next_assignment(session, world.alice, after=task, today=NOW.date())
        )

    assert following(here) == late
    with world.seeded.transaction() as session:
        session.get_one(Assignment, late).state = "submitted"
    assert following(here) == behind


def test_a_narrowed_queue_goes_on_within_itself_but_for_what_is_overdue(world):
    """Phone calls due in 1 and 3 days, chats in 2 and 4; then a call is overdue."""
    with world.seeded.transaction() as session:
        session.get_one(Assignment, world.task).state = "skipped"
    phone = {"channel": "phone", "language": ""}
    chat = {"channel": "chat", "language": "zh-TW"}
    queued = [world.assigned(**each) for each in (phone, chat, phone, chat)]
    with world.seeded.transaction() as session:
        for days, task in enumerate(queued, 1):
            session.get_one(Assignment, task).due_on = (NOW + timedelta(days=days)).date()
    first_call, first_chat, call, second_chat = queued

    def following(after, **codes):
        only = QueueFilter.of_address(codes)
        today = NOW.date()
        return world.one(
            lambda session: next_assignment(
                session, world.alice, after=after, today=today, only=only
            )
        )

    assert following(first_chat) == call
    assert following(first_chat, channel="chat") == second_chat
    assert following(second_chat, channel="chat") == first_chat
    assert following(None, language="zh-TW") == first_chat
    assert following(None, language="unrecorded") in {first_call, call}
    assert following(first_call, channel="email") == first_chat  # none: the whole queue goes on
    with world.seeded.transaction() as session:
        session.get_one(Assignment, call).due_on = (NOW - timedelta(days=1)).date()
    assert following(first_chat, channel="chat") == call


def test_an_address_narrows_by_its_codes_and_by_nothing_else():
    codes = {"lang": "en", "channel": "chat", "language": "unrecorded", "station": "A\x00"}
    only = QueueFilter.of_address(codes)
    assert only == QueueFilter(channel="chat", language="")
    assert only.as_address() == {"channel": "chat", "language": "unrecorded"}
