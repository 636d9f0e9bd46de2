"""Transcript turns: in the row itself, or in a second sheet or file joined by interaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from core.i18n import N_
from core.text.sentence import Sentence
from db.importing.batches.scratch_table import Scratch, StoredTurn
from db.importing.journal import Refusals
from db.importing.lookups import interaction_key
from db.tabular import values
from db.tabular.columns import (
    FileColumn,
    check_mapping,
    known_headings,
    map_headings,
    parse_row,
    renamed,
    second_headings,
    settled,
)
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.files import is_workbook, open_table
from db.tabular.headings import Known
from db.tabular.sheet_notes import in_sheet, left_out
from db.tabular.tables import ROW_LIMIT, Refusal, Row, Table, Unfit, Unreadable

SPEAKERS = ("agent", "customer", "system", "bot")
_ENOUGH_HEADINGS = 3
_TURNS, _CHARACTERS, _SECONDS = 5000, 100_000, 1_000_000
_parse_speaker = values.choice(SPEAKERS)
_parse_text = values.text(_CHARACTERS)
_parse_start = values.seconds(_SECONDS, AS_IT_IS)


class NewTurn(NamedTuple):
    """A turn as it stands in the file; it is masked when it is stored."""

    speaker: str
    clear_text: str
    start_seconds: float | None


def columns(choices: FileChoices) -> tuple[FileColumn, ...]:
    source, external_id = (
        values.code(limit, literal=name in choices.literal)
        for name, limit in (("source", 64), ("external_id", 128))
    )
    hint = N_("As in the first sheet or file")
    number = values.whole_number(0, 1_000_000, choices)
    start = values.seconds(_SECONDS, choices)
    return (
        FileColumn("source", source, hint, required=True),
        FileColumn("external_id", external_id, hint, required=True),
        FileColumn("turn", number, N_("Order of the turns"), required=True),
        FileColumn("speaker", _parse_speaker, ", ".join(SPEAKERS), required=True),
        FileColumn("text", _parse_text, N_("What was said"), default="", spoken=True),
        FileColumn("start_seconds", start, N_("Seconds from the start")),
    )


def inline_turns(cell: object) -> tuple[NewTurn, ...]:
    """The turns of a row.

    Raises:
        Unfit: `column` names the turn and its field.
    """
    turns = values.json_list(cell)
    if len(turns) > _TURNS:
        raise Unfit("There are more than {limit} turns.", limit=_TURNS)
    return tuple(_inline_turn(turn, number) for number, turn in enumerate(turns, 1))


def _inline_turn(turn: object, number: int) -> NewTurn:
    if not isinstance(turn, dict):
        raise Unfit("A turn must be a JSON object.", column=f"[{number}]")
    start = turn.get("start_seconds")
    field = "speaker"
    try:
        speaker = _parse_speaker(turn.get(field))
        field = "text"
        text = _parse_text(turn.get(field))
        field = "start_seconds"
        return NewTurn(
            speaker=speaker,
            clear_text=text,
            start_seconds=None if start is None else _parse_start(start),
        )
    except Unfit as error:
        error.column = f"[{number}].{field}"
        raise


@dataclass(frozen=True)
class TurnFile:
    """The turns of a second sheet or file, kept aside until their interactions come."""

    scratch: Scratch

    def turns_of(self, key: str) -> tuple[NewTurn, ...]:
        """The turns of an interaction.

        Raises:
            Unfit: one of them was refused, so that the transcript would have a gap.
        """
        turns = self.scratch.turns(key)
        if (line := self.scratch.refused_turn(key)) is not None:
            raise Unfit("Its turn in line {line} was refused.", column="turns", line=line)
        if len(turns) > _TURNS or sum(len(turn.text) for turn in turns) > ROW_LIMIT:
            raise Unfit("The transcript is too long.", column="turns")
        return tuple(
            NewTurn(speaker=turn.speaker, clear_text=turn.text, start_seconds=turn.start_seconds)
            for turn in turns
        )

    def orphans(self) -> Iterator[Refusal]:
        """Turns that belong to no row of the first file, by the first line of each."""
        problem = Unfit("The turn belongs to no interaction of this import.", column="turns")
        return (Refusal.of(line, problem) for line in self.scratch.orphans())


def known_turn_headings(choices: FileChoices) -> Known:
    return known_headings(columns(choices))


def is_turn_sheet(table: Table, choices: FileChoices) -> bool:
    """Whether a sheet holds turns: another one, such as notes, is left alone.

    Raises:
        SheetLacksColumn: it looks like turns and lacks a column.
    """
    turn_columns = columns(choices)
    names = set(map_headings(table.columns or (), turn_columns).values())
    if not {"speaker", "text"} & names or len(names) < _ENOUGH_HEADINGS:
        return False
    for column in turn_columns:
        if (column.required or column.name == "text") and column.name not in names:
            raise SheetLacksColumn(
                "The sheet {sheet} holds turns, and lacks the column {column}.",
                sheet=table.facts.sheet,
                column=column.name,
            )
    return True


class SheetLacksColumn(Unreadable):
    """A sheet of turns that cannot be joined to its encounters."""


def keep_turns(scratch: Scratch, table: Table, choices: FileChoices) -> Iterator[Refusal]:
    """Read a file of turns into the scratch table; gives what cannot be read.

    Raises:
        Unreadable: a column is missing.
    """
    turn_columns, mapping = columns(choices), None
    if table.columns is not None:
        mapping = map_headings(table.columns, turn_columns)
        check_mapping(table.columns, mapping, turn_columns)
        if "text" not in mapping.values():
            raise Unreadable("The column {column} is missing.", column="text")
    for record in table.records:
        if isinstance(record, Refusal):
            yield record
        elif (
            problem := _keep(scratch, renamed(record, mapping), turn_columns, choices)
        ) is not None:
            yield Refusal.of(record.line, problem, f"turns.{problem.column}")


def _keep(
    scratch: Scratch, row: Row, turn_columns: tuple[FileColumn, ...], choices: FileChoices
) -> Unfit | None:
    try:
        named = parse_row(turn_columns[:2], settled(turn_columns[:2], row, choices))
    except Unfit as error:
        return error
    key = interaction_key(named["source"], named["external_id"])
    if "text" not in row.cells:  # an empty one may be a turn without words
        scratch.refuse_turn(key, row.line)
        return Unfit("This is required.", column="text")
    try:
        fields = parse_row(turn_columns, settled(turn_columns, row, choices))
    except Unfit as error:
        scratch.refuse_turn(key, row.line)
        return error
    turn = StoredTurn(
        number=fields["turn"],
        line=row.line,
        speaker=fields["speaker"],
        text=fields["text"],
        start_seconds=fields["start_seconds"],
    )
    if scratch.keep_turn(key, turn):
        return None
    scratch.refuse_turn(key, row.line)
    return Unfit("This turn stands there twice.", column="turn")


class TurnSource(NamedTuple):
    """What an import is given: its kind and file, perhaps a second one, and the sheet it reads."""

    kind: str
    path: Path
    turns: Path | None
    choices: FileChoices
    sheet: str


class TurnSheet(NamedTuple):
    """The sheet of a workbook with the turns, and what a person should know of it."""

    name: str = ""
    notes: tuple[Sentence, ...] = ()


class FoundTurns(NamedTuple):
    """`sheet` is the one they are read from where it is another of the same workbook."""

    file: TurnFile | None = None
    sheet: str = ""
    notes: tuple[Sentence, ...] = ()


def found_turns(source: TurnSource, scratch: Scratch, refused: Refusals) -> FoundTurns:
    """The turns of a second file, or of another sheet of a workbook.

    Raises:
        Unreadable: it lacks a column, or rows of this kind have no turns.
    """
    path, choices = source.path, source.choices
    if source.turns is None and (source.kind != "interactions" or not is_workbook(path)):
        return FoundTurns()
    if source.kind != "interactions":
        raise Unreadable("Only interactions have turns.")
    known = known_turn_headings(choices)
    if source.turns:
        opening = open_table(source.turns, _of_other_file(choices), known)
    else:
        if not turn_sheet(path, choices, source.sheet).name:
            return FoundTurns()
        opening = open_table(path, _of_other_sheet(choices), known, but=source.sheet)
    with opening as table:
        for refusal in keep_turns(scratch, table, choices):
            refused.add(refusal)
        sheet = _turn_sheet(table, choices)
    if source.turns:
        return FoundTurns(TurnFile(scratch), notes=(*sheet.notes, *table.facts.unread("")))
    read_too = Sentence("The turns are read from sheet {sheet}.", {"sheet": sheet.name})
    return FoundTurns(TurnFile(scratch), sheet.name, (read_too, *sheet.notes))


def _turn_sheet(table: Table, choices: FileChoices) -> TurnSheet:
    headings = table.columns or ()
    mapping = map_headings(headings, columns(choices))
    notes = (*table.facts.notes, *left_out(headings, mapping))
    name = table.facts.sheet
    second = second_headings(headings, mapping, columns(choices))
    return TurnSheet(name, (*(in_sheet(notes, name) if name else notes), *second))


def _of_other_file(choices: FileChoices) -> FileChoices:
    """Choices that are about one file and not about another."""
    return replace(_of_other_sheet(choices), encoding="")


def _of_other_sheet(choices: FileChoices) -> FileChoices:
    return replace(choices, sheet="", sheet_place=0, heading_line=0)


def turn_sheet(path: Path, choices: FileChoices, sheet: str) -> TurnSheet:
    """The sheet of a workbook with the turns of the one that is read; without a name if none has.

    Raises:
        SheetLacksColumn: one looks like turns and lacks a column.
    """
    choices = _of_other_sheet(choices)
    try:
        with open_table(path, choices, known_turn_headings(choices), but=sheet) as table:
            return _turn_sheet(table, choices) if is_turn_sheet(table, choices) else TurnSheet()
    except SheetLacksColumn:
        raise
    except Unreadable:
        return TurnSheet()  # no other sheet has anything in it
