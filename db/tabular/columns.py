"""The columns of a kind of file: what each holds, how it is read, which headings mean it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.tabular.headings import HEADINGS
from db.tabular.tables import Row, Unfit, Unreadable
from db.tabular.values import Parser, check_storable


@dataclass(frozen=True)
class FileColumn:
    """One column; `hint` tells a person what belongs into it.

    `required`: no row does without it. `required_if_new`: only a row about something that is not
    stored yet needs it. What a file has no column for leaves what is stored as it is; something new
    takes the `default`.
    """

    name: str
    parse: Parser
    hint: str
    required: bool = False
    required_if_new: bool = False
    default: Any = None

    @property
    def marked(self) -> bool:
        """Whether a person is told that it is required."""
        return self.required or self.required_if_new


Mapped = Mapping[str, str]  # heading in the file -> name of our column


def map_headings(headings: Sequence[str], columns: Iterable[FileColumn]) -> dict[str, str]:
    """Which of our columns each heading means, told by its name in any of three languages."""
    meanings = {
        _plain(heading): column.name
        for column in columns
        for heading in (column.name, *HEADINGS.get(column.name, ()))
    }
    mapping: dict[str, str] = {}
    for heading in headings:
        name = meanings.get(_plain(heading))
        if name and name not in mapping.values():
            mapping[heading] = name
    return mapping


def check_mapping(headings: Sequence[str], mapping: Mapped, columns: Iterable[FileColumn]) -> None:
    """Refuse a table that lacks a required column or names one twice.

    Raises:
        Unreadable: names the column.
    """
    if not headings:
        raise Unreadable("The first line must name the columns.")
    targets = list(mapping.values())
    for column in columns:
        if column.required and column.name not in targets:
            raise Unreadable("The column {column} is missing.", column=column.name)
        if targets.count(column.name) > 1 or any(
            name == column.name and headings.count(heading) > 1 for heading, name in mapping.items()
        ):
            raise Unreadable("The column {column} stands there twice.", column=column.name)


def without_new(columns: Iterable[FileColumn], mapping: Mapped) -> list[str]:
    """The columns that a table lacks to bring in anything new."""
    names = set(mapping.values())
    return [
        column.name for column in columns if column.required_if_new and column.name not in names
    ]


def renamed(row: Row, mapping: Mapped | None) -> Row:
    """A row under our names; what is not mapped is left out. None keeps the names of JSON.

    A table's row has a cell for each column that is mapped: a workbook leaves empty ones out.
    """
    if mapping is None:
        return row
    cells: dict[str, object] = dict.fromkeys(mapping.values())
    cells |= {mapping[name]: cell for name, cell in row.cells.items() if name in mapping}
    return Row(row.line, cells, row.size)


def carried_by(row: Row) -> frozenset[str]:
    """The columns that a row changes; of all others it leaves what is stored.

    An empty cell is one: it empties what is stored.
    """
    return frozenset(row.cells)


def parse_row(columns: Iterable[FileColumn], row: Row) -> dict[str, Any]:
    """The values of a row by column name; what it does not carry takes its default.

    Raises:
        Unfit: names the first column that cannot be used and why.
    """
    check_storable(row.cells)
    carried = carried_by(row)
    values: dict[str, Any] = {}
    for column in columns:
        cell = row.cells.get(column.name)
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            if column.required or (column.required_if_new and column.name in carried):
                raise Unfit("This is required.", column=column.name)
            values[column.name] = column.default
            continue
        try:
            values[column.name] = column.parse(cell)
        except Unfit as error:
            error.column = f"{column.name}{error.column}"
            raise
    return values


def _plain(heading: str) -> str:
    return re.sub(r"[\s_\-:：()（）]+", "", heading).casefold()
