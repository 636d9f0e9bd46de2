"""Opening a file of rows, whichever of the known formats it is in."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from db.tabular.tables import Table, Unreadable, WrongType
from db.tabular.text_tables import csv_table, json_table, jsonl_table
from db.tabular.workbook import sheet_table

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_BOM = b"\xef\xbb\xbf"
_PRINTABLE = bytes(sorted({7, 8, 9, 10, 12, 13, 27} | set(range(0x20, 0x100)) - {0x7F}))


def open_table(path: Path, *, sheet: int = 0) -> AbstractContextManager[Table]:
    """The rows of a CSV, JSONL, JSON or XLSX file; what it is, its content says, not its name.

    Args:
        sheet: which sheet of a workbook, from 0; other formats have only 0.

    Raises:
        Unreadable: the file is missing or empty.
        WrongType: it is in no known format.
    """
    head = _head(path)
    if head.startswith(_ZIP):
        return sheet_table(path, sheet)
    text = head.removeprefix(_BOM).lstrip()
    if text.startswith(b"["):
        return json_table(path)
    return jsonl_table(path) if text.startswith(b"{") else csv_table(path)


def is_workbook(path: Path) -> bool:
    return _head(path).startswith(_ZIP)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise Unreadable("The file cannot be opened: {problem}.", problem=error.strerror) from error
    if head.startswith(_OLD_EXCEL):
        raise WrongType("This is an old Excel file; save it as XLSX or CSV.")
    if len(head.translate(None, _PRINTABLE)) * 10 > len(head) and not head.startswith(_ZIP):
        raise WrongType("The file is none of CSV, JSONL, JSON and XLSX.")
    return head
