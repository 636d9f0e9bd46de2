"""Attendance and results of a run as a workbook: to fill in, and read back row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.i18n import N_
from db.importing.templates import Translate
from db.tabular import values
from db.tabular.columns import FileColumn, check_mapping, map_headings, parse_row, renamed
from db.tabular.file_choices import AS_IT_IS
from db.tabular.files import open_table
from db.tabular.tables import Record, Refusal, Unfit
from db.training.models import TrainingCourse, TrainingRun
from db.training.queries.courses import Participant, roster
from db.training.services.attendance import AttendanceResult, record_results


@dataclass(frozen=True)
class ImportedResults:
    """What came of a file: rows read, people whose results changed, rows refused and why."""

    read: int
    changed: int
    refusals: tuple[Refusal, ...]


def columns(attempts: int) -> tuple[FileColumn, ...]:
    """The columns of a course with so many attempts at its exam."""
    return (
        FileColumn(
            "staff_no", values.code(64), N_("Staff number of a person enrolled"), required=True
        ),
        FileColumn("name", values.line(200), N_("Full name, for reading only")),
        FileColumn("attended", values.flag, N_("yes or no; empty: not known yet")),
        FileColumn(
            "attended_on", values.day(AS_IT_IS), N_("Day of attendance, such as 2026-03-01")
        ),
        *(
            FileColumn(
                f"exam_{number}", values.number(0, 100), N_("Exam held elsewhere, percent right")
            )
            for number in range(1, attempts + 1)
        ),
        FileColumn("practical", values.number(0, 100), N_("Practical test, percent")),
        FileColumn("note", values.text(2000), N_("Note"), default=""),
    )


def template(people: Sequence[Participant], attempts: int, translate: Translate) -> bytes:
    """A workbook with everybody enrolled, to fill in attendance and results."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("results")
    bold = book.add_format({"bold": True})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for position, column in enumerate(columns(attempts)):
        kind = day if column.name == "attended_on" else text if position < 2 else None
        sheet.set_column(position, position, max(12, len(column.name) + 2), kind)
        sheet.write_string(0, position, column.name, bold)
        sheet.write_comment(0, position, translate(column.hint))
    for line, person in enumerate(people, start=1):
        sheet.write_string(line, 0, person.staff_no)
        sheet.write_string(line, 1, person.name)
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def import_results(
    session: Session, *, who: Identity, run_id: int, path: Path, now: datetime
) -> ImportedResults:
    """Record the good rows of a file and say of each bad one what is wrong with it.

    What a cell leaves empty keeps what is recorded, so that a sheet may be filled in by parts.

    Raises:
        Unreadable: the file as a whole cannot be used.
        NotFound: there is no such run.
    """
    require(who, Action.PLAN_TRAINING)
    run = session.get(TrainingRun, run_id)
    if run is None:
        raise NotFound("This run of the course does not exist any more.")
    attempts = session.get_one(TrainingCourse, run.course_id).attempts
    people = {person.staff_no: person for person in roster(session, who, run_id)}
    reader = _Reader(session, who, run_id, now)
    read = 0
    with open_table(path) as table:
        headings = table.columns or ()
        mapping = map_headings(headings, columns(attempts))
        check_mapping(headings, mapping, columns(attempts))
        for record in table.records:
            read += 1
            reader.take(record, mapping, people, attempts)
    return ImportedResults(read=read, changed=reader.changed, refusals=tuple(reader.refusals))


class _Reader:
    """Records row by row, each in a savepoint, so that a bad row leaves the others."""

    def __init__(self, session: Session, who: Identity, run_id: int, now: datetime) -> None:
        self._session, self._who, self._run_id, self._now = session, who, run_id, now
        self._seen: set[str] = set()
        self.changed = 0
        self.refusals: list[Refusal] = []

    def take(
        self,
        record: Record,
        mapping: dict[str, str],
        people: dict[str, Participant],
        attempts: int,
    ) -> None:
        if isinstance(record, Refusal):
            self.refusals.append(record)
            return
        try:
            values = parse_row(columns(attempts), renamed(record, mapping))
            result = _result(values, self._person(values["staff_no"], people), attempts)
            with self._session.begin_nested():
                self.changed += record_results(
                    self._session,
                    who=self._who,
                    run_id=self._run_id,
                    results=[result],
                    now=self._now,
                )
        except InvalidInput as error:
            self.refusals.append(Refusal.of(record.line, error))

    def _person(self, number: str, people: dict[str, Participant]) -> Participant:
        if number not in people:
            raise Unfit("This person is not enrolled in this run.", column="staff_no")
        if number in self._seen:
            raise Unfit("This person stands in the file twice.", column="staff_no")
        self._seen.add(number)
        return people[number]


def _result(values: dict[str, Any], person: Participant, attempts: int) -> AttendanceResult:
    exams = {number: values[f"exam_{number}"] for number in range(1, attempts + 1)}
    attended = person.attended if values["attended"] is None else values["attended"]
    return AttendanceResult(
        enrolment_id=person.enrolment_id,
        attended=attended,
        attended_on=(values["attended_on"] or person.attended_on) if attended else None,
        practical=person.practical if values["practical"] is None else values["practical"],
        exams={number: score for number, score in exams.items() if score is not None},
        note=values["note"] or person.note,
    )
