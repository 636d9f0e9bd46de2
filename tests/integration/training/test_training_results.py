"""Attendance and results from a workbook: good rows go in, bad rows are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from core.errors import NotAllowed
from core.i18n import translations
from db.importing.forecast import AgreementNeeded
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Unreadable
from db.training.queries.courses import roster
from db.training.results_workbook import ResultsFile, columns, import_results, template
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.training.trainees import held

pytestmark = sqlite_only
HEAD = ("員工編號", "出席", "出席日期", "考試成績", "補考")


@pytest.fixture
def run_id(session):
    return held(session, attended=0)[0]


def people(session, run_id):
    return roster(session, identity(session, "tina"), run_id)


def filled(session, run_id, tmp_path, rows, **options):
    """The template with some rows in place of those it came with, imported."""
    found = people(session, run_id)
    book = load_workbook(BytesIO(template(found, 3, str)))
    sheet = book.active
    sheet.delete_rows(1, sheet.max_row)
    for row in rows:
        sheet.append(row)
    path = tmp_path / "results.xlsx"
    book.save(path)
    who = identity(session, "tina")
    file = ResultsFile(path, **options)
    return import_results(session, who=who, run_id=run_id, file=file, now=NOW)


def test_the_template_names_everybody_enrolled(session, run_id):
    found = people(session, run_id)
    sheet = load_workbook(BytesIO(template(found, 2, str.upper))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (
        *("STAFF NUMBER", "FULL NAME", "ATTENDANCE", "ATTENDANCE DATE", "EXAM 1", "EXAM 2"),
        *("PRACTICAL TEST", "NOTE"),
    )
    assert [row[0] for row in rows[1:]] == [person.staff_no for person in found]
    assert sheet["C1"].comment.text == "YES OR NO; EMPTY: NOT KNOWN YET"


def test_good_rows_go_in_and_each_bad_row_says_why(session, run_id, tmp_path):
    rows = [
        HEAD,
        ("K-00", "是", date(2026, 1, 14), 60, 85),
        ("K-01", "yes", "2026-01-15", None, None),
        ("K-02", "否", None, 70, None),
        ("K-03", "maybe", None, None, None),
        ("K-19", "yes", None, None, None),
        ("K-01", "no", None, None, None),
        ("K-04", "yes", date(2026, 2, 1), None, None),
        ("K-05", "yes", None, 101, None),
        (None, "yes", None, None, None),
    ]
    found = filled(session, run_id, tmp_path, rows)
    assert (found.read, found.changed) == (9, 2)
    assert [(refusal.line, refusal.column, str(refusal)) for refusal in found.refusals] == [
        (4, "", "There are results of someone who is not marked as having come."),
        (5, "attended", "This must be true or false."),
        (6, "staff_no", "This person is not enrolled in this run."),
        (7, "staff_no", "This person stands in the file twice."),
        (8, "", "The day of attendance lies outside the run."),
        (9, "exam_1", "This must be a number from 0 to 100."),
        (10, "staff_no", "This is required."),
    ]
    first, second, third, *_ = people(session, run_id)
    assert (first.attended, first.attended_on, first.exams) == (
        True,
        date(2026, 1, 14),
        {1: 60.0, 2: 85.0},
    )
    assert (second.attended, second.attended_on) == (True, date(2026, 1, 15))
    assert third.attended is False
    assert third.exams == {}


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
def test_the_template_carries_what_is_recorded_and_comes_back_in_any_language(
    session, run_id, tmp_path, language
):
    rows = [HEAD, ("K-00", "yes", date(2026, 1, 14), 66.66666666666667, 85), ("K-02", "no")]
    filled(session, run_id, tmp_path, rows)
    before = people(session, run_id)
    translate = translations(language).gettext
    content = template(before, 3, translate)
    lines = list(load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
    came, came_not = translate("came"), translate("did not come")
    assert [line[2] for line in lines[1:4]] == [came, came_not, came_not]
    assert lines[1][3] == datetime(2026, 1, 14)
    assert lines[1][4:6] == (pytest.approx(200 / 3), 85)
    (tmp_path / "back.xlsx").write_bytes(content)
    back = ResultsFile(tmp_path / "back.xlsx")
    who = identity(session, "tina")
    outcome = import_results(session, who=who, run_id=run_id, file=back, now=NOW)
    assert (outcome.read, outcome.changed, outcome.refusals) == (len(before), 0, ())
    assert people(session, run_id) == before


def test_words_of_the_page_signs_and_percent_are_understood(session, run_id, tmp_path):
    rows = [
        ("工號", "出勤", "考試 1"),
        ("K-00", "✓", "95 %"),
        ("K-01", "出席", None),
        ("K-02", "缺席", None),
        ("K-03", "did not come", None),
        ("K-04", "出席", "195%"),
    ]
    outcome = filled(session, run_id, tmp_path, rows)
    assert [(refusal.line, refusal.column) for refusal in outcome.refusals] == [(6, "exam_1")]
    first, *others = people(session, run_id)[:4]
    assert (first.attended, first.exams) == (True, {1: 95.0})
    assert [person.attended for person in others] == [True, False, False]


def test_the_same_file_again_changes_nothing(session, run_id, tmp_path):
    rows = [HEAD, ("K-00", "yes", date(2026, 1, 14), 60, None)]
    assert filled(session, run_id, tmp_path, rows).changed == 1
    assert filled(session, run_id, tmp_path, rows).changed == 0


def test_empty_cells_keep_what_is_recorded(session, run_id, tmp_path):
    filled(session, run_id, tmp_path, [HEAD, ("K-00", "yes", date(2026, 1, 14), 60, None)])
    filled(session, run_id, tmp_path, [HEAD, ("K-00", None, None, None, 90)])
    first, *_ = people(session, run_id)
    assert (first.attended_on, first.exams) == (date(2026, 1, 14), {1: 60.0, 2: 90.0})


RESULT = {
    "staff_no": "K-00",
    "name": "Kim",
    "attended": "yes",
    "attended_on": date(2026, 1, 14),
    "exam_1": 60,
    "exam_2": 65,
    "exam_3": 85,
    "practical": 70,
    "note": "came late",
}


@pytest.mark.parametrize("lacking", [name for name in RESULT if name != "staff_no"])
def test_a_column_that_a_file_lacks_keeps_what_is_recorded(session, tmp_path, lacking):
    run_id, _ = held(session, attended=0, practical_mark=60)
    assert tuple(RESULT) == tuple(column.name for column in columns(3))
    rows = [tuple(RESULT), tuple(RESULT.values())]
    assert filled(session, run_id, tmp_path, rows).changed == 1
    before, *_ = people(session, run_id)
    rest = {name: value for name, value in RESULT.items() if name != lacking}
    assert filled(session, run_id, tmp_path, [tuple(rest), tuple(rest.values())]).changed == 0
    changed = {"practical": 75} if lacking != "practical" else {"note": "came"}
    rows = [tuple(rest | changed), tuple((rest | changed).values())]
    assert filled(session, run_id, tmp_path, rows).changed == 1
    after, *_ = people(session, run_id)
    assert after == replace(before, **changed)


def test_a_file_without_staff_numbers_is_refused_as_a_whole(session, run_id, tmp_path):
    with pytest.raises(Unreadable, match="staff_no is missing"):
        filled(session, run_id, tmp_path, [("name",), ("Kim",)])


def test_only_who_plans_training_imports_results(session, run_id, tmp_path):
    with pytest.raises(NotAllowed):
        import_results(
            session,
            who=identity(session, "stan"),
            run_id=run_id,
            file=ResultsFile(tmp_path),
            now=NOW,
        )


CLEARS = FileChoices(empty="clears")


def test_an_empty_cell_clears_where_that_is_chosen(session, tmp_path):
    run_id, _ = held(session, attended=0, practical_mark=60)
    filled(session, run_id, tmp_path, [tuple(RESULT), tuple(RESULT.values())])
    cleared = {"staff_no": "K-00", "exam_2": None, "exam_3": None, "practical": "", "note": None}
    rows = [tuple(cleared), tuple(cleared.values())]
    assert filled(session, run_id, tmp_path, rows).changed == 0
    assert filled(session, run_id, tmp_path, rows, choices=CLEARS).changed == 1
    first, *_ = people(session, run_id)
    assert (first.exams, first.practical, first.note) == ({1: 60.0}, None, "")
    assert (first.attended, first.attended_on) == (True, date(2026, 1, 14))


def test_an_exam_is_not_cleared_from_under_a_later_one(session, run_id, tmp_path):
    filled(session, run_id, tmp_path, [HEAD, ("K-00", "yes", None, 60, 85)])
    rows = [("staff_no", "exam_1"), ("K-00", None)]
    told = filled(session, run_id, tmp_path, rows, choices=CLEARS)
    assert [str(refusal) for refusal in told.refusals] == [
        "Attempt 2 comes before the one ahead of it."
    ]
    first, *_ = people(session, run_id)
    assert first.exams == {1: 60.0, 2: 85.0}


def test_words_for_nothing_are_empty_and_numbers_are_found_in_any_case(session, run_id, tmp_path):
    filled(session, run_id, tmp_path, [HEAD, ("k-00", "yes", None, 60, None)])
    rows = [("staff_no", "attended", "exam_1"), ("Ｋ-00", "N/A", "#N/A")]
    assert filled(session, run_id, tmp_path, rows).changed == 0
    first, *_ = people(session, run_id)
    assert (first.attended, first.exams) == (True, {1: 60.0})


def test_a_score_that_the_sheet_shows_as_a_percentage_is_refused(session, run_id, tmp_path):
    """85% is 0.85 in the cell, and would be recorded as less than one point of a hundred."""
    book = Workbook()
    book.active.append(["staff_no", "attended", "exam_1"])
    book.active.append(["K-00", "yes", 0.85])
    book.active["C2"].number_format = "0%"
    book.save(tmp_path / "shares.xlsx")
    who, file = identity(session, "tina"), ResultsFile(tmp_path / "shares.xlsx")
    result = import_results(session, who=who, run_id=run_id, file=file, now=NOW)
    assert [(one.line, one.column) for one in result.refusals] == [(2, "exam_1")]
    assert people(session, run_id)[0].exams == {}


def test_much_that_would_go_is_asked_about_and_taken_only_when_agreed(session, tmp_path):
    """Ten of twenty notes are more than a tenth, and at least ten."""
    run_id, _ = held(session, attended=0)
    found = people(session, run_id)
    notes = [(person.staff_no, "came late") for person in found]
    filled(session, run_id, tmp_path, [("staff_no", "note"), *notes])
    rows = [("staff_no", "note"), *((person.staff_no, None) for person in found[:10])]
    with pytest.raises(AgreementNeeded) as question, session.begin_nested():
        filled(session, run_id, tmp_path, rows, choices=CLEARS)
    assert question.value.forecast.losses() == {"note": 10}
    assert question.value.forecast.columns["note"].examples[0].before == "came late"
    assert all(person.note == "came late" for person in people(session, run_id))
    assert filled(session, run_id, tmp_path, rows, choices=CLEARS, agreed=True).changed == 10


def test_who_looks_sees_what_would_change(session, run_id, tmp_path):
    rows = [HEAD, ("K-00", "yes", date(2026, 1, 14), 60, None)]
    with pytest.raises(AgreementNeeded) as question, session.begin_nested():
        filled(session, run_id, tmp_path, rows, look=True)
    told = question.value.forecast.columns
    assert {name: (column.added, column.changed) for name, column in told.items()} == {
        "attended": (0, 1),
        "attended_on": (1, 0),
        "exam_1": (1, 0),
    }
    first, *_ = people(session, run_id)
    assert (first.attended, first.exams) == (False, {})


def test_hidden_rows_unknown_columns_and_other_sheets_are_told(session, run_id, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["Results of the January course"])
    sheet.append(["staff_no", "attended", "Attendance", "Remarks"])
    for number in range(3):
        sheet.append([f"K-0{number}", "yes", "no", "late"])
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("Old")["A1"] = "K-05"
    path = tmp_path / "results.xlsx"
    book.save(path)
    who = identity(session, "tina")
    told = import_results(session, who=who, run_id=run_id, file=ResultsFile(path), now=NOW)
    assert [str(note) for note in told.notes] == [
        "The headings stand in line 2; what is above is left out.",
        "Hidden or filtered rows are read too (1): 4.",
        "Sheets that are not read: Old.",
        "Attendance means attended, which attended fills already; it is left out.",
        "Not imported: Attendance, Remarks",
    ]
    assert told.changed == 3
    look = ResultsFile(path, look=True)
    with pytest.raises(AgreementNeeded) as asked:
        import_results(session, who=who, run_id=run_id, file=look, now=NOW)
    assert asked.value.forecast.notes == list(told.notes)
