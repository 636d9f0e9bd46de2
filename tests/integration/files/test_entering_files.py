"""Entering a file, what stands in it, handing over, merging, who answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.clock import Level
from core.errors import InvalidInput, NotFound, OutOfTurn
from core.files.course import Mark
from core.files.kinds import Kind
from core.files.steps import Step
from db.files.derived_columns import DERIVED, derive_all
from db.files.models import Accountability, File, FileStep
from db.files.queries.one_file import file_view
from db.files.services.entering import FileChanges, change_fields
from db.files.services.joining import Answerable, merge_into, note_answerable
from db.files.services.steps import hand_over, strike_out
from tests.support.clock import NOW
from tests.support.files.desk import HOUR
from tests.support.inspection.inspecting import at_once

pytestmark = pytest.mark.both


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


def view_of(desk, file_id, who=None, now=NOW + 40 * HOUR):
    return desk.read(file_view, who or desk.hanna, file_id, now=now)


def test_a_complaint_told_on_the_phone_is_stored_with_what_was_done_at_once(desk):
    file_id = desk.entered(
        topic="booking",
        sub_topic="refund",
        level=Level.IMPORTANT,
        done=frozenset({Step.FIRST_RESPONSE, Step.EXECUTED, Step.TOLD}),
        received_at=NOW - timedelta(minutes=9),
    )
    view = view_of(desk, file_id)
    assert (view.number, view.state, view.level) == (f"F-{file_id:06d}", "told", "important")
    assert [line.step for line in view.story] == [
        *("received", "recorded", "classified", "severity_set", "assigned"),
        *("first_response", "executed", "told"),
    ]
    assert view.owner == "Hanna"
    first = next(clock for clock in view.clocks if clock.key is Step.FIRST_RESPONSE)
    assert (first.state, first.reading.elapsed) == ("met", timedelta(minutes=9))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"content": "  "}, "Write down what happened"),
        ({"channel": "pigeon"}, "Choose the channel"),
        ({"content": "x" * 20_001}, "longer than"),
        ({"done": frozenset({Step.ARCHIVED})}, "does not exist"),
        ({"done": frozenset({Step.TOLD})}, "must come before"),
        ({"received_at": NOW + HOUR}, "lies ahead|before"),
    ],
)
def test_what_does_not_make_a_file_is_refused_and_nothing_is_stored(desk, values, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        desk.entered(**values)
    with desk.seeded.reading() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 0


def test_nobody_enters_a_file_for_a_station_that_is_not_theirs(desk):
    with pytest.raises(NotFound):
        desk.entered(station_id=desk.elsewhere)


def test_what_the_customer_said_is_stored_masked(desk):
    file_id = desk.entered(content="My card is 4111 1111 1111 1111.", contact="0912-345-678")
    with desk.seeded.reading() as session:
        file = session.get_one(File, file_id)
        assert "4111" not in file.content
        assert "345" not in file.contact


def test_the_same_customer_and_class_within_30_days_is_shown_as_repeated(desk):
    first = desk.entered(topic="booking", customer="M-77", at=NOW - timedelta(days=29))
    desk.entered(topic="baggage", customer="M-77", at=NOW - timedelta(days=2))
    second = desk.entered(topic="booking", customer="M-77")
    assert [name.file_id for name in view_of(desk, second).repeats] == [first]
    assert view_of(desk, first).repeats == ()
    with desk.seeded.reading() as session:
        assert session.get_one(File, second).customer_ref not in (None, "M-77")


def test_fields_are_changed_once_and_unknown_codes_refused(desk):
    file_id = desk.entered()

    def change(**values):
        with desk.seeded.transaction() as session:
            change_fields(
                session, who=desk.hanna, file_id=file_id, changes=FileChanges(**values), now=NOW
            )

    change(topic="baggage", cause="process", compensation=300.0)
    fields = view_of(desk, file_id).fields
    assert (fields.topic, fields.cause, fields.compensation) == ("baggage", "process", 300.0)
    for wrong in (
        {"cause": "weather"},
        {"compensation": -1.0},
        {"deputy_id": desk.otto.user_id},
        {"demand": "x" * 2001},
    ):
        with pytest.raises(InvalidInput):
            change(**wrong)


def test_ten_files_are_handed_over_at_once_or_none(desk):
    ids = [desk.entered() for _ in range(10)]

    def hand(file_ids, owner, hours=1):
        with desk.seeded.transaction() as session:
            return hand_over(
                session, who=desk.hanna, file_ids=file_ids, owner_id=owner, now=NOW + hours * HOUR
            )

    bob = desk.seeded.bob.user_id
    assert hand(ids, bob) == 10
    assert hand(ids, bob) == 0
    assert {view_of(desk, file_id).owner_id for file_id in ids} == {bob}
    desk.take(ids[0], Step.CANCELLED, NOW + 2 * HOUR, note="Not ours.")
    with pytest.raises(OutOfTurn):
        hand(ids[::-1], desk.hanna.user_id, hours=3)
    assert {view_of(desk, file_id).owner_id for file_id in ids} == {bob}
    with pytest.raises(InvalidInput, match="does not work on files"):
        hand(ids[1:], desk.otto.user_id)


def test_a_second_press_within_seconds_takes_no_second_step(desk):
    """Waiting, level and owner may come again; the same press does not."""
    file_id = desk.entered()
    first = desk.take(file_id, Step.PROGRESS_TOLD, NOW + HOUR)
    again = desk.take(file_id, Step.PROGRESS_TOLD, NOW + HOUR + timedelta(seconds=3))
    later = desk.take(file_id, Step.PROGRESS_TOLD, NOW + 2 * HOUR)
    assert first == again != later


def test_two_people_press_told_at_the_same_moment_and_one_event_is_stored(desk):
    file_id = desk.entered(done=frozenset({Step.FIRST_RESPONSE, Step.EXECUTED}))
    who = (desk.hanna, desk.seeded.bob)
    outcomes = at_once(
        *(lambda each=each: desk.take(file_id, Step.TOLD, NOW + HOUR, each) for each in who)
    )
    assert sum(isinstance(outcome, InvalidInput) for outcome in outcomes) == 1
    with desk.seeded.reading() as session:
        assert session.scalar(select(func.count()).where(FileStep.step == "told")) == 1


def test_another_level_wants_a_reason_and_the_first_none(desk):
    file_id = desk.entered()
    desk.take(file_id, Step.SEVERITY_SET, NOW + HOUR, level=Level.ORDINARY)
    with pytest.raises(InvalidInput, match="reason for the other level"):
        desk.take(file_id, Step.SEVERITY_SET, NOW + 2 * HOUR, level=Level.URGENT)
    desk.take(file_id, Step.SEVERITY_SET, NOW + 2 * HOUR, level=Level.URGENT, note="A child.")
    assert view_of(desk, file_id).level == "urgent"


class TestMerging:
    def merge(self, desk, file_id, number):
        with desk.seeded.transaction() as session:
            merge_into(session, who=desk.hanna, file_id=file_id, number=number, now=NOW + HOUR)

    def test_the_one_that_goes_on_shows_both_histories(self, desk):
        kept, double = desk.entered(), desk.entered(content="The same once more.")
        self.merge(desk, double, view_of(desk, kept).number)
        self.merge(desk, double, view_of(desk, kept).number)
        ended = view_of(desk, double)
        assert (ended.state, ended.duplicate_of.file_id) == ("cancelled", kept)
        view = view_of(desk, kept)
        assert [name.file_id for name in view.merged] == [double]
        assert {line.of for line in view.story} == {"", ended.number}
        assert view.state == "open"

    def test_no_file_is_merged_into_itself_a_duplicate_or_another_station_s(self, desk):
        first, second, third = (desk.entered() for _ in range(3))
        there = desk.entered(desk.otto, station_id=desk.elsewhere)
        self.merge(desk, first, f"F-{second:06d}")
        for number in (f"F-{third:06d}", f"F-{first:06d}", f"F-{there:06d}", "nothing"):
            with pytest.raises(InvalidInput):
                self.merge(desk, third, number)


class TestWhoAnswersForIt:
    def note(self, desk, file_id, staff_no="S-CHARLIE", department="", finding="Left waiting."):
        with desk.seeded.transaction() as session:
            note = Answerable(staff_no, department, finding)
            return note_answerable(session, who=desk.hanna, file_id=file_id, note=note, now=NOW)

    def test_it_is_for_repeated_and_major_files(self, desk):
        with pytest.raises(InvalidInput, match="repeated or major"):
            self.note(desk, desk.entered())
        file_id = desk.entered(marks=frozenset({Mark.MEDIA}))
        assert self.note(desk, file_id) == self.note(desk, file_id)
        for wrong in ({"staff_no": "S-NOBODY"}, {"staff_no": ""}, {"finding": " "}):
            with pytest.raises(InvalidInput):
                self.note(desk, file_id, **wrong)

    def test_the_person_the_line_and_the_quality_manager_read_it_and_nobody_else(self, desk):
        file_id = desk.entered(marks=frozenset({Mark.SAFETY}))
        with pytest.raises(NotFound):
            view_of(desk, file_id, desk.seeded.charlie)
        self.note(desk, file_id)
        for who in (desk.seeded.bob, desk.manny, desk.seeded.charlie):
            [note] = view_of(desk, file_id, who).accountability
            assert note.finding == "Left waiting."
        for who in (desk.hanna, desk.axel):
            assert view_of(desk, file_id, who).accountability is None
        with desk.seeded.reading() as session:
            assert session.scalar(select(func.count()).select_from(Accountability)) == 1


def test_nobody_checks_again_what_they_had_a_hand_in(desk):
    file_id = desk.entered(done=frozenset({Step.FIRST_RESPONSE, Step.EXECUTED}))
    assert Step.RECHECKED not in view_of(desk, file_id).next
    assert Step.RECHECKED in view_of(desk, file_id, desk.manny).next
    desk.take(file_id, Step.PROGRESS_TOLD, NOW + HOUR, desk.seeded.bob)
    assert Step.RECHECKED not in view_of(desk, file_id, desk.seeded.bob).next


def test_what_was_entered_later_or_struck_out_is_marked_as_recomputed(desk):
    file_id = desk.entered()
    event = desk.take(file_id, Step.FIRST_RESPONSE, NOW + 30 * HOUR)
    with desk.seeded.transaction() as session:
        strike_out(
            session,
            who=desk.hanna,
            file_id=file_id,
            event_id=event,
            reason="typed wrongly",
            now=NOW + 31 * HOUR,
        )
    line = next(line for line in view_of(desk, file_id).story if line.event_id == event)
    assert (line.is_recomputed, line.struck_by, line.struck_reason) == (
        True,
        "Hanna",
        "typed wrongly",
    )


def test_what_stands_on_files_is_what_a_rebuild_makes_of_them(desk):
    for kind in (Kind.COMPLAINT, Kind.PROBLEM, Kind.WORK_ORDER):
        desk.entered(kind=kind, done=frozenset({Step.FIRST_RESPONSE}))
    desk.take(1, Step.WAITING_BEGAN, NOW + HOUR, note="?")

    def stored():
        with desk.seeded.reading() as session:
            columns = [getattr(File, name) for name in DERIVED]
            return session.execute(select(*columns).order_by(File.id)).all()

    before = stored()
    with desk.seeded.transaction() as session:
        assert derive_all(session) == 3
    assert stored() == before
