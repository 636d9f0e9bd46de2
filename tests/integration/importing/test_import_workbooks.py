"""Workbooks: what is read of their cells, and what of a bad one."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from db.encounters.models import Interaction
from db.importing.staff import columns
from db.people.models import Staff
from db.tabular.columns import known_headings
from db.tabular.file_choices import AS_IT_IS
from db.tabular.files import open_table
from db.tabular.tables import Unreadable
from tests.support.databases import sqlite_only
from tests.support.importing.files import call, workbook

pytestmark = sqlite_only


NOTHING = "counts as an empty cell. If it is really called that, say so: --literal name."


def sheet(*rows):
    return workbook(rows)


def rezipped(content, part, change):
    """A workbook with one part changed, the way only a program would write it."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return file.getvalue()


def test_a_workbook_is_read_with_its_numbers_and_dates(desk):
    rows = sheet(
        ["staff_no", "name", "station_code", "employed_from"],
        [1001, "Wu", "D1", datetime(2024, 3, 1)],
        [None, None, None, None],
        [1002.0, "Li", "D1", "2024-03-02"],
    )
    assert desk.counts("staff", rows) == (2, 2, 0, 0, 0)
    found = [(number, str(day)) for number, day in desk.all(Staff.staff_no, Staff.employed_from)]
    assert found[:2] == [("1001", "2024-03-01"), ("1002", "2024-03-02")]


def test_formula_and_error_cells_are_refused_at_their_column(desk):
    rows = sheet(
        ["staff_no", "name", "station_code"], [7, "=A1", "D1"], [8, "#REF!", "D1"], [9, "Ho", "D1"]
    )
    assert desk.refusals("staff", rows) == [
        (2, "name", "The cell holds a formula without its value; put the value there."),
        (3, "name", f"#REF! {NOTHING}"),
    ]
    assert desk.numbers() == ["9", "S1"]


def test_a_time_of_a_workbook_is_that_of_the_station(desk):
    """D1 is in Taipei: 09:00 there is 01:00 UTC."""
    row = call() | {"occurred_at": datetime(2026, 3, 9, 9)}
    del row["turns"], row["rating_scale"]
    assert desk.counts("interactions", sheet(list(row), list(row.values())))[1] == 1
    assert desk.all(Interaction.occurred_at) == [(datetime(2026, 3, 9, 1, tzinfo=UTC),)]


def test_a_bomb_is_not_opened(desk):
    content = sheet(["staff_no", "name", "station_code"])
    blown = rezipped(content, "xl/worksheets/sheet1.xml", lambda data: data + b" " * 50_000_000)
    assert len(blown) < 100_000
    with pytest.raises(Unreadable, match="unpacks to far more than its size"):
        desk.load("staff", blown)


def test_entities_of_a_workbook_are_not_expanded(desk):
    content = sheet(["staff_no", "name", "station_code"], [7, "Wu", "D1"])
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet '
    blown = rezipped(
        content,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<worksheet ", laughs).replace(b"Wu", b"&b;"),
    )
    with pytest.raises(Unreadable, match="damaged or incomplete"):
        desk.load("staff", blown)


def test_a_sheet_damaged_in_the_middle_keeps_its_whole_rows(desk):
    rows = [[number, f"Name {number}", "D1"] for number in range(500)]
    content = sheet(["staff_no", "name", "station_code"], *rows)
    cut = rezipped(content, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    [(line, _, reason)] = desk.refusals("staff", cut)
    assert reason == "From here on the workbook is damaged or incomplete."
    assert desk.count(Staff) == line - 2 + 1  # the rows below the header, and S1


HEADINGS = ["staff_no", "name", "station_code", "employed_from"]


def test_a_day_that_never_was_is_refused_and_its_neighbours_go_in(desk):
    """Day 60 is 29 February 1900 to Excel; 59 is 28 February, 61 is 1 March."""
    days = [datetime(1900, 2, 28), datetime(1900, 3, 1), datetime(1900, 3, 1)]
    rows = sheet(HEADINGS, *([number, "Wu", "D1", day] for number, day in enumerate(days, 11)))
    never = rezipped(
        rows, "xl/worksheets/sheet1.xml", lambda data: data.replace(b"<v>61<", b"<v>60<", 1)
    )
    reason = "The cell holds 29 February 1900, a day that never was."
    assert desk.refusals("staff", never) == [(3, "employed_from", reason)]
    found = {number: str(day) for number, day in desk.all(Staff.staff_no, Staff.employed_from)}
    assert (found["11"], found["13"]) == ("1900-02-28", "1900-03-01")


def test_sixty_that_is_no_day_stays_sixty(desk):
    assert desk.counts("staff", sheet(HEADINGS, [60, "Wu", "D1", None]))[1] == 1


def notes(tmp_path, content):
    path = tmp_path / "rows"
    path.write_bytes(content)
    with open_table(path, AS_IT_IS, known_headings(columns(AS_IT_IS))) as table:
        return [str(note) for note in table.facts.notes]


@pytest.mark.usefixtures("desk")
def test_hidden_columns_are_told_by_their_headings(tmp_path):
    """B and D to the end of the sheet are hidden; beyond D nothing has a heading."""
    hidden = b'<cols><col min="2" max="2" hidden="1"/><col min="4" max="16384" hidden="true"/>'
    rows = rezipped(
        sheet(HEADINGS, [7, "Wu", "D1", None]),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"<sheetData>", hidden + b"</cols><sheetData>"),
    )
    told = ["Hidden columns are read like the others (2): name, employed_from."]
    assert notes(tmp_path, rows) == told


@pytest.mark.usefixtures("desk")
def test_hidden_columns_of_an_open_document_are_told(tmp_path):
    plain = Path("tests/data/imports/ods_plain.ods").read_bytes()
    hidden = b'<table:table-column/><table:table-column table:visibility="collapse"/>'
    first = re.compile(rb"(<table:table [^>]*>)")
    rows = rezipped(
        plain, "content.xml", lambda data: first.sub(lambda m: m[1] + hidden, data, count=1)
    )
    assert notes(tmp_path, plain) == []
    [told] = notes(tmp_path, rows)
    assert told.startswith("Hidden columns are read like the others (1): ")
