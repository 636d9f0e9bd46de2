"""What an import would do, column by column, and whether a person must agree to it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from core.errors import InvalidInput
from core.safekeeping.masking import masked
from core.text.sentence import Sentence
from db.importing.kinds import ColumnChange, ImportPlan, ReadableRow

_EXAMPLES, _CHARACTERS = 3, 60
_FEWEST = 10
"""Fewer values than this may go without a question."""
_NAMES = 5
_SHARE = 10
"""More than one in so many filled values may not."""


class ColumnExample(NamedTuple):
    """A value before and after, masked and cut short; empty where there is none."""

    line: int
    before: str
    after: str


@dataclass
class ColumnForecast:
    """How many values a column gets, and how many stored ones change, shrink or go.

    Those that shrink are among those that change.
    """

    added: int = 0
    changed: int = 0
    shrunk: int = 0
    emptied: int = 0
    examples: list[ColumnExample] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return self.shrunk + self.emptied


@dataclass
class Forecast:
    """What an import would do; `columns` in the order in which the file touches them.

    `losing` are the columns of which more goes than an import may take without a question.
    `unknown_events` counts events by names that nobody knows.
    """

    columns: dict[str, ColumnForecast] = field(default_factory=dict)
    turns_taken: int = 0
    notes: list[Sentence] = field(default_factory=list)
    losing: list[str] = field(default_factory=list)
    unknown_events: Counter[str] = field(default_factory=Counter, compare=False)

    def take(self, plan: ImportPlan, items: Iterable[ReadableRow]) -> None:
        """Add what is planned for some rows."""
        self.unknown_events.update(plan.unknown_events)
        cleared = {(item.line, name) for item in items for name in item.cleared}
        for item in plan.added:
            for name, value in item.values.items():
                if name in item.carried and not _is_empty(value):
                    self._of(name).added += 1
        for change in plan.changes:
            self._count(change, is_cleared=(change.line, change.column) in cleared)

    def note_unknown_events(self) -> None:
        """Say how many events nobody knows, and the names that come most often."""
        if not self.unknown_events:
            return
        names = [masked(name) for name, _ in self.unknown_events.most_common(_NAMES)]
        more = len(self.unknown_events) - len(names)
        self.notes.append(
            Sentence(
                "Events that nobody knows: {count}, named {names}. They are kept, and no clock uses"
                " them until somebody says what they mean.",
                {
                    "count": self.unknown_events.total(),
                    "names": ", ".join(names) + (f" … (+{more})" if more else ""),
                },
            )
        )

    def weigh(self, filled: Mapping[str, int]) -> None:
        """Compare with how many values each column holds today."""
        self.losing = [
            name
            for name, column in self.columns.items()
            if column.lost >= _FEWEST and column.lost * _SHARE > filled.get(name, 0)
        ]

    def losses(self) -> dict[str, int]:
        """What a person must agree to: how many values of a column, turns of how many encounters.

        Nothing where no question is to be asked.
        """
        losses = {name: self.columns[name].lost for name in self.losing}
        if self.turns_taken:
            losses["turns"] = max(self.turns_taken, losses.get("turns", 0))
        return losses

    def suspects(self) -> list[str]:
        """The columns for which it matters how many values are stored."""
        return [name for name, column in self.columns.items() if column.lost >= _FEWEST]

    def written(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "columns": {name: asdict(column) for name, column in self.columns.items()},
            "turns_taken": self.turns_taken,
            "notes": [{"sentence": note.template, "values": note.values} for note in self.notes],
            "losing": self.losing,
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Forecast:
        columns = {
            name: ColumnForecast(
                **{k: v for k, v in column.items() if k != "examples"},
                examples=[ColumnExample(*example) for example in column["examples"]],
            )
            for name, column in written["columns"].items()
        }
        notes = [Sentence(note["sentence"], note["values"]) for note in written["notes"]]
        return cls(columns, written["turns_taken"], notes, list(written["losing"]))

    def _of(self, name: str) -> ColumnForecast:
        return self.columns.setdefault(name, ColumnForecast())

    def _count(self, change: ColumnChange, *, is_cleared: bool) -> None:
        column = self._of(change.column)
        if _is_empty(change.before):
            column.added += 1
        elif is_cleared or _is_empty(change.after):
            column.emptied += 1
        else:
            column.changed += 1
            column.shrunk += change.shrinks or _shrinks(change.before, change.after)
        if change.column == "turns" and _count_of(change.after) < _count_of(change.before):
            self.turns_taken += 1
        if len(column.examples) < _EXAMPLES:
            before, after = _text(change.before), _text(change.after)
            column.examples.append(ColumnExample(line=change.line, before=before, after=after))


class AgreementNeeded(InvalidInput):
    """More would be taken than may go without a question, or somebody wants to see it first.

    Nothing was written.
    """

    def __init__(self, forecast: Forecast) -> None:
        super().__init__(
            "Nothing was imported: it would empty or shorten what is stored in {columns}. Look at"
            " what it changes and agree.",
            columns=", ".join(f"{name} ({count})" for name, count in forecast.losses().items()),
        )
        self.forecast = forecast


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {}, ())


def _count_of(turns: object) -> int:
    return turns if isinstance(turns, int) else 0


def _shrinks(before: object, after: object) -> bool:
    """Whether the new value is what is left of the old one: a part of a text, fewer entries.

    So it is where one of the entries is gone, empty, or what is left of it.
    """
    if isinstance(before, str) and isinstance(after, str):
        return len(after) < len(before) and after in before
    if isinstance(before, dict) and isinstance(after, dict):
        return any(_is_lost(value, after.get(key)) for key, value in before.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(after) < len(before) or any(map(_is_lost, before, after))
    return False


def _is_lost(before: object, after: object) -> bool:
    return not _is_empty(before) and (_is_empty(after) or _shrinks(before, after))


def _text(value: object) -> str:
    text = "" if value is None else masked(str(value))
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"
