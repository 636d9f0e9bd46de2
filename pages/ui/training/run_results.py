"""Who came and how the tests went: typed in, or read from a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.training import Taking, standing_of
from db.importing.forecast import AgreementNeeded
from db.training.queries.courses import Course, Participant, RunView
from db.training.results_workbook import ImportedResults, ResultsFile, import_results, template
from db.training.services.attendance import AttendanceResult, record_results, withdraw
from pages.ui.importing import outlook, reading_choices
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, in_markdown, plural, show_error, show_notes
from pages.ui.kit.tables import show_table
from pages.ui.training.training_fields import station_titles
from pages.ui.training.training_words import reason_name, standing_sign

_MOST_SHOWN = 100
_CELLS = "cells"
_CHOICES = ("empty", "encoding", "dates", "decimal")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster_part(
    who: Identity, run: RunView, course: Course, people: Sequence[Participant], today: date
) -> None:
    """The list of the run; who plans training changes it in place."""
    if not people:
        st.caption(_("Nobody is enrolled yet."))
        return
    table = _table(run, course, people, today)
    if not can(who, Action.PLAN_TRAINING):
        show_table(table)
        return
    form = f"roster_{run.id}"
    with forms.opened(form, border=False):
        key = f"{forms.key(form)}_{crc32(repr(people).encode())}"
        cells = _Cells(form, people, list(table.columns), _kept_before(form, key))
        edited = st.data_editor(
            cells.put_into(table),
            hide_index=True,
            disabled=[_("Station"), _("Staff number"), _("Full name"), _("Why"), _("Status")],
            column_config=_columns(run, course),
            placeholder="",
            key=key,
            on_change=cells.keep,
            args=(key,),
        )
        with st.container(horizontal=True):
            saved = st.button(_("Save results"), type="primary", key=f"{key}_save")
            all_came = st.button(
                _("The rest came"),
                help=_("Marks everybody as present whose attendance is open."),
                key=f"{key}_came",
            )
    changed = _changed(course, people, edited)
    if saved:
        _record(who, run, changed)
    if all_came:
        known = {result.enrolment_id: result for result in changed}
        rows = [
            known.get(person.enrolment_id) or _recorded_result(person, attended=None)
            for person in people
            if person.attended is None
        ]
        came = [replace(row, attended=True) for row in rows if row.attended is None]
        _record(who, run, list({**known, **{row.enrolment_id: row for row in came}}.values()))
    _withdrawal(who, people)


@dataclass(frozen=True)
class _Cells:
    """The cells of the roster that were changed and are not saved: kept by enrolment and column.

    Kept they stand as rows of enrolment, place of the column and value, the words of a note apart;
    a column of another course or language is never met, as the form is that of one run.
    """

    form: str
    people: Sequence[Participant]
    columns: list[str]
    before: Sequence[dict[str, Any]]
    """Those kept when the table was first drawn, on which it counts what is changed since."""

    def put_into(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with what was kept before."""
        rows = {person.enrolment_id: row for row, person in enumerate(self.people)}
        for cell in self.before:
            row, column = rows.get(cell["enrolment"]), cell["column"]
            if row is not None and column < len(self.columns):
                heading = self.columns[column]
                table.loc[row, heading] = _cell_of(heading, cell)
        return table

    def keep(self, key: str) -> None:
        """Add the cells changed in this tab to those kept before."""
        cells = {(cell["enrolment"], cell["column"]): cell for cell in self.before}
        for row, changes in st.session_state[key]["edited_rows"].items():
            for heading, value in changes.items():
                place = (self.people[row].enrolment_id, self.columns.index(heading))
                cells[place] = {"enrolment": place[0], "column": place[1]} | _kept(heading, value)
        forms.keep_note(self.form, _CELLS, list(cells.values()))


def _kept_before(form: str, key: str) -> Sequence[dict[str, Any]]:
    """What is kept as the table of this key is drawn for the first time on this visit."""
    name = f"{key}_before"
    if key not in st.session_state or name not in st.session_state:
        st.session_state[name] = forms.kept_note(form, _CELLS) or []
    before: Sequence[dict[str, Any]] = st.session_state[name]
    return before


def _kept(heading: str, value: object) -> dict[str, object]:
    if heading == _("Note"):
        return {"note": value}
    if heading == _("Attendance"):
        return {"value": {word: came for came, word in _came_words().items()}.get(str(value or ""))}
    return {"value": value}


def _cell_of(heading: str, cell: dict[str, Any]) -> Any:  # noqa: ANN401  a cell of the table
    if heading == _("Note"):
        return cell.get("note") or ""
    value = cell.get("value")
    if heading == _("Attendance"):
        return _came_words()[value]
    if heading == _("Day"):
        return date.fromisoformat(value[:10]) if value else None
    return value


def import_part(who: Identity, run: RunView, course: Course, people: Sequence[Participant]) -> bool:
    """Template and upload; whether something was read, so that the list is drawn from anew."""
    st.download_button(
        _("Workbook with everybody enrolled"),
        partial(template, people, course.attempts, _),
        f"training-{run.id}.xlsx",
        _XLSX,
        on_click="ignore",
        icon=":material/download:",
        key=f"template_{run.id}",
    )
    reading_choices.choose_among(_token(run), _CHOICES)
    with st.form(f"import_{run.id}", clear_on_submit=True, border=False):
        file = st.file_uploader(_("Filled-in workbook or CSV"), type=["xlsx", "ods", "csv"])
        with st.container(horizontal=True):
            clicked = st.form_submit_button(_("Read the file"))
            looks = st.form_submit_button(_("Look what it would change"))
    if file is not None and (clicked or looks):
        st.session_state[_token(run)] = file.getvalue()
    content = st.session_state.get(_token(run))
    return content is not None and _imported(who, run, content, asks=not clicked)


def _imported(who: Identity, run: RunView, content: bytes, *, asks: bool) -> bool:
    """Read a file, or ask first where somebody looks or much would go; whether it was read."""
    try:
        try:
            outcome = _read(who, run, content, look=asks)
        except AgreementNeeded as question:
            if not _is_agreed(run, question):
                return False
            outcome = _read(who, run, content, agreed=True)
    except PortalError as error:
        st.session_state.pop(_token(run), None)
        show_error(error)
        return False
    st.session_state.pop(_token(run), None)
    _show(outcome)
    return True


def _is_agreed(run: RunView, question: AgreementNeeded) -> bool:
    """Show what the file would change; whether it is to be read all the same."""
    outlook.question(question.forecast)
    show_notes(question.forecast.notes)
    outlook.columns_table(question.forecast)
    with st.container(horizontal=True):
        agreed = st.button(_("Import all the same"), type="primary", key=f"agree_{run.id}")
        if st.button(_("Do not import"), key=f"decline_{run.id}"):
            del st.session_state[_token(run)]
            st.rerun()
    return agreed


def _token(run: RunView) -> str:
    """Under which a file that waits for an answer is kept, and how it is to be read."""
    return f"results_file_{run.id}"


def _columns(run: RunView, course: Course) -> dict[str, Any]:
    came = st.column_config.SelectboxColumn(options=list(_came_words().values()))
    percent = st.column_config.NumberColumn(min_value=0, max_value=100, format="%.0f")
    on = st.column_config.DateColumn(min_value=run.starts_on, max_value=run.ends_on)
    tests = dict.fromkeys(_tests(course).values(), percent)
    return {_("Attendance"): came, _("Day"): on} | tests


def _tests(course: Course) -> dict[int | str, str]:
    """The tests of a course: the number of the attempt, or practical, and its heading."""
    headings: dict[int | str, str] = {}
    if course.questions:
        for attempt in range(1, course.attempts + 1):
            headings[attempt] = _("Exam {number}, %", number=attempt)
    if course.practical_mark is not None:
        headings["practical"] = _("Practical, %")
    return headings


def _came_words() -> dict[bool | None, str]:
    return {None: "", True: _("came"), False: _("did not come")}


def _table(
    run: RunView, course: Course, people: Sequence[Participant], today: date
) -> pd.DataFrame:
    words, places = _came_words(), station_titles()
    table: dict[str, list[Any]] = {
        _("Station"): [places[person.station_code] for person in people],
        _("Staff number"): [person.staff_no for person in people],
        _("Full name"): [person.name for person in people],
        _("Why"): [reason_name(person.reason) for person in people],
        _("Status"): [_status(run, course, person, today) for person in people],
        _("Attendance"): [words[person.attended] for person in people],
        _("Day"): [person.attended_on for person in people],
    }
    for test, heading in _tests(course).items():
        table[heading] = [
            person.practical if isinstance(test, str) else person.exams.get(test)
            for person in people
        ]
    table[_("Note")] = [person.note for person in people]
    frame = pd.DataFrame(table)
    numbers = dict.fromkeys(_tests(course).values(), "float64")
    return frame.astype(numbers)


def _status(run: RunView, course: Course, person: Participant, today: date) -> str:
    """Where the person stands with this run alone."""
    exams = tuple(person.exams[number] for number in sorted(person.exams))
    taking = Taking(run.ends_on, person.attended, person.attended_on, exams, person.practical)
    once = replace(course.rules, interval_months=None)
    state = standing_of(once, [taking], today=today, required_since=None)
    return standing_sign(state.standing) if state else ""


def _changed(
    course: Course, people: Sequence[Participant], edited: pd.DataFrame
) -> list[AttendanceResult]:
    """The typed results that differ from the recorded ones."""
    came = {word: value for value, word in _came_words().items()}
    results = []
    for person, (_index, row) in zip(people, edited.iterrows(), strict=True):
        scores = {test: _cell_content(row[heading]) for test, heading in _tests(course).items()}
        exams = {number: scores[number] for number in scores if isinstance(number, int)}
        result = AttendanceResult(
            enrolment_id=person.enrolment_id,
            attended=came.get(row[_("Attendance")] or ""),
            attended_on=_cell_content(row[_("Day")]),
            practical=scores.get("practical"),
            exams={number: score for number, score in exams.items() if score is not None},
            note=row[_("Note")] or "",
        )
        if result != _recorded_result(person, attended=person.attended):
            results.append(result)
    return results


def _recorded_result(person: Participant, *, attended: bool | None) -> AttendanceResult:
    """The recorded result of a person, with another attendance."""
    return AttendanceResult(
        enrolment_id=person.enrolment_id,
        attended=attended,
        attended_on=person.attended_on,
        practical=person.practical,
        exams=person.exams,
        note=person.note,
    )


def _cell_content(value: Any) -> Any:  # noqa: ANN401  a cell of the edited table
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _record(who: Identity, run: RunView, results: Sequence[AttendanceResult]) -> None:
    with change(_("Saved."), f"roster_{run.id}") as session:
        record_results(session, who=who, run_id=run.id, results=results, now=wiring.now())


def _withdrawal(who: Identity, people: Sequence[Participant]) -> None:
    open_rows = {p.enrolment_id: p for p in people if p.attended is None and not p.exams}
    if not open_rows:
        return
    with st.popover(_("Take somebody out"), icon=":material/person_remove:"):
        enrolment_id = st.selectbox(
            _("Person"),
            list(open_rows),
            index=None,
            format_func=lambda key: f"{open_rows[key].staff_no} {open_rows[key].name}",
            placeholder=_("Choose the person"),
        )
        taken = st.button(_("Take out of this run"), key="withdraw", disabled=enrolment_id is None)
        if taken and enrolment_id is not None:
            with change(_("Taken out.")) as session:
                withdraw(session, who=who, enrolment_id=enrolment_id, now=wiring.now())


def _read(
    who: Identity, run: RunView, content: bytes, *, look: bool = False, agreed: bool = False
) -> ImportedResults:
    choices = reading_choices.chosen(_token(run))
    with TemporaryDirectory(prefix="portal-") as folder:
        path = Path(folder) / "results"
        path.write_bytes(content)
        with wiring.transaction() as session:
            return import_results(
                session,
                who=who,
                run_id=run.id,
                file=ResultsFile(path, choices, look=look, agreed=agreed),
                now=wiring.now(),
            )


def _show(outcome: ImportedResults) -> None:
    summary = plural(
        "{count} row read, {changed} changed something.",
        "{count} rows read, {changed} changed something.",
        outcome.read,
        changed=outcome.changed,
    )
    show_notes(outcome.notes)
    if not outcome.refusals:
        st.success(summary, icon=":material/check_circle:")
        return
    refused = plural(
        "{count} row was refused.", "{count} rows were refused.", len(outcome.refusals)
    )
    st.warning(f"{summary} {refused}", icon=":material/warning:")
    refusals = outcome.refusals[:_MOST_SHOWN]
    st.table(
        {
            _("Line"): [refusal.line for refusal in refusals],
            _("Column"): [escape_markdown(refusal.column or "—") for refusal in refusals],
            _("Reason"): [in_markdown(refusal.sentence, **refusal.values) for refusal in refusals],
        }
    )
