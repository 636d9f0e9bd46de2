"""Reading a sheet of an XLSX workbook row by row, and refusing workbooks made to do harm."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from db.tabular.tables import Record, Refusal, Row, Table, Unfit, Unreadable, WrongType

_ROWS, _COLUMNS = 1_048_576, 256
_MEGABYTE = 1_000_000
_LARGEST = {"xl/worksheets/": 4000 * _MEGABYTE, "xl/sharedStrings.xml": 600 * _MEGABYTE}
_LARGEST_OTHER = 64 * _MEGABYTE
_DENSEST = 200  # sheets of equal rows reach 100; a bomb 1,000
_PARTS = 2000


@contextmanager
def sheet_table(path: Path, sheet: int) -> Iterator[Table]:
    """The sheet with this number from 0; one that is not there has neither columns nor rows.

    Raises:
        Unreadable: the file is damaged, no workbook, or unpacks to more than any workbook needs.
    """
    _refuse_bomb(path)
    with (
        path.open("rb") as file,  # openpyxl would go by the name of a path
        closing(_opened(lambda: load_workbook(file, read_only=True))) as workbook,
    ):
        sheets = workbook.worksheets
        if sheet >= len(sheets):
            yield Table(None, iter(()), lambda: 1.0)
            return
        worksheet: Any = sheets[sheet]  # openpyxl has no types for read-only sheets
        expected = worksheet.max_row or _ROWS
        rows = _Rows(worksheet.iter_rows(max_row=_ROWS, max_col=_COLUMNS))
        columns = rows.header()
        yield Table(columns, rows.records(columns), lambda: min(1.0, rows.line / expected))


def _refuse_bomb(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (BadZipFile, OSError):
        raise Unreadable("The workbook is damaged or incomplete.") from None
    if not any(member.filename == "xl/workbook.xml" for member in members):
        raise WrongType("The file is no XLSX workbook.")
    if len(members) > _PARTS or any(_is_bomb(member) for member in members):
        raise Unreadable("The workbook unpacks to far more than its size; it is not opened.")


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

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self.line = 0

    def header(self) -> tuple[str, ...]:
        cells = self._next() or ()
        names = [str(cell.value if cell.value is not None else "").strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        return tuple(names)

    def records(self, columns: tuple[str, ...]) -> Iterator[Record]:
        try:
            while (cells := self._next()) is not None:
                if any(cell.value is not None for cell in cells):
                    yield _record(self.line, cells, columns)
        except Unreadable:
            wrong = Unfit("From here on the workbook is damaged or incomplete.")
            yield Refusal.of(self.line + 1, wrong)

    def _next(self) -> Sequence[Any] | None:
        cells: Sequence[Any] | None = _opened(lambda: next(self._rows, None))
        self.line += cells is not None
        return cells


def _record(line: int, cells: Sequence[Any], columns: tuple[str, ...]) -> Record:
    values: dict[str, object] = {}
    for number, cell in enumerate(cells):
        if cell.value is None:
            continue
        name = columns[number] if number < len(columns) else ""
        try:
            values[name or get_column_letter(number + 1)] = _value(cell)
        except Unfit as error:
            return Refusal.of(line, error, name or get_column_letter(number + 1))
    return Row(line, values, sum(len(str(value)) for value in values.values()))


def _value(cell: Any) -> object:  # noqa: ANN401  openpyxl has no type for read-only cells
    if cell.data_type == "f":
        raise Unfit("The cell holds a formula; put its value in its place.")
    if cell.data_type == "e":
        raise Unfit("The cell holds an error of the spreadsheet.")
    value: object = cell.value
    return value
