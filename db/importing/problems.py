"""What can be wrong with a file or one of its rows. Reasons never repeat what stood in a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from core.errors import InvalidInput, PortalError


class Unreadable(InvalidInput):
    """The file as a whole cannot be used; nothing was imported."""


class WrongType(Unreadable):
    """The file is in none of the formats that are read."""


class Unfit(InvalidInput):
    """A cell or a row cannot be used; `column` says where, empty for the whole row."""

    def __init__(self, sentence: str, *, column: str = "", **values: object) -> None:
        super().__init__(sentence, **values)
        self.column = column


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
        return cls(line, where, error.sentence, error.values)

    def __str__(self) -> str:
        return self.sentence.format(**self.values) if self.values else self.sentence
