"""What a person says of a file where its content leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from core.clock.days import zone_names
from db.tabular.encodings import ENCODINGS
from db.tabular.tables import Unreadable

OPTIONS = {
    "encoding": tuple(ENCODINGS),
    "dates": ("day-first", "month-first"),
    "decimal": ("point", "comma"),
    "twice": ("first", "second"),
    "empty": ("keeps", "clears"),
}
"""The choices that are one of a few words."""


@dataclass(frozen=True)
class FileChoices:
    """Choices for one file; what is empty is told from the content, or refused where it cannot be.

    Attributes:
        encoding: a codec of `ENCODINGS`.
        sheet: name of the sheet with the rows.
        sheet_place: its place in the workbook instead, from 1; 0 looks for it.
        heading_line: line with the headings, from 1; 0 looks for it.
        zone: time zone of times without offset; empty: that of the row's station.
        dates: how 08/06/2026 is meant: day-first or month-first.
        decimal: what a single sign before three digits is: point or comma is the decimal sign.
        twice: which one is meant by an hour that comes twice when clocks are set back.
        literal: columns in which N/A, NULL, nan … are what a thing is really called.
        empty: whether an empty cell keeps what is stored, or clears it.
    """

    encoding: str = ""
    sheet: str = ""
    sheet_place: int = 0
    heading_line: int = 0
    zone: str = ""
    dates: str = ""
    decimal: str = ""
    twice: str = ""
    literal: tuple[str, ...] = ()
    empty: str = "keeps"

    def __post_init__(self) -> None:
        for name, allowed in OPTIONS.items():
            value = getattr(self, name)
            if value and value not in allowed:
                raise _unknown(name, value)
        if self.zone and self.zone not in zone_names():
            raise _unknown("zone", self.zone)

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Self:
        """Choices from words, as a command, an address or a stored job has them.

        Raises:
            Unreadable: names a choice that there is not.
        """
        values: dict[str, Any] = {f.name: written[f.name] for f in fields(cls) if f.name in written}
        if "literal" in values:
            values["literal"] = tuple(values["literal"])
        for name in ("heading_line", "sheet_place"):
            number = str(values.get(name) or 0)
            if not (number.isascii() and number.isdecimal()) or len(number) > 6:
                raise _unknown(name, number)
            values[name] = int(number)
        return cls(**values)

    def written(self, sheets: Sequence[str]) -> dict[str, Any]:
        """As JSON in codes and numbers: the sheet by its place among those of the file."""
        place = sheets.index(self.sheet) + 1 if self.sheet in sheets else self.sheet_place
        return asdict(self) | {"literal": list(self.literal), "sheet": "", "sheet_place": place}


AS_IT_IS = FileChoices()
"""Everything is told from the content."""


def _unknown(name: str, value: str) -> Unreadable:
    allowed = ", ".join(OPTIONS.get(name, ())) or "…"
    return Unreadable(
        "{value} is no choice for {name}: {allowed}.", value=value, name=name, allowed=allowed
    )
