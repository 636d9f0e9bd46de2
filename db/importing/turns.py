"""Transcript turns: in the row itself, or in a second sheet or file joined by interaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.i18n import N_
from db.importing.lookups import interaction_key
from db.importing.scratch_table import Scratch, StoredTurn
from db.tabular import values
from db.tabular.columns import FileColumn, check_mapping, map_headings, parse_row, renamed
from db.tabular.tables import ROW_LIMIT, Refusal, Row, Table, Unfit

SPEAKERS = ("agent", "customer", "system", "bot")
_TURNS, _CHARACTERS, _SECONDS = 5000, 100_000, 1_000_000
_parse_speaker = values.choice(SPEAKERS)
_parse_text = values.text(_CHARACTERS)
_parse_start = values.number(0, _SECONDS)


class NewTurn(NamedTuple):
    """A turn as it stands in the file; it is masked when it is stored."""

    speaker: str
    clear_text: str
    start_seconds: float | None


def columns() -> tuple[FileColumn, ...]:
    return (
        FileColumn("source", values.line(64), N_("As in the first sheet or file"), required=True),
        FileColumn(
            "external_id", values.line(128), N_("As in the first sheet or file"), required=True
        ),
        FileColumn(
            "turn", values.whole_number(0, 1_000_000), N_("Order of the turns"), required=True
        ),
        FileColumn("speaker", _parse_speaker, ", ".join(SPEAKERS), required=True),
        FileColumn("text", _parse_text, N_("What was said"), default=""),
        FileColumn("start_seconds", _parse_start, N_("Seconds from the start")),
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
    is_timed = turn.get("start_seconds") is not None
    return NewTurn(
        speaker=_field(turn, "speaker", _parse_speaker, number),
        clear_text=_field(turn, "text", _parse_text, number),
        start_seconds=_field(turn, "start_seconds", _parse_start, number) if is_timed else None,
    )


def _field(turn: dict[str, Any], name: str, parse: values.Parser, number: int) -> Any:  # noqa: ANN401
    try:
        return parse(turn.get(name))
    except Unfit as error:
        error.column = f"[{number}].{name}"
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


def keep_turns(scratch: Scratch, table: Table) -> Iterator[Refusal]:
    """Read a file of turns into the scratch table; gives what cannot be read.

    Raises:
        Unreadable: a column is missing.
    """
    turn_columns, mapping = columns(), None
    if table.columns is not None:
        mapping = map_headings(table.columns, turn_columns)
        check_mapping(table.columns, mapping, turn_columns)
    for record in table.records:
        if isinstance(record, Refusal):
            yield record
        elif (problem := _keep(scratch, renamed(record, mapping), turn_columns)) is not None:
            yield Refusal.of(record.line, problem, f"turns.{problem.column}")


def _keep(scratch: Scratch, row: Row, turn_columns: tuple[FileColumn, ...]) -> Unfit | None:
    try:
        named = parse_row(turn_columns[:2], row)
    except Unfit as error:
        return error
    key = interaction_key(named["source"], named["external_id"])
    try:
        fields = parse_row(turn_columns, row)
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
