"""Workbooks: what is read of their cells, and what of a bad one."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from db.encounters.models import Interaction
from db.people.models import Staff
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
