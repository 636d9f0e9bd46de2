"""Every door that reads a workbook tells what a person may not have seen in it."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from core.checklist import parse_checklist, to_data
from core.forms import FormError
from core.library import load_checklists, load_library
from db.checklists.files import as_workbook, read_file
from db.importing.import_run import Order, run_import
from db.importing.preview import preview
from db.store.session import transaction
from tests.factories import make_station
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.importing.files import KEYS
from tests.support.importing.open_documents import as_open_document

CHAT = next(c for c in load_checklists(load_library()) if c.key == "chat")


def changed(data, change):
    book = load_workbook(BytesIO(data))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def hide_and_add(book):
    """Two rows of items hidden, a column too, titles above the sections, two sheets more."""
    book["Items"].row_dimensions[3].hidden = True
    book["Items"].row_dimensions[5].hidden = True
    book["Items"].column_dimensions["B"].hidden = True
    book["Sections"].insert_rows(1, 2)
    book["Sections"]["A1"] = "Sections of the chat form"
    book.create_sheet("Notes", 0)["A1"] = "key"
    book.create_sheet("Old")


def told(imported):
    return [str(note) for note in imported.notes]


def test_a_checklist_says_what_is_hidden_and_what_is_not_read():
    imported = read_file("chat.xlsx", changed(as_workbook(CHAT), hide_and_add))
    assert imported.content == to_data(CHAT)
    assert told(imported) == [
        "Sheet Sections: the headings stand in line 3; what is above is left out.",
        "Sheet Items: hidden or filtered rows are read too (2): 3, 5.",
        "Sheet Items: hidden columns are read like the others (1): key.",
        "Sheets that are not read: Notes, Old.",
    ]


def test_a_checklist_saved_as_open_document_is_the_same_and_says_the_same():
    data = as_open_document(changed(as_workbook(CHAT), hide_and_add))
    imported = read_file("chat.ods", data)
    assert parse_checklist(imported.content) == CHAT
    assert "Sheet Items: hidden or filtered rows are read too (2): 3, 5." in told(imported)
    assert "Sheets that are not read: Notes, Old." in told(imported)


def test_sheets_in_another_language_are_found_by_their_order():
    def rename(book):
        for sheet, name in zip(book.worksheets, "一二三四", strict=True):
            sheet.title = name

    imported = read_file("chat.xlsx", changed(as_workbook(CHAT), rename))
    assert imported.content == to_data(CHAT)
    assert told(imported) == []


@pytest.mark.parametrize("name", ["chat.xls", "chat.xlsx"])
def test_an_old_workbook_is_told_from_a_damaged_one(name):
    with pytest.raises(FormError, match="This is an old Excel file; save it as XLSX or CSV"):
        read_file(name, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def encounters(path):
    book = Workbook()
    calls, turns = book.active, book.create_sheet("Turns")
    calls.append(["source", "external_id", "channel", "station_code", "occurred_at"])
    calls.append(["pbx", "W1", "chat", "TPE", "2026-02-20T09:00:00+08:00"])
    turns.append(["What was said"])
    turns.append(["source", "external_id", "turn", "speaker", "text", "mood"])
    turns.append(["pbx", "W1", 1, "agent", "Good morning.", "calm"])
    turns.append(["pbx", "W1", 2, "customer", "Where is my bag?", ""])
    turns.row_dimensions[4].hidden = True
    turns.column_dimensions["D"].hidden = True
    book.save(path)


@sqlite_only
def test_the_sheet_with_the_turns_says_it_too_before_and_after(engine, tmp_path):
    encounters(tmp_path / "calls")
    with transaction(engine) as session:
        make_station(session, code="TPE")
    lines = [
        "Sheet Turns: the headings stand in line 2; what is above is left out.",
        "Sheet Turns: hidden or filtered rows are read too (1): 4.",
        "Sheet Turns: hidden columns are read like the others (1): speaker.",
        "Sheet Turns: these columns are not imported: mood.",
    ]
    before = preview(tmp_path / "calls", "interactions", NOW)
    assert [str(note) for note in before.facts.notes] == lines
    order = Order("interactions", tmp_path / "calls")
    done = run_import(engine, KEYS, order, who=None, clock=lambda: NOW)
    assert done.counts.added == 1
    read_from = "The turns are read from sheet Turns."
    assert [str(note) for note in done.forecast.notes] == [read_from, *lines]
