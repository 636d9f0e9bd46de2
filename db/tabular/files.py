"""Opening a file of rows, whichever of the known formats it is in."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path

from db.tabular.csv_tables import csv_table
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.headings import Known
from db.tabular.json_tables import json_table
from db.tabular.open_document import is_open_document, open_document_table
from db.tabular.tables import Table, Unreadable, WrongType
from db.tabular.text_files import encoding_of, utf16_order
from db.tabular.workbook import PACKED, workbook_table

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PACKED = (b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_OTHERS = (
    (re.compile(rb"\x89PNG"), "PNG"),
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"PAR1[\0-\x08\x0e-\x1f]"), "Parquet"),
    (re.compile(rb"ORC[\0-\x08\x0e-\x1f]"), "ORC"),
    (re.compile(rb"ARROW1\0|FEA1\0"), "Arrow"),
    (re.compile(rb"Obj\x01"), "Avro"),
    (re.compile(rb"SQLite format 3\0"), "SQLite"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI |WEBP)", re.DOTALL), "RIFF (WAV, AVI, WebP)"),
    (re.compile(rb"ID3[\x02-\x04]\0|\xff\xfb"), "MP3"),
    (re.compile(rb"OggS\0"), "Ogg"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "MP4"),
)
"""How files begin that people take for a table, or by mistake; none of these can begin a text."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<workbook")
_PRINTABLE = bytes(sorted({7, 8, 9, 10, 12, 13, 27} | set(range(0x20, 0x100)) - {0x7F}))
_TEXT_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def _none_known(_cells: object) -> int:
    return 0


def open_table(
    path: Path,
    choices: FileChoices = AS_IT_IS,
    known: Known = _none_known,
    *,
    but: str = "",
    plainly: bool = False,
) -> AbstractContextManager[Table]:
    """The rows of a CSV, JSONL, JSON, XLSX or ODS file; what it is, its content says, not its name.

    Args:
        known: counts the headings that are known, by which their line and sheet are found.
        but: a sheet that does not count.
        plainly: numbers of a workbook are read as they are, and not as they are seen.

    Raises:
        Unreadable: the file is missing or empty.
        WrongType: it is in no known format.
    """
    head = _head(path, choices)
    if head.startswith(_ZIP):
        open_sheets = open_document_table if is_open_document(path) else workbook_table
        return open_sheets(path, choices, known, but=but, plainly=plainly)
    if head.startswith((b"[", b"{")):
        return json_table(path, choices, known)
    return csv_table(path, choices, known)


def is_workbook(path: Path) -> bool:
    return _bytes(path).startswith(_ZIP)


def refuse_no_workbook(path: Path) -> None:
    """Look whether a file may be a workbook, XLSX or ODS.

    Raises:
        WrongType: it is none.
    """
    head = _bytes(path)
    if not head.startswith(_ZIP):
        _refuse_other_formats(path, head)
        raise WrongType("The file is no XLSX workbook.")


def _head(path: Path, choices: FileChoices) -> bytes:
    """The first characters of a text, those beyond ASCII as question marks, or of an archive."""
    head = _bytes(path)
    _refuse_other_formats(path, head)
    if head.startswith(_ZIP):
        return head
    is_marked = head.startswith(_TEXT_MARKS) or bool(choices.encoding)
    nulls = head.count(b"\0")
    odd = len(head.translate(None, _PRINTABLE)) - nulls
    is_binary = odd * 10 > len(head) or (nulls * 10 > len(head) and not utf16_order(head))
    if not is_marked and is_binary:
        raise WrongType("The file is none of CSV, JSONL, JSON, XLSX and ODS.")
    if head.strip() and (is_marked or nulls):
        codec = encoding_of(path, choices.encoding).codec
        head = head[: len(head) // 2 * 2].decode(codec, "replace").encode("ascii", "replace")
    text = head.lstrip(b"\xef\xbb\xbf?").lstrip()
    if text.lower().startswith(_MARKUP):
        raise WrongType("This is a web page or XML; save it as XLSX or CSV.")
    return text


def _refuse_other_formats(path: Path, head: bytes) -> None:
    if head.startswith(_OLD_EXCEL):
        raise WrongType(_old(path))
    if head.startswith(_PACKED):
        raise WrongType(PACKED)
    for beginning, name in _OTHERS:
        if beginning.match(head):
            raise WrongType(
                "This file is {format} and none of CSV, JSONL, JSON, XLSX and ODS.", format=name
            )


def _old(path: Path) -> str:
    """What to do with a file in Microsoft's older container."""
    with path.open("rb") as file:
        is_encrypted = _ENCRYPTED in file.read(4_000_000)
    if is_encrypted:
        return "The workbook is protected by a password; save it without one."
    return "This is an old Excel file; save it as XLSX or CSV."


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        raise Unreadable("The file cannot be opened: {problem}.", problem=error.strerror) from error
