"""What every reader gives: the columns of a file and its rows one by one, good and bad."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from db.importing.problems import Refusal

ROW_LIMIT = 4_000_000  # characters or bytes; the longest row that is read into memory


class Row(NamedTuple):
    """A row as it stands in the file; `line` is where a person finds it, `size` about its bytes."""

    line: int
    cells: dict[str, object]
    size: int = 0


Record = Row | Refusal


@dataclass(frozen=True)
class Table:
    """An open file. `columns` is None for JSON, where each row names its own.

    `done` tells which share of the file has been read, 0 to 1.
    """

    columns: tuple[str, ...] | None
    records: Iterator[Record]
    done: Callable[[], float]
