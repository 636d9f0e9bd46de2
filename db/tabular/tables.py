"""What every reader gives: the columns of a file and its rows one by one, good and bad."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from core.errors import InvalidInput, PortalError
from core.text.sentence import Sentence
from db.tabular.sheet_notes import unread


class Unreadable(InvalidInput):
    """The file as a whole cannot be used; nothing was imported."""


class NoSheet(Unreadable):
    """The workbook has no such sheet, or nothing stands in it."""


def too_wide(most: int) -> Unreadable:
    """A sheet with headings in more columns than are read: none is left out without a word."""
    return Unreadable(
        "The sheet has headings beyond column {count}; leave out the columns not needed.",
        count=most,
    )


class WrongType(Unreadable):
    """The file is in none of the formats that are read."""


class Unfit(InvalidInput):
    """A cell or a row cannot be used; `column` says where, empty for the whole row."""

    def __init__(self, sentence: str, *, column: str = "", **values: object) -> None:
        super().__init__(sentence, **values)
        self.column = column


def repeated(line: int) -> Unfit:
    """Two rows are about the same: of what they say, something would be lost."""
    return Unfit("Line {line} of the file is about the same already.", line=line)


@dataclass(frozen=True)
class Refusal:
    """A row that does not go in: its place in the file and one reason, nothing personal."""

    line: int
    column: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, line: int, error: PortalError, column: str = "") -> Self:
        where = column or getattr(error, "column", "")
        return cls(line, column=where, sentence=error.sentence, values=error.values)

    def __str__(self) -> str:
        return self.sentence.format(**self.values) if self.values else self.sentence


ROW_LIMIT = 4_000_000  # characters or bytes; the longest row that is read into memory


class Row(NamedTuple):
    """A row as it stands in the file; `line` is where a person finds it, `size` about its bytes."""

    line: int
    cells: dict[str, object]
    size: int = 0


Record = Row | Refusal


class ShownNumber(float):
    """A number of a spreadsheet that a reader sees in a form of its own, such as 00123.

    `shown` is that form, empty where it cannot be told.
    """

    shown: str

    def __new__(cls, value: float, shown: str) -> Self:
        number = super().__new__(cls, value)
        number.shown = shown
        return number


@dataclass(frozen=True)
class TableFacts:
    """How a file is read, for a person to confirm or change.

    Attributes:
        encoding: codec of a text file, empty for workbooks.
        confidence: how sure that is, 0 to 1.
        sheet, sheets: the sheet that is read, and all there are.
        others: the sheets beside it.
        heading_line: line of the headings, 0 where each row names its columns.
        notes: what a person should know about the rows that are read and those that are not.
    """

    encoding: str = ""
    confidence: float = 1.0
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    heading_line: int = 0
    notes: tuple[Sentence, ...] = ()

    def unread(self, turns: str) -> tuple[Sentence, ...]:
        """What is said of the sheets that are not read; `turns` is another that is."""
        return unread(name for name in self.others if name != turns)


@dataclass(frozen=True)
class Table:
    """An open file. `columns` is None for JSON, where each row names its own.

    `done` tells which share of the file has been read, 0 to 1.
    """

    columns: tuple[str, ...] | None
    records: Iterator[Record]
    done: Callable[[], float]
    facts: TableFacts = TableFacts()
