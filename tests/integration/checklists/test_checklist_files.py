"""Checklists written to files and read again."""

from __future__ import annotations

from dataclasses import fields
from io import BytesIO

import openpyxl
import pytest

from core.checklist import Item, Option, Range, parse_checklist, to_data
from core.checklist.model import written
from core.checklist.parse import SECTION_KEYS
from core.drafting import KIND_ORDER, DraftPosition, blank, insert, new_item, with_value
from core.errors import InvalidInput
from core.forms import FormError
from core.library import load_checklists, load_library
from db.checklists.files import (
    _ANSWER,
    _ITEM,
    _SECTION,
    as_connect,
    as_workbook,
    as_yaml,
    read_file,
)

SHIPPED = {checklist.key: checklist for checklist in load_checklists(load_library())}


def every_kind():
    content = blank("all-kinds", {"en": "=HYPERLINK()", "zh_TW": "全部"})
    for kind in KIND_ORDER:
        content, _ = insert(content, new_item(content, kind), DraftPosition(0))
    content = with_value(content, "sections[0].items[1].text.en", "1e3")
    content = with_value(content, "sections[0].items[1].options[0].effect", {"cap": 40})
    content = with_value(content, "sections[0].items[4].ranges[1].effect", "form_zero")
    when = {
        "any": [
            {"item": "OWN-1", "equals": ["yes"]},
            {"item": "OWN-5", "compare": {"op": ">", "value": 2.0}},
        ]
    }
    return parse_checklist(with_value(content, "sections[0].items[7].when", when))


ALL = {**SHIPPED, "all-kinds": every_kind()}


@pytest.mark.parametrize("key", sorted(ALL))
def test_yaml_and_workbook_give_the_same_checklist_again(key):
    assert read_file("x.yaml", as_yaml(ALL[key])).content == to_data(ALL[key])
    assert read_file("X.XLSX", as_workbook(ALL[key])).content == to_data(ALL[key])


def test_the_workbook_has_a_column_for_every_field_of_the_model():
    """A field without a column would be lost without a word."""
    assert set(_SECTION) == SECTION_KEYS - {"items"}
    assert set(_ITEM) == {written(field.name) for field in fields(Item)} - {
        "options", "ranges"} | {"section"}  # fmt: skip
    answer_fields = {written(field.name) for kind in (Option, Range) for field in fields(kind)}
    assert set(_ANSWER) == answer_fields | {"item"}


def test_a_file_for_connect_is_read_as_a_connect_form():
    imported = read_file("x.json", as_connect(SHIPPED["phone"], "zh_TW"))
    assert imported.system == "connect"
    assert len(parse_checklist(imported.content).by_key) == len(SHIPPED["phone"].by_key)


def changed(**cells):
    """The workbook of all kinds with some cells changed."""
    book = openpyxl.load_workbook(BytesIO(as_workbook(ALL["all-kinds"])))
    for place, value in cells.items():
        sheet, cell = place.split("_")
        book[sheet][cell] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_a_person_types_in_a_spreadsheet_is_understood():
    """A number and a flag typed as text."""
    book = openpyxl.load_workbook(BytesIO(as_workbook(ALL["all-kinds"])))
    heads = [cell.value for cell in book["Items"][1]]
    row = {head: book["Items"].cell(2, place) for place, head in enumerate(heads, start=1)}
    row["weight"].value, row["key_moment"].value, row["channels"].value = (
        "2.5",
        "yes",
        "phone, chat",
    )
    file = BytesIO()
    book.save(file)
    item = next(iter(parse_checklist(read_file("x.xlsx", file.getvalue()).content).items()))
    assert (item.weight, item.key_moment, item.channels) == (2.5, True, ("phone", "chat"))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Items_A2": "nowhere"}, "Its section is not in the sheet Sections."),
        ({"Answers_A2": "nowhere"}, "Its item is not in the sheet Items."),
        ({"Items_C2": "magic"}, "magic is none of"),
    ],
)
def test_a_faulty_workbook_is_refused_with_the_place(cells, told):
    with pytest.raises(FormError, match=told):
        read_file("x.xlsx", changed(**cells))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b"no workbook"),
        ("x.json", b"{"),
        ("x.yaml", b"a: [b"),
        ("x.yaml", b"\xff\xfe\x00"),
        ("x", b"just text"),
    ],
)
def test_a_file_that_is_no_form_is_refused(name, data):
    with pytest.raises(InvalidInput):
        read_file(name, data)


def changed_workbook(change):
    book = openpyxl.load_workbook(BytesIO(as_workbook(ALL["all-kinds"])))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def with_weight(value, number_format="General"):
    def change(book):
        sheet = book["Items"]
        column = next(cell.column for cell in sheet[1] if cell.value == "weight")
        sheet.cell(2, column, value).number_format = number_format

    return change


def with_second_weight(book):
    sheet = book["Items"]
    column = sheet.max_column + 1
    sheet.cell(1, column, "weight")
    sheet.cell(2, column, 99)


def with_section_twice(book):
    sheet = book["Sections"]
    sheet.append([cell.value for cell in sheet[2]])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (with_second_weight, "The column weight stands there twice."),
        (with_section_twice, "The key section-1 stands there twice."),
        (with_weight(0.05, "0%"), "The cell shows a percentage"),
        (with_weight("1_0"), "A number from 0 to"),
        (with_weight("nan"), "A number from 0 to"),
    ],
    ids=["a second column", "a section twice", "a percentage", "an underscore", "no number"],
)
def test_what_would_be_lost_or_read_otherwise_is_refused(change, sentence):
    with pytest.raises(FormError) as refused:
        read_file("x.xlsx", changed_workbook(change))
    told = [p.sentence.format(**p.values) for p in refused.value.problems]
    assert any(line.startswith(sentence) for line in told), told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"key": "a", "title": "A", "title": "B"}', "title stands here twice"),
        ('{"key": "a", "pass_mark": NaN}', "NaN is no number"),
    ],
)
def test_json_that_says_two_things_or_no_number_is_refused(text, problem):
    with pytest.raises(InvalidInput, match=problem):
        read_file("x.json", text.encode())
