"""Reading a filled-in workbook of an observation; each fault is told with its row and column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from core.checklist import Checklist, Item
from core.errors import InvalidInput, PortalError
from core.i18n import LANGUAGES
from core.scoring.answers import parse_answer
from core.text.sentence import Sentence
from db.inspection.observation_workbook import (
    ANSWERS,
    ENCOUNTER,
    LISTS,
    PEOPLE_HEADS,
    PORTAL,
    PORTAL_HEADS,
    Translate,
    answer_heads,
    choices,
    encounter_heads,
    situations,
)
from db.tabular.own_sheets import notes_of, sheet_names, sheet_table
from db.tabular.sheet_notes import in_sheet, left_out, unread
from db.tabular.tables import Refusal, Row, Unreadable

_TWICE = "Item {item} stands here twice."


class Fault(NamedTuple):
    """A cell that cannot be used; `row` is 0 where no row is meant."""

    sheet: str
    row: int
    column: str
    sentence: str
    values: Mapping[str, object]


class FaultyWorkbook(InvalidInput):
    """Cells need another look; `faults` names each with row and column."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("Nothing was handed in: {count} cells cannot be used.", count=len(faults))
        self.faults = tuple(faults)


class Label(NamedTuple):
    """What the portal wrote into a workbook to know it again.

    `people` are the station code and staff number of everybody who worked somewhere then.
    """

    key: str
    version_id: int
    language: str
    people: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Filled:
    """What stands in a workbook. `rows` tells where each item's answer stands.

    `notes` are those of items without an answer. The time is local, as the workbook holds no zone.
    `sheet_notes` is what a person should know of the sheets, such as hidden rows that were read.
    """

    station: str
    staff_no: str
    occurred_at: datetime
    situation: str
    answers: dict[str, Any]
    notes: dict[str, str]
    rows: dict[str, int]
    sheet_notes: tuple[Sentence, ...]


class Workbook:
    """A workbook of somebody's, kept in a folder while it is read."""

    def __init__(self, data: bytes, folder: Path) -> None:
        self._path = folder / "observation"
        self._path.write_bytes(data)
        self._names = sheet_names(self._path)
        self._sheet_notes: list[Sentence] = list(unread(self._names[LISTS + 1 :]))

    def label(self) -> Label:
        """Whose workbook it is.

        Raises:
            Unreadable: it is no workbook, or none for observations.
        """
        rows = self._rows(PORTAL, (*PORTAL_HEADS, *PEOPLE_HEADS), [], "")
        label_cells = [str(rows[0].cells.get(head, "")) if rows else "" for head in PORTAL_HEADS]
        key, version, language = label_cells
        if not version.isdecimal() or language not in LANGUAGES or len(version) > 9:
            raise Unreadable("This workbook is none for observations. Download one here.")
        pairs = (tuple(_text(row.cells.get(head)) for head in PEOPLE_HEADS) for row in rows)
        people = frozenset((station, number) for station, number in pairs if number)
        return Label(key, int(version), language, people)

    def filled(self, checklist: Checklist, language: str, translate: Translate) -> Filled:
        """Everything that was filled in.

        Raises:
            FaultyWorkbook: names each cell that cannot be used.
        """
        faults: list[Fault] = []
        sheet = translate("Encounter")
        encounter_rows = self._rows(ENCOUNTER, encounter_heads(translate), faults, sheet)
        encounter = _Encounter(encounter_rows, translate)
        answers, notes, rows = self._answers(checklist, language, translate, faults)
        faults += encounter.faults
        if faults:
            raise FaultyWorkbook(faults)
        return Filled(
            station=encounter.station,
            staff_no=encounter.staff_no,
            occurred_at=datetime.combine(encounter.day, encounter.time),
            situation=encounter.situation,
            answers=answers,
            notes=notes,
            rows=rows,
            sheet_notes=tuple(self._sheet_notes),
        )

    def _answers(
        self, checklist: Checklist, language: str, translate: Translate, faults: list[Fault]
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, int]]:
        sheet, heads = translate("Answers"), answer_heads(translate)
        answers: dict[str, Any] = {}
        notes: dict[str, str] = {}
        rows: dict[str, int] = {}
        for row in self._rows(ANSWERS, heads, faults, sheet):
            key = _text(row.cells.get(heads.item))
            item = checklist.by_key.get(key)
            if item is None or key in rows:
                sentence = "There is no item {item} in this checklist." if item is None else _TWICE
                fault = Fault(
                    sheet, row.line, column=heads.item, sentence=sentence, values={"item": key}
                )
                faults.append(fault)
                continue
            rows[key] = row.line
            try:
                if answer := _answer(item, row, language, translate):
                    parse_answer(item, answer)
                    answers[key] = answer
                elif note := _text(row.cells.get(heads.note)):
                    notes[key] = note
            except PortalError as error:
                fault = Fault(
                    sheet,
                    row.line,
                    column=heads.answer,
                    sentence=error.sentence,
                    values=error.values,
                )
                faults.append(fault)
        return answers, notes, rows

    def _rows(
        self, number: int, heads: Collection[str], faults: list[Fault], sheet: str
    ) -> list[Row]:
        rows = []
        name = self._names[number] if number < len(self._names) else ""
        with sheet_table(self._path, name, heads) as table:
            self._sheet_notes += notes_of(table)
            self._sheet_notes += in_sheet(left_out(table.columns or (), heads), name)
            for record in table.records:
                if isinstance(record, Refusal):
                    fault = Fault(
                        sheet,
                        record.line,
                        column=record.column,
                        sentence=record.sentence,
                        values=record.values,
                    )
                    faults.append(fault)
                else:
                    rows.append(record)
        return rows


class _Encounter:
    """The one row of the first sheet."""

    def __init__(self, rows: list[Row], translate: Translate) -> None:
        self.heads = encounter_heads(translate)
        self._sheet = translate("Encounter")
        self.faults: list[Fault] = []
        self._row = rows[0] if rows else Row(2, {})
        self.station = self._needed(self.heads.station)
        self.staff_no = self._needed(self.heads.staff)
        self.day = self._day(self.heads.day)
        self.time = self._time(self.heads.time)
        self.situation = self._situation(situations(translate))

    def _needed(self, head: str) -> str:
        text = _text(self._row.cells.get(head))
        if not text:
            self._fault(head, "This cell is empty.")
        return text

    def _day(self, head: str) -> date:
        value = self._row.cells.get(head)
        if isinstance(value, datetime):
            return value.date()
        try:
            return value if isinstance(value, date) else date.fromisoformat(_text(value))
        except ValueError:
            self._fault(head, "A day is written like 2026-03-16.")
            return date.min

    def _time(self, head: str) -> time:
        value = self._row.cells.get(head)
        if isinstance(value, datetime):
            return value.time()
        if isinstance(value, time):
            return value
        try:
            parts = _text(value).replace("\N{FULLWIDTH COLON}", ":").split(":")
            hour, minute, second = parts if len(parts) == 3 else (*parts, "0")
            return time(int(hour), int(minute), int(second))
        except ValueError:
            self._fault(head, "A time is written like 14:30.")
            return time.min

    def _situation(self, offered: Mapping[str, str]) -> str:
        situation = _text(self._row.cells.get(self.heads.passenger))
        if situation and situation not in offered:
            self._fault(self.heads.passenger, "Choose from the list of this cell.")
        return offered.get(situation, next(iter(offered.values())))

    def _fault(self, head: str, sentence: str) -> None:
        self.faults.append(
            Fault(self._sheet, self._row.line, column=head, sentence=sentence, values={})
        )


def _answer(item: Item, row: Row, language: str, translate: Translate) -> dict[str, Any] | None:
    """The answer as it is stored; None while the cell is empty."""
    heads = answer_heads(translate)
    written = row.cells.get(heads.answer)
    text, note = _text(written), _text(row.cells.get(heads.note))
    if not text:
        return None
    noted = {"note": note} if note else {}
    offered = choices(item, language, translate)
    if text in offered and offered[text] is None:
        return {"na": True, "reason": _text(row.cells.get(heads.reason))} | noted
    if item.kind == "multi":
        words = [word.strip() for word in text.split(";") if word.strip()]
        return {"values": [_option(word, offered) for word in words]} | noted
    if item.options:
        key = _option(text, offered)
        return {"value": int(key) if item.kind == "graded" and key.isdecimal() else key} | noted
    if item.kind == "date" and isinstance(written, date):
        return {"value": written.isoformat()} | noted
    return {"value": _number(text) if item.kind == "number" else text} | noted


def _option(words: str, offered: Mapping[str, str | None]) -> str:
    """By its words, or by its key."""
    key = offered.get(words)
    if key is None and words in offered.values():
        key = words
    if key is None:
        raise InvalidInput("Choose from the list of this cell.")
    return key


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput("A number is needed here.") from None


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
