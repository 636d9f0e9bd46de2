"""What the four kinds of import have in common: items read from rows, and a plan for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.errors import PortalError
from db.tabular.columns import FileColumn
from db.tabular.tables import Refusal, Row, Unfit

REQUIRED = Unfit("This is required.")


@dataclass(frozen=True)
class ReadableRow:
    """A readable row; `key` says which thing it is about, the same in every import.

    `values` are complete, as something new would have them. Of something stored the row changes
    only the columns in `carried`.
    """

    line: int
    key: str
    values: dict[str, Any]
    size: int
    carried: frozenset[str]

    def lacks(self, columns: Sequence[FileColumn]) -> str:
        """The first column that something new would need and the row does not carry."""
        needed = (column.name for column in columns if column.required_if_new)
        return next((name for name in needed if name not in self.carried), "")


@dataclass
class ImportPlan:
    """What is to be done with some items, found by comparing them with what is stored.

    `updated` pairs the id of the stored row with its new content.
    """

    added: list[ReadableRow] = field(default_factory=list)
    updated: list[tuple[int, ReadableRow]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unchanged: int = 0

    def add(self, item: ReadableRow, columns: Sequence[FileColumn]) -> None:
        """Take in a row about something new, or refuse it for a column that it lacks."""
        if lacking := item.lacks(columns):
            self.refuse(item, REQUIRED, lacking)
        else:
            self.added.append(item)

    def refuse(self, item: ReadableRow, error: PortalError, column: str = "") -> None:
        self.refused.append(Refusal.of(item.line, error, column))


class ImportKind(Protocol):
    """One kind of import. `at_once` is how many rows are planned and written together."""

    columns: tuple[FileColumn, ...]
    at_once: int

    def parse(self, row: Row) -> ReadableRow:
        """The item of a row, checked as far as possible without the database.

        Raises:
            Unfit: the row cannot be used.
        """

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        """Compare with what is stored; changes nothing."""

    def apply(self, session: Session, plan: ImportPlan) -> None:
        """Write what was planned in the same transaction."""
