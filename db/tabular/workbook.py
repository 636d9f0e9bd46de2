"""Reading a sheet of an XLSX workbook row by row, and refusing workbooks made to do harm."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from db.tabular.file_choices import FileChoices
from db.tabular.headings import LOOKED_AT, HeadingLine, Known, heading_line, trimmed
from db.tabular.numbers import percentage
from db.tabular.sheet_marks import NO_VALUES, SheetMarks, marks_of
from db.tabular.sheet_notes import above
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
    WrongType,
    too_wide,
)

PACKED = "The file is packed; unpack it and hand in what is inside."
_ROWS, _COLUMNS, _MOST_COLUMNS = 1_048_576, 256, 16_384
_MEGABYTE = 1_000_000
_LARGEST = {"xl/worksheets/": 4000 * _MEGABYTE, "xl/sharedStrings.xml": 600 * _MEGABYTE}
_LARGEST_OTHER = 64 * _MEGABYTE
_DENSEST = 200  # sheets of equal rows reach 100; a bomb 1,000
_PARTS = 2000
_BEFORE_DAY_60 = date(1900, 2, 28)
"""What day 60 is read as, where days count from 1900."""
_PADDED = re.compile(r'(?:"([^"]*)"|((?:\\.|[A-Z-])*))(0+|#|General)', re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a cell holds characters that XML does not, such as line breaks of Windows."""
_TIMED = re.compile("[hs]|am/pm", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@contextmanager
def workbook_table(
    path: Path, choices: FileChoices, known: Known, *, but: str = "", plainly: bool = False
) -> Iterator[Table]:
    """The sheet a person names, or the first one visible whose headings are known.

    Args:
        but: a sheet that is read already and does not count.
        plainly: numbers are read as they are, and not as they are seen.

    Raises:
        NoSheet: there is no such sheet, or none to see.
        Unreadable: the file is damaged, no workbook, or unpacks to more than any workbook needs.
    """
    with _workbook(path) as workbook:
        visible = [s for s in workbook.worksheets if s.sheet_state == "visible" and s.title != but]
        sheet, line = _chosen(workbook.worksheets, visible, choices, known)
        facts = TableFacts(
            sheet=sheet.title,
            sheets=tuple(s.title for s in workbook.worksheets),
            heading_line=line.line,
            others=tuple(s.title for s in workbook.worksheets if s.title not in (sheet.title, but)),
            notes=above(line.line, _first_filled(sheet)),
        )
        yield _table(sheet, line, facts, plainly=plainly)


def sheet_names(path: Path) -> tuple[str, ...]:
    """Every sheet, in order."""
    with _workbook(path) as workbook:
        return tuple(sheet.title for sheet in workbook.worksheets)


def _chosen(
    sheets: Sequence[Any], visible: Sequence[Any], choices: FileChoices, known: Known
) -> tuple[Any, HeadingLine]:
    if choices.sheet:
        visible = [sheet for sheet in sheets if sheet.title == choices.sheet]
        if not visible:
            raise NoSheet("There is no sheet {name}.", name=choices.sheet)
    elif choices.sheet_place:
        visible = sheets[choices.sheet_place - 1 : choices.sheet_place]
    lines = [(sheet, line) for sheet in visible if (line := _headings(sheet, choices, known))]
    if not lines:
        raise NoSheet("The workbook has no sheet to see with anything in it.")
    fitting = [pair for pair in lines if pair[1].known > 1]
    return (fitting or lines)[0]


def _headings(sheet: Any, choices: FileChoices, known: Known) -> HeadingLine | None:  # noqa: ANN401
    lines = list(_top(sheet))
    if choices.heading_line:
        lines = [line for line in lines if line[0] == choices.heading_line]
    return heading_line(lines, known)


def _top(sheet: Any) -> Iterator[tuple[int, Sequence[object]]]:  # noqa: ANN401
    rows = sheet.iter_rows(max_row=LOOKED_AT, max_col=_COLUMNS, values_only=True)
    lines = _opened(lambda: list(islice(rows, LOOKED_AT)))
    for number, cells in enumerate(lines, 1):
        yield number, [_unescaped(cell) if isinstance(cell, str) else cell for cell in cells]


def _first_filled(sheet: Any) -> int:  # noqa: ANN401
    return next((number for number, cells in _top(sheet) if trimmed(cells)), 1)


def _table(sheet: Any, line: HeadingLine, facts: TableFacts, *, plainly: bool) -> Table:  # noqa: ANN401
    _refuse_wide(sheet, line.line)
    marks = _marks(sheet)
    rows = _Rows(sheet, marks, line.line, plainly=plainly)
    notes = facts.notes + marks.notes(line.line, line.cells)
    facts = replace(facts, heading_line=line.line, notes=notes)
    expected = sheet.max_row or _ROWS
    done = lambda: min(1.0, rows.line / expected)  # noqa: E731
    return Table(line.cells, rows.records(line.cells), done, facts)


def _refuse_wide(sheet: Any, heading: int) -> None:  # noqa: ANN401
    beyond = sheet.iter_rows(
        min_row=heading,
        max_row=heading,
        min_col=_COLUMNS + 1,
        max_col=_MOST_COLUMNS,
        values_only=True,
    )
    if any(cell is not None for cells in _opened(lambda: list(beyond)) for cell in cells):
        raise too_wide(_COLUMNS)


def _marks(sheet: Any) -> SheetMarks:  # noqa: ANN401
    try:
        with sheet.parent._archive.open(sheet._worksheet_path) as file:  # noqa: SLF001  no other way
            return marks_of(file)
    except (BadZipFile, zlib.error, OSError, EOFError, ValueError):
        return SheetMarks()  # the rows before the damage are read


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    _refuse_bomb(path)
    with (
        path.open("rb") as file,  # openpyxl would go by the name of a path
        closing(_opened(lambda: load_workbook(file, read_only=True, data_only=True))) as workbook,
    ):
        yield workbook


def _refuse_bomb(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                raise WrongType(_other_archive(names))
            if len(members) > _PARTS or any(_is_bomb(member) for member in members):
                raise Unreadable(
                    "The workbook unpacks to far more than its size; it is not opened."
                )
            if b"purl.oclc.org/ooxml" in archive.read("xl/workbook.xml"):
                raise Unreadable(
                    "This is a Strict Open XML workbook; save it as Excel Workbook (.xlsx) or CSV."
                )
    except (
        BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        raise Unreadable("The workbook is damaged or incomplete.") from None


def _other_archive(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "This is a binary Excel workbook (.xlsb); save it as XLSX or CSV."
    if any(name.endswith(".iwa") or name == "Index.zip" for name in names):
        return "This is a Numbers file; export it as Excel (.xlsx) or CSV."
    return "The file is no XLSX workbook." if "[Content_Types].xml" in names else PACKED


def _is_bomb(member: ZipInfo) -> bool:
    largest = next((n for start, n in _LARGEST.items() if member.filename.startswith(start)), None)
    dense = member.file_size > 10 * _MEGABYTE and member.file_size > _DENSEST * member.compress_size
    return dense or member.file_size > (largest or _LARGEST_OTHER)


def _opened(step: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever openpyxl gives
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
            return step()
    except Exception:  # noqa: BLE001  openpyxl lets any error of its parsers through
        raise Unreadable("The workbook is damaged or incomplete.") from None


class _Rows:
    """The rows of a sheet; `line` is the row last read."""

    def __init__(self, sheet: Any, marks: SheetMarks, heading: int, *, plainly: bool) -> None:  # noqa: ANN401
        self._rows = sheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS)
        self._marks, self._heading, self._plainly = marks, heading, plainly
        below = [area for area in marks.merged if area.last_row > heading]
        self._areas = sorted(below, key=lambda area: area.first_row, reverse=True)
        self._down: dict[int, tuple[int, Any]] = {}
        self._across_until = 0
        self.line = 0

    def records(self, columns: tuple[str, ...]) -> Iterator[Record]:
        try:
            while (cells := self._next()) is not None:
                if self.line <= self._heading:
                    continue
                if any(cell.value is not None for cell in cells) or self._lacks(cells):
                    yield self._record(cells, columns)
        except Unreadable:
            wrong = Unfit("From here on the workbook is damaged or incomplete.")
            yield Refusal.of(self.line + 1, wrong)

    def _next(self) -> Sequence[Any] | None:
        cells: Sequence[Any] | None = _opened(lambda: next(self._rows, None))
        self.line += cells is not None
        return cells

    def _lacks(self, cells: Sequence[Any]) -> bool:
        return any(_name(cell) in self._marks.valueless for cell in cells)

    def _record(self, cells: Sequence[Any], columns: tuple[str, ...]) -> Record:
        if self.line in self._marks.damaged:
            return Refusal.of(self.line, Unfit("The workbook is damaged in this row."))
        values: dict[str, object] = {}
        try:
            self._begin_areas(cells)
        except Unfit as error:
            return Refusal.of(self.line, error)
        for number, cell in enumerate(self._filled_down(cells)):
            name = columns[number] if number < len(columns) else ""
            name = name or get_column_letter(number + 1)
            if _name(cell) in self._marks.valueless:
                wrong = Unfit("The cell holds a formula without its value; put the value there.")
                return Refusal.of(self.line, wrong, name)
            if cell.value is None:
                continue
            try:
                self._refuse_day_60(cell)
                values[name] = _value(cell, plainly=self._plainly)
            except Unfit as error:
                return Refusal.of(self.line, error, name)
        return Row(self.line, values, sum(len(str(value)) for value in values.values()))

    def _refuse_day_60(self, cell: Any) -> None:  # noqa: ANN401
        is_day = isinstance(cell.value, datetime) and cell.value.date() == _BEFORE_DAY_60
        if is_day and _name(cell) in self._marks.day_60:
            raise Unfit("The cell holds 29 February 1900, a day that never was.")

    def _begin_areas(self, cells: Sequence[Any]) -> None:
        """Remember the merged cells that begin here; their value counts in each of their rows.

        Raises:
            Unfit: a merged cell spans several columns, so that nobody knows which one is meant.
        """
        self._down = {c: down for c, down in self._down.items() if down[0] >= self.line}
        while self._areas and self._areas[-1].first_row <= self.line:
            area = self._areas.pop()
            if area.first_column != area.last_column:
                self._across_until = max(self._across_until, area.last_row)
            elif area.first_row == self.line and area.first_column <= len(cells):
                self._down[area.first_column - 1] = (area.last_row, cells[area.first_column - 1])
        if self._across_until >= self.line:
            raise Unfit("Merged cells span several columns here; part them.")

    def _filled_down(self, cells: Sequence[Any]) -> list[Any]:
        if not self._down:
            return list(cells)
        filled = list(cells)
        for column, (_, top) in self._down.items():
            if column < len(filled) and filled[column].value is None:
                filled[column] = top
        return filled


def _name(cell: Any) -> str:  # noqa: ANN401  openpyxl has no type for read-only cells
    return getattr(cell, "coordinate", "")


def _value(cell: Any, *, plainly: bool) -> object:  # noqa: ANN401
    if cell.data_type == "e" and cell.value not in NO_VALUES:
        raise Unfit("The cell holds an error of the spreadsheet.")
    value: object = cell.value
    if isinstance(value, str):
        return _unescaped(value)
    if plainly and _is_percentage(cell):
        raise percentage()
    if plainly or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return _moment(value, cell.number_format)
    if isinstance(value, int | float) and cell.number_format != "General":
        return ShownNumber(value, _shown(value, cell.number_format))
    return value


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text) if "_x" in text else text


def _moment(value: datetime, number_format: str) -> datetime | date:
    """A day, where the cell shows no time of day; times are kept to milliseconds by the file."""
    if value.time() == time() and not _TIMED.search(_QUOTED.sub("", number_format)):
        return value.date()
    return _rounded(value)


def _rounded(value: datetime) -> datetime:
    off = value.microsecond % 1000
    return value + timedelta(microseconds=(1000 - off) if off >= 500 else -off)


def _is_percentage(cell: Any) -> bool:  # noqa: ANN401
    return isinstance(cell.value, int | float) and _shows_percent(cell.number_format)


def _shows_percent(number_format: str) -> bool:
    return "%" in _QUOTED.sub("", number_format)


def _shown(value: float, number_format: str) -> str:
    """What a cell shows where its format pads the number or makes it a percentage, else nothing."""
    if _shows_percent(number_format):
        return f"{value * 100:g}%"
    form = re.sub(r"_.|\s", "", number_format.split(";", maxsplit=1)[0])
    padded = _PADDED.fullmatch("General" if form == "@" else form)
    if padded is None or value < 0 or not float(value).is_integer():
        return ""
    before = padded[1] or (padded[2] or "").replace("\\", "")
    width = len(padded[3]) if padded[3].startswith("0") else 1
    return before + str(int(value)).zfill(width)
