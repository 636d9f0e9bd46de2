"""A checklist as a workbook for where there is no network: drop-downs, one encounter to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from core.checklist import Checklist, Item, Option, text_in
from core.inspection.na_answers import SITUATIONS

Translate = Callable[[str], str]
ENCOUNTER, ANSWERS, PORTAL, LISTS = range(4)
PORTAL_HEADS = ("key", "version", "language")
PEOPLE_HEADS = ("station", "staff")
_WIDTHS = {"item": 14, "standard": 60, "answer": 34, "reason": 24, "note": 40}
_LAST_ROW = 1_000


class EncounterHeads(NamedTuple):
    station: str
    staff: str
    day: str
    time: str
    passenger: str


class AnswerHeads(NamedTuple):
    item: str
    standard: str
    answer: str
    reason: str
    note: str


@dataclass(frozen=True)
class Blank:
    """What an empty workbook is made from; `people` are staff numbers by station code."""

    key: str
    version_id: int
    checklist: Checklist
    language: str
    people: Mapping[str, Sequence[str]]


def encounter_heads(translate: Translate) -> EncounterHeads:
    return EncounterHeads(
        station=translate("Station"),
        staff=translate("Staff number"),
        day=translate("Day"),
        time=translate("Time"),
        passenger=translate("Passenger"),
    )


def answer_heads(translate: Translate) -> AnswerHeads:
    return AnswerHeads(
        item=translate("Item"),
        standard=translate("Standard"),
        answer=translate("Answer"),
        reason=translate("Reason for N/A"),
        note=translate("Note"),
    )


def situations(translate: Translate) -> dict[str, str]:
    """What is offered for the passenger's situation, by its words."""
    words = {
        "ordinary": translate("Ordinary"),
        "in_distress": translate("In distress, ill or bereaved"),
    }
    return {words[situation]: situation for situation in SITUATIONS}


def choices(item: Item, language: str, translate: Translate) -> dict[str, str | None]:
    """What is offered as answers to an item: the option by its words; None for N/A."""
    words = [_words(item, option, language, translate) for option in item.options]
    if len(set(words)) < len(words):
        words = [f"{option.key} {word}" for option, word in zip(item.options, words, strict=True)]
    offered: dict[str, str | None] = dict(
        zip(words, (option.key for option in item.options), strict=True)
    )
    return offered | ({translate("N/A"): None} if item.na_allowed else {})


def write(blank: Blank, translate: Translate) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheets = [
        book.add_worksheet(name)
        for name in (translate("Encounter"), translate("Answers"), "portal", "lists")
    ]
    lists = _Lists(sheets[LISTS])
    _write_encounter(book, sheets[ENCOUNTER], lists, blank, translate)
    _write_answers(book, sheets[ANSWERS], lists, blank, translate)
    for column, (head, value) in enumerate(
        zip(PORTAL_HEADS, (blank.key, str(blank.version_id), blank.language), strict=True)
    ):
        sheets[PORTAL].write_string(0, column, head)
        sheets[PORTAL].write_string(1, column, value)
    _write_people(sheets[PORTAL], blank.people)
    sheets[PORTAL].hide()
    sheets[LISTS].hide()
    book.close()
    return file.getvalue()


def _write_people(sheet: Any, people: Mapping[str, Sequence[str]]) -> None:  # noqa: ANN401  no types
    """Who works where as the workbook is made: whoever moves later is scored there all the same."""
    first = len(PORTAL_HEADS)
    pairs = [(station, number) for station, numbers in people.items() for number in numbers]
    for row, pair in enumerate((PEOPLE_HEADS, *pairs)):
        for column, value in enumerate(pair, start=first):
            sheet.write_string(row, column, value)


class _Lists:
    """The sheet that holds what drop-downs offer: a list given in a rule itself may not be long."""

    def __init__(self, sheet: Any) -> None:  # noqa: ANN401  no types
        self._sheet = sheet
        self._sources: dict[tuple[str, ...], str] = {}

    def source(self, offered: Sequence[str]) -> str:
        options = tuple(offered)
        if options not in self._sources:
            column = len(self._sources)
            for row, value in enumerate(options):
                self._sheet.write_string(row, column, value)
            name = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
            self._sources[options] = f"=lists!{name}$1:{name}${len(options)}"
        return self._sources[options]


def _write_encounter(
    book: Any,  # noqa: ANN401  no types
    sheet: Any,  # noqa: ANN401
    lists: _Lists,
    blank: Blank,
    translate: Translate,
) -> None:
    bold = book.add_format({"bold": True})
    for column, head in enumerate(encounter_heads(translate)):
        sheet.write_string(0, column, head, bold)
    sheet.set_column(0, 4, 22)
    sheet.write_blank(1, 2, None, book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_blank(1, 3, None, book.add_format({"num_format": "hh:mm"}))
    everybody = sorted({number for numbers in blank.people.values() for number in numbers})
    for column, offered in (
        (0, sorted(blank.people)),
        (1, everybody),
        (4, list(situations(translate))),
    ):
        if offered:
            rule = {"validate": "list", "source": lists.source(offered)}
            sheet.data_validation(1, column, 1, column, rule)
    sheet.write_string(1, 4, next(iter(situations(translate))))
    sheet.write_string(
        3, 0, translate("One workbook is one encounter. Day and time are those of the station.")
    )


def _write_answers(
    book: Any,  # noqa: ANN401  no types
    sheet: Any,  # noqa: ANN401
    lists: _Lists,
    blank: Blank,
    translate: Translate,
) -> None:
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heads = answer_heads(translate)
    for column, (head, width) in enumerate(zip(heads, _WIDTHS.values(), strict=True)):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, width, wrapped)
    for row, item in enumerate(blank.checklist.items(), start=1):
        sheet.write_string(row, 0, item.key, wrapped)
        sheet.write_string(row, 1, _standard(item, blank.language), wrapped)
        offered = list(choices(item, blank.language, translate))
        if item.options and item.kind != "multi":
            rule = {"validate": "list", "source": lists.source(offered)}
            sheet.data_validation(row, 2, row, 2, rule)
        elif item.options:
            sheet.write_comment(row, 2, "; ".join(offered))
    sheet.freeze_panes(1, 1)


def _standard(item: Item, language: str) -> str:
    return " · ".join(filter(None, (text_in(item.term, language), text_in(item.text, language))))


def _words(item: Item, option: Option, language: str, translate: Translate) -> str:
    words = text_in(option.text, language)
    if item.kind == "graded" and option.key.isdecimal():
        return f"{option.key} {words}".strip()
    usual = {
        "yes": translate("Yes"),
        "no": translate("No"),
        "no_with_loss": translate("No, with loss or harm"),
        "met": translate("In time"),
        "late": translate("Too late"),
    }
    return words or usual.get(option.key, option.key)
