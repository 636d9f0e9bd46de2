"""What a schema is made of, in one spelling for the models and for what a database tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

EXPRESSION = "expression"
"""What stands for a part of an index that is no plain column."""
_CASTS = re.compile(
    r"::(double precision|character varying|timestamp with(out)? time zone|\w+)(\(\d+\))?(\[\])?"
)
_WORDS = re.compile(r"'(?:[^']|'')*'|\w+")
_GRAMMAR = frozenset({"and", "or", "not", "in", "is", "null", "any", "all", "array"})


@dataclass(frozen=True)
class SchemaColumn:
    """`type` as the database writes it; `default` tells whether the database fills it in."""

    type: str
    nullable: bool
    default: bool


@dataclass(frozen=True)
class Index:
    """`condition` holds the names and values of a partial index's condition."""

    name: str
    columns: tuple[str, ...]
    unique: bool
    condition: frozenset[str] = frozenset()

    @property
    def content(self) -> tuple[tuple[str, ...], bool, frozenset[str]]:
        return self.columns, self.unique, self.condition


@dataclass(frozen=True)
class ForeignKey:
    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    on_delete: str


@dataclass
class SchemaTable:
    columns: dict[str, SchemaColumn] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: set[ForeignKey] = field(default_factory=set)
    checks: set[str] = field(default_factory=set)


@dataclass
class Schema:
    """`triggers` are statements with what they run, by table and name; empty when switched off.

    `virtual` are the tables that only SQLite has, by name, with their statements.
    """

    tables: dict[str, SchemaTable] = field(default_factory=dict)
    triggers: dict[tuple[str, str], str] = field(default_factory=dict)
    virtual: dict[str, str] = field(default_factory=dict)


def words_of(condition: str | None) -> frozenset[str]:
    """The names and values in a condition.

    PostgreSQL gives a condition back in words of its own, with brackets, casts and other operators;
    the columns and values it speaks of stay.
    """
    words = _WORDS.findall(_CASTS.sub("", condition or ""))
    folded = (word if word.startswith("'") else word.casefold() for word in words)
    return frozenset(folded) - _GRAMMAR


def in_one_line(statement: str) -> str:
    """A statement without the spacing and quotes that change nothing."""
    return " ".join(statement.replace('"', "").split())
