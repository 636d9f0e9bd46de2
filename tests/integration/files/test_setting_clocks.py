"""Limits of files and hours of stations are set from a day on; what ran keeps what it had."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from core.clock import Level, Limit, LimitLine, LimitStatus, Opening
from core.errors import InvalidInput, NotAllowed, NotFound
from core.files.clock_settings import LimitChange
from core.files.kinds import Kind
from core.files.steps import Step
from db.__main__ import main
from db.files.clock_changes import Hours
from db.files.derived_columns import DERIVED, derive, derive_all
from db.files.models import File, FileStep
from db.files.queries.clock_settings import calendars, file_clocks, hours_changes, limit_changes
from db.files.services.clock_settings import set_hours, set_limit
from db.store.models import AuditEvent
from tests.support.clock import NOW
from tests.support.importing.files import csv_of, jsonl

TODAY = NOW.date()
WEEK = tuple(Opening(day, time(9), time(18)) for day in range(5))
BEGIN = NOW - timedelta(hours=30)
pytestmark = pytest.mark.both


def a_limit(hours, since=TODAY, step=Step.EXECUTED, **more):
    line = LimitLine(Limit(timedelta(hours=hours)), level=Level.ORDINARY)
    return LimitChange(Kind.COMPLAINT, step, line, since, **more)


@pytest.fixture
def desk_of_files(seeded):
    """Makes complaints received some hours ago, sets, and tells when the next clock is due."""

    class Desk:
        def received(self, hours):
            with seeded.transaction() as session:
                at = NOW - timedelta(hours=hours)
                row = File(
                    source="crm",
                    external_id=f"C-{hours}",
                    first_kind="complaint",
                    station_id=seeded.station_id,
                    received_at=at,
                    marks=[],
                    kind="complaint",
                    state="new",
                    level="ordinary",
                    round=1,
                )
                session.add(row)
                session.flush()
                event = {"source": "system", "absent": [], "written_at": at}
                steps = [FileStep(file_id=row.id, step="received", at=at, **event)]
                answered = at + timedelta(minutes=30)
                steps.append(FileStep(file_id=row.id, step="first_response", at=answered, **event))
                session.add_all(steps)
                session.flush()
                derive(session, [row.id])
                return row.id

        def limit(self, change, who=seeded.bob):
            with seeded.transaction() as session:
                set_limit(session, who=who, change=change, now=NOW)

        def hours(self, hours, who=seeded.bob, station_id=seeded.station_id):
            with seeded.transaction() as session:
                set_hours(session, who=who, station_id=station_id, hours=hours, now=NOW)

        def due(self, file_id):
            """Hours after receiving; the clock of carrying out is the only one with a limit."""
            with seeded.reading() as session:
                row = session.get_one(File, file_id)
                return (row.next_due_at - row.received_at) / timedelta(hours=1)

        def logged(self, action):
            with seeded.reading() as session:
                rows = select(AuditEvent).filter_by(action=action).order_by(AuditEvent.id)
                return [row.details for row in session.scalars(rows)]

        def rebuilt(self):
            """The derived columns before and after they are made anew."""
            with seeded.transaction() as session:
                before = [self._of(row) for row in session.scalars(select(File).order_by(File.id))]
                derive_all(session)
                after = [self._of(row) for row in session.scalars(select(File).order_by(File.id))]
                return before, after

        def _of(self, row):
            return {name: getattr(row, name) for name in DERIVED}

    return Desk()


def test_a_running_file_keeps_its_limit_and_one_of_today_has_the_new_one(desk_of_files):
    """Carried out: 72 h as it comes; from today on 5 h, that is due 5 h after receiving."""
    old, new = desk_of_files.received(30), desk_of_files.received(1)
    assert (desk_of_files.due(old), desk_of_files.due(new)) == (72, 72)
    desk_of_files.limit(a_limit(5))
    assert (desk_of_files.due(old), desk_of_files.due(new)) == (72, 5)
    before, after = desk_of_files.rebuilt()
    assert before == after


def test_a_change_for_running_clocks_is_written_for_running_files(desk_of_files):
    old = desk_of_files.received(30)
    desk_of_files.limit(a_limit(40, for_running=True))
    assert desk_of_files.due(old) == 40
    [told] = desk_of_files.logged("set_file_limit")
    assert (told["minutes"], told["for_running"], told["effective_from"]) == (
        2400,
        True,
        TODAY.isoformat(),
    )


def test_a_change_is_made_once_and_stands_in_the_list(desk_of_files, seeded):
    desk_of_files.limit(a_limit(5))
    desk_of_files.limit(a_limit(5))
    with seeded.reading() as session:
        [row] = limit_changes(session, seeded.bob)
        shown = file_clocks(session, seeded.bob, on=TODAY)
    assert (row.kind, row.step, row.effective_from) == (Kind.COMPLAINT, Step.EXECUTED, TODAY)
    assert row.changed_by
    executed = next(one for one in shown if (one.kind, one.stop) == (row.kind, row.step))
    assert (executed.version, executed.since) == (1, TODAY)
    assert executed.limits.line(Level.ORDINARY, "").limit == Limit(timedelta(hours=5))
    assert executed.limits.line(Level.IMPORTANT, "").limit == Limit(timedelta(hours=48))


def test_what_does_not_fit_is_refused(desk_of_files):
    with pytest.raises(InvalidInput, match="past"):
        desk_of_files.limit(a_limit(5, TODAY - timedelta(days=1)))
    with pytest.raises(InvalidInput, match="from today on"):
        desk_of_files.limit(a_limit(5, TODAY + timedelta(days=1), for_running=True))
    with pytest.raises(NotFound):
        desk_of_files.limit(a_limit(5, step=Step.ACCEPTED))
    with pytest.raises(InvalidInput, match="one year"):
        desk_of_files.limit(a_limit(9000))
    off = LimitLine(Limit(timedelta(hours=1)), LimitStatus.OFF)
    with pytest.raises(InvalidInput, match="off has no limit"):
        desk_of_files.limit(LimitChange(Kind.COMPLAINT, Step.TOLD, off, TODAY))


def test_only_who_sets_clocks_sets_these(desk_of_files, seeded):
    with pytest.raises(NotAllowed):
        desk_of_files.limit(a_limit(5), who=seeded.alice)
    with pytest.raises(NotAllowed):
        desk_of_files.hours(Hours(WEEK, frozenset(), TODAY), who=seeded.alice)


def test_hours_of_a_station_move_what_is_due_there_and_are_taken_off_again(desk_of_files, seeded):
    """The calendar holds for files of today; switched off, 72 h are 72 h again."""
    old, new = desk_of_files.received(30), desk_of_files.received(1)
    desk_of_files.hours(Hours(WEEK, frozenset(), TODAY))
    assert desk_of_files.due(old) == 72
    assert desk_of_files.due(new) > 72 * 2
    with seeded.reading() as session:
        [row] = [r for r in calendars(session, seeded.bob, on=TODAY) if r.calendar is not None]
        [change] = hours_changes(session, seeded.bob)
    assert (row.station_id, row.version, row.calendar.openings) == (seeded.station_id, 1, WEEK)
    assert change.effective_from == TODAY
    before, after = desk_of_files.rebuilt()
    assert before == after
    desk_of_files.hours(Hours((), frozenset(), TODAY))
    assert desk_of_files.due(new) == 72
    assert [told["openings"] for told in desk_of_files.logged("set_hours")][-1] == []


def test_hours_that_contradict_each_other_are_refused(desk_of_files):
    twice = (*WEEK, Opening(0, time(17), time(20)))
    with pytest.raises(InvalidInput, match="overlap"):
        desk_of_files.hours(Hours(twice, frozenset(), TODAY))
    sunday = TODAY + timedelta(days=6 - TODAY.weekday())
    with pytest.raises(InvalidInput, match="closed anyway"):
        desk_of_files.hours(Hours(WEEK, frozenset({sunday}), TODAY))
    with pytest.raises(InvalidInput, match="need opening hours"):
        desk_of_files.hours(Hours((), frozenset({sunday}), TODAY))
    with pytest.raises(NotFound):
        desk_of_files.hours(Hours(WEEK, frozenset(), TODAY), station_id=10**6)


@pytest.fixture
def shown(desk, monkeypatch, tmp_path, capsys):
    """A file as the command line shows it; imports through it too."""
    url = desk.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))

    def run(*arguments):
        status = main(list(arguments))
        told = capsys.readouterr().out.strip().splitlines()
        return status, json.loads(told[-1]) if told else None

    return run


def a_complaint(received, *events):
    row = {
        "source": "crm",
        "external_id": "C-1",
        "kind": "complaint",
        "station_code": "D1",
        "channel": "phone",
        "received_at": f"{received}:00+08:00",
        "severity": "important",
    }
    told = [
        {"step": step, "at": f"2026-03-{when}:00+08:00", "source": "system"}
        for step, when in events
    ]
    return jsonl(row | {"events": told})


def told_clock(data):
    return next(clock for clock in data["clocks"] if clock["key"] == "told")


def test_the_worked_example_with_its_imported_limit(desk, shown):
    """Told after 82:50 less 30:30 of waiting = 52:20 of 48 h: late by 4:20, due 5 March 15:40."""
    limits = csv_of(
        {
            "kind": "complaint",
            "step": "told",
            "severity": "",
            "hours": 48,
            "state": "use",
            "from": "2026-01-01",
        }
    )
    assert shown("import", "clocks", str(desk.file(limits, "clocks.csv")))[1]["added"] == 1
    file = a_complaint(
        "2026-03-02T09:10",
        ("waiting_began", "03T08:00"),
        ("waiting_ended", "04T14:30"),
        ("told", "05T20:00"),
    )
    desk.load("files", file)
    _, data = shown("file", "crm", "C-1", "--at", "2026-03-06T00:00:00+08:00")
    clock = told_clock(data)
    assert (clock["state"], clock["limit_seconds"]) == ("late", 48 * 3600)
    assert clock["late_by_seconds"] == (4 * 60 + 20) * 60
    assert clock["due"] == "2026-03-05T07:40:00+00:00"
    again = shown("import", "clocks", str(desk.file(limits, "clocks.csv")))[1]
    assert (again["added"], again["unchanged"]) == (0, 1)


def test_the_worked_example_with_its_imported_calendar(desk, shown):
    """8 working hours from Friday 6 March 16:30: Monday 15:30; Monday free: Tuesday 15:30."""
    limit = {"kind": "complaint", "step": "told", "hours": 8, "state": "use"}
    desk.load("clocks", csv_of(limit))
    week = [
        {"station": "D1", "weekday": day, "opens": "09:00", "closes": "18:00", "free_day": ""}
        for day in range(5)
    ]
    assert shown("import", "calendars", str(desk.file(csv_of(*week), "calendars.csv")))[0] == 0
    desk.load("files", a_complaint("2026-03-06T16:30"))
    at = ("--at", "2026-03-06T17:00:00+08:00")
    _, data = shown("file", "crm", "C-1", *at)
    assert told_clock(data)["due"] == "2026-03-09T07:30:00+00:00"
    free = {"station": "D1", "free_day": "2026-03-09", "from": "1970-01-01"}
    assert desk.counts("calendars", csv_of(free)) == (1, 1, 0, 0, 0)
    _, data = shown("file", "crm", "C-1", *at)
    assert told_clock(data)["due"] == "2026-03-10T07:30:00+00:00"
    assert desk.counts("calendars", csv_of(free)) == (1, 0, 1, 0, 0)


def test_rows_that_say_nothing_whole_are_refused(desk):
    rows = [
        {"station": "D1", "weekday": "monday", "opens": "09:00", "closes": ""},
        {"station": "D9", "weekday": "週二", "opens": "09:00", "closes": "18:00"},
        {"station": "D1", "weekday": "7", "opens": "09:00", "closes": "18:00"},
    ]
    assert desk.counts("calendars", csv_of(*rows)) == (3, 0, 0, 0, 3)
    limits = [
        {"kind": "complaint", "step": "accepted", "hours": "1", "state": "use"},
        {"kind": "complaint", "step": "told", "hours": "", "state": "use"},
        {"kind": "complaint", "step": "told", "hours": "1", "state": "off"},
        {"kind": "complaint", "step": "told", "hours": "1", "state": "sometimes"},
    ]
    assert desk.counts("clocks", csv_of(*limits)) == (4, 0, 0, 0, 4)


def test_lines_of_several_days_are_imported_once(desk):
    """A line is told once in a file; one that was taken in changes nothing again."""
    row = {"kind": "complaint", "step": "told", "state": "use"}
    rows = [
        row | {"hours": hours, "from": day}
        for hours, day in ((48, "2026-01-01"), (96, "2026-02-01"), (72, "2026-02-01"))
    ]
    assert desk.counts("clocks", csv_of(*rows)) == (3, 2, 0, 0, 1)
    assert desk.counts("clocks", csv_of(*rows[:2])) == (2, 0, 2, 0, 0)
    assert desk.counts("clocks", csv_of(rows[2])) == (1, 1, 0, 0, 0)
    week = [
        {"station": "D1", "weekday": 0, "opens": "09:00", "closes": closes, "from": day}
        for closes, day in (("18:00", "2026-01-01"), ("17:00", "2026-02-01"))
    ]
    for each in week:
        assert desk.counts("calendars", csv_of(each)) == (1, 1, 0, 0, 0)
    assert desk.counts("calendars", csv_of(week[0])) == (1, 0, 1, 0, 0)


def test_a_period_is_imported_in_months(desk, shown):
    """A profile due on 2 March: until the end of 2 September, of Asia/Taipei or the station's."""
    row = {"kind": "profile_review", "step": "executed", "months": 6, "state": "period"}
    desk.load("clocks", csv_of(row | {"from": date(2026, 1, 1).isoformat()}))
    file = json.loads(a_complaint("2026-03-02T09:10")) | {"kind": "profile_review"}
    desk.load("files", jsonl(file))
    _, data = shown("file", "crm", "C-1", "--at", "2026-03-03T00:00:00+08:00")
    assert data["clocks"][0]["due"] == "2026-09-02T16:00:00+00:00"
