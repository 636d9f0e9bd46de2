"""Workbooks of openpyxl written as OpenDocument spreadsheets, as LibreOffice would save them.

Source of the elements: OpenDocument 1.3, part 3, chapters 9 and 19.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

import openpyxl

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def as_open_document(workbook):
    """The bytes of an .ods with the sheets, values and hidden rows of an .xlsx, given as bytes."""
    sheets = openpyxl.load_workbook(BytesIO(workbook)).worksheets
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body>'
        f"<office:spreadsheet>{''.join(map(_table, sheets))}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return file.getvalue()


def _table(sheet):
    rows = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        hidden = ' table:visibility="filter"' if sheet.row_dimensions[number].hidden else ""
        rows.append(f"<table:table-row{hidden}>{''.join(map(_cell, cells))}</table:table-row>")
    return f"<table:table table:name={quoteattr(sheet.title)}>{''.join(rows)}</table:table>"


def _cell(value):
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        word = str(value).lower()
        kind = f'office:value-type="boolean" office:boolean-value="{word}"'
    elif isinstance(value, datetime):
        moment = value.date().isoformat() if value.time() == time() else value.isoformat()
        kind = f'office:value-type="date" office:date-value="{moment}"'
    elif isinstance(value, time):
        kind = f'office:value-type="time" office:time-value="{value:PT%HH%MM%SS}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    shown = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell {kind}>{shown}</table:table-cell>"
