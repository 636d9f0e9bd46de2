"""What an import would take from what is stored is seen and agreed to first."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.encounters.models import ImportBatch, Interaction, Turn
from db.importing.forecast import AgreementNeeded, Forecast
from db.importing.import_run import Order, run_import
from db.people.models import Staff
from db.store.session import transaction
from db.tabular.file_choices import FileChoices
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.importing.files import KEYS, TURNS, Desk, call, csv_of, jsonl

pytestmark = sqlite_only
CLEARS = FileChoices(empty="clears")


def team(count, **changed):
    return [
        {"staff_no": f"P{n}", "name": f"Wu Mei {n}", "station_code": "D1", "uniform_variant": "cap"}
        | changed
        for n in range(count)
    ]


def emptied(count):
    return csv_of(*({"staff_no": f"P{n}", "uniform_variant": ""} for n in range(count)))


@pytest.mark.parametrize(
    ("stored", "lost", "stops"),
    [(20, 10, True), (20, 9, False), (100, 10, False), (100, 11, True), (109, 10, False)],
)
def test_more_than_a_tenth_and_at_least_ten_stops_the_import(desk, stored, lost, stops):
    """Of 100 filled values 10 are a tenth, 11 are more; 9 are too few to ask."""
    desk.load("staff", csv_of(*team(stored)))
    if stops:
        with pytest.raises(AgreementNeeded, match=rf"uniform_variant \({lost}\)"):
            desk.load("staff", emptied(lost), choices=CLEARS)
        assert desk.count(ImportBatch) == 1
        assert ("",) not in {
            row[1:] for row in desk.all(Staff.staff_no, Staff.uniform_variant)[:-1]
        }
    assert desk.counts("staff", emptied(lost), choices=CLEARS, agreed=True) == (lost, 0, 0, lost, 0)


def test_an_empty_cell_keeps_what_is_stored_by_itself(desk):
    desk.load("staff", csv_of(*team(20)))
    assert desk.counts("staff", emptied(20)) == (20, 0, 20, 0, 0)


def test_values_that_shrink_count_as_lost(desk):
    """Names cut off after two letters: what is left is a part of what was there."""
    desk.load("staff", csv_of(*team(12)))
    with pytest.raises(AgreementNeeded, match=r"name \(12\)"):
        desk.load("staff", csv_of(*team(12, name="Wu")))
    assert desk.counts("staff", csv_of(*team(12, name="Li Na")))[3] == 12


def test_turns_are_never_taken_without_a_word(desk):
    desk.load("interactions", jsonl(call(1)))
    fewer = jsonl(call(1, turns=TURNS[:1]))
    with pytest.raises(AgreementNeeded, match=r"turns \(1\)"):
        desk.load("interactions", fewer)
    assert desk.count(Turn) == 2
    assert desk.counts("interactions", fewer, agreed=True) == (1, 0, 0, 1, 0)
    assert desk.count(Turn) == 1


def test_what_is_assigned_is_told_row_by_row_and_asks_nothing(seeded, tmp_path):
    desk = Desk(seeded.engine, tmp_path)
    desk.load("interactions", jsonl(call(1)))
    with transaction(desk.engine) as session:
        [encounter] = session.scalars(select(Interaction))
        make_assignment(session, interaction=encounter)
    [(line, _, reason)] = desk.refusals("interactions", jsonl(call(1, turns=TURNS[:1])))
    assert (line, reason.startswith("It is assigned or inspected already")) == (1, True)


def test_a_look_tells_each_column_and_writes_nothing(desk):
    desk.load("staff", csv_of(*team(3)))
    rows = [
        {"staff_no": "P0", "name": "Wu", "uniform_variant": "", "post": "lead"},
        {"staff_no": "P1", "name": "Tel 13812345678", "uniform_variant": "hat", "post": "agent"},
        {"staff_no": "N1", "name": "New", "station_code": "D1"},
    ]
    order = Order("staff", desk.file(csv_of(*rows)), choices=CLEARS, dry=True)
    result = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW)
    assert (result.batch_id, result.counts.added, result.counts.refused) == (0, 1, 2)
    rows = [row | {"station_code": "D1"} for row in rows]
    order = Order("staff", desk.file(csv_of(*rows)), choices=CLEARS, dry=True)
    result = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW)
    columns = result.forecast.columns
    assert (result.counts.added, result.counts.updated) == (1, 2)
    assert [columns["name"].added, columns["name"].changed, columns["name"].shrunk] == [1, 2, 1]
    assert (columns["uniform_variant"].changed, columns["uniform_variant"].emptied) == (1, 1)
    assert [tuple(one) for one in columns["name"].examples] == [
        (2, "Wu Mei 0", "Wu"),
        (3, "Wu Mei 1", "Tel ███████████"),
    ]
    assert desk.count(ImportBatch) == 1
    assert desk.all(Staff.staff_no, Staff.name)[0] == ("P0", "Wu Mei 0")
    assert Forecast.read(result.forecast.written()) == result.forecast


def test_who_agreed_to_some_losses_is_asked_again_where_there_are_more(desk):
    """Eleven were seen and agreed to; the file that comes would take twelve."""
    desk.load("staff", csv_of(*team(20)))
    with pytest.raises(AgreementNeeded) as question:
        desk.load("staff", emptied(11), choices=CLEARS)
    losses = question.value.result.forecast.losses()
    assert losses == {"uniform_variant": 11}
    with pytest.raises(AgreementNeeded):
        desk.load("staff", emptied(12), choices=CLEARS, agreed_losses=losses)
    done = desk.counts("staff", emptied(11), choices=CLEARS, agreed_losses=losses)
    assert done == (11, 0, 0, 11, 0)


def test_the_question_says_what_would_happen_to_the_rows(desk):
    desk.load("staff", csv_of(*team(20)))
    strange = csv_of(
        *({"staff_no": f"P{n}", "uniform_variant": "", "station_code": "D1"} for n in range(12)),
        {"staff_no": "P1", "uniform_variant": "hat", "station_code": "NOWHERE"},
    )
    with pytest.raises(AgreementNeeded) as question:
        desk.load("staff", strange, choices=CLEARS)
    counts = question.value.result.counts
    assert (counts.read, counts.updated, counts.refused) == (13, 12, 1)


def test_strict_counts_nothing_as_added(desk):
    bad = {"staff_no": "P99", "name": "Li", "station_code": "NOWHERE"}
    assert desk.counts("staff", csv_of(*team(3), bad), strict=True) == (4, 0, 0, 0, 1)


def told(number, text, **more):
    return call(number, turns=[{"speaker": "agent", "text": text} | more])


def test_transcripts_that_are_cut_off_count_as_lost(desk):
    """An export that ends each turn after ten characters: twelve of twelve."""
    desk.load("interactions", jsonl(*(told(n, "Your flight leaves at nine.") for n in range(12))))
    cut_off = jsonl(*(told(n, "Your fligh") for n in range(12)))
    with pytest.raises(AgreementNeeded, match=r"turns \(12\)"):
        desk.load("interactions", cut_off)
    other = jsonl(*(told(n, "Your flight leaves at ten, not at nine.") for n in range(12)))
    assert desk.counts("interactions", other)[3] == 12


def test_a_turn_whose_words_go_is_taken(desk):
    desk.load("interactions", jsonl(call(1)))
    silent = jsonl(call(1, turns=[TURNS[0], TURNS[1] | {"text": ""}]))
    with pytest.raises(AgreementNeeded, match=r"turns \(1\)"):
        desk.load("interactions", silent)


def test_who_agreed_to_lost_turns_did_not_agree_to_transcripts_cut_off(desk):
    """One encounter loses a turn and eleven are cut off: twelve, and not one, are agreed to."""
    desk.load("interactions", jsonl(*(told(n, "Your flight leaves.") for n in range(11)), call(11)))
    less = jsonl(*(told(n, "Your fl") for n in range(11)), call(11, turns=TURNS[:1]))
    with pytest.raises(AgreementNeeded) as question:
        desk.load("interactions", less)
    assert question.value.result.forecast.losses() == {"turns": 12}


def test_transcripts_without_times_keep_the_stored_ones(desk):
    turns = [TURNS[0] | {"start_seconds": 0.5}, TURNS[1] | {"start_seconds": 7}]
    desk.load("interactions", jsonl(call(1, turns=turns)))
    timeless = [{"speaker": turn["speaker"], "text": turn["text"]} for turn in turns]
    assert desk.counts("interactions", jsonl(call(1, turns=timeless))) == (1, 0, 1, 0, 0)
    timeless[1]["text"] += "!"
    assert desk.counts("interactions", jsonl(call(1, turns=timeless))) == (1, 0, 0, 1, 0)
    assert desk.all(Turn.position, Turn.start_seconds) == [(1, 0.5), (2, 7.0)]
    assert desk.counts("interactions", jsonl(call(1, turns=timeless)), choices=CLEARS)[3] == 0
    timeless[1]["text"] += "!"
    assert desk.counts("interactions", jsonl(call(1, turns=timeless)), choices=CLEARS)[3] == 1
    assert desk.all(Turn.position, Turn.start_seconds) == [(1, None), (2, None)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"fare": {"class": "Y", "miles": 5}}, {"fare": {"class": "Y"}}),
        ({"note": "two bags to Rome"}, {"note": "two bags"}),
        ({"bags": ["CI1", "CI2"]}, {"bags": ["CI1"]}),
        ({"seat": "4A", "meal": "fish"}, {"seat": "4A", "meal": None}),
        ({"seat": "4A"}, {"place": "4A"}),
    ],
)
def test_attributes_that_lose_something_within_count_as_lost(desk, before, after):
    desk.load("interactions", jsonl(*(call(n, attributes=before) for n in range(10))))
    with pytest.raises(AgreementNeeded, match=r"attributes \(10\)"):
        desk.load("interactions", jsonl(*(call(n, attributes=after) for n in range(10))))


def test_attributes_that_change_or_grow_do_not(desk):
    before, after = {"seat": "4A", "bags": 1}, {"seat": "5C", "bags": 2, "meal": "fish"}
    desk.load("interactions", jsonl(*(call(n, attributes=before) for n in range(10))))
    assert desk.counts("interactions", jsonl(*(call(n, attributes=after) for n in range(10))))[3]


def week(*days):
    return [{"station": "D1", "weekday": day, "opens": "09:00", "closes": "18:00"} for day in days]


def free(*days):
    return [{"station": "D1", "free_day": f"{NOW.year + 1}-01-{day:02d}"} for day in days]


def test_opening_hours_and_free_days_that_go_are_told_and_asked_about(desk):
    """Of eleven free days to come one is left; of seven days of the week two, which are too few."""
    desk.load("calendars", csv_of(*week(*range(7))))
    order = Order("calendars", desk.file(csv_of(*week(*range(5)))), dry=True)
    columns = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW).forecast.columns
    assert [one.before for one in columns["weekday"].examples] == ["5 09:00–18:00", "6 09:00–18:00"]
    desk.load("calendars", csv_of(*free(*range(1, 12))))
    with pytest.raises(AgreementNeeded, match=r"free_day \(10\)"):
        desk.load("calendars", csv_of(*free(1)))
    assert desk.counts("calendars", csv_of(*free(*range(2, 13))))[1] == 11
