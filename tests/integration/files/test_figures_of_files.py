"""Figures of files against a calculation by hand, and every mark against the list behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotAllowed
from core.files.kinds import Kind
from core.files.steps import Step
from core.sampling import kaplan_meier, wilson_interval
from db.files.queries.figures import file_figures
from db.files.queries.file_filter import FileFilter, Timeliness, Which
from db.files.queries.file_list import files
from db.files.services.joining import merge_into
from tests.support.clock import NOW
from tests.support.files.desk import HOUR
from tests.support.importing.files import Desk as ImportDesk
from tests.support.importing.files import jsonl

pytestmark = pytest.mark.both

BEGIN = NOW - 200 * HOUR
COMPLAINTS = FileFilter(which=Which.ALL, kind=Kind.COMPLAINT)
PROBLEMS = FileFilter(which=Which.ALL, kind=Kind.PROBLEM)
MET, LATE, OVERDUE, NOT_DUE = 41, 5, 3, 2


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


@pytest.fixture
def imported(seeded, tmp_path):
    """Import files of another system, each from its kind, its hours ago and its events."""
    desk = ImportDesk(seeded.engine, tmp_path)

    def imported(*rows):
        written = [row_of(number, **row) for number, row in enumerate(rows, 1)]
        assert desk.counts("files", jsonl(*written))[1] == len(rows)

    return imported


@pytest.fixture
def answers(imported):
    """49 first answers that were due within 24 hours, and two that are not due yet."""
    imported(
        *[{"ago": 200, "steps": {"first_response": 3}} for _n in range(MET)],
        *[{"ago": 200, "steps": {"first_response": 30}} for _n in range(LATE)],
        *[{"ago": 25} for _n in range(OVERDUE)],
        *[{"ago": 5} for _n in range(NOT_DUE)],
    )


@pytest.fixture
def durations(imported):
    """Handled after 5, 9, 12, 20, 26, 31 and 47 hours; still open for 8, 15 and 40 hours."""
    imported(
        *[
            {"kind": "problem", "ago": 100, "steps": {"first_response": 1, "executed": hours}}
            for hours in (5, 9, 12, 20, 26, 31, 47)
        ],
        *[{"kind": "problem", "ago": hours} for hours in (8, 15, 40)],
    )


def row_of(number, *, ago, kind="complaint", steps=(), **more):
    received = NOW - ago * HOUR
    return {
        "source": "crm",
        "external_id": f"C-{number}",
        "kind": kind,
        "station_code": "D1",
        "channel": "phone",
        "received_at": received.isoformat(),
        "severity": "ordinary",
        "content": "Please look into it.",
        "events": [
            {"step": step, "at": (received + hours * HOUR).isoformat(), "source": "system"}
            for step, hours in dict(steps).items()
        ],
    } | more


def figures(desk, wanted, who=None, now=NOW):
    return desk.read(file_figures, who or desk.seeded.bob, wanted, now=now)


def listed(desk, wanted, now=NOW):
    return len(desk.read(files, desk.seeded.bob, wanted, now=now, limit=100).rows)


def first_answers(found):
    return next(one for one in found.in_time if one.step is Step.FIRST_RESPONSE)


def test_open_answers_past_due_count_as_not_in_time(desk, answers):
    """41 of 41 + 5 + 3: 83.7 % (73.3 to 90.5), not 41 of 46; two are not due yet."""
    found = first_answers(figures(desk, COMPLAINTS))
    assert found[1:] == (MET, LATE, OVERDUE)
    assert found.n == 49
    low, high = wilson_interval(found.met, found.n, level=0.9)
    assert [round(100 * share, 1) for share in (41 / 49, low, high)] == [83.7, 73.3, 90.5]


def test_what_was_not_due_becomes_overdue_with_time(desk, answers):
    later = figures(desk, COMPLAINTS, now=NOW + 20 * HOUR)
    assert first_answers(later)[1:] == (MET, LATE, OVERDUE + NOT_DUE)


def test_limits_that_are_only_checked_count_in_nothing(desk, answers):
    """Nobody has confirmed in how many hours a complaint is to be finished."""
    found = figures(desk, COMPLAINTS)
    assert [one.n for one in found.in_time if one.step is not Step.FIRST_RESPONSE] == [0, 0]


def test_hours_to_handling_by_kaplan_and_meier(desk, durations):
    """S(20) = .54, S(26) = .405: 26 hours; the median of the handled ones alone, 20, flatters."""
    found = kaplan_meier(figures(desk, PROBLEMS).times)
    assert (found.n, found.ended, found.median) == (10, 7, 26)
    shares = {step.time: round(step.share, 3) for step in found.steps}
    assert (shares[20], shares[26]) == (0.54, 0.405)


def test_marks_lead_to_as_many_files_as_they_count(desk, answers):
    for timeliness, count in zip(Timeliness, (MET, LATE, OVERDUE), strict=True):
        timed = (Step.FIRST_RESPONSE, timeliness)
        wanted = FileFilter(which=Which.ALL, kind=Kind.COMPLAINT, timed=timed)
        assert listed(desk, wanted) == count
    assert listed(desk, COMPLAINTS) == figures(desk, COMPLAINTS).n == 51


def test_topics_and_hours_of_the_week(desk, imported):
    """Tuesday 12:30 in Taipei: two hours ago it was 10; a week and an hour ago, Tuesday 11."""
    imported(
        {"ago": 2, "class": "baggage", "sub_topic": "lost"},
        {"ago": 2, "class": "baggage", "sub_topic": "lost"},
        {"ago": 7 * 24 + 1, "class": "booking"},
        {"ago": 2, "kind": "problem", "class": "flight"},
    )
    found = figures(desk, COMPLAINTS)
    assert found.n == 3
    assert [tuple(topic) for topic in found.topics] == [("baggage", "lost", 2), ("booking", "", 1)]
    assert found.by_hour == {24 + 10: 2, 24 + 11: 1}
    for more, count in (
        ({"topic": "baggage", "sub_topic": "lost"}, 2),
        ({"topic": "booking", "sub_topic": ""}, 1),
        ({"weekday_hour": 34}, 2),
    ):
        assert listed(desk, FileFilter(which=Which.ALL, kind=Kind.COMPLAINT, **more)) == count


def test_the_same_matter_again_within_thirty_days(desk, imported):
    """Of three with a customer and a class one comes 29 days after another, one 31 after that."""
    same = {"class": "booking", "customer_ref": "K-1"}
    imported(
        {"ago": 60 * 24 + 1} | same,
        {"ago": 31 * 24 + 1} | same,
        {"ago": 0.5} | same,
        {"ago": 1, "class": "booking"},
    )
    found = figures(desk, COMPLAINTS)
    assert (found.recognised, found.repeated) == (3, 1)


def test_only_the_days_asked_for(desk, imported):
    imported({"ago": 2}, {"ago": 24 * 40})
    day = (NOW - timedelta(days=29)).date()
    wanted = FileFilter(which=Which.ALL, kind=Kind.COMPLAINT, since=day)
    assert figures(desk, wanted).n == listed(desk, wanted) == 1
    assert figures(desk, COMPLAINTS).n == 2


def test_merged_duplicates_are_one_matter(desk):
    _first, second = desk.entered(), desk.entered()
    with desk.seeded.transaction() as session:
        merge_into(session, who=desk.hanna, file_id=second, number="F-000001", now=NOW)
    assert figures(desk, COMPLAINTS, desk.hanna).n == listed(desk, COMPLAINTS) == 1


def test_a_handler_counts_the_own_stations_and_nobody_else_who_reads_none(desk, answers):
    desk.entered()
    assert figures(desk, COMPLAINTS, desk.hanna).n == 1
    assert figures(desk, COMPLAINTS, desk.manny).n == 1
    assert figures(desk, COMPLAINTS, desk.otto).n == 0
    for who in (desk.tina, desk.axel, desk.seeded.charlie):
        with pytest.raises(NotAllowed):
            figures(desk, COMPLAINTS, who)
