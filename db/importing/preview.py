"""The first rows of a file as a person may see them: personal data masked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from core.safekeeping.masking import masked
from db.importing.kind_registry import columns_of
from db.importing.turns import SheetLacksColumn, TurnSheet, turn_sheet
from db.tabular.columns import known_headings, map_headings
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.files import open_table
from db.tabular.tables import Row, TableFacts

_ROWS, _CHARACTERS = 5, 80


class Preview(NamedTuple):
    """`mapping` is None for JSON, whose rows name their columns themselves."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: dict[str, str] | None
    facts: TableFacts


def preview(path: Path, kind: str, now: datetime, choices: FileChoices = AS_IT_IS) -> Preview:
    """Look into a file before it is imported.

    Raises:
        Unreadable: the file as a whole cannot be used.
    """
    columns = columns_of(kind, now)
    with open_table(path, choices, known_headings(columns)) as table:
        records = (record for record in table.records if isinstance(record, Row))
        rows = [record.cells for record in islice(records, _ROWS)]
        headings, facts = table.columns, table.facts
    turns = _turns(path, kind, choices, facts)
    facts = replace(facts, notes=facts.notes + facts.unread(turns.name) + turns.notes)
    mapping = None if headings is None else map_headings(headings, columns)
    if headings is None:
        headings = tuple(dict.fromkeys(name for row in rows for name in row))
    return Preview(
        headings,
        tuple(tuple(_cell_text(row.get(heading)) for heading in headings) for row in rows),
        mapping,
        facts,
    )


def _turns(path: Path, kind: str, choices: FileChoices, facts: TableFacts) -> TurnSheet:
    """The sheet with the turns, as far as it can be read."""
    if kind != "interactions" or not facts.others:
        return TurnSheet()
    try:
        return turn_sheet(path, choices, facts.sheet)
    except SheetLacksColumn:
        return TurnSheet()


def _cell_text(cell: object) -> str:
    """What a person is shown of a cell; bytes that are no characters as question marks."""
    words = "" if cell is None else str(cell)
    text = masked(words.encode("utf-8", "replace").decode("utf-8"))
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"
