"""What openpyxl does not tell of a streamed sheet: merged and hidden parts, lost values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from openpyxl.utils import range_boundaries

from core.text.sentence import Sentence

_CHUNK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_FIRST_COLUMN, _LAST_COLUMN = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')
_DAY_60 = re.compile(
    rb"<(?:\w+:)?c\b([^>]*[^/>])>(?:(?!</?(?:\w+:)?c\b).)*?<(?:\w+:)?v>60(?:\.\d+)?</", re.DOTALL
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>((?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?f\b.*?)</(?:\w+:)?c>",
    re.DOTALL,
)  # no cell that ends in its own tag, as an empty one does: the next one would be taken for it
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"')
_CELL_NAME = re.compile(rb'\br="([A-Z]+\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?v [^>]*[^/]>[^<]")
_TEXT = re.compile(rb'\bt="str"')  # a formula may give no characters
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
NO_VALUES = ("#N/A", "#REF!", "#VALUE!")
"""Errors of a spreadsheet that count as an empty cell."""
_NAMED = 5
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

    `damaged` are rows with cells of other rows, of which only some could be read, `day_60` cells
    with this number: as a day it is 29 February 1900, which never was.
    """

    merged: list[MergedArea] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    valueless: set[str] = field(default_factory=set)
    day_60: set[str] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)

    def notes(self, heading_line: int, headings: Sequence[str]) -> tuple[Sentence, ...]:
        rows = [row for row in self.hidden if row > heading_line]
        return hidden_rows(rows) + hidden_columns(self.hidden_columns, headings)


def hidden_rows(rows: list[int]) -> tuple[Sentence, ...]:
    """What is said of rows that are hidden or filtered away and are read all the same."""
    if not rows:
        return ()
    named = ", ".join(map(str, rows[:_NAMED])) + (" …" if len(rows) > _NAMED else "")
    sentence = "Hidden or filtered rows are read too ({count}): {rows}."
    return (Sentence(sentence, {"count": len(rows), "rows": named}),)


def hidden_columns(columns: Collection[int], headings: Sequence[str]) -> tuple[Sentence, ...]:
    """What is said of columns, from 1, that have a heading and are hidden."""
    names = [name for number, name in enumerate(headings, 1) if number in columns and name]
    if not names:
        return ()
    named = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
    sentence = "Hidden columns are read like the others ({count}): {columns}."
    return (Sentence(sentence, {"count": len(names), "columns": named}),)


def marks_of(sheet: BinaryIO) -> SheetMarks:
    """Look through the XML of a sheet; its memory is bounded by the longest row."""
    marks = SheetMarks()
    for piece in _pieces(sheet):
        if not marks.hidden_columns and b"hidden" in piece:
            marks.hidden_columns.update(_hidden_columns(piece))
        if row := _ROW.search(piece):
            _mark_row(marks, row[1], piece)
        if b"mergeCell" in piece:
            marks.merged += [
                MergedArea(*range_boundaries(area.decode())) for area in _MERGED.findall(piece)
            ]
    return marks


def _mark_row(marks: SheetMarks, attributes: bytes, piece: bytes) -> None:
    number = _ROW_NUMBER.search(attributes)
    if number and _HIDDEN.search(attributes):
        marks.hidden.append(int(number[1]))
    if number and _is_mixed(piece, number[1]):
        marks.damaged.add(int(number[1]))
    if b"<f" in piece or b":f" in piece:
        marks.valueless.update(_valueless(piece))
    if b">60" in piece:
        marks.day_60.update(_day_60(piece))


def _is_mixed(row: bytes, number: bytes) -> bool:
    cells = _CELL.findall(row)
    return any(line != number for _, line in cells) or len(set(cells)) < len(cells)


def _valueless(row: bytes) -> Iterator[str]:
    for attributes, content in _FORMULA.findall(row):
        has_value = _VALUE.search(content) or (_TEXT.search(attributes) and b"<v" in content)
        if not has_value and (name := _CELL_NAME.search(attributes)):
            yield name[1].decode()


def _hidden_columns(piece: bytes) -> Iterator[int]:
    for attributes in _COLUMN.findall(piece):
        first, last = _FIRST_COLUMN.search(attributes), _LAST_COLUMN.search(attributes)
        if _HIDDEN.search(attributes) and first and last:
            yield from range(int(first[1]), min(int(last[1]), _MOST_COLUMNS) + 1)


def _day_60(row: bytes) -> Iterator[str]:
    for attributes in _DAY_60.findall(row):
        if b't="s"' not in attributes and (name := _CELL_NAME.search(attributes)):
            yield name[1].decode()


def _pieces(sheet: BinaryIO) -> Iterator[bytes]:
    """The XML cut after each row."""
    rest = b""
    while chunk := sheet.read(_CHUNK):
        *rows, rest = (rest + chunk).split(b"</row>") if b"</row>" in chunk else [rest + chunk]
        yield from rows
    yield rest
