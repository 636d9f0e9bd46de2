"""Whatever is wrong with a file, one sentence says so, good rows go in and nothing is lost."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import DataError

from db.encounters.models import ImportBatch, Interaction
from db.importing import import_run, staff
from db.people.models import Staff
from db.tabular.files import open_table
from db.tabular.tables import Unreadable
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.importing.files import KEYS, call, csv_of, jsonl, workbook

pytestmark = sqlite_only
HEADER = b"staff_no,name,station_code\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0", "is PNG and none of"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 4, "is PDF and none of CSV"),
        (b"\x89PNG\r\n\x1a\n" + "名\u9ede".encode("big5") * 300, "is PNG and none of"),
        (b"PAR1\x15\x04" + b"staff_no,name " * 90, "is Parquet and none of"),
        (b"\xff\xd8\xff\xe0" + b"staff_no,name " * 90, "is JPEG and none of"),
        (b"{\\rtf1 staff_no\\tab name}", "is RTF and none of"),
        (b"SQLite format 3\0" + b"staff_no,name " * 90, "is SQLite and none of"),
        (bytes(range(32)) * 40, "The file is none of CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel file"),
        ("staff_no,name\n".encode("utf-16") + b"x", "cut off in the middle of a character"),
        (b"PK\x03\x04 not a zip at all", "damaged or incomplete"),
        (workbook([["staff_no"]])[:2000], "damaged or incomplete"),
        (b"7,Wu,D1\n8,Li,D1\n", "The column staff_no is missing"),
    ],
)
def test_what_is_no_table_is_refused_whole(desk, content, reason):
    with pytest.raises(Unreadable, match=reason):
        desk.load("staff", content)
    assert desk.count(ImportBatch) == 0


def test_a_missing_file_is_refused(desk):
    with pytest.raises(Unreadable, match="No such file"):
        open_table(desk.folder / "nothing.csv")


def test_a_truncated_table_keeps_its_whole_rows(desk):
    assert desk.refusals("staff", HEADER + b"7,Wu,D1\n8,Li") == [
        (3, "", "The row has 2 cells, the first line has 3.")
    ]
    assert desk.numbers() == ["7", "S1"]


def test_an_open_quotation_mark_costs_one_row_only(desk):
    rows = HEADER + b'7,"Wu,D1\n8,Li,D1\n9,"Ho ""Jo""",D1\n10,Xu,D1\n'
    assert desk.refusals("staff", rows) == [
        (2, "", "The quotation marks of this row do not match.")
    ]
    assert desk.numbers() == ["10", "8", "9", "S1"]


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
    assert desk.numbers() == ["7", "9", "S1"]
    assert desk.count(Interaction) == 2


def test_nul_bytes_cost_one_row_only(desk):
    rows = HEADER + b"7,Wu,D1\n8,L\0i,D1\n9,Ho,D1\n"
    assert desk.refusals("staff", rows) == [
        (3, "name", "The text holds a damaged or NUL character.")
    ]
    assert desk.numbers() == ["7", "9", "S1"]


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


def test_a_refused_row_of_the_database_is_refused_alone(desk, monkeypatch):
    apply = staff.StaffMembers.apply

    def picky(self, session, plan):
        if any(item.key == "8" for item in plan.added):
            raise DataError("INSERT", {}, Exception("out of range"))
        apply(self, session, plan)

    monkeypatch.setattr(staff.StaffMembers, "apply", picky)
    rows = csv_of(*({"staff_no": n, "name": "x", "station_code": "D1"} for n in (7, 8, 9)))
    assert desk.refusals("staff", rows) == [(3, "", "The database refused the row.")]
    assert desk.numbers() == ["7", "9", "S1"]


def test_an_interrupted_import_is_completed_by_repeating_it(desk, monkeypatch):
    monkeypatch.setattr(staff.StaffMembers, "at_once", 10)
    rows = csv_of(*({"staff_no": n, "name": "x", "station_code": "D1"} for n in range(35)))
    order = import_run.Order("staff", desk.file(rows))

    def interrupt(_share, counts):
        if counts.added >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_run.run_import(
            desk.engine, KEYS, order, who=None, clock=lambda: NOW, progress=interrupt
        )
    [(_, finished, counts)] = desk.all(ImportBatch.id, ImportBatch.finished_at, ImportBatch.counts)
    assert (finished, counts["added"]) == (None, 10)  # as of the last finished batch before
    assert desk.counts("staff", rows) == (35, 15, 20, 0, 0)
