"""What the four kinds of import have in common: items read from rows, and a plan for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.errors import PortalError
from db.importing.columns import Column
from db.importing.problems import Refusal
from db.importing.tables import Row


@dataclass(frozen=True)
class Item:
    """A readable row; `key` says which thing it is about, the same in every import."""

    line: int
    key: str
    values: dict[str, Any]
    size: int = 0


@dataclass
class Plan:
    """What is to be done with some items, found by comparing them with what is stored.

    `updated` pairs the id of the stored row with its new content.
    """

    added: list[Item] = field(default_factory=list)
    updated: list[tuple[int, Item]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unchanged: int = 0

    def refuse(self, item: Item, error: PortalError, column: str = "") -> None:
        self.refused.append(Refusal.of(item.line, error, column))


class Kind(Protocol):
    """One kind of import. `at_once` is how many rows are planned and written together."""

    columns: tuple[Column, ...]
    at_once: int

    def parse(self, row: Row) -> Item:
        """What a row says, checked as far as it goes without the database.

        Raises:
            Unfit: the row cannot be used.
        """

    def plan(self, session: Session, items: Sequence[Item]) -> Plan:
        """Compare with what is stored; changes nothing."""

    def apply(self, session: Session, plan: Plan) -> None:
        """Write what was planned in the same transaction."""
