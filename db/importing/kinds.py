"""What the kinds of import have in common: items read from rows, and a plan for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import Session

from core.encounters.prepared_texts import Prepared
from core.encounters.sound_addresses import NO_HOSTS, SoundHosts
from core.errors import PortalError
from db.tabular.columns import FileColumn
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Refusal, Row, Unfit

REQUIRED = Unfit("This is required.")


@dataclass(frozen=True)
class RowRules:
    """How rows are read, as in `import_run.Order`."""

    choices: FileChoices
    strict: bool = False
    sound_hosts: SoundHosts = NO_HOSTS


@dataclass(frozen=True)
class ReadableRow:
    """A readable row; `key` says which thing it is about, the same in every import.

    `values` are complete, as something new would have them. Of something stored the row changes
    only the columns in `carried`. `other_keys` are forms of the key under which it may have been
    erased, `cleared` the columns whose cell is empty and empties what is stored.
    """

    line: int
    key: str
    values: dict[str, Any]
    size: int
    carried: frozenset[str]
    other_keys: tuple[str, ...] = ()
    cleared: frozenset[str] = frozenset()

    def lacks(self, columns: Sequence[FileColumn]) -> str:
        """The first column that something new would need and the row does not carry."""
        needed = (column.name for column in columns if column.required_if_new)
        return next((name for name in needed if name not in self.carried), "")


class ColumnChange(NamedTuple):
    """What a row makes of a stored value; both as a reader would see them, None for nothing.

    `shrinks` where these do not tell it: only a part of what was stored is left.
    """

    line: int
    column: str
    before: object
    after: object
    shrinks: bool = False


@dataclass
class ImportPlan:
    """What is to be done with some items, found by comparing them with what is stored.

    `updated` pairs the id of the stored row with its new content, `changes` says of what.
    `unknown_events` counts events by names that nobody knows; they are kept.
    """

    added: list[ReadableRow] = field(default_factory=list)
    updated: list[tuple[int, ReadableRow]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    changes: list[ColumnChange] = field(default_factory=list)
    unchanged: int = 0
    unknown_events: Counter[str] = field(default_factory=Counter)

    def add(self, item: ReadableRow, columns: Sequence[FileColumn]) -> None:
        """Take in a row about something new, or refuse it for a column that it lacks."""
        if lacking := item.lacks(columns):
            self.refuse(item, REQUIRED, lacking)
        else:
            self.added.append(item)

    def update(
        self,
        row_id: int,
        item: ReadableRow,
        before: Mapping[str, object],
        after: Mapping[str, object],
    ) -> None:
        """Take in a row about something stored, with the columns it carries before and after."""
        changes = [
            ColumnChange(item.line, column, before[column], value)
            for column, value in after.items()
            if before[column] != value
        ]
        if changes:
            self.updated.append((row_id, item))
            self.changes += changes
        else:
            self.unchanged += 1

    def refuse(self, item: ReadableRow, error: PortalError, column: str = "") -> None:
        self.refused.append(Refusal.of(item.line, error, column))


class ImportKind(Protocol):
    """One kind of import. `at_once` is how many rows are planned together at most.

    In writing, a batch is parted further (`pace`), unless its rows must be seen `together`.
    """

    columns: tuple[FileColumn, ...]
    at_once: int
    together: bool

    def parse(self, row: Row) -> ReadableRow:
        """The item of a row, checked as far as possible without the database.

        Raises:
            Unfit: the row cannot be used.
        """

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        """Compare with what is stored; changes nothing."""

    def apply(self, session: Session, plan: ImportPlan) -> None:
        """Write what was planned in the same transaction."""

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        """How many stored values each of some columns holds."""


@runtime_checkable
class TextKind(ImportKind, Protocol):
    """A kind whose rows hold texts that are made ready before a transaction begins."""

    def texts(self, items: Sequence[ReadableRow], plan: ImportPlan) -> list[int]:
        """The lines of the planned rows whose texts are needed, to be stored or compared."""

    def take_ready(self, item: ReadableRow, ready: Prepared) -> None:
        """Keep with a row what is to be stored of its texts."""


def count_filled(
    session: Session, fields: Mapping[str, Any], *, where: ColumnElement[bool] | None = None
) -> dict[str, int]:
    """How many rows have a value in each of some attributes; nothing stored counts as none.

    `where`: only these rows count, where former ones are stored beside those that hold.
    """
    counts = {}
    for name, attribute in fields.items():
        written = cast(attribute, Text)
        nothing = ("", "[]", "{}", "null", *(("0",) if name == "turns" else ()))
        has_value = attribute.is_not(None) & written.not_in(nothing)
        counted = select(func.count()).where(has_value)
        if where is not None:
            counted = counted.where(where)
        counts[name] = session.scalar(counted) or 0
    return counts
