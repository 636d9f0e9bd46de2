"""Measures of stored records, and those imported, against calculations by hand."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.checklist.model import BOT
from core.errors import InvalidInput
from core.periods import Period
from db.__main__ import main
from db.measures.queries import measure_at
from db.people.models import Station
from db.results.models import StationItemMonth, StationMonth
from tests.factories import make_interaction, make_staff, make_station
from tests.support.clock import NOW
from tests.support.importing.files import Desk, csv_of, jsonl

pytestmark = pytest.mark.both

MONTH = Period(NOW.year * 100 + NOW.month, NOW.year * 100 + NOW.month)
YEAR = Period(202501, 202512)
HOUR = timedelta(hours=1)
GIVEN = {
    "measure": "csat",
    "station_code": "D1",
    "period": "2025-12",
    "value": 91.5,
    "n": 200,
    "low": 88,
    "high": 94,
    "source": "survey",
}


@pytest.fixture
def desk(seeded, tmp_path):
    return Desk(seeded.engine, tmp_path)


@pytest.fixture
def at(seeded):
    """The figure of a measure at a station."""

    def at(key, station="", period=MONTH, now=NOW):
        with seeded.reading() as session:
            return measure_at(session, key, period, station_code=station, now=now)

    return at


def complaint(number, *, hours=None, ago=200, station="D1", **more):
    received = NOW - ago * HOUR
    answered = [] if hours is None else [("first_response", received + hours * HOUR)]
    return {
        "source": "crm",
        "external_id": f"C-{number}",
        "kind": "complaint",
        "station_code": station,
        "channel": "phone",
        "received_at": received.isoformat(),
        "severity": "ordinary",
        "content": "Please look into it.",
        "events": [
            {"step": step, "at": moment.isoformat(), "source": "system"}
            for step, moment in answered
        ],
    } | more


def of_month(station_id, **sums):
    grain = {"checklist_version_id": 1, "channel": "phone", "sample_class": "random"}
    return StationMonth(**grain | {"station_id": station_id, "month": MONTH.first} | sums)


def test_answers_in_time_count_open_ones_past_their_due_moment(desk, at):
    """8 in time, 2 late, 2 open and past due: 8 of 12; one that is not due yet is in neither."""
    rows = [complaint(number, hours=3) for number in range(8)]
    rows += [complaint(number, hours=40) for number in (8, 9)]
    rows += [complaint(number) for number in (10, 11)] + [complaint(12, ago=2)]
    desk.load("files", jsonl(*rows))
    in_time = at("responded_in_time", "D1")
    assert (round(in_time.value, 1), in_time.n) == (66.7, 12)
    assert at("overdue_now", "D1").value >= 2
    assert str(at("responded_in_time", "TPE-PHONE").reason) == (
        "There are 0; a value is told from 10 on."
    )
    assert at("responded_in_time").value == in_time.value  # of all stations


def test_a_file_is_of_the_month_in_which_it_came(desk, at):
    desk.load("files", jsonl(*[complaint(number, hours=3) for number in range(12)]))
    before = Period(202501, 202501)
    assert at("responded_in_time", "D1", before).n == 0


def test_complaints_are_told_per_thousand_encounters(desk, seeded, at):
    """3 complaints, 200 encounters of people and one of a bot: 15 per 1,000."""
    with seeded.transaction() as session:
        staff = make_staff(session, station=make_station(session, code="D2"))
        for number in range(201):
            channel = BOT if number == 200 else "phone"
            make_interaction(session, staff=staff, turns=(), channel=channel)
    desk.load("files", jsonl(*[complaint(number, station="D2") for number in range(3)]))
    rate = at("complaint_rate", "D2")
    assert (rate.value, rate.n) == (15.0, 200)


def test_ratings_are_in_percent_of_their_scale(seeded, at):
    """15 with 3 of 1 to 5, 15 with 5: 50 and 100 percent; one without a scale is left out."""
    with seeded.transaction() as session:
        staff = make_staff(session, station=make_station(session, code="D2"))
        for number in range(31):
            scale = {} if number == 30 else {"rating_low": 1.0, "rating_high": 5.0}
            rating = 3.0 if number % 2 else 5.0
            make_interaction(session, staff=staff, turns=(), customer_rating=rating, **scale)
    rating = at("rating", "D2")
    assert (rating.value, rating.n) == (75.0, 30)


def test_scores_are_of_random_inspections_by_people(seeded, at):
    """40 random ones with mean 80, 30 passed, 4 critical; others are in no figure."""
    sums = {"n": 40, "total": 3200.0, "squares": 40 * 6400.0, "passed": 30, "critical": 4}
    with seeded.transaction() as session:
        station = make_station(session, code="D2")
        session.add_all(
            [
                of_month(station.id, **sums),
                of_month(station.id, **sums, sample_class="targeted"),
                of_month(station.id, **sums, channel=BOT),
            ]
        )
    score = at("score", "D2")
    assert (score.value, score.n) == (80.0, 40)
    assert (at("pass_rate", "D2").value, at("critical_rate", "D2").value) == (75.0, 10.0)


def test_an_item_is_lost_by_its_answers_in_random_inspections(seeded, at):
    """At D2, 9 of 45 answers lost it: 20 percent; N/A, other items and other samples aside."""
    sums = {"section_key": "service", "answered": 45, "lost": 9, "na": 30}
    with seeded.transaction() as session:
        station = make_station(session, code="D2")
        grain = {"checklist_version_id": 1, "channel": "phone", "sample_class": "random"}
        rows = [{}, {"item_key": "NAME"}, {"sample_class": "targeted"}, {"channel": BOT}]
        for changed in rows:
            where = {"station_id": station.id, "month": MONTH.first, "item_key": "HELLO"}
            session.add(StationItemMonth(**grain | sums | where | changed))
    lost = at("item_lost:HELLO", "D2")
    assert (lost.value, lost.n) == (20.0, 45)


def test_imported_measures_stand_as_given_and_are_taken_once(desk, at):
    assert desk.counts("measures", csv_of(GIVEN)) == (1, 1, 0, 0, 0)
    assert desk.counts("measures", csv_of(GIVEN)) == (1, 0, 1, 0, 0)
    december = Period(202512, 202512)
    found = at("csat", "D1", december)
    assert (found.value, found.n, found.low, found.high) == (91.5, 200, 88, 94)
    assert desk.counts("measures", csv_of(GIVEN | {"value": 92})) == (1, 0, 0, 1, 0)
    assert at("csat", "D1", december).value == 92
    assert str(at("csat", "", december).reason) == "Nothing was imported for this period."


@pytest.mark.parametrize("written", ["'2025-12", '="2025-12"', "２０２５-12"])
def test_a_period_is_read_as_exports_write_it(desk, at, written):
    assert desk.counts("measures", csv_of(GIVEN | {"period": written})) == (1, 1, 0, 0, 0)
    assert at("csat", "D1", Period(202512, 202512)).value == 91.5


def test_measures_of_the_company_name_no_station(desk, at):
    row = GIVEN | {"station_code": "", "period": "2025", "value": 12.5, "measure": "service_cost"}
    row |= {"low": "", "high": ""}
    assert desk.counts("measures", csv_of(row)) == (1, 1, 0, 0, 0)
    assert desk.counts("measures", csv_of(row)) == (1, 0, 1, 0, 0)
    assert at("service_cost", "", YEAR).value == 12.5
    assert at("service_cost", "D1", YEAR).value is None


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"station_code": "D9"}, "station_code", "There is no station with this code."),
        ({"period": "2027"}, "period", "This period is not over yet."),
        ({"period": "spring"}, "period", "This must be a period such as 2026, 2026-Q3 or 2026-09."),
        ({"low": 93}, "value", "The value must lie within its interval."),
        ({"value": 101, "high": 102}, "value", "A share lies from 0 to 100."),
        ({"n": -1}, "n", "This must be a number from 0 to 1000000000."),
        ({"source": ""}, "source", "This is required."),
    ],
)
def test_what_cannot_be_is_refused_with_its_column(desk, change, column, sentence):
    [(_line, told_column, told)] = desk.refusals("measures", csv_of(GIVEN | change))
    assert (told_column, told) == (column, sentence)


def test_what_the_portal_computes_is_not_imported(desk):
    [(_line, column, told)] = desk.refusals("measures", csv_of(GIVEN | {"measure": "score"}))
    assert column == "measure"
    assert "csat" in told


def test_a_corrected_part_is_judged_with_what_is_stored(desk):
    """Only `value` is carried, and would lie above the stored end of the interval, 94."""
    desk.load("measures", csv_of(GIVEN))
    correction = {name: GIVEN[name] for name in ("measure", "station_code", "period", "source")}
    told = desk.refusals("measures", csv_of(correction | {"value": 95}))
    assert told == [(2, "value", "The value must lie within its interval.")]


def test_a_measure_nobody_declared_is_refused(at):
    with pytest.raises(InvalidInput, match="There is no measure called joy"):
        at("joy")


@pytest.fixture
def told(desk, monkeypatch, tmp_path, capsys):
    """What a command prints: its data, or what it says went wrong."""
    monkeypatch.setenv("DATABASE_URL", desk.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))

    def told(*arguments):
        status = main([*arguments])
        printed = capsys.readouterr()
        return json.loads(printed.out) if status == 0 else printed.err.strip()

    return told


@pytest.fixture
def two_stations(desk, seeded):
    """Critical failures at D1 fall from 18/120 to 7/130, at D2 from 15/118 to 14/125."""
    counts = {"D1": [(18, 120), (7, 130)], "D2": [(15, 118), (14, 125)]}
    with seeded.transaction() as session:
        stations = {station.code: station.id for station in session.scalars(select(Station))}
        stations["D2"] = make_station(session, code="D2").id
        for code, months in counts.items():
            for month, (critical, n) in zip((202501, 202503), months, strict=True):
                session.add(of_month(stations[code], month=month, n=n, critical=critical))


def test_the_command_judges_beside_a_control_group(told, two_stations):
    """-9.6 (-16.2 to -3.4) alone; less the others' -1.5: -8.1 (-17.7 to 1.3), which holds zero."""
    spans = ("critical_rate", "202501-202501", "202503-202503")
    alone = told("effect", *spans, "--station", "D1")
    assert (alone["verdict"], alone["control"]) == ("effective", None)
    beside = told("effect", *spans, "--station", "D1", "--control", "D2")
    rounded = {name: round(end, 1) for name, end in beside["effect"].items()}
    assert rounded == {"value": -8.1, "low": -17.7, "high": 1.3}
    assert (beside["verdict"], beside["own"]["after"]["n"]) == ("not_shown", 130)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("202501-202503", "202503-202504", "D1", "D2"), "must end before those after begin"),
        (("202501-202501", "202503-202812", "D1", "D2"), "are not over yet"),
        (("202501-202501", "202503-202503", "D1", "D1"), "cannot be its own control group"),
        (("202501-202501", "202503-202503", "D1", "D9"), "no station with this code"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(told, two_stations, arguments, sentence):
    before, after, station, control = arguments
    spans = ("critical_rate", before, after)
    assert sentence in told("effect", *spans, "--station", station, "--control", control)


def test_the_command_prints_a_measure(desk, told):
    desk.load("measures", csv_of(GIVEN))
    shown = told("measure", "csat", "202512-202512", "--station", "D1")
    assert (shown["value"], shown["n"], shown["unit"]) == (91.5, 200, "percent")
    unknown = told("measure", "csat", "202512-202512", "--station", "D9")
    assert "There is no station with this code." in unknown
