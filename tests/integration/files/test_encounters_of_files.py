"""Closed files become encounters: one each, drawn like others or inspected in any case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from core.clock import Level
from core.files.course import Mark
from core.files.kinds import Kind
from core.files.steps import FileEvent, Step
from core.inspection.clock_times import recorded_times
from core.text.search_query import query_of
from db.checklists.parsed_versions import checklist_of
from db.encounters import search_index
from db.encounters.models import Interaction, Turn
from db.encounters.queries.encounter import ENCOUNTER, encounter_of, recorded_of
from db.files.closed_encounters import SOURCE
from db.files.derived_columns import derive_all
from db.files.models import File
from db.files.queries.one_file import file_view
from db.files.queries.sight import file_behind
from db.files.services.entering import FileChanges, change_fields
from db.files.services.steps import take_step
from db.files.writing import Taken
from db.inspection.models import Assignment
from db.people.models import Station
from db.results import rollups
from tests.factories import make_assignment, version_of
from tests.support.clock import NOW
from tests.support.files.desk import HOUR, WORDS
from tests.support.importing.files import Desk as ImportDesk
from tests.support.importing.files import csv_of, jsonl
from tests.support.inspection.monthly_draw import draw

BEGIN = NOW - 100 * HOUR
CLOSED_AFTER = 11 * HOUR
"""`Desk.closed` takes eleven steps, an hour after the other."""

pytestmark = pytest.mark.both


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


@pytest.fixture
def imports(seeded, tmp_path):
    return ImportDesk(seeded.engine, tmp_path)


def encounters(desk):
    """All encounters of files, in the order in which they were made."""
    with desk.seeded.reading() as session:
        query = select(Interaction).where(Interaction.source == SOURCE).order_by(Interaction.id)
        return list(session.scalars(query))


def closed(desk, *, begin=BEGIN, **values):
    file_id = desk.entered(at=begin, **values)
    desk.closed(file_id, begin)
    return file_id


def end_work_order(desk, file_id, begin):
    steps = (
        *(Step.FIRST_RESPONSE, Step.EXECUTED, Step.ACCEPTED),
        *(Step.TOLD, Step.SATISFACTION_ASKED),
    )
    for number, step in enumerate(steps):
        desk.take(file_id, step, begin + number * HOUR)


def ended_work_order(desk, begin, **values):
    file_id = desk.entered(at=begin, kind=Kind.WORK_ORDER, **values)
    end_work_order(desk, file_id, begin + HOUR)
    return file_id


def again(desk, file_id, *, begin):
    """Reopen a closed complaint and close it again, ten hours later."""
    steps = (
        *(Step.CLASSIFIED, Step.FIRST_RESPONSE, Step.FACTS_CONFIRMED, Step.SOLUTION_SET),
        *(Step.EXECUTED, Step.TOLD, Step.SATISFACTION_ASKED, Step.RECHECKED),
        *(Step.SUMMED_UP, Step.ARCHIVED),
    )
    desk.take(file_id, Step.REOPENED, begin)
    for number, step in enumerate(steps, 1):
        who = desk.manny if step is Step.RECHECKED else desk.hanna
        desk.take(file_id, step, begin + number * HOUR, who, note="done anew")


def test_a_closed_file_is_an_encounter_with_its_events_and_words(desk):
    file_id = closed(desk, demand="The money back.")
    with desk.seeded.transaction() as session:
        changes = FileChanges("booking", "refund", demand="The money back.")
        change_fields(session, who=desk.hanna, file_id=file_id, changes=changes, now=NOW)
    [row] = encounters(desk)
    assert (row.channel, row.case_kind, row.business_line) == ("record", "complaint", "airline")
    assert row.station_id == desk.seeded.station_id
    assert row.occurred_at == BEGIN + CLOSED_AFTER
    assert (row.severity, row.is_repeat, row.must_inspect) == ("ordinary", False, False)
    names = [event["name"] for event in row.events]
    assert (names[0], names[-1]) == ("received", "archived")
    assert len(names) == 14  # received, recorded and assigned as it was entered, then eleven
    assert row.attributes == {
        "file_number": "F-000001",
        "file_class": ["booking", "refund"],
        "file_demand": "The money back.",
    }
    with desk.seeded.reading() as session:
        turns = session.execute(select(Turn.speaker, Turn.text)).all()
        assert ("customer", WORDS) in [tuple(turn) for turn in turns]
        assert search_index.candidates(session, query_of("refund")) == [row.id]


def test_its_clocks_come_filled_in(desk):
    """Received at 8:30 in Taipei; the first answer was the third step, three hours later."""
    closed(desk)
    with desk.seeded.reading() as session:
        query = select(*ENCOUNTER).join(Station, Station.id == Interaction.station_id)
        row = session.execute(query.where(Interaction.source == SOURCE)).one()
        recorded = recorded_of(encounter_of(session, row))
        checklist = checklist_of(session, version_of(session, "complaint"))
    clocks = [item.clock for item in checklist.items() if item.clock]
    first = next(
        c for c in clocks if (c.start_event, c.stop_event) == ("received", "first_response")
    )
    times = recorded_times(first, recorded)
    assert times is not None
    assert (times["start"], times["stop"]) == (
        "2026-03-06T08:30:00+08:00",
        "2026-03-06T11:30:00+08:00",
    )
    assert times["evidence_kind"] == "manual"


def test_what_is_not_closed_is_none(desk):
    desk.entered()
    cancelled = desk.entered()
    desk.take(cancelled, Step.CANCELLED, NOW, note="withdrawn")
    assert encounters(desk) == []


def test_closed_again_it_is_the_same_one_and_up_to_date(desk):
    file_id = closed(desk)
    [before] = encounters(desk)
    again(desk, file_id, begin=NOW - 50 * HOUR)
    [after] = encounters(desk)
    assert after.id == before.id
    assert after.occurred_at == NOW - 50 * HOUR + 10 * HOUR
    assert len(after.events) == len(before.events) + 11
    assert (after.is_repeat, after.must_inspect) == (True, True)
    with desk.seeded.reading() as session:
        texts = session.scalars(select(Turn.text).where(Turn.interaction_id == after.id)).all()
        assert texts.count("done anew") == 10
        assert search_index.candidates(session, query_of("anew")) == [after.id]


def test_what_an_inspector_was_given_stays_as_it_is(desk):
    file_id = closed(desk)
    [before] = encounters(desk)
    with desk.seeded.transaction() as session:
        given = session.get_one(Interaction, before.id)
        make_assignment(
            session, interaction=given, checklist_version_id=version_of(session, "complaint")
        )
    again(desk, file_id, begin=NOW - 50 * HOUR)
    [after] = encounters(desk)
    assert (after.events, after.occurred_at) == (before.events, before.occurred_at)
    assert after.content_digest == before.content_digest


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, False),
        ({"level": Level.IMPORTANT}, False),
        ({"marks": frozenset({Mark.MEDIA})}, True),
    ],
)
def test_major_files_must_be_inspected(desk, values, expected):
    ended_work_order(desk, BEGIN, **values)
    [row] = encounters(desk)
    assert (row.case_kind, row.must_inspect) == ("work_order", expected)


def test_urgent_once_is_enough(desk):
    file_id = desk.entered(at=BEGIN, kind=Kind.WORK_ORDER, level=Level.URGENT)
    desk.take(file_id, Step.SEVERITY_SET, BEGIN + HOUR, level=Level.ORDINARY, note="calm now")
    for number, step in enumerate(
        (Step.FIRST_RESPONSE, Step.EXECUTED, Step.ACCEPTED, Step.TOLD), 2
    ):
        desk.take(file_id, step, BEGIN + number * HOUR)
    desk.take(file_id, Step.SATISFACTION_ASKED, BEGIN + 9 * HOUR)
    [row] = encounters(desk)
    assert (row.severity, row.must_inspect) == ("ordinary", True)


def test_the_same_matter_within_thirty_days_must_be_inspected_in_whichever_order_they_close(desk):
    """Three files of one customer: the second comes 29 days after the first, the third 31 later."""
    days = timedelta(days=1)
    one = {"customer": "K-7", "topic": "booking"}
    first = desk.entered(at=NOW - 62 * days, kind=Kind.WORK_ORDER, **one)
    ended_work_order(desk, NOW - 33 * days, **one)
    ended_work_order(desk, NOW - 2 * days, **one)
    assert [row.is_repeat for row in encounters(desk)] == [True, False]
    end_work_order(desk, first, NOW - 62 * days + HOUR)
    assert [row.is_repeat for row in encounters(desk)] == [True, False, False]


def test_a_file_that_is_imported_late_makes_the_later_one_repeated(desk, imports):
    late = row_of(1, "2026-02-20T09:00:00+08:00")
    later = row_of(2, "2026-03-02T09:00:00+08:00")
    assert imports.counts("files", jsonl(later))[1] == 1
    assert [row.must_inspect for row in encounters(desk)] == [False]
    assert imports.counts("files", jsonl(late))[1] == 1
    assert [(row.is_repeat, row.must_inspect) for row in encounters(desk)] == [
        (True, True),
        (False, False),
    ]
    before = [(row.id, row.content_digest) for row in encounters(desk)]
    event = {"source": "crm", "external_id": "C-1", "step": "progress_told"}
    event |= {"at": "2026-02-20T09:30:00+08:00"}
    assert imports.counts("file-events", csv_of(event))[1] == 1
    after = [(row.id, row.content_digest) for row in encounters(desk)]
    assert [key for key, _digest in after] == [key for key, _digest in before]
    assert after[1] != before[1]


def test_a_draw_gives_what_must_be_inspected_and_reaches_the_others_by_chance(desk):
    marked = ended_work_order(desk, BEGIN, marks=frozenset({Mark.SAFETY}))
    for _number in range(3):
        closed(desk)
    drawn = draw(desk.seeded, quota=1, double_share=0)
    assert (drawn.must_inspect, drawn.random) == (1, 1)
    with desk.seeded.reading() as session:
        query = (
            select(File.id, Assignment.sample_class, Assignment.inclusion_probability)
            .join(File, File.interaction_id == Assignment.interaction_id)
            .order_by(Assignment.sample_class)
        )
        must, by_chance = session.execute(query).all()
    assert tuple(must) == (marked, "must_inspect", 1.0)
    assert (by_chance.sample_class, by_chance.inclusion_probability) == ("random", 1 / 3)


def test_a_file_moves_no_figure(desk):
    def figures():
        with desk.seeded.reading() as session:
            return [session.scalar(select(func.count()).select_from(t)) for t in rollups.TABLES]

    before = figures()
    ended_work_order(desk, BEGIN, marks=frozenset({Mark.SAFETY}))
    assert figures() == before


def test_a_rebuild_makes_what_lacks_and_nothing_twice(desk):
    closed(desk)
    [row] = encounters(desk)
    with desk.seeded.transaction() as session:
        session.execute(update(File).values(interaction_id=None))
        search_index.forget(session, [row.id])
        session.execute(delete(Turn))
        session.execute(delete(Interaction).where(Interaction.id == row.id))
    for _time in range(2):
        with desk.seeded.transaction() as session:
            derive_all(session)
    [same] = encounters(desk)
    assert same.content_digest == row.content_digest
    with desk.seeded.reading() as session:
        assert session.scalars(select(File.interaction_id)).one() == same.id


def test_words_are_masked_in_the_encounter_too(desk):
    file_id = desk.entered(at=BEGIN, content="Call 13812345678 please.")
    desk.closed(file_id, BEGIN)
    with desk.seeded.reading() as session:
        texts = session.scalars(select(Turn.text)).all()
    assert texts
    assert not any("13812345678" in text for text in texts)


def test_a_file_and_its_encounter_name_each_other(desk):
    file_id = ended_work_order(desk, BEGIN, marks=frozenset({Mark.SAFETY}))
    [row] = encounters(desk)
    view = desk.read(file_view, desk.hanna, file_id, now=NOW)
    assert view.encounter is not None
    assert tuple(view.encounter) == (f"FILE-{file_id}", True, None)
    assert desk.read(file_behind, desk.hanna, row.id) == (file_id, "F-000001")
    assert desk.read(file_behind, desk.otto, row.id) is None
    assert desk.read(file_behind, desk.seeded.alice, row.id) is None


def test_a_kind_that_no_checklist_is_for_stays_a_file(desk):
    file_id = desk.entered(at=BEGIN)
    with desk.seeded.transaction() as session:
        session.get_one(File, file_id).first_kind = Kind.SUGGESTION.value
    with desk.seeded.transaction() as session:
        taken = Taken(FileEvent(Step.TOLD, BEGIN + HOUR))
        take_step(session, who=desk.hanna, file_id=file_id, taken=taken, now=BEGIN + HOUR)
    with desk.seeded.reading() as session:
        assert session.get_one(File, file_id).state == "closed"
    assert encounters(desk) == []


def row_of(number, received):
    """A work order of another system, all of it over within the day."""
    day = received[:10]
    steps = ("assigned", "first_response", "executed", "accepted", "told", "satisfaction_asked")
    return {
        "source": "crm",
        "external_id": f"C-{number}",
        "kind": "work_order",
        "station_code": "D1",
        "channel": "phone",
        "received_at": received,
        "class": "booking",
        "content": "Please send it again.",
        "customer_ref": "K-77",
        "events": [
            {"step": step, "at": f"{day}T1{hour}:00:00+08:00", "source": "system"}
            for hour, step in enumerate(steps)
        ],
    }
