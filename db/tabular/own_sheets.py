"""Workbooks that the portal has written, read back once they were filled in: several sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from core.text.sentence import Sentence
from db.tabular import open_document, workbook
from db.tabular.file_choices import FileChoices
from db.tabular.files import open_table, refuse_no_workbook
from db.tabular.sheet_notes import in_sheet
from db.tabular.tables import NoSheet, Table


def sheet_names(path: Path) -> tuple[str, ...]:
    """Every sheet of a workbook, in order.

    Raises:
        Unreadable: the file is no workbook, damaged, or unpacks to more than any workbook needs.
    """
    refuse_no_workbook(path)
    if open_document.is_open_document(path):
        return open_document.sheet_names(path)
    return workbook.sheet_names(path)


@contextmanager
def sheet_table(path: Path, name: str, headings: Collection[str]) -> Iterator[Table]:
    """The rows of a sheet, with numbers as they are; nothing where there is no such sheet.

    The line of headings is the one with most of `headings`, among the first lines.

    Raises:
        Unreadable: as `sheet_names`.
    """
    with ExitStack() as stack:
        table = Table(None, iter(()), lambda: 1.0)
        if name:
            known = partial(_known, headings)
            try:
                opening = open_table(path, FileChoices(sheet=name), known, plainly=True)
                table = stack.enter_context(opening)
            except NoSheet:
                pass
        yield table


def _known(headings: Collection[str], cells: Sequence[str]) -> int:
    return sum(cell in headings for cell in cells)


def notes_of(table: Table) -> tuple[Sentence, ...]:
    """What a person should know of the sheet, which is named, as others are read too."""
    return in_sheet(table.facts.notes, table.facts.sheet)
