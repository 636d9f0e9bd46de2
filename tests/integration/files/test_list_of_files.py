"""The list: what is due first, its sentence, its pages, what it narrows to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from core.clock import Level
from core.files.clocks import FileClockState
from core.files.kinds import Kind
from core.files.steps import Step
from db.files.queries.file_filter import FileFilter, Which
from db.files.queries.file_list import Counts, counts, files
from tests.support.clock import NOW
from tests.support.files.desk import HOUR

MINUTE = timedelta(minutes=1)
ALL = FileFilter()


@pytest.fixture
def desk(desk_with_files):
    return desk_with_files


def rows(desk, file_filter=ALL, *, now=NOW, **more):
    return desk.read(files, desk.hanna, file_filter, now=now, **more)


def test_the_first_due_comes_first_and_what_waits_for_the_customer_last(desk):
    """First answers within 24 h; B came 5 h before A; C is answered, so 72 h; D waits."""
    a, b = desk.entered(), desk.entered(at=NOW - 5 * HOUR)
    c, d = (desk.entered(done=frozenset({Step.FIRST_RESPONSE})) for _ in range(2))
    desk.take(d, Step.WAITING_BEGAN, NOW + MINUTE, note="Which card?")
    page = rows(desk, now=NOW + HOUR)
    assert [row.file_id for row in page.rows] == [b, a, c, d]
    assert [row.clock.reading.due for row in page.rows[:3]] == [
        NOW + 19 * HOUR,
        NOW + 24 * HOUR,
        NOW + 72 * HOUR,
    ]
    assert page.rows[3].clock.state is FileClockState.WAITING


def test_the_sentence_counts_late_due_soon_and_all_that_run(desk):
    """At NOW: received 30 h ago is late by 6 h; 22.5 h ago is due in 1.5 h; now is due in 24."""
    desk.entered(at=NOW - 30 * HOUR)
    desk.entered(at=NOW - 22.5 * HOUR)
    desk.entered()
    desk.closed(desk.entered(at=NOW - 90 * HOUR), NOW - 90 * HOUR)
    assert desk.read(counts, desk.hanna, FileFilter(), now=NOW) == Counts(1, 1, 3)
    assert len(rows(desk, FileFilter(which=Which.LATE)).rows) == 1


def test_a_late_first_answer_stays_late_once_it_is_given_and_the_file_closed(desk):
    """30 h instead of 24: answering and closing do not remove it."""
    late = desk.entered(at=NOW - 60 * HOUR)
    desk.take(late, Step.FIRST_RESPONSE, NOW - 30 * HOUR)
    assert desk.read(counts, desk.hanna, FileFilter(), now=NOW) == Counts(1, 0, 1)
    [row] = rows(desk, FileFilter(which=Which.LATE)).rows
    assert row.late_since == NOW - 36 * HOUR
    for number, step in enumerate(
        (Step.CLASSIFIED, Step.FACTS_CONFIRMED, Step.SOLUTION_SET, Step.EXECUTED, Step.TOLD)
    ):
        desk.take(late, step, NOW - (20 - number) * HOUR)
    desk.take(late, Step.SEVERITY_SET, NOW - 14 * HOUR, level=Level.ORDINARY)
    desk.take(late, Step.SATISFACTION_ASKED, NOW - 13 * HOUR)
    desk.take(late, Step.RECHECKED, NOW - 12 * HOUR, desk.manny)
    desk.take(late, Step.SUMMED_UP, NOW - 11 * HOUR)
    desk.take(late, Step.ARCHIVED, NOW - 10 * HOUR)
    [row] = rows(desk, FileFilter(which=Which.ENDED)).rows
    assert (row.state, row.late_since) == ("closed", NOW - 36 * HOUR)


def test_pages_follow_each_other_without_a_gap_or_a_double(desk):
    ids = [desk.entered(at=NOW - number * MINUTE) for number in range(5)]
    for file_id in ids[:2]:
        desk.take(file_id, Step.FIRST_RESPONSE, NOW + MINUTE)
        desk.take(file_id, Step.WAITING_BEGAN, NOW + MINUTE, note="?")
    seen, after = [], None
    while True:
        page = rows(desk, after=after, limit=2, now=NOW + HOUR)
        seen += [row.file_id for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert seen == [*reversed(ids[2:]), *ids[:2]]


def test_ended_files_come_the_newest_first_by_pages(desk):
    ids = [desk.entered(at=NOW - number * HOUR) for number in range(3)]
    for file_id in ids:
        desk.take(file_id, Step.CANCELLED, NOW + HOUR, note="Not ours.")
    ended = FileFilter(which=Which.ENDED)
    first = rows(desk, ended, limit=2)
    assert [row.file_id for row in first.rows] == ids[:2]
    assert [row.file_id for row in rows(desk, ended, after=first.next).rows] == ids[2:]


@pytest.mark.parametrize(
    ("file_filter", "which"),
    [
        (FileFilter(kind=Kind.PROBLEM), "problem"),
        (FileFilter(level=Level.URGENT), "urgent"),
        (FileFilter(nobodys=True), "nobodys"),
        (FileFilter(number=" F-000002 "), "urgent"),
    ],
)
def test_it_narrows_to_kind_level_owner_and_number(desk, file_filter, which):
    ids = {
        "problem": desk.entered(kind=Kind.PROBLEM),
        "urgent": desk.entered(level=Level.URGENT),
    }
    owned = desk.entered(kind=Kind.COMPLAINT)
    if which == "nobodys":
        assert rows(desk, file_filter).rows == ()
        return
    assert [row.file_id for row in rows(desk, file_filter).rows] == [ids[which]]
    assert owned not in ids.values()
    assert len(rows(desk, FileFilter(mine=True)).rows) == 3


def test_a_row_offers_the_steps_that_one_press_takes(desk):
    told = desk.entered(done=frozenset({Step.FIRST_RESPONSE, Step.EXECUTED}))
    new = desk.entered()
    takes = {row.file_id: row.takes for row in rows(desk).rows}
    assert takes[new] == (Step.FIRST_RESPONSE, Step.EXECUTED)
    assert takes[told] == (Step.TOLD,)
    by_manager = desk.read(files, desk.manny, FileFilter(), now=NOW).rows
    assert {row.takes for row in by_manager} == {()}


def test_a_page_costs_as_many_questions_with_three_files_as_with_thirty(desk):
    def asked():
        seen = []
        listening = (
            desk.seeded.engine,
            "before_cursor_execute",
            lambda *args: seen.append(args[2]),
        )
        event.listen(*listening)
        rows(desk)
        event.remove(*listening)
        return len(seen)

    for _ in range(3):
        desk.entered()
    few = asked()
    for _ in range(22):
        desk.entered()
    assert asked() == few
