"""What openpyxl does not tell of a streamed sheet: merged and hidden parts, lost values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from core.text.sentence import Sentence
from db.tabular.sheet_notes import hidden_columns, hidden_rows

_CHUNK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_FIRST_COLUMN = re.compile(rb"\bmin=[\"'](\d+)[\"']")
_LAST_COLUMN = re.compile(rb"\bmax=[\"'](\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_CELL_NAME = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_NAMED_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)(\d+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_DAY_60 = re.compile(rb"<(?:\w+:)?v>60(?:\.\d+)?</")
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?v [^>]*[^/]>[^<]")
_TEXT = re.compile(rb"\bt=[\"']str[\"']")  # a formula may give no characters
_SHARED_TEXT = re.compile(rb"\bt=[\"']s[\"']")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
NO_VALUES = ("#N/A", "#REF!", "#VALUE!")
"""Errors of a spreadsheet that count as an empty cell."""
_MOST_COLUMNS = 16_384


class MergedArea(NamedTuple):
    """Rows and columns from 1, both ends in it."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass
class SheetMarks:
    """`valueless` are the cells with a formula whose value the file does not hold.

    `damaged` are rows with cells of other rows, of which only some could be read, and rows that
    come a second time; `day_60` cells with this number: as a day it is 29 February 1900, which
    never was. `last_row` is the last one that was looked at.
    """

    merged: list[MergedArea] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    valueless: set[str] = field(default_factory=set)
    day_60: set[str] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    last_row: int = 0

    def notes(self, heading_line: int, headings: Sequence[str]) -> tuple[Sentence, ...]:
        rows = [row for row in self.hidden if row > heading_line]
        return hidden_rows(rows) + hidden_columns(self.hidden_columns, headings)


def marks_of(sheet: BinaryIO) -> SheetMarks:
    """Look through the XML of a sheet; its memory is bounded by the longest row."""
    marks = SheetMarks()
    for piece in _pieces(sheet):
        if not marks.hidden_columns and b"hidden" in piece:
            marks.hidden_columns.update(_hidden_columns(piece))
        if row := _filled_row(piece):
            _mark_row(marks, row[1], piece[row.start() :])
        if b"mergeCell" in piece:
            marks.merged += [
                MergedArea(*range_boundaries(area.decode())) for area in _MERGED.findall(piece)
            ]
    return marks


def _filled_row(piece: bytes) -> re.Match[bytes] | None:
    """The row at whose end the XML was cut; before it stand empty ones, which have no end tag."""
    row = _ROW.search(piece)
    while row and row[1].endswith(b"/"):
        row = _ROW.search(piece, row.end())
    return row


def _mark_row(marks: SheetMarks, tag: bytes, piece: bytes) -> None:
    named = _ROW_NUMBER.search(tag)
    number = int(named[1]) if named else marks.last_row + 1
    if _HIDDEN.search(tag):
        marks.hidden.append(number)
    if number <= marks.last_row or _is_mixed(piece, number):
        marks.damaged.add(number)
    marks.last_row = max(marks.last_row, number)
    if b"<f" in piece or b":f" in piece:
        marks.valueless.update(cell.name for cell in _cells(piece, number) if _is_valueless(cell))
    if b">60" in piece:
        marks.day_60.update(cell.name for cell in _cells(piece, number) if _is_day_60(cell))


def _is_mixed(row: bytes, number: int) -> bool:
    """Whether cells stand in it that say they are of another row, or two of one column."""
    names = _NAMED_CELL.findall(row)
    written = str(number).encode()
    return any(line != written for _, line in names) or len(set(names)) < len(names)


class _Cell(NamedTuple):
    column: int
    row: int
    tag: bytes
    content: bytes

    @property
    def name(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"


def _cells(row: bytes, number: int) -> Iterator[_Cell]:
    """The cells of a row; one that does not say where it stands follows the one before it."""
    begins = list(_CELL.finditer(row))
    column = 0
    for begin, after in zip(begins, [*begins[1:], None], strict=True):
        column, line = column + 1, number
        if named := _CELL_NAME.search(begin[1]):
            column, line = column_index_from_string(named[1].decode()), int(named[2])
        content = row[begin.end() : after.start() if after else len(row)]
        yield _Cell(column=column, row=line, tag=begin[1], content=content)


def _is_valueless(cell: _Cell) -> bool:
    if not _FORMULA.search(cell.content) or _VALUE.search(cell.content):
        return False
    return not (_TEXT.search(cell.tag) and b"<v" in cell.content)


def _is_day_60(cell: _Cell) -> bool:
    return bool(_DAY_60.search(cell.content)) and not _SHARED_TEXT.search(cell.tag)


def _hidden_columns(piece: bytes) -> Iterator[int]:
    for tag in _COLUMN.findall(piece):
        first, last = _FIRST_COLUMN.search(tag), _LAST_COLUMN.search(tag)
        if _HIDDEN.search(tag) and first and last:
            yield from range(int(first[1]), min(int(last[1]), _MOST_COLUMNS) + 1)


def _pieces(sheet: BinaryIO) -> Iterator[bytes]:
    """The XML cut after each row."""
    rest, end = b"", b"</row>"
    while chunk := sheet.read(_CHUNK):
        if not rest and (prefixed := _ROW_END.search(chunk)):
            end = prefixed[0]
        *rows, rest = (rest + chunk).split(end) if end in chunk else [rest + chunk]
        yield from rows
    yield rest
