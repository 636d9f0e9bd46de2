"""Runs of courses: opening one, who should attend, who came and how the tests went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.periods import Period, choices, shift
from core.training import Reason, windows_of
from db.results.queries.stations import covered
from db.training.queries.candidates import Candidate, Planning, ProposalBasis, candidates
from db.training.queries.courses import Course, Participant, RunView, courses, roster, runs
from db.training.queries.taught_items import items_of, people_tallies
from db.training.services.attendance import enrol, enrol_numbers, open_roster
from db.training.services.courses import RunData, save_run
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.days import running_month
from pages.ui.kit.forms import change
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, escape_markdown, flash, number, plural, show_error
from pages.ui.kit.phrases import period_so_far
from pages.ui.kit.tables import show_table
from pages.ui.training.run_results import import_part, roster_part
from pages.ui.training.training_fields import (
    DayRange,
    course_field,
    days_field,
    empty,
    method_field,
    station_titles,
)
from pages.ui.training.training_words import method_name, reason_name, run_name

_NEW = 0
_TO_OPEN = "run_to_open"
_USUAL_EFFECT = 10.0
_USUAL_SIZE = 12


def runs_tab(who: Identity, today: date) -> None:
    with wiring.reading() as session:
        all_runs, all_courses = runs(session, who), courses(session, who)
    plans = can(who, Action.PLAN_TRAINING)
    if not any(course.active for course in all_courses):
        empty(_("Make a course first; then it can be held."))
        return
    run = _pick_run(all_runs, plans=plans)
    if run is None:
        if plans:
            _run_form(who, None, all_courses, today)
        else:
            empty(_("No course was held yet."))
        return
    _head(run)
    people = _people(who, run)
    if not plans:
        roster_part(who, run, _course(all_courses, run), people, today)
        return
    should = st.expander(
        _("Who should attend"),
        expanded=not people,
        icon=":material/person_add:",
        on_change="rerun",
        key=f"should_{run.id}",
    )
    if should.open:
        with should:
            candidates_part(who, run, today, enrolled=len(people))
    with st.expander(_("Attendance and results from a workbook"), icon=":material/upload_file:"):
        if import_part(who, run, _course(all_courses, run), people):
            people = _people(who, run)
    roster_part(who, run, _course(all_courses, run), people, today)
    with st.expander(_("Change this run"), icon=":material/edit:"):
        _run_form(who, run, all_courses, today)


def _pick_run(all_runs: Sequence[RunView], *, plans: bool) -> RunView | None:
    """The run to look at; the newest unless the address or the person names another."""
    by_id = {run.id: run for run in all_runs}
    options = [*by_id, *([_NEW] if plans else [])]
    if not options:
        return None
    named_id = st.session_state.pop(_TO_OPEN, None) or _run_of_address()
    if named_id in by_id:
        st.session_state["run_choice"] = named_id
    if st.session_state.get("run_choice") not in options:
        st.session_state["run_choice"] = options[0]
    run_id = st.selectbox(
        _("Run of a course"),
        options,
        format_func=lambda key: run_name(by_id[key]) if key else _("+ New run"),
        key="run_choice",
    )
    return by_id.get(run_id)


def _run_of_address() -> int | None:
    """The run that the address names, once: then the choice on the page counts."""
    return None if "run_choice" in st.session_state else row_id("run")


def _head(run: RunView) -> None:
    headline = plural(
        "{count} person is enrolled, {came} came.",
        "{count} people are enrolled, {came} came.",
        run.enrolled,
        came=run.attended,
    )
    st.subheader(headline, anchor=False)
    facts = [method_name(run.method), run.place, run.trainer]
    picked = _("picked by the scores of {period}", period=period_so_far(run.selection))
    st.caption(" · ".join([*(escape_markdown(fact) for fact in facts if fact), picked]))


def _people(who: Identity, run: RunView) -> tuple[Participant, ...]:
    """The participants of the run; opening the list, not each rerun, goes into the audit log."""
    return wiring.read_noted(
        "roster",
        run.id,
        read=lambda session: roster(session, who, run.id),
        note=partial(open_roster, who=who, run_id=run.id),
    )


def _course(all_courses: Sequence[Course], run: RunView) -> Course:
    return next(course for course in all_courses if course.id == run.course_id)


def _run_form(
    who: Identity, run: RunView | None, all_courses: Sequence[Course], today: date
) -> None:
    form = f"run_{run.id}" if run else "run_new"
    with forms.opened(form):
        first, second = st.columns(2)
        course_id = course_field(first, form, all_courses, run.course_id if run else None)
        method = method_field(second, form, run.method if run else None)
        soon = today + timedelta(days=14)
        span = days_field(
            first, form, DayRange(run.starts_on, run.ends_on) if run else DayRange(soon, soon)
        )
        location = second.text_input(
            _("Place"), run.place if run else "", max_chars=200, key=forms.field(form, "place")
        )
        selection = _selection_field(form, run.selection if run else _usual())
        st.caption(
            _(
                "Whole months between those people are picked by and the run serve as baseline: "
                "scores that took no part in picking anybody."
            )
        )
        data = RunData(
            course_id=course_id,
            method=method,
            place=location.strip(),
            starts_on=span.first,
            ends_on=span.last,
            selection=selection,
        )
        if st.button(_("Save run"), type="primary", key=f"{forms.key(form)}_save"):
            _save(who, run, data, form)


def _save(who: Identity, run: RunView | None, data: RunData, form: str) -> None:
    """Keep the run and go to it."""
    try:
        with wiring.transaction() as session:
            run_id = run.id if run else None
            save = partial(save_run, session, run_id=run_id, data=data, now=wiring.now())
            saved = forms.made(session, who, form, partial(save, who=who), entered=data)
    except PortalError as error:
        show_error(error)
        return
    forms.close(form)
    st.session_state[_TO_OPEN] = saved
    flash(_("Saved."))
    st.rerun()


def _usual() -> Period:
    """The last three whole months."""
    last = shift(running_month(), -1)
    return Period(shift(last, -2), last)


def _selection_field(form: str, value: Period) -> Period:
    months, running = Reader()(covered), running_month()
    first = min((row.first for row in months), default=value.first)
    last = max(value.last, shift(running, -1))
    offered = choices(min(first, value.first), last, running)
    options = [value, *(option for option in offered if option != value)]
    period: Period = st.selectbox(
        _("People are picked by the scores of"),
        options,
        format_func=period_so_far,
        **forms.choice(form, "selection", value, options),
    )
    return period


def candidates_part(who: Identity, run: RunView, today: date, *, enrolled: int) -> None:
    with wiring.reading() as session:
        items = items_of(session, who, run.course_id)
    by_staff = Reader()(people_tallies, who, items, run.selection)
    with wiring.reading() as session:
        basis = ProposalBasis(run.selection, today, by_staff, run.id)
        proposal = candidates(session, who, run.course_id, basis)
    needed = _planning(proposal.planning, run, enrolled)
    if proposal.people:
        _proposals(who, run, proposal.people, needed)
    else:
        st.caption(_("Nobody else stands out on what this course teaches, and nobody is due."))
    _by_number(who, run)


def _planning(planning: Planning, run: RunView, enrolled: int) -> int | None:
    """How many people an answer needs, in a sentence; None where that is unknown."""
    effect = st.number_input(
        _("Smallest effect worth finding, points of 100"),
        1.0,
        100.0,
        _USUAL_EFFECT,
        step=1.0,
        format="%.0f",
        width=280,
        key=f"planned_effect_{run.id}",
    )
    windows = windows_of(run.selection, run.starts_on, run.ends_on, run.selection.last)
    before = windows.baseline or windows.selection
    needed = planning.needed(effect, months_before=before.length)
    if needed is None:
        st.caption(
            _("Too few scores on what this course teaches to say how many people are needed.")
        )
        return None
    st.markdown(
        plural(
            "To establish an effect of {effect} points, **{count} person** has to come, with as "
            "many alike who are not trained; {enrolled} are enrolled.",
            "To establish an effect of {effect} points, **{count} people** have to come, with as "
            "many alike who are not trained; {enrolled} are enrolled.",
            needed,
            effect=number(effect, 0),
            enrolled=enrolled,
        )
    )
    if planning.scored < 2 * needed:
        st.caption(
            plural(
                "Only {count} person has scores on it; a smaller effect will not be told from "
                "chance.",
                "Only {count} people have scores on it; a smaller effect will not be told from "
                "chance.",
                planning.scored,
            )
        )
    return needed


def _proposals(
    who: Identity, run: RunView, people: Sequence[Candidate], needed: int | None
) -> None:
    event: Any = show_table(
        _table(people),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"candidates_{run.id}",
        column_config={
            _("Share"): st.column_config.ProgressColumn(format="%.0f %%", max_value=100)
        },
    )
    picked = [people[row] for row in event.selection.rows if row < len(people)]
    first = min(len(people), needed or _USUAL_SIZE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input(
            _("Without a selection, the first"),
            1,
            len(people),
            first,
            width=220,
            key=f"first_{run.id}",
        )
        to_enrol = picked or list(people[: int(count)])
        label = plural("Enrol {count} person", "Enrol {count} people", len(to_enrol))
        clicked = st.button(
            label, type="primary", icon=":material/person_add:", key=f"enrol_{run.id}"
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Names are shown once people are enrolled."))
        how_computed(f"candidates_{run.id}", "proposals")
    if any(row.losing is None for row in people):
        st.caption(
            _(
                "Without a name there is no count either: beside the cases of a station it would"
                " tell whose they are. Within a station the order says nothing."
            )
        )
    if clicked:
        staff: dict[int, Reason] = {row.staff_id: row.reason for row in to_enrol}
        with change(_("Enrolled.")) as session:
            enrol(session, who=who, run_id=run.id, staff=staff, now=wiring.now())


def _table(people: Sequence[Candidate]) -> pd.DataFrame:
    places = station_titles()
    return pd.DataFrame(
        {
            _("Station"): [places[row.station_code] for row in people],
            _("Member of staff"): [row.label for row in people],
            _("Why"): [reason_name(row.told) for row in people],
            **(_counts(people) if _are_counted(people) else {}),
        }
    )


def _are_counted(people: Sequence[Candidate]) -> bool:
    return any(row.losing is not None for row in people)


def _counts(people: Sequence[Candidate]) -> dict[str, list[Any]]:
    return {
        _("Inspections"): [row.inspections for row in people],
        _("With a loss"): [row.losing for row in people],
        _("Share"): [
            100 * row.losing / row.inspections
            if row.inspections and row.losing is not None
            else None
            for row in people
        ],
    }


def _by_number(who: Identity, run: RunView) -> None:
    form = f"numbers_{run.id}"
    with (
        st.form(f"{forms.key(form)}_form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        numbers_text = st.text_input(
            _("Staff numbers, separated by spaces or commas"), key=forms.field(form, "numbers")
        )
        clicked = st.form_submit_button(_("Enrol these"))
    if clicked:
        with change(_("Enrolled."), form) as session:
            numbers = numbers_text.replace(",", " ").replace("、", " ").split()
            enrol_numbers(session, who=who, run_id=run.id, numbers=numbers, now=wiring.now())
