"""Reading JSON row by row: one object a line, a list of objects, or a document that holds one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

import ijson

from core.text.sentence import Sentence
from db.tabular.file_choices import FileChoices
from db.tabular.headings import Known
from db.tabular.tables import ROW_LIMIT, Record, Refusal, Row, Table, TableFacts, Unfit, Unreadable
from db.tabular.text_files import encoding_of, opened_text

_TOO_LONG = Unfit("The row is longer than {limit} characters.", limit=ROW_LIMIT)
_NOT_AN_OBJECT = Unfit("The row is not a JSON object.")
_TWICE = "The key {key} stands there twice."
_DAMAGED = re.compile("[\udc80-\udcff]")


@contextmanager
def json_table(path: Path, choices: FileChoices, known: Known) -> Iterator[Table]:
    """JSON in any of its layouts; a row's line is its line in the file, or its number in a list.

    Raises:
        Unreadable: the encoding cannot be told, or a document holds several lists.
    """
    encoding = encoding_of(path, choices.encoding)
    layout, notes = _layout(path, encoding.codec, known)
    facts = TableFacts(encoding=encoding.codec, confidence=encoding.confidence, notes=notes)
    with opened_text(path, encoding.codec) as (file, done):
        rows = _lines(file) if layout is None else _rows(_Bytes(file), layout)
        yield Table(None, rows, done, facts)


def _layout(path: Path, codec: str, known: Known) -> tuple[str | None, tuple[Sentence, ...]]:
    """None for one object a line, else where in the document the rows stand."""
    with opened_text(path, codec) as (file, _):
        start = file.read(1)
        while start and start in " \t\r\n\ufeff":
            start = file.read(1)
        if start == "[":
            return "item", ()
        first = start + file.readline(ROW_LIMIT)
        has_more = any(line.strip() for line in iter(lambda: file.readline(ROW_LIMIT), ""))
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        is_document = first.rstrip()[-1:] in "{[,:" and has_more
        return _of_document(path, codec, known) if is_document else (None, ())
    return (None, ()) if has_more or not _lists(record, known) else _of_document(path, codec, known)


def _lists(record: object, known: Known) -> list[str]:
    """The keys of an object that hold lists of objects and are no columns themselves."""
    if not isinstance(record, dict):
        return []
    return [
        key
        for key, value in record.items()
        if isinstance(value, list) and value and isinstance(value[0], dict) and not known([key])
    ]


def _of_document(path: Path, codec: str, known: Known) -> tuple[str | None, tuple[Sentence, ...]]:
    """The list in a document, or the document itself where it is the record."""
    lists: list[str] = []
    has_columns = False
    key = ""
    before = ""
    try:
        with opened_text(path, codec) as (file, _):
            for prefix, event, value in ijson.parse(
                _Bytes(file, endless=True), multiple_values=True
            ):
                if prefix == "" and event == "map_key":
                    key = value
                    has_columns = has_columns or bool(known([key]))
                elif prefix == f"{key}.item" and event == "start_map" and before == "start_array":
                    lists += [] if known([key]) else [key]
                before = event
    except (ijson.JSONError, ValueError, RecursionError):
        pass  # what can be read is read, and the rest refused, further on
    if has_columns:
        return "", ()
    if len(lists) > 1:
        raise Unreadable("The file holds several lists: {names}.", names=", ".join(lists))
    if not lists:
        return "", ()
    return f"{lists[0]}.item", (Sentence("Read is the list {name}.", {"name": lists[0]}),)


def _lines(file: TextIO) -> Iterator[Record]:
    number = 0
    while line := file.readline(ROW_LIMIT):
        number += 1
        if len(line) == ROW_LIMIT and not line.endswith("\n"):
            while (more := file.readline(ROW_LIMIT)) and not more.endswith("\n"):
                pass
            yield Refusal.of(number, _TOO_LONG)
        elif line.strip():
            yield _line(number, line.removeprefix("\ufeff"))


def _line(number: int, line: str) -> Record:
    if _DAMAGED.search(line):
        return Refusal.of(number, Unfit("The line holds bytes that are no text."))
    try:
        value = json.loads(line, object_pairs_hook=_once)
    except Unfit as error:
        return Refusal.of(number, error)
    except (ValueError, RecursionError):
        return Refusal.of(number, Unfit("The line is not valid JSON."))
    return _object(number, value, len(line))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys stand there once; of two values one would be lost."""
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        raise Unfit(_TWICE, key=next(name for name in names if names.count(name) > 1))
    return value


def _object(number: int, value: object, size: int) -> Record:
    if not isinstance(value, dict):
        return Refusal.of(number, _NOT_AN_OBJECT)
    return Row(number, cast("dict[str, object]", value), size)


class _Bytes:
    """A text file as UTF-8 bytes, with what was read since the last complete row limited."""

    def __init__(self, file: TextIO, *, endless: bool = False) -> None:
        self._file, self._endless = file, endless
        self.unused = 0

    def read(self, size: int = -1) -> bytes:
        if self.unused > ROW_LIMIT + size and not self._endless:
            raise Unfit(
                "From here on nothing is read: the row is longer than {limit} bytes.",
                limit=ROW_LIMIT,
            )
        data = self._file.read(size).encode(errors="surrogateescape")
        self.unused += len(data)
        return data


def _noting(repeated: list[str]) -> Callable[[], dict[str, object]]:
    """A kind of object that notes keys which stand there twice."""

    class NotingObject(dict[str, object]):
        def __setitem__(self, key: str, value: object) -> None:
            if key in self:
                repeated.append(key)
            super().__setitem__(key, value)

        def __reduce__(self) -> tuple[type, tuple[dict[str, object]]]:
            return dict, (dict(self),)

    return NotingObject


def _rows(source: _Bytes, place: str) -> Iterator[Record]:
    number = 0
    repeated: list[str] = []
    try:
        for value in ijson.items(
            source, place, use_float=True, map_type=_noting(repeated), multiple_values=place == ""
        ):
            number, size, source.unused = number + 1, source.unused, 0
            if repeated:
                yield Refusal.of(number, Unfit(_TWICE, key=repeated[0]))
                repeated.clear()
            else:
                yield _object(number, value, size)
    except Unfit as error:
        yield Refusal.of(number + 1, error)
    except (ijson.JSONError, ValueError, RecursionError):
        yield Refusal.of(number + 1, Unfit("From here on the file is not valid JSON."))
