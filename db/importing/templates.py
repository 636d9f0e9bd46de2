"""Empty files to fill in, with the columns of a kind and what belongs into them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO, StringIO

import xlsxwriter

from db.importing.kind_registry import columns_of
from db.importing.turns import columns as turn_columns
from db.tabular.columns import FileColumn
from db.tabular.file_choices import AS_IT_IS

Translate = Callable[[str], str]


def csv_template(kind: str, now: datetime) -> bytes:
    """The line of headings, with a byte order mark so that spreadsheets read Chinese."""
    file = StringIO()
    csv.writer(file).writerow([column.name for column in _of_table(kind, now)])
    return file.getvalue().encode("utf-8-sig")


def xlsx_template(kind: str, now: datetime, translate: Translate) -> bytes:
    """A workbook with a note at each heading; turns have a sheet of their own."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    _add_sheet(book, kind, _of_table(kind, now), translate)
    if kind == "interactions":
        _add_sheet(book, "turns", turn_columns(AS_IT_IS), translate)
    book.close()
    return file.getvalue()


def _of_table(kind: str, now: datetime) -> list[FileColumn]:
    """The columns that suit a table: turns stand in a sheet of their own."""
    nested = {"turns", "interaction"}
    return [column for column in columns_of(kind, now) if column.name not in nested]


def _add_sheet(
    book: xlsxwriter.Workbook, name: str, columns: Iterable[FileColumn], translate: Translate
) -> None:
    sheet = book.add_worksheet(name)
    plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, max(12, len(column.name) + 2), plain)
        sheet.write_string(0, number, column.name, bold)
        note = translate(column.hint)
        if column.marked:
            note = f"{note}\n* {translate('Required')}"
        sheet.write_comment(0, number, note)
    sheet.freeze_panes(1, 0)
