"""What is said of a sheet that is read: hidden rows and columns, what stands above the headings."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence

from core.text.sentence import Sentence

_NAMED = 5
_ABOVE = Sentence("The headings stand in line {line}; what is above is left out.")
_ROWS = Sentence("Hidden or filtered rows are read too ({count}): {rows}.")
_COLUMNS = Sentence("Hidden columns are read like the others ({count}): {columns}.")
_LEFT_OUT = Sentence("Not imported: {headings}")
_IN_SHEET = {
    _LEFT_OUT.template: Sentence("Sheet {sheet}: these columns are not imported: {headings}."),
    _ABOVE.template: Sentence(
        "Sheet {sheet}: the headings stand in line {line}; what is above is left out."
    ),
    _ROWS.template: Sentence(
        "Sheet {sheet}: hidden or filtered rows are read too ({count}): {rows}."
    ),
    _COLUMNS.template: Sentence(
        "Sheet {sheet}: hidden columns are read like the others ({count}): {columns}."
    ),
}


def above(line: int, first: int = 1) -> tuple[Sentence, ...]:
    """What is said of lines above the headings; `first` is the first one with anything in it."""
    return (Sentence(_ABOVE.template, {"line": line}),) if line > first else ()


def hidden_rows(rows: Sequence[int]) -> tuple[Sentence, ...]:
    """What is said of rows that are hidden or filtered away and are read all the same."""
    if not rows:
        return ()
    return (Sentence(_ROWS.template, {"count": len(rows), "rows": _some(map(str, rows))}),)


def hidden_columns(columns: Collection[int], headings: Sequence[str]) -> tuple[Sentence, ...]:
    """What is said of columns, from 1, that have a heading and are hidden."""
    names = [name for number, name in enumerate(headings, 1) if number in columns and name]
    if not names:
        return ()
    return (Sentence(_COLUMNS.template, {"count": len(names), "columns": _some(names)}),)


def in_sheet(notes: Iterable[Sentence], sheet: str) -> tuple[Sentence, ...]:
    """The same, with the sheet's name where several of a workbook are read."""
    return tuple(
        Sentence(_IN_SHEET[note.template].template, {"sheet": sheet, **note.values})
        if note.template in _IN_SHEET
        else note
        for note in notes
    )


def left_out(headings: Iterable[str], known: Container[str]) -> tuple[Sentence, ...]:
    """What is said of columns that are not read, as their heading is none of those known."""
    names = [heading for heading in headings if heading and heading not in known]
    return (Sentence(_LEFT_OUT.template, {"headings": _some(names)}),) if names else ()


def unread(names: Iterable[str]) -> tuple[Sentence, ...]:
    """What is said of sheets that are not read."""
    listed = ", ".join(names)
    return (Sentence("Sheets that are not read: {names}.", {"names": listed}),) if listed else ()


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")
