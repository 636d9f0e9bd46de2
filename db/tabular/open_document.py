"""Reading a sheet of an OpenDocument spreadsheet (.ods) row by row.

Each cell of the format holds its value and the text that it shows: 00123 is read as it is seen.
Source: OpenDocument 1.3, part 3, chapters 9 (tables) and 19 (attributes).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.utils import get_column_letter

from db.tabular.file_choices import FileChoices
from db.tabular.headings import LOOKED_AT, HeadingLine, Known, heading_line, trimmed
from db.tabular.numbers import percentage
from db.tabular.sheet_marks import NO_VALUES
from db.tabular.sheet_notes import above, hidden_columns, hidden_rows
from db.tabular.tables import (
    NoSheet,
    Record,
    Refusal,
    Row,
    ShownNumber,
    Table,
    TableFacts,
    Unfit,
    Unreadable,
    too_wide,
)

_MOST_BYTES = 400_000_000
_COLUMNS, _ROWS = 256, 1_048_576
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S")
_ERROR = re.compile(r"#[A-Z/0!?]+|Err:\d+")


@dataclass
class _Cell:
    """`down` is in how many rows below it counts too, `across` in how many columns to its right."""

    value: object = None
    problem: str = ""
    down: int = 0
    across: int = 0


@dataclass
class _Sheet:
    """`wide` are rows with something in columns that are not read."""

    name: str
    visible: bool
    rows: list[tuple[int, list[_Cell]]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    height: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    width: int = 0
    wide: set[int] = field(default_factory=set)


def is_open_document(path: Path) -> bool:
    """Whether an archive is an OpenDocument spreadsheet."""
    try:
        with ZipFile(path) as archive:
            return b"opendocument.spreadsheet" in archive.read("mimetype")[:200]
    except (
        BadZipFile,
        zlib.error,
        KeyError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return False


@contextmanager
def open_document_table(
    path: Path, choices: FileChoices, known: Known, *, but: str = "", plainly: bool = False
) -> Iterator[Table]:
    """As `workbook_table`.

    Raises:
        Unreadable: the file is damaged, protected or too large, or there is no such sheet.
    """
    sheets = _sheets(path)
    if choices.sheet:
        offered = [sheet for sheet in sheets if sheet.name == choices.sheet]
        if not offered:
            raise NoSheet("There is no sheet {name}.", name=choices.sheet)
    elif choices.sheet_place:
        offered = sheets[choices.sheet_place - 1 : choices.sheet_place]
    else:
        offered = [sheet for sheet in sheets if sheet.visible and sheet.name != but]
    lines = [(s, line) for s in offered if (line := _headings(s, choices, known)) is not None]
    if not lines:
        raise NoSheet("The workbook has no sheet to see with anything in it.")
    sheet, line = next((pair for pair in lines if pair[1].known > 1), lines[0])
    if line.line in sheet.wide:
        raise too_wide(_COLUMNS)
    first = next((number for number, cells in sheet.rows if trimmed(c.value for c in cells)), 1)
    notes = above(line.line, first) + hidden_rows([n for n in sheet.hidden if n > line.line])
    notes += hidden_columns(sheet.hidden_columns, line.cells)
    facts = TableFacts(
        sheet=sheet.name,
        sheets=tuple(s.name for s in sheets),
        others=tuple(s.name for s in sheets if s.name not in (sheet.name, but)),
        heading_line=line.line,
        notes=notes,
    )
    yield Table(line.cells, _records(sheet, line, plainly=plainly), lambda: 1.0, facts)


def sheet_names(path: Path) -> tuple[str, ...]:
    """Every sheet, in order."""
    return tuple(sheet.name for sheet in _sheets(path))


def _headings(sheet: _Sheet, choices: FileChoices, known: Known) -> HeadingLine | None:
    lines = [(n, [cell.value for cell in cells]) for n, cells in sheet.rows[:LOOKED_AT]]
    if choices.heading_line:
        lines = [line for line in lines if line[0] == choices.heading_line]
    return heading_line(lines, known)


def _records(sheet: _Sheet, line: HeadingLine, *, plainly: bool) -> Iterator[Record]:
    down: dict[int, tuple[int, _Cell]] = {}
    for number, cells in sheet.rows:
        down |= {
            column: (number + cell.down, cell) for column, cell in enumerate(cells) if cell.down
        }
        if number <= line.line or not any(c.value is not None or c.problem for c in cells):
            continue
        below = {column: cell for column, (last, cell) in down.items() if last >= number}
        record = _record(number, cells, below, line)
        yield _plain(record) if plainly and isinstance(record, Row) else record


def _record(
    number: int, cells: Sequence[_Cell], down: dict[int, _Cell], line: HeadingLine
) -> Record:
    values: dict[str, object] = {}
    cells = [*cells, *(_Cell() for _ in range(len(cells), max(down, default=-1) + 1))]
    for column, cell in enumerate(cells):
        name = line.cells[column] if column < len(line.cells) else ""
        name = name or get_column_letter(column + 1)
        if cell.problem:
            return Refusal.of(number, Unfit(cell.problem), name)
        if cell.across and cell.value is not None:
            return Refusal.of(number, Unfit("Merged cells span several columns here; part them."))
        value = down[column].value if cell.value is None and column in down else cell.value
        if value is not None:
            values[name] = value
    return Row(number, values, sum(len(str(value)) for value in values.values()))


def _plain(row: Row) -> Record:
    """With numbers as they are instead of as they are seen."""
    values: dict[str, object] = {}
    for name, value in row.cells.items():
        if isinstance(value, ShownNumber) and value.shown.endswith("%"):
            return Refusal.of(row.line, percentage(), name)
        if isinstance(value, ShownNumber):
            values[name] = int(value) if value.is_integer() else float(value)
        else:
            values[name] = value
    return row._replace(cells=values)


def _sheets(path: Path) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    hidden_styles: set[str] = set()
    try:
        with ZipFile(path) as archive:
            if archive.getinfo("content.xml").file_size > _MOST_BYTES:
                raise Unreadable(
                    "The workbook unpacks to far more than its size; it is not opened."
                )
            with archive.open("content.xml") as file:
                for event, element in iterparse(file, ("start", "end")):
                    _take(event, element, sheets, hidden_styles)
    except (
        BadZipFile,
        zlib.error,
        KeyError,
        OSError,
        EOFError,
        ParseError,
        DefusedXmlException,
        ValueError,
    ):
        raise Unreadable("The workbook is damaged or incomplete.") from None
    except (NotImplementedError, RuntimeError):
        raise Unreadable("The workbook is protected by a password; save it without one.") from None
    return sheets


def _take(event: str, element: Element, sheets: list[_Sheet], hidden_styles: set[str]) -> None:
    if event == "start" and element.tag == f"{_TABLE}table":
        style = element.get(f"{_TABLE}style-name", "")
        sheets.append(_Sheet(element.get(f"{_TABLE}name", ""), visible=style not in hidden_styles))
    elif event == "end" and element.tag == f"{_STYLE}style":
        for properties in element.iter(f"{_STYLE}table-properties"):
            if properties.get(f"{_TABLE}display") == "false":
                hidden_styles.add(element.get(f"{_STYLE}name", ""))
    elif event == "end" and element.tag == f"{_TABLE}table-column":
        _take_columns(sheets[-1], element)
    elif event == "end" and element.tag == f"{_TABLE}table-row":
        _take_row(sheets[-1], element)
        element.clear()


def _take_columns(sheet: _Sheet, element: Element) -> None:
    first = sheet.width + 1
    sheet.width = min(sheet.width + _count(element, "number-columns-repeated"), _COLUMNS)
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
        sheet.hidden_columns += range(first, sheet.width + 1)


def _take_row(sheet: _Sheet, element: Element) -> None:
    repeated = _count(element, "number-rows-repeated")
    cells = _cells(element)
    if len(cells) > _COLUMNS:
        sheet.wide.add(sheet.height + 1)
        cells = cells[:_COLUMNS]
    if not cells:
        sheet.height += repeated
        return
    if sheet.height + repeated > _ROWS or repeated > 10_000:
        raise ValueError("more rows than a sheet has")
    for _ in range(repeated):
        sheet.height += 1
        sheet.rows.append((sheet.height, cells))
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            sheet.hidden.append(sheet.height)


def _cells(row: Element) -> list[_Cell]:
    """The cells up to the last one with anything in it, one more than are read at most."""
    cells: list[_Cell] = []
    empty = 0
    for element in row:
        if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        covered = element.tag.endswith("covered-table-cell")
        cell = _Cell() if covered else _cell(element)
        repeated = _count(element, "number-columns-repeated")
        if cell.value is None and not cell.problem:
            empty += repeated
            continue
        cells += [_Cell()] * min(empty, _COLUMNS + 1 - len(cells))
        cells += [cell] * min(repeated, _COLUMNS + 1 - len(cells))
        empty = 0
    return cells


def _count(element: Element, name: str) -> int:
    return int(element.get(f"{_TABLE}{name}", "1"))


def _cell(element: Element) -> _Cell:
    shown = "\n".join("".join(_spoken(paragraph)) for paragraph in element.findall(f"{_TEXT}p"))
    down = _count(element, "number-rows-spanned") - 1
    across = _count(element, "number-columns-spanned") - 1
    try:
        value = _value(element, shown)
    except Unfit as error:
        return _Cell(problem=error.sentence, down=down, across=across)
    return _Cell(value, down=down, across=across)


def _spoken(element: Element) -> Iterator[str]:
    """The text of a paragraph; several spaces, tabs and breaks are elements."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            yield "\t" if child.tag.endswith("tab") else "\n"
        elif not child.tag.startswith(_OFFICE):
            yield from _spoken(child)
        yield child.tail or ""


def _value(element: Element, shown: str) -> object:
    kind = element.get(f"{_OFFICE}value-type")
    if _ERROR.fullmatch(shown) and (kind == "float" or element.get(f"{_TABLE}formula")):
        if shown not in NO_VALUES:
            raise Unfit("The cell holds an error of the spreadsheet.")
        return shown
    if kind in _VALUES:
        return _VALUES[kind](element, shown)
    text = element.get(f"{_OFFICE}string-value") or shown
    if not text and kind is None and element.get(f"{_TABLE}formula"):
        raise Unfit("The cell holds a formula without its value; put the value there.")
    return text or None


def _number(element: Element, shown: str) -> ShownNumber:
    return ShownNumber(float(element.get(f"{_OFFICE}value", "")), shown)


def _date(element: Element, _shown: str) -> date:
    text = element.get(f"{_OFFICE}date-value", "")
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise Unfit("This must be a day such as 2026-06-08.") from None


def _length_of_time(element: Element, _shown: str) -> timedelta:
    parts = _DURATION.fullmatch(element.get(f"{_OFFICE}time-value", ""))
    if parts is None:
        raise Unfit("This must be a length of time such as 0:02:05.")
    hours, minutes, seconds = (float(part) for part in parts.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _flag(element: Element, _shown: str) -> bool:
    return element.get(f"{_OFFICE}boolean-value") == "true"


_VALUES: dict[str, Callable[[Element, str], object]] = {
    "float": _number,
    "percentage": _number,
    "currency": _number,
    "date": _date,
    "time": _length_of_time,
    "boolean": _flag,
}
