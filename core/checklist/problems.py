"""What is wrong with a checklist, told with its place, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.errors import InvalidInput

MOST_DETAILS = 5
Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One finding: where it is, how bad, and an English template that is its translation key."""

    path: str
    severity: Severity
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        message = self.sentence.format(**self.values)
        return f"{self.path}: {message}" if self.path else message


class FaultyData(InvalidInput):
    """Data that cannot be used; `problems` names every fault with its place."""

    def __init__(self, sentence: str, problems: Sequence[Problem]) -> None:
        details = " | ".join(str(problem) for problem in problems[:MOST_DETAILS])
        super().__init__(sentence, count=len(problems), details=details)
        self.problems = tuple(problems)


class ChecklistError(FaultyData):
    """A checklist that cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("The checklist has {count} problem(s): {details}", problems)


class LibraryError(FaultyData):
    """A shipped standards file that cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("The standards have {count} problem(s): {details}", problems)
