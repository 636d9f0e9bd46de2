"""The first rows of a file as a person may see them: personal data masked."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from core.safekeeping.masking import masked
from db.importing.kind_registry import columns_of
from db.tabular.columns import map_headings
from db.tabular.files import open_table
from db.tabular.tables import Row

_ROWS, _CHARACTERS = 5, 80


class Preview(NamedTuple):
    """`mapping` is None for JSON, whose rows name their columns themselves."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: dict[str, str] | None


def preview(path: Path, kind: str, now: datetime) -> Preview:
    """Look into a file before it is imported.

    Raises:
        Unreadable: the file as a whole cannot be used.
    """
    with open_table(path) as table:
        records = (record for record in table.records if isinstance(record, Row))
        rows = [record.cells for record in islice(records, _ROWS)]
        headings = table.columns
    mapping = None if headings is None else map_headings(headings, columns_of(kind, now))
    if headings is None:
        headings = tuple(dict.fromkeys(name for row in rows for name in row))
    return Preview(
        headings,
        tuple(tuple(_cell_text(row.get(heading)) for heading in headings) for row in rows),
        mapping,
    )


def _cell_text(cell: object) -> str:
    text = "" if cell is None else masked(str(cell))
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"
