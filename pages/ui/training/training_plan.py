"""The plan of a year: what it is for, its lines, and how much of each was held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from db.training.queries.courses import Course, courses
from db.training.queries.training_plan import PlanLine, PlanView, plan
from db.training.services.courses import LineData, drop_line, save_goals, save_line
from pages.ui.kit import forms, wiring
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, plural
from pages.ui.kit.tables import marked_row
from pages.ui.training.training_fields import (
    DayRange,
    course_field,
    days_field,
    empty,
    method_field,
)
from pages.ui.training.training_words import days, method_name

_NEW = "line_new"
_USUAL_SIZE = 10


def plan_tab(who: Identity, today: date) -> None:
    year = int(
        st.number_input(
            _("Calendar year"), 2000, 2100, today.year, step=1, key="plan_year", width=160
        )
    )
    with wiring.reading() as session:
        year_plan, all_courses = plan(session, who, year), courses(session, who)
    _headline(year_plan)
    if can(who, Action.PLAN_TRAINING):
        _goals_form(who, year_plan)
    elif year_plan.goals:
        st.text(year_plan.goals)
    line = _lines(year_plan.lines)
    if can(who, Action.PLAN_TRAINING):
        _line_part(who, year_plan, line, all_courses)


def _headline(year_plan: PlanView) -> None:
    planned = sum(line.people for line in year_plan.lines)
    held = sum(min(line.held, line.people) for line in year_plan.lines)
    if not year_plan.lines:
        empty(_("Nothing is planned for {year} yet.", year=year_plan.year))
        return
    st.subheader(
        plural(
            "{held} of {planned} planned places are held, in {count} line of the plan.",
            "{held} of {planned} planned places are held, in {count} lines of the plan.",
            len(year_plan.lines),
            held=held,
            planned=planned,
        ),
        anchor=False,
    )


def _goals_form(who: Identity, year_plan: PlanView) -> None:
    form = f"goals_{year_plan.year}"
    with st.form(f"{forms.key(form)}_form"):
        goals = st.text_area(
            _("Goals of the year"), year_plan.goals, height=80, key=forms.field(form, "goals")
        )
        if st.form_submit_button(_("Save goals")):
            with change(_("Saved."), form) as session:
                save_goals(session, who=who, year=year_plan.year, goals=goals, now=wiring.now())


def _lines(lines: Sequence[PlanLine]) -> PlanLine | None:
    if not lines:
        return None
    table: dict[str, list[Cell]] = {
        _("When"): [days(line.starts_on, line.ends_on) for line in lines],
        _("Course"): [line.course for line in lines],
        _("Goal"): [line.goal for line in lines],
        _("Method"): [method_name(line.method) for line in lines],
        _("People planned"): [line.people for line in lines],
        _("People who came"): [line.held for line in lines],
    }
    marked = marked_row(pd.DataFrame(table), "plan_table")
    download_menu("training_plan", table=Table.of("training_plan", table))
    return None if marked is None else lines[marked]


def _line_part(
    who: Identity, year_plan: PlanView, line: PlanLine | None, all_courses: Sequence[Course]
) -> None:
    if not any(course.active for course in all_courses):
        empty(_("Make a course first; then it can be planned."))
        return
    if st.toggle(_("New line"), **forms.switch(_NEW, value=not year_plan.lines)):
        _line_form(who, None, year_plan.year, all_courses)
    elif line:
        _line_form(who, line, year_plan.year, all_courses)


def _line_form(
    who: Identity, line: PlanLine | None, year: int, all_courses: Sequence[Course]
) -> None:
    usual = DayRange(date(year, 1, 1), date(year, 1, 31))
    form = f"line_{line.id}" if line else _NEW
    with forms.opened(form):
        first, second = st.columns(2)
        course_id = course_field(first, form, all_courses, line.course_id if line else None)
        method = method_field(second, form, line.method if line else None)
        span = days_field(first, form, DayRange(line.starts_on, line.ends_on) if line else usual)
        people = second.number_input(
            _("People planned"),
            1,
            5000,
            **forms.amount(form, "people", line.people if line else _USUAL_SIZE),
        )
        goal = st.text_input(
            _("Goal"), line.goal if line else "", max_chars=500, key=forms.field(form, "goal")
        )
        data = LineData(
            course_id=course_id,
            goal=goal.strip(),
            method=method,
            starts_on=span.first,
            ends_on=span.last,
            people=int(people),
        )
        with st.container(horizontal=True):
            key = forms.key(form)
            saved = st.button(_("Save line"), type="primary", key=f"{key}_save")
            dropped = line is not None and st.button(_("Remove from the plan"), key=f"{key}_remove")
    line_id = line.id if line else None
    if saved:
        with change(_("Saved."), form) as session:
            save = partial(save_line, session, line_id=line_id, data=data, now=wiring.now())
            forms.made(session, who, form, partial(save, who=who), entered=(year, data))
    if dropped and line_id is not None:
        with change(_("Removed from the plan."), form) as session:
            drop_line(session, who=who, line_id=line_id, now=wiring.now())
