"""Stations and staff come in by code, once, in any order, and change when the file changes."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import NotAllowed
from db.encounters.models import ImportBatch
from db.people.models import Staff, Station
from db.store.models import AuditEvent
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from tests.support.importing.files import Desk, csv_of

STATIONS = """code,name_zh_TW,name_zh_CN,name_en,kind,region,parent_code,timezone
TPE,桃園機場,桃园机场,Taoyuan,airport,北區,HQ,Asia/Taipei
HQ,總公司,总公司,Head office,head_office,,,Asia/Taipei
""".encode()


def station(code="X", **changed):
    row = {"code": code, "name_en": code, "kind": "shop", "timezone": "Asia/Taipei"}
    return row | {"parent_code": ""} | changed


def test_a_station_may_stand_above_its_parent_in_the_file(desk):
    assert desk.counts("stations", STATIONS) == (2, 2, 0, 0, 0)
    airport = desk.station("TPE")
    assert (airport.name_zh_tw, airport.name_zh_cn, airport.region) == (
        "桃園機場",
        "桃园机场",
        "北區",
    )
    assert airport.parent_id == desk.station("HQ").id


def test_repeating_an_import_changes_nothing(desk):
    desk.load("stations", STATIONS)
    assert desk.counts("stations", STATIONS) == (2, 0, 2, 0, 0)


def test_a_changed_row_updates_its_station(desk):
    desk.load("stations", STATIONS)
    moved = STATIONS.replace(b",HQ,", b",,").replace(b"Taoyuan", b"Taoyuan T2")
    clears = FileChoices(empty="clears")
    assert desk.counts("stations", moved, choices=clears) == (2, 0, 1, 1, 0)
    assert desk.station("TPE").name_en == "Taoyuan T2"
    assert desk.station("TPE").parent_id is None


def test_a_parent_may_be_stored_already(desk):
    assert desk.counts("stations", csv_of(station(parent_code="D1"))) == (1, 1, 0, 0, 0)


def test_an_unknown_parent_refuses_the_station_and_all_below_it(desk):
    rows = csv_of(station("A", parent_code="NO"), station("B", parent_code="A"), station("C"))
    assert desk.refusals("stations", rows) == [
        (2, "parent_code", "There is no station with the code of the parent."),
        (3, "parent_code", "There is no station with the code of the parent."),
    ]
    assert desk.count(Station) == 2  # D1 and C


def test_a_circle_of_stations_is_refused(desk):
    rows = csv_of(station("A", parent_code="B"), station("B", parent_code="A"))
    reasons = {reason for _, _, reason in desk.refusals("stations", rows)}
    assert reasons == {"The station would stand below itself."}


def test_a_file_may_not_hang_a_stored_station_below_itself(desk):
    desk.load("stations", csv_of(station("A"), station("B", parent_code="A")))
    assert desk.refusals("stations", csv_of(station("A", parent_code="B"))) == [
        (2, "parent_code", "The station would stand below itself.")
    ]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"kind": "spaceport"}, "kind"),
        ({"timezone": "Asia/Atlantis"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"name_en": " "}, "name_zh_TW"),
        ({"code": ""}, "code"),
        ({"code": "A" * 65}, "code"),
        ({"code": "A\nB"}, "code"),
    ],
)
def test_a_station_that_cannot_be_is_refused_at_its_column(desk, changed, column):
    [(line, refused, _)] = desk.refusals("stations", csv_of(station(**changed)))
    assert (line, refused) == (2, column)


def test_staff_come_in_with_their_station(desk):
    rows = (
        b"staff_no,name,station_code,post,uniform_variant,employed_from\n7,Wu,D1,agent,F,2024-03-01"
    )
    assert desk.counts("staff", rows) == (1, 1, 0, 0, 0)
    assert desk.counts("staff", rows) == (1, 0, 1, 0, 0)
    assert desk.counts("staff", rows.replace(b"Wu", b"Wu Mei")) == (1, 0, 0, 1, 0)
    found = desk.all(Staff.staff_no, Staff.name, Staff.station_id, Staff.employed_from)
    assert found[0] == ("7", "Wu Mei", desk.station("D1").id, date(2024, 3, 1))


def test_names_keep_their_wide_spaces(desk):
    desk.load("staff", "staff_no,name,station_code\n7, 王\u3000小明\u3000,D1\n".encode())
    assert desk.all(Staff.staff_no, Staff.name)[0][1] == "王\u3000小明"


def test_staff_of_an_unknown_station_are_refused(desk):
    rows = b"staff_no,name,station_code\n7,Wu,D9\n8,Li,D1\n"
    assert desk.refusals("staff", rows) == [
        (2, "station_code", "There is no station with this code; import stations first.")
    ]
    assert desk.count(Staff) == 2  # S1 and 8


def test_the_same_code_twice_in_a_file_is_refused_the_second_time(desk):
    rows = b"staff_no,name,station_code\n7,Wu,D1\n7,Li,D1\n"
    assert desk.refusals("staff", rows) == [
        (3, "", "Line 2 of the file is about the same already.")
    ]
    assert desk.all(Staff.staff_no, Staff.name)[0] == ("7", "Wu")


def test_headings_in_three_languages_are_understood(desk):
    rows = "工號,姓名,站點代碼,到職日期\n7,吳,D1,2024-03-01\n".encode()
    assert desk.counts("staff", rows) == (1, 1, 0, 0, 0)
    rows = "工号,姓名,站点,职位\n7,吴,D1,agent\n".encode()
    assert desk.counts("staff", rows) == (1, 0, 0, 1, 0)
    rows = b"Staff Number,Full name,Station Code\n8,Li,D1\n"
    assert desk.counts("staff", rows) == (1, 1, 0, 0, 0)


def test_a_given_mapping_decides_and_leaves_the_rest_out(desk):
    rows = b"no,who,where,name\n7,Wu,D1,nickname\n"
    mapping = {"no": "staff_no", "who": "name", "where": "station_code"}
    result = desk.load("staff", rows, mapping=mapping)
    assert (result.counts.added, result.ignored) == (1, ("name",))
    assert desk.all(Staff.staff_no, Staff.name)[0] == ("7", "Wu")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (b"name,station_code\nWu,D1\n", "The column staff_no is missing."),
        (b"staff_no,name,name,station_code\n7,Wu,Wu,D1\n", "The column name stands there twice."),
        (b",,\n,,\n", "The first line must name the columns."),
    ],
)
def test_a_table_that_lacks_a_column_is_unreadable(desk, rows, reason):
    with pytest.raises(Unreadable, match=reason):
        desk.load("staff", rows)
    assert desk.count(ImportBatch) == 0


def test_every_import_is_remembered_and_audited(desk):
    desk.load("staff", b"staff_no,name,station_code\n7,Wu,D1\n8,Li,D9\n", file_name="team.csv")
    counts = {"read": 2, "added": 1, "unchanged": 0, "updated": 0, "refused": 1}
    [(kind, name, remembered)] = desk.all(
        ImportBatch.kind, ImportBatch.file_name, ImportBatch.counts
    )
    assert (kind, name, remembered) == ("staff", "team.csv", counts | {"share": 1.0})
    assert desk.all(AuditEvent.action, AuditEvent.object_type, AuditEvent.details) == [
        ("import", "import", counts)
    ]


def test_only_an_administrator_may_import(seeded, tmp_path):
    desk = Desk(seeded.engine, tmp_path)
    with pytest.raises(NotAllowed):
        desk.load("stations", STATIONS, who=seeded.bob)
    assert desk.counts("stations", STATIONS, who=seeded.administrator)[1] == 2


def test_of_very_many_headings_that_mean_nothing_twenty_are_named(desk):
    names = [f"x{number}" for number in range(5000)]
    row = station(name_zh_TW="桃園") | dict.fromkeys(names, "1")
    result = desk.load("stations", csv_of(row))
    assert result.ignored == (*names[:20], "… (+4980)")
