"""What an inspector's queue and desk show, and what they keep to themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from db.inspection.queries import desk
from db.inspection.queries import queue as work
from db.inspection.services.assignments import own_assignment, skip
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from tests.factories import make_assignment, make_interaction, make_station
from tests.support.clock import NOW
from tests.support.inspection.inspecting import answers

TODAY = date(2026, 3, 10)


@pytest.fixture
def queue(world):
    """Alice's queue: the world's own task for the 17th, and three more."""
    with world.seeded.transaction() as session:
        for case, due in (("late", 9), ("today", 10), ("also-17", 17)):
            call = make_interaction(session, external_id=case)
            make_assignment(
                session,
                interaction=call,
                checklist_version_id=world.version_id,
                due_on=date(2026, 3, due),
            )
    return world


def cases(world, **values):
    return [row.case for row in world.one(lambda s: work.queue(s, world.alice, **values))]


def test_the_most_urgent_comes_first_then_the_first_assigned(queue):
    assert cases(queue)[:2] == ["late", "today"]
    assert cases(queue)[3] == "also-17"


def test_the_queue_goes_on_behind_a_place(queue):
    first = queue.one(lambda s: work.queue(s, queue.alice, limit=3))
    assert len(first) == 3
    assert cases(queue, after=first[-1].position) == ["also-17"]


def test_due_and_overdue_are_counted_by_the_readers_day(queue):
    assert queue.one(lambda s: work.load(s, queue.alice, today=TODAY)) == (4, 1, 1)


@pytest.mark.both
def test_a_filter_narrows_queue_and_counts_alike(queue):
    """One chat in zh-TW due on the 8th beside the four calls: 1 of 5, and 2 overdue in all."""
    with queue.seeded.transaction() as session:
        chat = make_interaction(session, external_id="chat", channel="chat", language="zh-TW")
        make_assignment(
            session,
            interaction=chat,
            checklist_version_id=queue.version_id,
            due_on=date(2026, 3, 8),
        )
    choices = queue.one(lambda s: work.queue_choices(s, queue.alice))
    assert choices.channels == ("chat", "phone")
    assert "zh-TW" in choices.languages
    for only in (work.QueueFilter(channel="chat"), work.QueueFilter(language="zh-TW")):
        assert cases(queue, only=only) == ["chat"]
        load = queue.one(lambda s, only=only: work.load(s, queue.alice, today=TODAY, only=only))
        assert load == (1, 0, 1)
    assert queue.one(lambda s: work.load(s, queue.alice, today=TODAY)) == (5, 1, 2)
    assert cases(queue, only=work.QueueFilter(channel="chat", station="XXX")) == []
    by_station = [
        each
        for code in choices.stations
        for each in cases(queue, only=work.QueueFilter(station=code))
    ]
    assert sorted(by_station) == sorted(cases(queue))


def test_an_empty_queue_counts_nothing(queue):
    outsider = queue.inspector("dora")
    assert queue.one(lambda s: work.load(s, outsider, today=TODAY)) == (0, 0, 0)
    assert queue.one(lambda s: work.next_assignment(s, outsider)) is None


def test_a_draft_shows_how_far_it_is(queue):
    queue.draft(Work({"HELLO": {"value": "yes"}, "NAME": {"na": True}}))
    row = next(row for row in queue.one(lambda s: work.queue(s, queue.alice)) if row.saved_at)
    assert (row.answered, row.visible_items, row.saved_at) == (2, 5, NOW)


def test_a_draft_that_is_a_note_so_far_shows_what_is_asked(queue):
    queue.draft(Work(note="loud line"))
    row = next(row for row in queue.one(lambda s: work.queue(s, queue.alice)) if row.saved_at)
    assert (row.answered, row.visible_items) == (0, 5)


def test_the_next_is_the_one_behind_and_after_the_last_the_first(queue):
    ids = [row.assignment_id for row in queue.one(lambda s: work.queue(s, queue.alice))]
    following = [
        queue.one(lambda s, i=i: work.next_assignment(s, queue.alice, after=i)) for i in ids
    ]
    assert following == [*ids[1:], ids[0]]


def test_what_was_put_aside_or_submitted_is_never_next(queue):
    ids = [row.assignment_id for row in queue.one(lambda s: work.queue(s, queue.alice))]
    with queue.seeded.transaction() as session:
        task = own_assignment(session, queue.alice, ids[1])
        skip(session, who=queue.alice, assignment=task, reason="cut off", now=NOW)
    assert queue.one(lambda s: work.next_assignment(s, queue.alice, after=ids[0])) == ids[2]


def test_the_week_counts_submissions_and_their_median_minutes(queue):
    for row, seconds in zip(
        queue.one(lambda s: work.queue(s, queue.alice)), (240, 600, 400, 0), strict=True
    ):
        queue.do(
            submit,
            queue.alice,
            task=ASSIGNED.task(row.assignment_id),
            version=0,
            work=Work(answers(), active_seconds=seconds),
        )
    # 240, 400, 600; nothing is known of the fourth
    assert queue.one(lambda s: work.week(s, queue.alice, since=NOW)) == (4, 400)
    later = NOW + timedelta(seconds=1)
    assert queue.one(lambda s: work.week(s, queue.alice, since=later)) == (0, None)


def test_the_desk_has_the_transcript_in_order_and_the_draft(world):
    world.draft(Work({"HELLO": {"value": "no"}}, note="loud line"))
    found = world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(world.task)))
    assert [turn.position for turn in found.encounter.turns] == [1, 2, 3, 4]
    assert found.draft.answers == {"HELLO": {"value": "no"}}
    assert (found.draft.version, found.draft.note) == (1, "loud line")


def test_the_desk_shows_nothing_that_judges_the_encounter(world):
    task = world.assigned(
        customer_rating=1.0,
        rating_low=1.0,
        rating_high=5.0,
        attributes={"flight": "CI 502", "CSAT": 2, "customer_rating": 1, "滿意度": "差"},
    )
    found = world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(task)))
    assert dict(found.encounter.facts) == {"flight": "CI 502"}
    assert "rating" not in repr(found.encounter).lower()


def test_the_desk_looks_for_ratings_inside_of_fields_and_hides_nothing_else(world):
    task = world.assigned(
        attributes={
            "operating_carrier": "CI",
            "survey": {"customerRating": 1, "asked": "by e-mail", "rows": [{"nps": 2, "no": 7}]},
        },
    )
    found = world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(task)))
    assert dict(found.encounter.facts) == {
        "operating_carrier": "CI",
        "survey": {"asked": "by e-mail", "rows": [{"no": 7}]},
    }


def test_nobody_opens_anothers_assignment(world):
    other = world.inspector("dora")
    with pytest.raises(NotFound):
        world.one(lambda s: desk.desk(s, other, ASSIGNED.task(world.task)))


def handed_in(queue, task, seconds=60):
    work_done = Work(answers(), active_seconds=seconds)
    queue.do(submit, queue.alice, task=ASSIGNED.task(task), version=0, work=work_done)


def test_the_day_asks_for_what_was_open_this_morning(queue):
    """One overdue and one of today are 2; with two more by the 17th 4 in eight days are less.

    Once the overdue one is scored it is 1 of 2.
    """
    morning = NOW - timedelta(hours=1)

    def target():
        return queue.one(lambda s: work.day_target(s, queue.alice, today=TODAY, since=morning))

    assert target() == (0, 2)
    first = queue.one(lambda s: work.next_assignment(s, queue.alice))
    handed_in(queue, first)
    assert target() == (1, 2)
    later = NOW + timedelta(seconds=1)
    assert queue.one(lambda s: work.day_target(s, queue.alice, today=TODAY, since=later)) == (0, 1)


def test_the_median_time_is_told_by_checklist(queue):
    handed_in(queue, queue.task, 300)
    [row] = queue.one(lambda s: work.checklist_times(s, queue.alice, since=NOW - timedelta(days=1)))
    assert (row.count, row.median_seconds) == (1, 300)
    outsider = queue.inspector("dora")
    assert queue.one(lambda s: work.checklist_times(s, outsider, since=NOW)) == []


@pytest.mark.parametrize("question", [work.queue, work.next_assignment])
def test_only_who_scores_has_a_queue(world, question):
    with pytest.raises(NotAllowed):
        world.one(lambda s: question(s, world.bob))


def test_a_recording_is_for_who_scores_the_encounter(world):
    with world.seeded.transaction() as session:
        station = make_station(session)
        call = make_interaction(session, recording="calls/1.wav", station_id=station.id)
        make_assignment(session, interaction=call, checklist_version_id=world.version_id)
        call_id = call.id
    assert world.one(lambda s: desk.recording(s, world.alice, call_id)) == "calls/1.wav"
    other = world.inspector("dora")
    with pytest.raises(NotFound):
        world.one(lambda s: desk.recording(s, other, call_id))


def test_the_desk_names_the_source_of_library_items_only(world):
    assert world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(world.task))).sources == {}
    with world.seeded.transaction() as session:
        phone = make_assignment(session).id
    sources = world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(phone))).sources
    assert sources["FST-03"] == "D0 §6.1"
    assert "CALL-SUBJECT" not in sources


def test_a_repeated_save_returns_the_first_result(world):
    work_done = Work({"HELLO": {"value": "yes"}}, [{"item_key": "HELLO", "turn_position": 2}])
    first = world.draft(work_done)
    again = world.draft(work_done)
    assert (again.version, again.saved_at) == (first.version, first.saved_at) == (1, NOW)


def test_what_was_just_entered_is_submitted_without_being_saved_first(world):
    done = Work(answers(NAME={"value": "no"}), [{"item_key": "NAME", "turn_position": 2}])
    world.draft(Work({"HELLO": {"value": "yes"}}))
    submitted = world.do(submit, world.alice, task=ASSIGNED.task(world.task), version=1, work=done)
    assert world.inspection(submitted.inspection_id).answers == done.answers


def test_evidence_that_fits_nothing_is_refused_and_nothing_is_stored(world):

    pin = {"item_key": "HELLO", "turn_position": 2, "start_offset": 5, "end_offset": 5}
    with pytest.raises(InvalidInput, match="Evidence 1"):
        world.draft(Work({}, [pin]))
    with pytest.raises(InvalidInput, match="no item GONE"):
        world.draft(Work({}, [{"item_key": "GONE", "turn_position": 1}]))
    assert (
        world.one(lambda s: desk.desk(s, world.alice, ASSIGNED.task(world.task))).draft.version == 0
    )


def test_a_save_that_starts_from_an_old_version_is_refused(world):

    world.draft(Work({}, note="first"))
    with pytest.raises(StaleEdit):
        world.do(
            save_draft,
            world.alice,
            task=ASSIGNED.task(world.task),
            version=0,
            work=Work({}, note="second"),
        )
