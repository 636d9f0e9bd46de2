"""Reading CSV, JSONL and JSON lists row by row, in UTF-8, GB18030 or Big5, told from the bytes.

Memory is bounded by the longest row.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import ijson

from db.tabular.tables import ROW_LIMIT, Record, Refusal, Row, Table, Unfit, Unreadable

_TOO_LONG = Unfit("The row is longer than {limit} characters.", limit=ROW_LIMIT)
_QUOTES = Unfit("The quotation marks of this row do not match.")
_NOT_AN_OBJECT = Unfit("The row is not a JSON object.")
_CHUNK = 1 << 20
_LEAST = 0.1  # traditional text in GB18030 has few characters of level 1
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Most text in an encoding uses its frequent characters; text in the other one, read as this one,
# scatters over rare ones. Frequent are the symbols and level 1 of GB 2312 and of Big5.
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]")
_FREQUENT = {
    "gb18030": re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"),
    "cp950": re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]"),
}


@contextmanager
def csv_table(path: Path) -> Iterator[Table]:
    """A CSV file: columns in the first line, separated by comma, semicolon or tab."""
    with _text(path) as (file, position):
        csv.field_size_limit(ROW_LIMIT)
        lines = _Lines(file)
        first = next(lines, "")
        separator = max(",;\t", key=first.count)
        columns = _header(next(csv.reader([first], delimiter=separator), []))
        reader = csv.reader(lines, delimiter=separator, strict=True)
        yield Table(columns, _csv_rows(reader, lines, columns), _share(position, path))


@contextmanager
def jsonl_table(path: Path) -> Iterator[Table]:
    """A file with one JSON object a line."""
    encoding = detect(path)
    with path.open("rb") as file:
        yield Table(None, _jsonl_rows(file, encoding), _share(file.tell, path))


@contextmanager
def json_table(path: Path) -> Iterator[Table]:
    """A JSON list of objects; a row's line is its number in the list."""
    with _text(path) as (file, position):
        yield Table(None, _json_rows(_Bytes(file)), _share(position, path))


@contextmanager
def _text(path: Path) -> Iterator[tuple[TextIO, Callable[[], int]]]:
    """A text file, and how many bytes of it have been read."""
    encoding = detect(path)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline="") as file,
    ):
        yield file, raw.tell


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
                return self._read, line
            self.too_long.append(self._read)
            while (more := self._file.readline(ROW_LIMIT)) and not more.endswith("\n"):
                pass
        raise StopIteration


def _header(cells: list[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    return names


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
    return Row(line, dict(zip(columns, cells, strict=True)), sum(map(len, cells)))


def _jsonl_rows(file: BinaryIO, encoding: str) -> Iterator[Record]:
    number = 0
    while raw := file.readline(ROW_LIMIT):
        number += 1
        if len(raw) == ROW_LIMIT and not raw.endswith(b"\n"):
            while (more := file.readline(ROW_LIMIT)) and not more.endswith(b"\n"):
                pass
            yield Refusal.of(number, _TOO_LONG)
        elif raw.strip():
            yield _jsonl_row(number, raw, encoding)


def _jsonl_row(number: int, raw: bytes, encoding: str) -> Record:
    try:
        value = json.loads(raw.decode(encoding))
    except UnicodeDecodeError:
        return Refusal.of(number, Unfit("The line holds bytes that are no text."))
    except (ValueError, RecursionError):
        return Refusal.of(number, Unfit("The line is not valid JSON."))
    return _object(number, value, len(raw))


def _object(number: int, value: object, size: int) -> Record:
    if not isinstance(value, dict):
        return Refusal.of(number, _NOT_AN_OBJECT)
    return Row(number, cast("dict[str, object]", value), size)


class _Bytes:
    """A text file as UTF-8 bytes, with what was read since the last complete row limited."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.unused = 0

    def read(self, size: int = -1) -> bytes:
        if self.unused > ROW_LIMIT + size:
            raise Unfit(
                "From here on nothing is read: the row is longer than {limit} bytes.",
                limit=ROW_LIMIT,
            )
        data = self._file.read(size).encode(errors="surrogateescape")
        self.unused += len(data)
        return data


def _json_rows(source: _Bytes) -> Iterator[Record]:
    number = 0
    try:
        for value in ijson.items(source, "item", use_float=True):
            number, size, source.unused = number + 1, source.unused, 0
            yield _object(number, value, size)
    except Unfit as error:
        yield Refusal.of(number + 1, error)
    except (ijson.JSONError, ValueError, RecursionError):
        yield Refusal.of(number + 1, Unfit("From here on the file is not valid JSON."))


def _share(position: Callable[[], int], path: Path) -> Callable[[], float]:
    size = max(1, path.stat().st_size)
    return lambda: min(1.0, position() / size)


def detect(path: Path) -> str:
    """The codec to read a text file with; told right from about twenty Chinese characters on.

    A file with a few damaged bytes counts as UTF-8: only the rows that hold them are refused.

    Raises:
        Unreadable: the file is empty, or in UTF-16.
    """
    with path.open("rb") as file:
        chunk = file.read(_CHUNK)
        if not chunk.strip():
            raise Unreadable("The file is empty.")
        if chunk.startswith(_UTF16):
            raise Unreadable("The file is in UTF-16; save it as UTF-8.")
        if chunk.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return _guess(_whole_lines(chunk))
            chunk = file.read(_CHUNK)
    return "utf-8"


def _whole_lines(chunk: bytes) -> bytes:
    """The lines with more than ASCII in them, without those cut off by the chunk's ends."""
    lines = chunk.splitlines()
    return b"\n".join(line for line in lines[1:-1] or lines if not line.isascii())


def _guess(sample: bytes) -> str:
    text = sample.decode("utf-8", "surrogateescape")
    damaged = sum("\udc80" <= character <= "\udcff" for character in text)
    beyond_ascii = sum(character >= "\x80" for character in text)
    if beyond_ascii > 10 * damaged:
        return "utf-8"
    shares = {codec: _share_frequent(codec, sample) for codec in _FREQUENT}
    likely = max(shares, key=shares.__getitem__)
    return likely if shares[likely] > _LEAST else "utf-8"


def _share_frequent(codec: str, sample: bytes) -> float:
    """The share of frequent characters among all, undecodable bytes counted against."""
    pairs = _PAIR.findall(sample)
    frequent = sum(bool(_FREQUENT[codec].fullmatch(pair)) for pair in pairs)
    broken = sample.decode(codec, "replace").count("�")
    return (frequent - broken) / max(1, len(pairs))
