"""Whatever is wrong with a file, one sentence says so, good rows go in and nothing is lost."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from db.importing.problems import Unreadable
from db.models import ImportBatch, Interaction, Staff
from tests.support.importing import Desk, call, csv_of, jsonl

HEADER = b"staff_no,name,station_code\n"


@pytest.fixture
def desk(sqlite_databases, tmp_path):
    from db import migrate  # noqa: PLC0415

    with sqlite_databases.like("migrated", migrate.upgrade) as engine:
        yield Desk(engine, tmp_path)


def numbers(desk):
    return sorted(number for number, _ in desk.all(Staff.staff_no, Staff.id))


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def rezipped(content, part, change):
    """A workbook with one part changed, the way only a program would write it."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0", "none of CSV"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 4, "none of CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel file"),
        ("staff_no,name\n".encode("utf-16"), "none of CSV|in UTF-16"),
        (b"PK\x03\x04 not a zip at all", "damaged or incomplete"),
        (workbook(["staff_no"])[:2000], "damaged or incomplete"),
        (b"7,Wu,D1\n8,Li,D1\n", "The column staff_no is missing"),
    ],
)
def test_what_is_no_table_is_refused_whole(desk, content, reason):
    with pytest.raises(Unreadable, match=reason):
        desk.load("staff", content)
    assert desk.count(ImportBatch) == 0


def test_a_missing_file_is_refused(desk):
    from db.importing.files import open_table  # noqa: PLC0415

    with pytest.raises(Unreadable, match="No such file"):
        open_table(desk.folder / "nothing.csv")


def test_a_truncated_table_keeps_its_whole_rows(desk):
    assert desk.refusals("staff", HEADER + b"7,Wu,D1\n8,Li") == [
        (3, "", "The row has 2 cells, the first line has 3.")
    ]
    assert numbers(desk) == ["7", "S1"]


def test_an_open_quotation_mark_costs_one_row_only(desk):
    rows = HEADER + b'7,"Wu,D1\n8,Li,D1\n9,"Ho ""Jo""",D1\n10,Xu,D1\n'
    assert desk.refusals("staff", rows) == [
        (2, "", "The quotation marks of this row do not match.")
    ]
    assert numbers(desk) == ["10", "8", "9", "S1"]


def test_truncated_json_lines_and_lists_keep_their_whole_rows(desk):
    lines = jsonl(call(1), call(2))[:-20]
    assert desk.refusals("interactions", lines) == [(2, "", "The line is not valid JSON.")]
    whole = json.dumps([call(1), call(2), call(3)]).encode()
    assert desk.refusals("interactions", whole[:-20]) == [
        (3, "", "From here on the file is not valid JSON.")
    ]
    assert desk.count(Interaction) == 2


@pytest.mark.parametrize("row", ["[1]", '"x"', "null", '{"a":', "NaN", "[" * 100_000, "9" * 5000])
def test_a_line_that_is_no_object_is_refused(desk, row):
    [(line, column, _)] = desk.refusals("interactions", row_between(row))
    assert (line, column) == (2, "")
    assert desk.count(Interaction) == 2


def row_between(row):
    return jsonl(call(1)) + row.encode() + b"\n" + jsonl(call(2))


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "1e999", '{"a":' * 3000 + "1" + "}" * 3000, "[" * 900 + "]" * 900]
)
def test_json_that_no_database_keeps_is_refused(desk, value):
    row = json.dumps(call(9, attributes="@")).replace('"@"', f'{{"x": {value}}}')
    desk.load("interactions", row_between(row))
    assert {("call-1",), ("call-2",)} <= set(desk.all(Interaction.external_id))


def test_a_cell_of_ten_megabytes_costs_one_row_only(desk):
    huge = b"x" * 10_000_000
    too_long = [(3, "", "The row is longer than 4000000 characters.")]
    rows = [b"7,Wu,D1\n", b"8," + huge + b",D1\n", b"9,Ho,D1\n"]
    assert desk.refusals("staff", HEADER + b"".join(rows)) == too_long
    quoted = [b"7,Wu,D1\n", b'8,"' + huge + b'",D1\n', b"9,Ho,D1\n"]
    assert desk.refusals("staff", HEADER + b"".join(quoted)) == too_long
    lines = row_between(json.dumps(call(9, language=huge.decode())))
    assert desk.refusals("interactions", lines) == [(2, "", too_long[0][2])]
    assert numbers(desk) == ["7", "9", "S1"]
    assert desk.count(Interaction) == 2


def test_nul_bytes_cost_one_row_only(desk):
    rows = HEADER + b"7,Wu,D1\n8,L\0i,D1\n9,Ho,D1\n"
    assert desk.refusals("staff", rows) == [
        (3, "name", "The text holds a damaged or NUL character.")
    ]
    assert numbers(desk) == ["7", "9", "S1"]


def test_damaged_bytes_cost_one_row_only(desk):
    good = "".join(f"{number},王小明和他的朋友,D1\n" for number in range(20)).encode()
    rows = HEADER + good + b"99,\xff\xfe,D1\n"
    assert desk.refusals("staff", rows) == [
        (22, "name", "The text holds a damaged or NUL character.")
    ]
    assert desk.count(Staff) == 21


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_simplified_chinese_is_read_in_its_encodings(desk, encoding):
    rows = "staff_no,name,station_code\n7,王晓明，客户服务部国内航线组长,D1\n".encode(encoding)
    assert desk.counts("staff", rows)[1] == 1
    assert desk.all(Staff.staff_no, Staff.name)[0][1] == "王晓明，客户服务部国内航线组长"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "big5", "cp950", "gb18030"])
def test_traditional_chinese_is_read_in_its_encodings(desk, encoding):
    rows = "staff_no,name,station_code\n7,王曉明，客戶服務部國內航線組長,D1\n".encode(encoding)
    assert desk.counts("staff", rows)[1] == 1
    assert desk.all(Staff.staff_no, Staff.name)[0][1] == "王曉明，客戶服務部國內航線組長"


def test_json_lines_and_lists_are_read_in_gb18030(desk):
    turns = [{"speaker": "agent", "text": "您好，请问有什么可以帮您"}]
    rows = json.dumps([call(1, turns=turns)], ensure_ascii=False).encode("gb18030")
    assert desk.counts("interactions", rows)[1] == 1
    assert desk.counts("interactions", jsonl(call(1, turns=turns)))[2] == 1
    line = json.dumps(call(1, turns=turns), ensure_ascii=False).encode("gb18030")
    assert desk.counts("interactions", line)[2] == 1


@pytest.mark.parametrize("separator", [b";", b"\t"])
def test_other_separators_are_understood(desk, separator):
    assert desk.counts("staff", (HEADER + b"7,Wu,D1\n").replace(b",", separator))[1] == 1


def test_old_line_ends_and_blank_lines_are_understood(desk):
    rows = (HEADER + b"7,Wu,D1\n\n,,\n8,Li,D1\n").replace(b"\n", b"\r\n")
    assert desk.counts("staff", rows) == (2, 2, 0, 0, 0)


def test_a_workbook_is_read_with_its_numbers_and_dates(desk):
    from datetime import datetime  # noqa: PLC0415

    rows = workbook(
        ["staff_no", "name", "station_code", "employed_from"],
        [1001, "Wu", "D1", datetime(2024, 3, 1)],
        [None, None, None, None],
        [1002.0, "Li", "D1", "2024-03-02"],
    )
    assert desk.counts("staff", rows) == (2, 2, 0, 0, 0)
    found = [(number, str(day)) for number, day in desk.all(Staff.staff_no, Staff.employed_from)]
    assert found[:2] == [("1001", "2024-03-01"), ("1002", "2024-03-02")]


def test_formula_and_error_cells_are_refused_at_their_column(desk):
    rows = workbook(
        ["staff_no", "name", "station_code"], [7, "=A1", "D1"], [8, "#REF!", "D1"], [9, "Ho", "D1"]
    )
    assert desk.refusals("staff", rows) == [
        (2, "name", "The cell holds a formula; put its value in its place."),
        (3, "name", "The cell holds an error of the spreadsheet."),
    ]
    assert numbers(desk) == ["9", "S1"]


def test_a_time_of_a_workbook_lacks_its_offset(desk):
    from datetime import datetime  # noqa: PLC0415

    row = call() | {"occurred_at": datetime(2026, 3, 9, 9)}
    del row["turns"], row["rating_scale"]
    [(line, column, reason)] = desk.refusals(
        "interactions", workbook(list(row), list(row.values()))
    )
    assert (line, column) == (2, "occurred_at")
    assert reason.startswith("The time lacks its offset")


def test_a_bomb_is_not_opened(desk):
    content = workbook(["staff_no", "name", "station_code"])
    blown = rezipped(content, "xl/worksheets/sheet1.xml", lambda data: data + b" " * 50_000_000)
    assert len(blown) < 100_000
    with pytest.raises(Unreadable, match="unpacks to far more than its size"):
        desk.load("staff", blown)


def test_entities_of_a_workbook_are_not_expanded(desk):
    content = workbook(["staff_no", "name", "station_code"], [7, "Wu", "D1"])
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
    content = workbook(["staff_no", "name", "station_code"], *rows)
    cut = rezipped(content, "xl/worksheets/sheet1.xml", lambda data: data[: len(data) // 2])
    [(line, _, reason)] = desk.refusals("staff", cut)
    assert reason == "From here on the workbook is damaged or incomplete."
    assert desk.count(Staff) == line - 2 + 1  # the rows below the header, and S1


def test_a_refused_row_of_the_database_is_refused_alone(desk, monkeypatch):
    from sqlalchemy.exc import DataError  # noqa: PLC0415

    from db.importing import staff  # noqa: PLC0415

    apply = staff.StaffMembers.apply

    def picky(self, session, plan):
        if any(item.key == "8" for item in plan.added):
            raise DataError("INSERT", {}, Exception("out of range"))
        apply(self, session, plan)

    monkeypatch.setattr(staff.StaffMembers, "apply", picky)
    rows = csv_of(*({"staff_no": n, "name": "x", "station_code": "D1"} for n in (7, 8, 9)))
    assert desk.refusals("staff", rows) == [(3, "", "The database refused the row.")]
    assert numbers(desk) == ["7", "9", "S1"]


def test_an_interrupted_import_is_completed_by_repeating_it(desk, monkeypatch):
    from db.importing import run, staff  # noqa: PLC0415

    monkeypatch.setattr(staff.StaffMembers, "at_once", 10)
    rows = csv_of(*({"staff_no": n, "name": "x", "station_code": "D1"} for n in range(35)))
    order = run.Order("staff", desk.file(rows))

    def interrupt(_share, counts):
        if counts.added >= 20:
            raise KeyboardInterrupt

    from tests.support.clock import NOW  # noqa: PLC0415
    from tests.support.importing import KEYS  # noqa: PLC0415

    with pytest.raises(KeyboardInterrupt):
        run.run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW, progress=interrupt)
    [(_, finished, counts)] = desk.all(ImportBatch.id, ImportBatch.finished_at, ImportBatch.counts)
    assert (finished, counts["added"]) == (None, 10)  # as of the last finished batch before
    assert desk.counts("staff", rows) == (35, 15, 20, 0, 0)
