"""Importing files and events, and the worked example at the command line."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from sqlalchemy import func, select

from core.access import Identity, Role
from core.settings import Settings
from db.__main__ import main
from db.files.derived_columns import DERIVED, derive_all
from db.files.models import File, FileStep
from db.importing.personal_data import FILE
from db.safekeeping.key_rotation import renew_customers
from db.safekeeping.models import Erasure
from db.safekeeping.retention import Keeper
from db.safekeeping.services.disclosure import disclose_customer
from db.safekeeping.services.erasure import erase_pseudonym
from db.store.keys import Keys
from db.store.session import reading, transaction
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, csv_of, jsonl

ZONE = "+08:00"
PHONE = "13812345678"


def a_file(number=1, **changed):
    return {
        "source": "crm",
        "external_id": f"C-{number}",
        "kind": "complaint",
        "station_code": "D1",
        "channel": "phone",
        "received_at": "2026-03-02T09:10:00+08:00",
        "class": "baggage",
        "severity": "important",
        "content": f"行李延误，请打 {PHONE}",
        "customer_ref": "K-77",
    } | changed


def an_event(step, day_and_time, number=1, **changed):
    at = f"2026-03-{day_and_time}:00{ZONE}"
    return {"source": "crm", "external_id": f"C-{number}", "step": step, "at": at} | changed


def told(step, day_and_time, **changed):
    """An event as it stands in a row of a file."""
    return an_event(step, day_and_time, **changed) | {"source": "system"}


EXAMPLE = (
    an_event("first_response", "02T17:45"),
    an_event("waiting_began", "03T08:00"),
    an_event("waiting_ended", "04T14:30"),
    an_event("executed", "05T10:00"),
    an_event("told", "05T20:00"),
)


def everything(engine):
    """What the files come to, without ids."""
    with reading(engine) as session:
        files = session.scalars(select(File).order_by(File.external_id)).all()
        return [{name: getattr(file, name) for name in DERIVED} for file in files]


def events(engine):
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(FileStep))


@pytest.fixture
def shown(desk, monkeypatch, tmp_path, capsys):
    """A file as the command line shows it."""

    def shown(*arguments):
        url = desk.engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        status = main(["file", *arguments])
        told = capsys.readouterr()
        return json.loads(told.out) if status == 0 else (status, told.err.strip())

    return shown


def clocks(data):
    return {clock["key"]: clock for clock in data["clocks"]}


@pytest.mark.both
def test_the_worked_example_through_the_command_line(desk, monkeypatch, tmp_path, capsys, shown):
    """First answer 8:35 of 24 h; executed 72:50 - 30:30 = 42:20 of 48 h; told at 52:20."""
    url = desk.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    assert main(["import", "files", str(desk.file(jsonl(a_file()), "files.jsonl"))]) == 0
    path = desk.file(csv_of(*EXAMPLE), "events.csv")
    assert main(["import", "file-events", str(path)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["added"] == 5
    data = shown("crm", "C-1", "--at", "2026-03-06T00:00:00+08:00")
    assert (data["kind"], data["state"], data["level"]) == ("complaint", "told", "important")
    first, executed, told = (clocks(data)[key] for key in ("first_response", "executed", "told"))
    assert (first["state"], first["elapsed_seconds"]) == ("met", 8 * 3600 + 35 * 60)
    assert (executed["state"], executed["elapsed_seconds"]) == ("met", 42 * 3600 + 20 * 60)
    assert executed["paused_seconds"] == 30.5 * 3600
    assert (executed["limit_seconds"], executed["due"]) == (48 * 3600, "2026-03-05T07:40:00+00:00")
    assert (told["state"], told["limit_seconds"]) == ("unset", None)
    assert told["elapsed_seconds"] == 52 * 3600 + 20 * 60
    assert [step["step"] for step in data["steps"]] == [
        "received",
        *(event["step"] for event in EXAMPLE),
    ]


def test_a_file_is_shown_as_it_stood(desk, shown):
    """On 4 March at 15:00 30 h 30 min of 53 h 50 min were waiting; a day before it lasts."""
    events = [event | {"source": "system"} for event in EXAMPLE]
    desk.load("files", jsonl(a_file(events=events, customer_ref="")))
    then = shown("crm", "C-1", "--at", "2026-03-04T15:00:00+08:00")
    assert clocks(then)["executed"]["state"] == "running"
    assert clocks(then)["executed"]["elapsed_seconds"] == (53 * 60 + 50 - 30 * 60 - 30) * 60
    before = shown("crm", "C-1", "--at", "2026-03-03T15:00:00+08:00")
    assert clocks(before)["executed"]["state"] == "waiting"
    assert clocks(before)["executed"]["paused_seconds"] == 7 * 3600


def test_a_file_that_is_not_there(desk, shown):
    desk.load("files", jsonl(a_file(customer_ref="")))
    assert shown("crm", "C-9") == (2, "This file does not exist.")
    early = shown("crm", "C-1", "--at", "2026-03-01T00:00:00")
    assert early == (2, "This file had not been received by then.")


def test_no_order_of_events_changes_anything(desk):
    """Six of the 120 orders, each in one import and row by row; waits stay together."""
    results = []
    for number, order in enumerate(list(permutations(EXAMPLE))[::20], 1):
        desk.load("files", jsonl(a_file(number)))
        rows = [event | {"external_id": f"C-{number}"} for event in order]
        assert desk.counts("file-events", csv_of(*rows)) == (5, 5, 0, 0, 0)
        results.append(everything(desk.engine)[number - 1])
    assert results == [results[0]] * len(results)
    assert results[0]["state"] == "told"


def test_importing_again_adds_nothing(desk):
    row = a_file(events=[EXAMPLE[0] | {"source": "manual", "by": "Wu"}])
    assert desk.counts("files", jsonl(row)) == (1, 1, 0, 0, 0)
    assert desk.counts("files", jsonl(row)) == (1, 0, 1, 0, 0)
    assert desk.counts("file-events", csv_of(*EXAMPLE)) == (5, 4, 1, 0, 0)
    assert desk.counts("file-events", csv_of(*EXAMPLE)) == (5, 0, 5, 0, 0)
    assert events(desk.engine) == 6


def test_a_row_changes_only_the_columns_that_it_carries(desk):
    desk.load("files", jsonl(a_file()))
    later = {"source": "crm", "external_id": "C-1", "class": "seat"}
    assert desk.counts("files", csv_of(later)) == (1, 0, 0, 1, 0)
    with reading(desk.engine) as session:
        file = session.scalars(select(File)).one()
        assert (file.topic, file.severity, file.channel) == ("seat", "important", "phone")


def test_the_derived_columns_are_those_of_a_rebuild(desk):
    desk.load("files", jsonl(a_file(1), a_file(2, kind="problem"), a_file(3, kind="feedback")))
    desk.load(
        "file-events", csv_of(*EXAMPLE[:3], an_event("became_complaint", "03T05:10", number=2))
    )
    desk.load("files", csv_of({"source": "crm", "external_id": "C-1", "severity": "urgent"}))
    before = everything(desk.engine)
    assert [file["kind"] for file in before] == ["complaint", "complaint", "feedback"]
    with transaction(desk.engine) as session:
        for file in session.scalars(select(File)):
            file.state, file.level, file.next_due_at, file.late_since = "x", "x", None, NOW
    with transaction(desk.engine) as session:
        assert derive_all(session) == 3
    assert everything(desk.engine) == before


@pytest.mark.parametrize(
    ("changed", "column", "sentence"),
    [
        ({"kind": "quarrel"}, "kind", "This must be one of"),
        ({"station_code": "D9"}, "station_code", "There is no station"),
        ({"events": [{"step": "sung", "at": "2026-03-03T09:00:00Z"}]}, "events[1].step", "one of"),
        ({"received_at": None}, "received_at", "required"),
        ({"events": [told("told", "01T09:00")]}, "events", "told comes before the file"),
        ({"events": [told("received", "02T09:00")]}, "events", "once, not 2 times"),
        ({"events": [told("waiting_ended", "03T09:00")]}, "events", "has not begun"),
        ({"events": [told("progress_told", "03T09:00")] * 501}, "events", "more than 500"),
    ],
)
def test_refused_files(desk, changed, column, sentence):
    row = {name: cell for name, cell in (a_file() | changed).items() if cell is not None}
    [(line, where, why)] = desk.refusals("files", jsonl(row))
    assert (line, where) == (1, column)
    assert sentence in why


@pytest.mark.parametrize(
    ("rows", "lines", "sentence"),
    [
        ([an_event("told", "01T09:00")], [2], "told comes before the file was received"),
        (
            [an_event("told", "03T09:00"), an_event("executed", "04T09:00")],
            [3],
            "told comes before",
        ),
        (
            [an_event("waiting_began", "03T09:00"), an_event("waiting_began", "04T09:00")],
            [3],
            "twice",
        ),
        ([an_event("received", "03T09:00")], [2], "received once, not 2 times"),
        ([an_event("told", "03T09:00", number=9)], [2], "There is no file with this number"),
        (
            [an_event("told", "09T09:00", at=(NOW).isoformat().replace("2026", "2027"))],
            [2],
            "future",
        ),
    ],
)
def test_refused_events(desk, rows, lines, sentence):
    desk.load("files", jsonl(a_file()))
    refused = desk.refusals("file-events", csv_of(*rows))
    assert [line for line, _column, _why in refused] == lines
    assert all(sentence in why for _line, _column, why in refused)


def test_local_times_are_those_of_the_station(desk):
    """09:10 in Taipei is 01:10 UTC."""
    desk.load("files", jsonl(a_file(received_at="2026-03-02 09:10:00")))
    desk.load("file-events", csv_of(an_event("told", "x", at="2026-03-05 20:00")))
    with reading(desk.engine) as session:
        assert session.scalars(select(File)).one().received_at.hour == 1
        told = session.scalars(select(FileStep).where(FileStep.step == "told")).one()
        assert told.at.isoformat() == "2026-03-05T12:00:00+00:00"


def test_words_are_masked_and_the_customer_is_a_pseudonym(desk):
    event = an_event("first_response", "02T17:45", note=f"rang {PHONE}")
    desk.load("files", jsonl(a_file(events=[event | {"source": "manual"}])))
    with reading(desk.engine) as session:
        file = session.scalars(select(File)).one()
        note = session.scalars(select(FileStep.note).where(FileStep.note != "")).one()
    assert PHONE not in file.content + note
    assert file.customer_ref == KEYS.pseudonym("K-77")


def test_the_files_of_an_erased_customer_are_emptied_and_do_not_come_back(desk):
    desk.load("files", jsonl(a_file(demand="ring K-77"), a_file(2, customer_ref="K-78")))
    with transaction(desk.engine) as session:
        erase_pseudonym(session, KEYS, KEYS.pseudonym("K-77"), now=NOW)
    with reading(desk.engine) as session:
        first, second = session.scalars(select(File).order_by(File.id))
        assert (first.external_id, first.customer_ref) == (f"erased-{first.id}", None)
        assert (first.content, first.demand, first.state) == ("", "", "new")
        assert second.content != ""
        assert session.scalar(select(func.count()).where(Erasure.kind == FILE)) == 1
    [(_line, _column, why)] = desk.refusals("files", jsonl(a_file()))
    assert "erased on request" in why


def test_a_customer_is_given_their_files_with_the_events(desk):
    desk.load("files", jsonl(a_file(events=[told("first_response", "02T17:45")])))
    who = Identity(1, "ada", "Ada", frozenset({Role.ADMINISTRATOR}))
    with transaction(desk.engine) as session:
        asked = {"reference": "K-77", "reason": "letter", "now": NOW}
        given = disclose_customer(session, KEYS, who=who, **asked)
    [file] = given["files"]
    assert file["external_id"] == "C-1"
    assert [event["step"] for event in file["events"]] == ["received", "first_response"]


def test_another_key_names_the_customer_of_a_file_anew(desk):
    desk.load("files", jsonl(a_file()))
    after = Keys(b"another secret of thirty-two byte", (KEYS.secret,))
    assert renew_customers(desk.engine, after) == 1
    assert desk.all(File.customer_ref) == [(after.pseudonym("K-77"),)]


def test_ended_files_lose_their_words_and_their_customer_when_the_time_of_keeping_is_over(desk):
    """The second goes on, and keeps what it needs."""
    ended = told("cancelled", "03T09:00", note="not ours")
    desk.load("files", jsonl(a_file(1, events=[ended]), a_file(2)))
    keeper = Keeper(desk.engine, Settings(), KEYS, NOW)
    assert [keeper.clear_values(NOW) for _ in range(2)] == [1, 0]
    assert [keeper.transcripts(NOW) for _ in range(2)] == [1, 0]
    words = desk.all(File.id, File.content != "", File.customer_ref.is_not(None), File.state)
    assert [row[1:] for row in words] == [(False, False, "cancelled"), (True, True, "new")]
    assert desk.all(FileStep.note) == [("",)] * 3


SAID = an_event("first_response", "02T17:45", event_source="manual", note="rang, will call back")


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"note": "rang, no answer"}, "note"),
        ({"event_source": "system"}, "event_source"),
        ({"note": "rang, will call back tomorrow"}, "note"),
    ],
)
def test_an_event_that_says_otherwise_than_the_stored_one_is_refused(desk, changed, column):
    desk.load("files", jsonl(a_file()))
    desk.load("file-events", csv_of(SAID))
    [(line, where, why)] = desk.refusals("file-events", csv_of(SAID | changed))
    assert (line, where) == (2, column)
    assert "first_response at 2026-03-02T09:45+00:00 is stored with another" in why
    assert desk.counts("file-events", csv_of(an_event("first_response", "02T17:45"))) == (
        *(1, 0, 1, 0, 0),
    )
    assert desk.all(FileStep.note) == [("",), (SAID["note"],)]


def test_another_level_at_the_same_time_is_refused(desk):
    urgent = an_event("severity_set", "02T10:00", severity="urgent")
    desk.load("files", jsonl(a_file()))
    desk.load("file-events", csv_of(urgent))
    [(_line, where, _why)] = desk.refusals("file-events", csv_of(urgent | {"severity": "ordinary"}))
    assert where == "severity"
    row = a_file(events=[told("severity_set", "02T10:00", severity="ordinary")])
    [(_line, where, why)] = desk.refusals("files", jsonl(row))
    assert where == "events"
    assert "stored with another severity" in why


def test_a_level_beside_a_step_that_sets_none_is_refused(desk):
    desk.load("files", jsonl(a_file()))
    row = an_event("executed", "05T10:00", severity="urgent")
    [(line, where, why)] = desk.refusals("file-events", csv_of(row))
    assert (line, where, why) == (2, "severity", "Only severity_set sets a severity.")
    row = told("executed", "05T10:00", severity="urgent")
    [(_line, where, _why)] = desk.refusals("files", jsonl(a_file(2, events=[row])))
    assert where == "events[1].severity"


def test_a_masked_note_is_the_same_when_it_comes_again(desk):
    noted = SAID | {"note": f"rang {PHONE}"}
    desk.load("files", jsonl(a_file()))
    desk.load("file-events", csv_of(noted))
    assert desk.counts("file-events", csv_of(noted)) == (1, 0, 1, 0, 0)


def test_one_row_that_says_two_things_of_a_step_and_time_is_refused(desk):
    twice = [told("told", "05T20:00"), told("told", "05T20:00", note="by letter")]
    [(_line, where, why)] = desk.refusals("files", jsonl(a_file(events=twice)))
    assert (where, "says two things" in why) == ("events[2]", True)
    alike = [told("told", "05T20:00")] * 2
    assert desk.counts("files", jsonl(a_file(events=alike))) == (1, 1, 0, 0, 0)
    local = an_event("executed", "x", at="2026-03-04 10:00")
    rows = [local, an_event("executed", "04T10:00", note="new seat")]
    [(line, _where, why)] = desk.refusals("file-events", csv_of(*rows))
    assert (line, "Line 2 of the file is about the same" in why) == (3, True)
