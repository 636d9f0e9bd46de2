"""Tables in CSV files: named columns, a row a line; what does not fit gets one sentence."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import InvalidInput

LARGEST = 1e9
"""Numbers beyond it are a mistake, and their squares would not be exact."""
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)

_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.ASCII)


@dataclass(frozen=True)
class TableRow:
    """The cells of one line by column, without the spaces around them."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """A cell that may not be empty.

        Raises:
            InvalidInput: it is.
        """
        value = self.cells[column]
        if not value:
            raise self.refused("{column} is empty", column=column)
        return value

    def number(self, column: str) -> float:
        """A cell that holds a number.

        Raises:
            InvalidInput: it holds something else, or a number out of any reason.
        """
        value = self.text(column)
        if not _NUMBER.fullmatch(value) or not math.fabs(float(value)) <= LARGEST:
            raise self.refused("{value} in {column} is no number", value=value, column=column)
        return float(value)

    def day(self, column: str) -> tuple[int, int]:
        """A date (2026-11-29, 20261129, with a time of day or not) and the month it lies in.

        Days may also be numbered; months are then 30 of them.

        Raises:
            InvalidInput: the cell holds neither.
        """
        value = self.text(column)
        digits = value[:10].replace("-", "") if _DATE.fullmatch(value) else value
        if re.fullmatch(r"\d{8}", digits, re.ASCII):
            try:
                date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            except ValueError:
                raise self.refused(
                    "{value} in {column} is no day", value=value, column=column
                ) from None
            return int(digits), int(digits) // 100
        if re.fullmatch(r"\d{1,6}", digits, re.ASCII):
            return int(digits), int(digits) // 30
        raise self.refused("{value} in {column} is no day", value=value, column=column)

    def refused(self, problem: str, **values: object) -> InvalidInput:
        """The error that names the file and the line."""
        shown = {key: str(value)[:40] for key, value in values.items()}
        return InvalidInput(
            f"{{file}}, line {{line}}: {problem}.", file=self.file, line=self.line, **shown
        )


def read_table(path: Path, columns: Sequence[str], optional: Sequence[str] = ()) -> list[TableRow]:
    """The rows of a file in UTF-8, with or without a byte order mark, with a line of headings.

    Columns may stand in any order, and others beside them; empty lines are passed over.

    Raises:
        InvalidInput: the file cannot be read, is empty or lacks a column, a heading is there twice,
            or a line has more or fewer cells than headings, or a damaged character in one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError):
        raise InvalidInput("The file {file} cannot be read.", file=path.name) from None
    lines = _lines(path.name, text)
    heading = next(lines, None)
    if heading is None:
        raise InvalidInput("The file {file} is empty.", file=path.name)
    names = heading[1]
    for name in columns:
        if name not in names:
            raise InvalidInput("{file} has no column {name}.", file=path.name, name=name)
    for name in (*columns, *optional):
        if names.count(name) > 1:
            raise InvalidInput("{file} has two columns {name}.", file=path.name, name=name)
    rows = [_row(path.name, line, names, cells) for line, cells in lines]
    if not rows:
        raise InvalidInput("{file} has headings but no rows.", file=path.name)
    return rows


def _lines(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold anything, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise InvalidInput(
            "{file}, line {line}: {problem}.", file=file, line=reader.line_num, problem=error
        ) from None


def _row(file: str, line: int, names: list[str], cells: list[str]) -> TableRow:
    row = TableRow(file, line, dict(zip(names, cells, strict=False)))
    if any("\0" in cell for cell in cells):
        raise row.refused("a cell holds a damaged character")
    if len(cells) != len(names):
        raise row.refused("{n} cells instead of {many}", n=len(cells), many=len(names))
    return row
