"""Reading tables of text row by row: CSV in any of its separators, with or without lines above.

Memory is bounded by the longest row.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TextIO

from db.tabular.file_choices import FileChoices
from db.tabular.headings import LOOKED_AT, Known, heading_line
from db.tabular.sheet_notes import above
from db.tabular.tables import ROW_LIMIT, Record, Refusal, Row, Table, TableFacts, Unfit, Unreadable
from db.tabular.text_files import encoding_of, opened_text

_TOO_LONG = Unfit("The row is longer than {limit} characters.", limit=ROW_LIMIT)
_QUOTES = Unfit("The quotation marks of this row do not match.")
_REPEATED = Unfit("The line repeats the headings.")
_SEPARATORS = ",;\t|^~，；"
_LONGEST_HEADING = 10  # lines
_BLANK = " \t\r\n"
_SEP_LINE = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)


@contextmanager
def csv_table(path: Path, choices: FileChoices, known: Known) -> Iterator[Table]:
    """A table of text; its headings stand in one of the first lines.

    Raises:
        Unreadable: the encoding cannot be told, or the line of headings is not there.
    """
    encoding = encoding_of(path, choices.encoding)
    with opened_text(path, encoding.codec) as (file, done):
        csv.field_size_limit(ROW_LIMIT)
        lines = _Lines(file)
        layout = _layout(lines.ahead(LOOKED_AT), choices, known)
        lines.drop(layout.line - 1)
        columns = _columns(lines, layout)
        reader = csv.reader(
            lines, delimiter=layout.separator, skipinitialspace=layout.spaced, strict=True
        )
        facts = TableFacts(
            encoding=encoding.codec,
            confidence=encoding.confidence,
            heading_line=layout.line,
            notes=above(layout.line, layout.first),
        )
        yield Table(columns, _csv_rows(reader, lines, columns), done, facts)


class _Layout(NamedTuple):
    """`first` is the first line that holds cells at all; `spaced`: quotation follows a space."""

    separator: str
    line: int
    first: int
    spaced: bool = False


def _layout(ahead: Sequence[tuple[int, str]], choices: FileChoices, known: Known) -> _Layout:
    """The separator with which some line has most headings that are known."""
    separators, first = _SEPARATORS, 1
    if ahead and (named := _SEP_LINE.fullmatch(ahead[0][1])):
        separators, first, ahead = named[1], 2, ahead[1:]
    if choices.heading_line:
        ahead = [line for line in ahead if line[0] == choices.heading_line]
        if not ahead:
            raise Unreadable("There is no line {line}.", line=choices.heading_line)
        first = choices.heading_line
    ahead = [line for line in ahead if line[1].strip(_SEPARATORS + _BLANK)]
    best: tuple[int, int, int] | None = None
    layout = _Layout(separator=separators[0], line=first, first=first)
    for separator in separators:
        lines = ((n, _cells(text, separator)) for n, text in _whole_lines(ahead))
        found = heading_line(lines, known)
        if found is None:
            continue
        rank = (found.known, -found.line, len(found.cells))
        if best is None or rank > best:
            best, layout = rank, _Layout(separator=separator, line=found.line, first=first)
    headings = next((text for number, text in ahead if number == layout.line), "")
    return layout._replace(spaced=f'{layout.separator} "' in headings)


def _whole_lines(ahead: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Each line, and together with those after it where its quotation marks end in one of them.

    Headings of spreadsheets have line breaks in them.
    """
    for place, (number, line) in enumerate(ahead):
        yield number, line
        together = line
        for _, more in ahead[place + 1 : place + _LONGEST_HEADING]:
            if together.count('"') % 2 == 0:
                break
            together += more
        if together != line and together.count('"') % 2 == 0:
            yield number, together


def _cells(line: str, separator: str) -> list[str]:
    try:
        line = line.replace(f'{separator} "', f'{separator}"')
        return next(csv.reader(StringIO(line, newline=""), delimiter=separator), [])
    except csv.Error:
        return []


def _columns(lines: _Lines, layout: _Layout) -> tuple[str, ...]:
    try:
        cells = next(
            csv.reader(lines, delimiter=layout.separator, skipinitialspace=layout.spaced), []
        )
    except csv.Error:
        raise Unreadable("The line of the headings cannot be read.") from None
    headings = heading_line([(layout.line, cells)], len)
    return headings.cells if headings else ()


class _Lines:
    """The lines of a text file; those longer than a row may be are left out and remembered.

    `retry` gives again what followed the first line of a row.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._read = 0
        self._again: deque[tuple[int, str]] = deque()
        self._row: list[tuple[int, str]] = []
        self.too_long: list[int] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        numbered = self._again.popleft() if self._again else self._next()
        self._row.append(numbered)
        return numbered[1]

    def ahead(self, count: int) -> list[tuple[int, str]]:
        """The next lines, which will be given again."""
        try:
            for _ in range(count):
                self._again.append(self._next())
        except StopIteration:
            pass
        return list(self._again)

    def drop(self, count: int) -> None:
        for _ in range(min(count, len(self._again))):
            self._again.popleft()

    def begin_row(self) -> None:
        self._row.clear()

    @property
    def row_begin(self) -> int:
        return self._row[0][0] if self._row else self._read

    @property
    def spans_lines(self) -> bool:
        return len(self._row) > 1

    def retry(self) -> None:
        self._again.extendleft(reversed(self._row[1:]))

    def _next(self) -> tuple[int, str]:
        while line := self._file.readline(ROW_LIMIT):
            self._read += 1
            if len(line) < ROW_LIMIT or line.endswith("\n"):
                # a mark within the file comes from putting two files together
                return self._read, line.removeprefix("\ufeff")
            self.too_long.append(self._read)
            while (more := self._file.readline(ROW_LIMIT)) and not more.endswith("\n"):
                pass
        raise StopIteration


def _csv_rows(
    reader: Iterator[list[str]], lines: _Lines, columns: tuple[str, ...]
) -> Iterator[Record]:
    """A row whose quotation marks do not match is refused alone: the lines after it count again."""
    cells: list[str] | None = []
    while cells is not None:
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells = []
            wrong = _TOO_LONG if "limit" in str(error) and not lines.spans_lines else _QUOTES
            yield Refusal.of(lines.row_begin, wrong)
            lines.retry()
        too_long, lines.too_long = lines.too_long, []
        yield from (Refusal.of(number, _TOO_LONG) for number in too_long)
        if cells and any(cells):
            yield _csv_row(lines.row_begin, cells, columns)


def _csv_row(line: int, cells: list[str], columns: tuple[str, ...]) -> Record:
    while len(cells) > len(columns) and not cells[-1]:
        cells.pop()
    if len(cells) != len(columns):
        wrong = Unfit(
            "The row has {count} cells, the first line has {expected}.",
            count=len(cells),
            expected=len(columns),
        )
        return Refusal.of(line, wrong)
    if tuple(cell.strip() for cell in cells) == columns:
        return Refusal.of(line, _REPEATED)
    return Row(line, dict(zip(columns, cells, strict=True)), sum(map(len, cells)))
