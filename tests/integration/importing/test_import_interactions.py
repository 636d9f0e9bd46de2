"""Interactions come in with masked transcripts, once, from rows, second sheets and second files."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from core.encounters.sound_addresses import sound_hosts
from db.encounters.models import ClearSpan, Interaction, Turn
from db.inspection.models import Assignment
from db.store.session import transaction
from db.tabular.file_choices import FileChoices
from tests.factories import make_assignment
from tests.support.importing.files import KEYS, TURNS, Desk, call, csv_of, jsonl, workbook

TURN_FILE = b"""source,external_id,turn,speaker,text,start_seconds
pbx,call-1,2,agent,Second,1.5
pbx,call-1,1,customer,First,
pbx,call-2,1,customer,Other,
"""


def bare(number=1, **changed):
    """A call without turns, as a row of a table."""
    row = call(number, **changed)
    del row["turns"]
    return row


def stored_turns(desk):
    return desk.all(Turn.position, Turn.speaker, Turn.text, Turn.start_seconds)


def test_a_row_becomes_an_interaction_with_masked_turns(desk):
    assert desk.counts("interactions", jsonl(call())) == (1, 1, 0, 0, 0)
    assert stored_turns(desk) == [
        (1, "customer", "我的电话是███████████", 0.5),
        (2, "agent", "好的，已为您办理。", None),
    ]
    [row] = desk.all(
        Interaction.source,
        Interaction.external_id,
        Interaction.occurred_at,
        Interaction.turn_count,
        Interaction.rating_low,
        Interaction.rating_high,
        Interaction.case_kind,
    )
    assert row == ("pbx", "call-1", datetime(2026, 3, 9, 1, tzinfo=UTC), 2, 1, 5, "none")


def test_clear_stretches_are_kept_encrypted_aside(desk):
    desk.load("interactions", jsonl(call()))
    [(position, start, length, kind, cipher)] = desk.all(
        ClearSpan.position, ClearSpan.start, ClearSpan.length, ClearSpan.kind, ClearSpan.cipher
    )
    assert (position, start, length, kind) == (1, 5, 11, "phone")
    assert b"13812345678" not in cipher
    assert KEYS.decrypt(cipher) == "13812345678"


def test_the_customer_is_stored_as_a_pseudonym(desk):
    desk.load("interactions", jsonl(call(1), call(2), call(3, customer_ref="C-1")))
    first, second, third = (ref for _, ref in desk.all(Interaction.id, Interaction.customer_ref))
    assert first == second == KEYS.pseudonym("C-4711")
    assert third != first


def test_repeating_an_import_changes_nothing(desk):
    rows = jsonl(call(1), call(2))
    desk.load("interactions", rows)
    assert desk.counts("interactions", rows) == (2, 0, 2, 0, 0)
    assert desk.count(Turn) == 4


@pytest.mark.parametrize("changed", [{"turns": TURNS[1:]}, {"customer_rating": 1}])
def test_a_changed_row_replaces_what_was_stored(desk, changed):
    desk.load("interactions", jsonl(call(1), call(2)))
    later = jsonl(call(1, **changed), call(2))
    assert desk.counts("interactions", later, agreed=True) == (2, 0, 1, 1, 0)
    kept = len(changed.get("turns", TURNS))
    assert desk.count(Turn) == kept + 2
    assert desk.count(ClearSpan) == (1 if "turns" in changed else 2)


def test_what_is_assigned_keeps_transcript_and_people(seeded, tmp_path):
    desk = Desk(seeded.engine, tmp_path)
    desk.load("interactions", jsonl(call()))
    with transaction(desk.engine) as session:
        make_assignment(session, interaction=session.get_one(Interaction, 1))
    assert desk.count(Assignment) == 1
    for changed in ({"turns": TURNS[1:]}, {"staff_no": None}, {"channel": "chat"}):
        options = {"choices": FileChoices(empty="clears"), "agreed": True}
        [(line, _, reason)] = desk.refusals("interactions", jsonl(call(**changed)), **options)
        assert line == 1
        assert reason.startswith("It is assigned or inspected already")
    assert desk.counts("interactions", jsonl(call(customer_rating=1))) == (1, 0, 0, 1, 0)
    assert desk.all(Interaction.customer_rating) == [(1,)]
    assert len(stored_turns(desk)) == 2


def test_turns_may_stand_in_a_file_of_their_own(desk):
    turns = desk.file(TURN_FILE, "turns.csv")
    rows = csv_of(bare(1), bare(2), bare(3))
    assert desk.counts("interactions", rows, turns=turns) == (3, 3, 0, 0, 0)
    assert [turn[1:] for turn in stored_turns(desk)] == [
        ("customer", "First", None),
        ("customer", "Other", None),
        ("agent", "Second", 1.5),
    ]
    assert desk.counts("interactions", rows, turns=turns) == (3, 0, 3, 0, 0)


def test_a_refused_turn_keeps_its_interaction_out(desk):
    turns = desk.file(TURN_FILE.replace(b"2,agent", b"2,parrot"), "turns.csv")
    assert desk.refusals("interactions", csv_of(bare(1), bare(2)), turns=turns) == [
        (2, "turns.speaker", "This must be one of: agent, customer, system, bot."),
        (2, "turns", "Its turn in line 2 was refused."),
    ]
    assert desk.all(Interaction.external_id) == [("call-2",)]


def test_turns_without_interaction_and_turns_twice_are_refused(desk):
    again = TURN_FILE + b"pbx,call-1,1,customer,Again,\n"
    turns = desk.file(again, "turns.csv")
    assert desk.refusals("interactions", csv_of(bare(3)), turns=turns) == [
        (5, "turns.turn", "This turn stands there twice."),
        (2, "turns", "The turn belongs to no interaction of this import."),
        (4, "turns", "The turn belongs to no interaction of this import."),
    ]


def test_a_workbook_carries_turns_in_its_second_sheet(desk):
    rows = [["source", "external_id", "channel", "station_code", "occurred_at"]]
    rows += [["pbx", number, "phone", "D1", "2026-03-09T09:00:00+08:00"] for number in (1, 2)]
    turns = [["source", "external_id", "turn", "speaker", "text"], ["pbx", 1, 1, "agent", "您好"]]
    content = workbook(rows, turns)
    assert desk.counts("interactions", content) == (2, 2, 0, 0, 0)
    assert desk.all(Interaction.external_id, Interaction.turn_count) == [("1", 1), ("2", 0)]
    assert desk.counts("interactions", content) == (2, 0, 2, 0, 0)


def test_an_empty_second_sheet_is_no_turn_sheet(desk):
    rows = [list(bare()), [str(value) for value in bare().values()]]
    assert desk.counts("interactions", workbook(rows, []))[1] == 1


def test_the_same_interaction_twice_in_a_file_is_refused_the_second_time(desk):
    rows = jsonl(call(1), call(2), call(1, language="en"))
    assert desk.refusals("interactions", rows) == [
        (3, "", "Line 1 of the file is about the same already.")
    ]


def test_strict_lets_nothing_in_if_one_row_is_refused(desk):
    rows = jsonl(call(1), call(2, station_code="D9"))
    assert desk.counts("interactions", rows, strict=True) == (2, 0, 0, 0, 1)
    assert desk.count(Interaction) == 0
    assert desk.counts("interactions", jsonl(call(1), call(2)), strict=True) == (2, 2, 0, 0, 0)


def test_strict_minds_turns_without_interaction(desk):
    turns = desk.file(TURN_FILE, "turns.csv")
    assert desk.counts("interactions", csv_of(bare(1)), turns=turns, strict=True)[1] == 0
    assert desk.count(Interaction) == 0


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"channel": "pigeon"}, "channel", "This must be one of"),
        ({"station_code": "D9"}, "station_code", "There is no station"),
        ({"staff_no": "S9"}, "staff_no", "There is nobody"),
        ({"occurred_at": "2026-13-45"}, "occurred_at", "This must be a time"),
        ({"occurred_at": "2026-03-09"}, "occurred_at", "The time of day is missing."),
        ({"occurred_at": "09/03/2026 09:00"}, "occurred_at", "Day and month read two ways"),
        ({"occurred_at": "2031-03-09T09:00:00Z"}, "occurred_at", "The time lies before 1990"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "The year lies before 1900"),
        ({"occurred_at": 20260309}, "occurred_at", "This must be a time such as"),
        ({"external_id": None}, "external_id", "This is required"),
        ({"external_id": ["x"]}, "external_id", "This must be text"),
        ({"language": "中文"}, "language", "This must be a language code"),
        ({"duration_seconds": -1}, "duration_seconds", "This must be a number from 0"),
        ({"duration_seconds": "1e999"}, "duration_seconds", "This must be a number from 0"),
        ({"duration_seconds": True}, "duration_seconds", "This must be a number from 0"),
        ({"customer_rating": 9}, "customer_rating", "The rating lies outside its scale"),
        ({"rating_scale": [5, 1]}, "rating_scale", "This must be the lowest"),
        ({"is_repeat": "maybe"}, "is_repeat", "This must be true or false"),
        ({"attributes": [1]}, "attributes", "This must be a JSON object"),
        ({"attributes": {"a": "\0"}}, "attributes.a", "The text holds a damaged"),
        ({"events": [{"name": "x"}]}, "events[1].at", "This must be a time"),
        ({"turns": "none"}, "turns", "This is not valid JSON"),
        ({"turns": [1]}, "turns[1]", "A turn must be a JSON object"),
        ({"turns": [*TURNS, {"speaker": "x"}]}, "turns[3].speaker", "This must be one of"),
        ({"turns": [{"speaker": "agent"}]}, "turns[1].text", "This must be text"),
        ({"turns": [{"speaker": "bot", "text": "\ud800"}]}, "turns[1].text", "The text holds"),
        ({"turns": [{"speaker": "bot", "text": "x" * 100_001}]}, "turns[1].text", "The text is"),
    ],
)
def test_an_unfit_cell_is_refused_at_its_column_and_the_others_go_in(desk, changed, column, reason):
    content = jsonl(call(1)) + jsonl_ascii(call(2, **changed)) + jsonl(call(3))
    [(line, refused, told)] = desk.refusals("interactions", content)
    assert (line, refused) == (2, column)
    assert told.startswith(reason)
    assert desk.all(Interaction.external_id) == [("call-1",), ("call-3",)]


def jsonl_ascii(row):
    """JSON whose escapes can hold what UTF-8 cannot."""
    return json.dumps(row).encode() + b"\n"


def test_no_reason_repeats_what_stood_in_a_cell(desk, tmp_path):
    refused = tmp_path / "refused.csv"
    rows = jsonl(
        call(1, channel="Wang 13812345678"),
        call(2, station_code="Wang 13812345678"),
        call(3, turns=[{"speaker": "Wang 13812345678", "text": ""}]),
        call(4, occurred_at="Wang 13812345678"),
    )
    desk.load("interactions", rows, refused=refused)
    told = refused.read_text(encoding="utf-8-sig")
    assert told.splitlines()[0] == "line,column,reason"
    assert len(told.splitlines()) == 5
    assert "Wang" not in told
    assert "138" not in told


def test_a_recording_at_a_host_that_is_not_allowed_refuses_its_row_by_the_hosts_name(desk):
    named = {1: "https://sounds.example/1.wav", 2: "https://evil.example/1.wav", 3: "calls/3.wav"}
    rows = [call(number, recording=recording) for number, recording in named.items()]
    rows.append(call(4, recording="ftp://sounds.example/4.wav"))
    hosts = sound_hosts("sounds.example", "")
    refused = desk.refusals("interactions", jsonl(*rows), sound_hosts=hosts)
    assert [(line, column) for line, column, _ in refused] == [(2, "recording"), (4, "recording")]
    assert "not played from evil.example:" in refused[0][2]
    assert "no address" in refused[1][2]
    assert desk.all(Interaction.external_id, Interaction.recording) == [
        ("call-1", named[1]),
        ("call-3", named[3]),
    ]
    assert desk.counts("interactions", jsonl(rows[0]))[4] == 1  # unless it is allowed
