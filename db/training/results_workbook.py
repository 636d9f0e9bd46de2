"""Attendance and results of a run as a workbook: to fill in, and read back row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.i18n import LANGUAGES, N_, translations
from core.text.sentence import Sentence
from db.importing.forecast import AgreementNeeded, Forecast
from db.importing.kinds import ColumnChange, ImportPlan
from db.importing.templates import Translate
from db.people.identifiers import ByIdentifier
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
from db.tabular.files import open_table
from db.tabular.sheet_notes import left_out
from db.tabular.tables import Record, Refusal, Unfit
from db.training.models import TrainingCourse, TrainingRun
from db.training.queries.courses import Participant, roster
from db.training.services.attendance import AttendanceResult, record_results


@dataclass(frozen=True)
class ImportedResults:
    """What came of a file: rows read, people whose results changed, rows refused and why.

    `notes` is what a person should know of the file, such as hidden rows that were read.
    """

    read: int
    changed: int
    refusals: tuple[Refusal, ...]
    notes: tuple[Sentence, ...] = ()


def columns(attempts: int, choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    """The columns of a course with so many attempts at its exam."""
    return (
        FileColumn(
            "staff_no", values.code(64), N_("Staff number of a person enrolled"), required=True
        ),
        FileColumn("name", values.line(200), N_("Full name, for reading only")),
        FileColumn("attended", _came, N_("yes or no; empty: not known yet")),
        FileColumn("attended_on", values.day(choices), N_("Day of attendance, such as 2026-03-01")),
        *(
            FileColumn(
                f"exam_{number}",
                _percent(choices),
                N_("Exam held elsewhere, percent right"),
            )
            for number in range(1, attempts + 1)
        ),
        FileColumn("practical", _percent(choices), N_("Practical test, percent")),
        FileColumn("note", values.text(2000), N_("Note"), default=""),
    )


def template(people: Sequence[Participant], attempts: int, translate: Translate) -> bytes:
    """A workbook with everybody enrolled and what is recorded of them, to be filled in.

    Its headings and words are the reader's, and are understood when it comes back in whatever
    language the page has then.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("results")
    bold = book.add_format({"bold": True})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for position, column in enumerate(columns(attempts)):
        kind = day if column.name == "attended_on" else text if position < 2 else None
        heading = _heading(column.name, translate)
        sheet.set_column(position, position, max(14, len(heading) + 4), kind)
        sheet.write_string(0, position, heading, bold)
        sheet.write_comment(0, position, translate(column.hint))
    for line, person in enumerate(people, start=1):
        sheet.write_string(line, 0, person.staff_no)
        sheet.write_string(line, 1, person.name)
        for position, column in enumerate(columns(attempts)[2:], start=2):
            _write(sheet, (line, position), _recorded(person).get(column.name), translate, day)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _heading(name: str, translate: Translate) -> str:
    """One of the words that `db.tabular.columns` knows a column by."""
    if name.startswith("exam_"):
        return f"{translate('Exam')} {name.removeprefix('exam_')}"
    return translate(_HEADINGS[name])


_HEADINGS = {
    "staff_no": N_("Staff number"),
    "name": N_("Full name"),
    "attended": N_("Attendance"),
    "attended_on": N_("Attendance date"),
    "practical": N_("Practical test"),
    "note": N_("Note"),
}
_CAME, _CAME_NOT = N_("came"), N_("did not come")


def _write(
    sheet: Worksheet, cell: tuple[int, int], value: object, translate: Translate, day: Format
) -> None:
    match value:
        case bool():
            sheet.write_string(*cell, translate(_CAME if value else _CAME_NOT))
        case date():
            sheet.write_datetime(*cell, value, day)
        case float() | int():
            sheet.write_number(*cell, value)
        case str() if value:
            sheet.write_string(*cell, value)


def _came(cell: object) -> bool:
    """As any flag, and as a template or the page says it in any language."""
    word = str(cell).strip()
    for template_word, value in ((_CAME, True), (_CAME_NOT, False)):
        if word in {
            template_word,
            *(translations(language).gettext(template_word) for language in LANGUAGES),
        }:
            return value
    if word in _SIGNS:
        return _SIGNS[word]
    return values.flag(cell)


_SIGNS = {"✓": True, "✔": True, "✗": False, "✘": False, "缺席": False, "缺勤": False, "出勤": True}


def _percent(choices: FileChoices) -> values.Parser:
    """0 to 100, with or without a sign of percent that is written behind it."""
    number = values.number(0, 100, choices)

    def parse(cell: object) -> object:
        if isinstance(cell, str) and cell.rstrip().endswith(("%", "％")):
            return number(cell.rstrip()[:-1].rstrip())
        return number(cell)

    return parse


@dataclass(frozen=True)
class ResultsFile:
    """A file of results, and how it is to be read.

    `look`: somebody wants to see first what would change. `agreed`: much of what is recorded may
    go.
    """

    path: Path
    choices: FileChoices = AS_IT_IS
    look: bool = False
    agreed: bool = False


def import_results(
    session: Session, *, who: Identity, run_id: int, file: ResultsFile, now: datetime
) -> ImportedResults:
    """Record the good rows of a file and say of each bad one what is wrong with it.

    What a column that is absent holds stays as it is recorded, and so does what a cell leaves
    empty, unless the choice is that it clears: a sheet may be filled in by parts.

    Raises:
        Unreadable: the file as a whole cannot be used.
        AgreementNeeded: much would go, or somebody wants to look first; the caller takes back what
            the session has done.
        NotFound: there is no such run.
    """
    require(who, Action.PLAN_TRAINING)
    run = session.get(TrainingRun, run_id)
    if run is None:
        raise NotFound("This run of the course does not exist any more.")
    attempts = session.get_one(TrainingCourse, run.course_id).attempts
    people = roster(session, who, run_id)
    reader = _Reader(
        session=session,
        who=who,
        run_id=run_id,
        people=people,
        columns=columns(attempts, file.choices),
        choices=file.choices,
        now=now,
    )
    read = 0
    with open_table(file.path, file.choices, known_headings(reader.columns)) as table:
        headings = table.columns or ()
        mapping = map_headings(headings, reader.columns)
        check_mapping(headings, mapping, reader.columns)
        notes = (
            *table.facts.notes,
            *table.facts.unread(""),
            *second_headings(headings, mapping, reader.columns),
            *left_out(headings, mapping),
        )
        for record in table.records:
            read += 1
            reader.take(record, mapping)
    forecast = reader.forecast()
    forecast.notes += notes
    if file.look or (forecast.losses() and not file.agreed):
        raise AgreementNeeded(forecast)
    return ImportedResults(
        read=read, changed=reader.changed, refusals=tuple(reader.refusals), notes=notes
    )


@dataclass
class _Reader:
    """Records row by row, each in a savepoint, so that a bad row leaves the others."""

    session: Session
    who: Identity
    run_id: int
    people: Sequence[Participant]
    columns: tuple[FileColumn, ...]
    choices: FileChoices
    now: datetime
    seen: set[int] = field(default_factory=set)
    changes: list[ColumnChange] = field(default_factory=list)
    changed: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @cached_property
    def ids(self) -> ByIdentifier:
        """Without those whose numbers the reader may not know: nobody is found by none."""
        return ByIdentifier(
            {person.staff_no: person.enrolment_id for person in self.people if person.staff_no}
        )

    @cached_property
    def by_id(self) -> dict[int, Participant]:
        return {person.enrolment_id: person for person in self.people}

    def take(self, record: Record, mapping: dict[str, str]) -> None:
        if isinstance(record, Refusal):
            self.refusals.append(record)
            return
        try:
            row = settled(self.columns, renamed(record, mapping), self.choices)
            row_values = parse_row(self.columns, row)
            person = self._person(row_values["staff_no"])
            carried = {name: row_values[name] for name in row.cells}
            with self.session.begin_nested():
                self.changed += record_results(
                    self.session,
                    who=self.who,
                    run_id=self.run_id,
                    results=[_result(carried, person)],
                    now=self.now,
                )
        except InvalidInput as error:
            self.refusals.append(Refusal.of(record.line, error))
        else:
            self._note_changes(record.line, person, carried)

    def forecast(self) -> Forecast:
        """What the rows taken so far do to what is recorded of the run."""
        forecast = Forecast()
        forecast.take(ImportPlan(changes=self.changes), ())
        recorded = [_recorded(person) for person in self.people]
        names = forecast.columns
        forecast.weigh({n: sum(row.get(n) not in (None, "") for row in recorded) for n in names})
        return forecast

    def _person(self, number: str) -> Participant:
        enrolment_id = self.ids.get(number, "staff_no")
        if enrolment_id is None:
            raise Unfit("This person is not enrolled in this run.", column="staff_no")
        if enrolment_id in self.seen:
            raise Unfit("This person stands in the file twice.", column="staff_no")
        self.seen.add(enrolment_id)
        return self.by_id[enrolment_id]

    def _note_changes(self, line: int, person: Participant, carried: dict[str, Any]) -> None:
        before = _recorded(person)
        self.changes += [
            ColumnChange(line, name, before.get(name), value)
            for name, value in carried.items()
            if name not in _FOR_READING and value != before.get(name)
        ]


_FOR_READING = ("staff_no", "name")


def _recorded(person: Participant) -> dict[str, Any]:
    """What is recorded of a person, by column."""
    return {
        "attended": person.attended,
        "attended_on": person.attended_on,
        "practical": person.practical,
        "note": person.note,
    } | {f"exam_{number}": score for number, score in person.exams.items()}


def _result(carried: dict[str, Any], person: Participant) -> AttendanceResult:
    """What is recorded with the cells of a row in their places."""
    exams = {
        int(name.removeprefix("exam_")): score
        for name, score in carried.items()
        if name.startswith("exam_")
    }
    attended = carried.get("attended", person.attended)
    return AttendanceResult(
        enrolment_id=person.enrolment_id,
        attended=attended,
        attended_on=carried.get("attended_on", person.attended_on) if attended else None,
        practical=carried.get("practical", person.practical),
        exams={number: score for number, score in exams.items() if score is not None},
        note=carried.get("note", person.note),
        cleared_exams=frozenset(number for number, score in exams.items() if score is None),
    )
