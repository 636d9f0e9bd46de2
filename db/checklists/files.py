"""Checklists as files: read in any known format, written as YAML, workbook or for Connect."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter
import yaml

from core.checklist import Checklist, Problem, to_data
from core.checklist.model import written
from core.checklist.parse_items import ItemSource
from core.forms import FormError, Imported, Stored, read_form, to_connect
from core.i18n import CONTENT_LANGUAGES
from core.text.sentence import Sentence
from core.text.yamlfile import WORDS, load_data
from db.tabular.own_sheets import notes_of, sheet_names, sheet_table
from db.tabular.sheet_notes import unread
from db.tabular.tables import Refusal, Unreadable

_ARN = "arn:aws:connect:us-east-1:000000000000:instance/replace-with-your-instance"
_WORKBOOKS = (".xlsx", ".ods", ".xls")
_SUFFIXES = (".json", ".yaml", ".yml")
Content = dict[str, Any]
_SHEETS = ("Checklist", "Sections", "Items", "Answers")
_SECTION = (
    "key",
    "title",
    "weight",
    "multiplier",
    "baseline",
    "minimum",
    "critical",
    "section_floor",
    "when",
)
_ITEM = (
    *("section", "key", "kind", "term", "text", "guidance", "good_example"),
    *("bad_example", "weight", "multiplier", "channels"),
    *("na", "na_reason_required", "required", "excluded", "bonus", "fatal", "critical"),
    *("key_moment", "evidence_required", "tag", "na_when", "cap", "decimals", "when", "clock"),
)
_ANSWER = ("item", "key", "min", "max", "points", "text", "effect", "bonus")
_FORM = tuple(written(field.name) for field in fields(Checklist) if field.name != "sections")
_TEXTS = frozenset({"title", "unit", "term", "text", "guidance", "good_example", "bad_example"})
_JSON = frozenset({"when", "na_when", "clock", "effect", "settings", "bands", "section_floor"})
_WORDS = frozenset({"key", "section", "item", "kind", "tag"})
_NUMBER = re.compile(WORDS["tag:yaml.org,2002:float"])
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def read_file(
    name: str,
    data: bytes,
    *,
    library: ItemSource | None = None,
    stored: Stored | None = None,
    clears: bool = False,
) -> Imported:
    """The checklist of an uploaded file; its name tells workbook, JSON and YAML apart.

    `stored` gives what is stored of a checklist by its key; see core.forms.read_form.

    Raises:
        FormError: it makes no checklist; every fault with its place.
        InvalidInput: it is neither a workbook nor JSON nor YAML.
    """
    if name.lower().endswith(_WORKBOOKS):
        form = read(data)
        imported = read_form(form.content, library=library, stored=stored, clears=clears)
        return replace(imported, notes=form.notes)
    suffix = next((ending for ending in _SUFFIXES if name.lower().endswith(ending)), ".yaml")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"checklist{suffix}"
        path.write_bytes(data)
        data_of_file = load_data(path).data
        return read_form(data_of_file, library=library, stored=stored, clears=clears)


def as_yaml(checklist: Checklist) -> bytes:
    return yaml.dump(
        to_data(checklist), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100
    ).encode()


def as_workbook(checklist: Checklist) -> bytes:
    return write(to_data(checklist))


def as_connect(checklist: Checklist, language: str) -> bytes:
    """A form to create in Amazon Connect once its instance has been put in."""
    form: Mapping[str, Any] = to_connect(checklist, language=language, instance_arn=_ARN).data
    return json.dumps(form, ensure_ascii=False, indent=1).encode()


class _Dumper(yaml.SafeDumper):
    """The safe dumper, quoting every text that our loader would read as a number or word."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  our loader reads no references
        return True


for tag, word in WORDS.items():
    _Dumper.add_implicit_resolver(tag, re.compile(f"(?:{word})$"), None)


def write(content: Mapping[str, Any]) -> bytes:
    """Four sheets: the checklist's own fields, its sections, items, and answers or ranges."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    form = {name: value for name, value in content.items() if name != "sections"}
    names = [name for name in form if name not in _TEXTS] + [n for n in form if n in _TEXTS]
    rows = [(section, item) for section in content["sections"] for item in section["items"]]
    answers = [
        {"item": item["key"], **answer}
        for _, item in rows
        for answer in [*item.get("options", ()), *item.get("ranges", ())]
    ]
    items = [{"section": section["key"], **item} for section, item in rows]
    for name, columns, records in (
        ("Checklist", names, [form]),
        ("Sections", _SECTION, content["sections"]),
        ("Items", _ITEM, items),
        ("Answers", _ANSWER, answers),
    ):
        _write_sheet(book, name, columns, records)
    book.close()
    return file.getvalue()


class FormWorkbook(NamedTuple):
    """What stands in a workbook, and what a person should know of its sheets."""

    content: Content
    notes: tuple[Sentence, ...]


def read(data: bytes) -> FormWorkbook:
    """The content of a workbook as `write` lays it out; an empty cell is None.

    Its sheets are found by their names, or by their order where none has its name.

    Raises:
        FormError: it is no such workbook; every faulty cell with sheet, row and column.
    """
    problems: list[Problem] = []
    notes: list[Sentence] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "checklist"
        path.write_bytes(data)
        try:
            names = sheet_names(path)
            own = _SHEETS if set(_SHEETS) & set(names) else names[: len(_SHEETS)]
            sheets = [
                _read_sheet(path, _NamedSheet(sheet=sheet, name=name), problems, notes)
                for sheet, name in zip_longest(_SHEETS, own, fillvalue="")
            ]
        except Unreadable as error:
            raise FormError([Problem("", "error", error.sentence, error.values)]) from None
        notes += unread(name for name in names if name not in own)
    form, sections, items, answers = sheets
    if not form:
        problems.append(Problem(_SHEETS[0], "error", "The sheet has no row."))
    problems += _twice(_SHEETS[1], sections)
    by_section = {str(section.get("key")): section | {"items": []} for section in sections}
    by_item = {str(item.get("key")): item for item in items}
    for item in items:
        home = by_section.get(str(item.pop("section", "")))
        if home is None:
            problems.append(_lost(_SHEETS[2], item, "Its section is not in the sheet Sections."))
        else:
            home["items"].append(item)
    _share_out(answers, by_item, problems)
    if problems:
        raise FormError(problems)
    return FormWorkbook({**form[0], "sections": list(by_section.values())}, tuple(notes))


def _twice(sheet: str, rows: Sequence[Content]) -> list[Problem]:
    """Rows whose key an earlier one has: only one of them could be read."""
    keys = [str(row.get("key")) for row in rows]
    sentence = "The key {key} stands there twice."
    return [
        Problem(f"{sheet} {key}", "error", sentence, {"key": key})
        for place, key in enumerate(keys)
        if key in keys[:place]
    ]


def _share_out(
    answers: Iterable[Content], items: Mapping[str, Content], problems: list[Problem]
) -> None:
    """Put answers and ranges into their items."""
    for answer in answers:
        item = items.get(str(answer.pop("item", "")))
        if item is None:
            problems.append(_lost(_SHEETS[3], answer, "Its item is not in the sheet Items."))
        else:
            name = "ranges" if item.get("kind") == "number" else "options"
            item.setdefault(name, []).append(answer)


def _lost(sheet: str, row: Content, sentence: str) -> Problem:
    return Problem(f"{sheet} {row.get('key', '')}", "error", sentence)


def _write_sheet(
    book: xlsxwriter.Workbook, name: str, columns: Iterable[str], records: Iterable[Content]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    heads = [head for column in columns for head in _heads(column)]
    for column_number, head in enumerate(heads):
        sheet.write_string(0, column_number, head, bold)
        sheet.set_column(
            column_number, column_number, 40 if "text" in head or "guidance" in head else 14
        )
    for row, record in enumerate(records, start=1):
        for column_number, head in enumerate(heads):
            _write_cell(sheet, row, column_number, _value(record, head))
    sheet.freeze_panes(1, 0)


def _heads(column: str) -> list[str]:
    return (
        [f"{column}.{language}" for language in CONTENT_LANGUAGES] if column in _TEXTS else [column]
    )


_HEADINGS: Mapping[str, Collection[str]] = {
    sheet: {head for column in columns for head in _heads(column)}
    for sheet, columns in zip(_SHEETS, (_FORM, _SECTION, _ITEM, _ANSWER), strict=True)
}
"""By which the line of headings is found in each sheet."""


def _value(record: Content, head: str) -> object:
    column, _, language = head.partition(".")
    value = record.get(column)
    if language:
        return (value or {}).get(language)
    if column in _JSON and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return ", ".join(value) if isinstance(value, list) else value


def _write_cell(sheet: Any, row: int, column_number: int, value: object) -> None:  # noqa: ANN401  no types
    if isinstance(value, bool):
        sheet.write_boolean(row, column_number, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column_number, value)
    elif value is not None:
        sheet.write_string(row, column_number, str(value))


class _NamedSheet(NamedTuple):
    """One of the four sheets, and what it is called in the workbook."""

    sheet: str
    name: str


def _read_sheet(
    path: Path, named: _NamedSheet, problems: list[Problem], notes: list[Sentence]
) -> list[Content]:
    rows: list[Content] = []
    sheet = named.sheet
    with sheet_table(path, named.name, _HEADINGS[sheet]) as table:
        notes += notes_of(table)
        heads = [str(head) for head in table.columns or () if head]
        for head in sorted({head for head in heads if heads.count(head) > 1}):
            sentence = "The column {column} stands there twice."
            row_name = f"{sheet} {table.facts.heading_line}"
            problems.append(Problem(row_name, "error", sentence, {"column": head}))
        for record in table.records:
            if isinstance(record, Refusal):
                row_name = f"{sheet} {record.line}"
                problems.append(Problem(row_name, "error", record.sentence, record.values))
                continue
            row: Content = {}
            for head in set(table.columns or ()) - {""} - set(record.cells):
                _leave_empty(row, str(head))
            for head, value in record.cells.items():
                _take(row, str(head), value, f"{sheet} {record.line} {head}", problems)
            rows.append(row)
    return rows


def _leave_empty(row: Content, head: str) -> None:
    """A cell without content: what stands there already stays, unless empty cells clear."""
    column, _, language = head.partition(".")
    if language:
        row.setdefault(column, {})[language] = None
    else:
        row[column] = None


def _take(row: Content, head: str, value: object, cell_name: str, problems: list[Problem]) -> None:
    """Put a cell into its row."""
    column, _, language = head.partition(".")
    if language:
        row.setdefault(column, {})[language] = str(value)
    elif column in _JSON:
        try:
            row[column] = json.loads(str(value))
        except ValueError:
            problems.append(Problem(cell_name, "error", "This cell holds no JSON."))
    elif column == "channels":
        row[column] = [name.strip() for name in str(value).split(",") if name.strip()]
    elif column in _WORDS:
        row[column] = _word(value)
    else:
        row[column] = _plain(value)


def _word(value: object) -> str:
    """A key, also where a spreadsheet made a number of it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _plain(value: object) -> object:
    """A number or a flag, also where they were typed as text."""
    if not isinstance(value, str):
        return value
    if value.strip().casefold() in _FLAGS:
        return _FLAGS[value.strip().casefold()]
    return float(value) if _NUMBER.fullmatch(value.strip()) else value
