"""What happened on the days of a trend, and notes that people write, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.access import Role
from core.errors import InvalidInput, NotAllowed, NotFound
from core.periods import Period, month_of
from db.checklists.models import ChecklistChoice, ChecklistVersion, ClockChange, PilotStation
from db.people.models import Station
from db.results.models import TrendNote
from db.results.queries.dated_notes import DatedNote, NoteKind, dated_notes
from db.results.queries.stations import Slice
from db.results.services.trend_notes import take_note_away, write_note
from db.store.models import Event
from db.training.models import TrainingCourse, TrainingEnrolment, TrainingRun
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.clock import NOW

pytestmark = pytest.mark.both
DAY = NOW.date()
MONTH = month_of(DAY)


@pytest.fixture
def elsewhere(world):
    with world.seeded.transaction() as session:
        return make_station(session, code="KHH").id


@pytest.fixture
def mona(world):
    """She answers for charlie's station."""
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
        return identity(session, "mona")


@pytest.fixture
def notes(world):
    """`notes()`: what bob reads of charlie's station in this month."""

    def read(who=None, station_id=None):
        slice_ = Slice(Period(MONTH, MONTH), world.checklist_id())
        at = station_id or world.seeded.station_id
        return world.one(lambda session: dated_notes(session, who or world.bob, slice_, at))

    return read


def write(world, who=None, station_id=None, day=DAY, words="Trade fair"):
    return world.do(write_note, who or world.bob, station_id=station_id, day=day, words=words)


# --- what the database knows --------------------------------------------------------------------


def test_a_version_in_force_and_a_trial_at_the_station_are_noted(world, notes, elsewhere):
    with world.seeded.transaction() as session:
        first = session.get_one(ChecklistVersion, world.version_id)
        for number, pilot in ((2, None), (3, world.seeded.station_id), (4, elsewhere)):
            version = _version_like(first, number)
            session.add(version)
            session.flush()
            if pilot:
                session.add(PilotStation(checklist_version_id=version.id, station_id=pilot))
    assert notes() == (
        DatedNote(DAY, NoteKind.PILOT, "3"),
        DatedNote(DAY, NoteKind.VERSION, "2"),
    )
    assert [note.what for note in notes(station_id=elsewhere)] == ["4", "2"]


def _version_like(first, number):
    return ChecklistVersion(
        checklist_id=first.checklist_id,
        number=number,
        state="active",
        content=first.content,
        content_digest=first.content_digest,
        created_at=NOW,
        effective_from=DAY,
    )


def test_clocks_of_the_checklist_and_the_table_of_checklists_are_noted(world, notes):
    def clock(item_id):
        return ClockChange(
            item_id=item_id,
            status="use",
            limit_minutes=5,
            effective_from=DAY,
            changed_at=NOW,
            changed_by=world.bob.user_id,
        )

    with world.seeded.transaction() as session:
        session.add_all([clock("HELLO"), clock("HELLO"), clock("ANOTHER")])
        saved_by = world.bob.user_id
        session.add(ChecklistChoice(number=1, rows=[], saved_at=NOW, saved_by=saved_by))
    assert notes() == (
        DatedNote(DAY, NoteKind.CHOICE),
        DatedNote(DAY, NoteKind.CLOCK, "HELLO"),
    )


def test_people_new_at_the_station_are_counted_by_day(world, notes, elsewhere):
    with world.seeded.transaction() as session:
        here = session.get_one(Station, world.seeded.station_id)
        for _each in range(2):
            make_staff(session, station=here).employed_from = DAY
        there = make_staff(session)
        there.station_id, there.employed_from = elsewhere, DAY
    assert notes() == (DatedNote(DAY, NoteKind.STAFF, people=2),)


def test_a_training_is_noted_where_somebody_of_the_station_came(world, notes, elsewhere):
    with world.seeded.transaction() as session:
        course = TrainingCourse(
            title="Calls",
            method="internal",
            items=[],
            sections=[],
            case_sets=[],
            posts=[],
            created_by=world.bob.user_id,
            created_at=NOW,
        )
        session.add(course)
        session.flush()
        run = TrainingRun(
            course_id=course.id,
            method="internal",
            starts_on=DAY,
            ends_on=DAY,
            trainer_id=world.bob.user_id,
            selection_first=MONTH,
            selection_last=MONTH,
            created_at=NOW,
        )
        session.add(run)
        session.flush()
        for staff_id, attended in (
            (world.seeded.staff_id, True),
            (make_staff(session).id, None),
        ):
            session.add(
                TrainingEnrolment(
                    run_id=run.id,
                    staff_id=staff_id,
                    reason="chosen",
                    attended=attended,
                    enrolled_by=world.bob.user_id,
                    enrolled_at=NOW,
                )
            )
    assert notes() == (DatedNote(DAY, NoteKind.TRAINING, "Calls", 1),)
    assert notes(station_id=elsewhere) == ()


# --- what people note ---------------------------------------------------------------------------


def test_a_note_stands_at_its_station_or_at_every_one(world, notes, elsewhere):
    here, everywhere = write(world, station_id=world.seeded.station_id), write(world)
    write(world, station_id=elsewhere)
    write(world, day=DAY - timedelta(days=40))
    assert {note.note_id for note in notes()} == {here, everywhere}
    assert {note.what for note in notes()} == {"Trade fair"}
    assert world.noted()[-1] == ("write_trend_note", str(everywhere + 2))
    assert ("trend_note", "write_trend_note") in world.all(Event.kind, Event.deed)


def test_a_station_manager_notes_for_the_own_stations_and_deletes_the_own_notes(
    world, mona, notes, elsewhere
):
    own = write(world, mona, world.seeded.station_id, words="New desks")
    bobs = write(world, station_id=world.seeded.station_id)
    for station_id in (elsewhere, None):
        with pytest.raises(NotFound, match="station does not exist"):
            write(world, mona, station_id)
    assert {note.note_id for note in notes(mona)} == {own, None}
    with pytest.raises(NotFound, match="note does not exist"):
        world.do(take_note_away, mona, note_id=bobs)
    world.do(take_note_away, mona, note_id=own)
    assert world.all(TrendNote.id) == [(bobs,)]
    with pytest.raises(NotFound):
        world.do(take_note_away, mona, note_id=own)


def test_who_sees_no_stations_reads_no_notes_and_who_may_not_note_writes_none(world, notes):
    write(world)
    with pytest.raises(NotAllowed):
        notes(world.charlie)
    for name in ("alice", "charlie"):
        with pytest.raises(NotAllowed):
            write(world, getattr(world, name))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"words": "  "}, "Write what happened"),
        ({"words": "x" * 201}, "at most"),
        ({"day": DAY + timedelta(days=2)}, "has come"),
        ({"day": date(1999, 12, 31)}, "has come"),
        ({"station_id": 999}, "station does not exist"),
    ],
)
def test_what_cannot_be_noted_is_refused(world, values, said):
    with pytest.raises((InvalidInput, NotFound), match=said):
        write(world, **values)
    assert world.all(TrendNote.id) == []


def test_words_are_masked_as_they_are_stored(world):
    write(world, words="Asked for by 0912-345-678")
    assert "0912" not in world.all(TrendNote.words)[0][0]
