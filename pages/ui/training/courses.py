"""The list of courses, and the form that makes or changes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from db.training.queries.courses import Course, courses
from db.training.queries.usable_case_sets import case_sets_for
from db.training.services.courses import (
    MOST_ATTEMPTS,
    MOST_MINUTES,
    CourseData,
    save_course,
)
from pages.ui.kit import forms, wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, number, plural
from pages.ui.kit.tables import marked_row
from pages.ui.kit.terms import POSTS, post_name
from pages.ui.training.certificates import look_up
from pages.ui.training.training_fields import Taught, empty, method_field, taught
from pages.ui.training.training_words import method_name

_NEW = "course_new"


def courses_tab(who: Identity) -> None:
    with wiring.reading() as session:
        all_courses = courses(session, who)
    texts = taught(Reader())
    if not all_courses:
        empty(_("No course yet. Make one and link it to what it teaches."))
    marked = marked_row(_table(all_courses, texts), "courses_table", placeholder="")
    if can(who, Action.PLAN_TRAINING):
        _chosen(who, None if marked is None else all_courses[marked], texts, any_=bool(all_courses))
    look_up(who)


def _chosen(who: Identity, course: Course | None, texts: Taught, *, any_: bool) -> None:
    """The form of a new course, or of the one that is marked."""
    is_new = st.toggle(_("New course"), **forms.switch(_NEW, value=not any_))
    if is_new:
        _form(who, None, texts)
    elif course is not None:
        _form(who, course, texts)
    else:
        st.caption(_("Select a row to change it."))


def _table(all_courses: Sequence[Course], texts: Taught) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Course"): [course.title for course in all_courses],
            _("Teaches"): [_teaches(course, texts) for course in all_courses],
            _("Method"): [method_name(course.method) for course in all_courses],
            _("Recurs"): [_recurs(course) for course in all_courses],
            _("Exam"): [_exam(course) for course in all_courses],
            _("Held"): [course.active for course in all_courses],
            _("Version"): [course.version for course in all_courses],
        }
    )


def _teaches(course: Course, texts: Taught) -> str:
    names = [texts.sections.get(key, key) for key in course.sections]
    names += [texts.items.get(key, key) for key in course.items]
    return _(", ").join(names) or _("everything")


def _recurs(course: Course) -> str:
    if course.interval_months is None:
        return "—"
    return plural("every month", "every {count} months", course.interval_months)


def _exam(course: Course) -> str:
    parts = []
    if course.questions:
        question_words = plural("{count} question", "{count} questions", course.questions)
        parts.append(f"{question_words}, {number(course.pass_mark, 0)} %")
    if course.questions and course.minutes:
        parts.append(_("{count} min", count=course.minutes))
    if course.practical_mark is not None:
        parts.append(_("practical {mark} %", mark=number(course.practical_mark, 0)))
    return "; ".join(parts) or "—"


def _form(who: Identity, course: Course | None, texts: Taught) -> None:
    form = f"course_{course.id}" if course else _NEW
    with forms.opened(form):
        first, second = st.columns(2)
        title = first.text_input(
            _("Title"),
            course.title if course else "",
            max_chars=200,
            key=forms.field(form, "title"),
        )
        method = method_field(second, form, course.method if course else None)
        content = st.text_area(
            _("Content"),
            course.content if course else "",
            height=80,
            key=forms.field(form, "content"),
        )
        items = _several(
            _("Items taught"), texts.items, form, "items", course.items if course else ()
        )
        sections = _several(
            _("Sections taught"),
            texts.sections,
            form,
            "sections",
            course.sections if course else (),
        )
        data = CourseData(
            title=title,
            content=content,
            method=method,
            items=tuple(items),
            sections=tuple(sections),
            case_sets=tuple(_case_sets(who, form, course)),
            **_recurrence(form, course),
            **_tests(form, course),
            active=st.checkbox(
                _("Is held"),
                help=_(
                    "Without it the course is withdrawn: it gets no new run and no line of a plan."
                    " Runs that are there are finished, and results and certificates stay."
                ),
                **forms.choice(form, "active", course.active if course else True),
            ),
        )
        if st.button(_("Save"), type="primary", key=f"{forms.key(form)}_save"):
            course_id, now = course.id if course else None, wiring.now()
            with change(_("Saved."), form) as session:
                save = partial(save_course, session, course_id=course_id, data=data, now=now)
                forms.made(session, who, form, partial(save, who=who), entered=data)


def _case_sets(who: Identity, form: str, course: Course | None) -> list[int]:
    """Offered only where there are any."""
    set_ids = list(course.case_sets) if course else []
    with wiring.reading() as session:
        names = case_sets_for(session, who)
    if not names and not set_ids:
        return set_ids
    options = list(dict.fromkeys([*names, *set_ids]))
    picked: list[int] = st.multiselect(
        _("Case sets whose questions the exam may ask"),
        options,
        format_func=lambda set_id: names.get(set_id, f"#{set_id}"),
        placeholder="",
        **forms.choice(form, "case_sets", set_ids, options),
    )
    return picked


def _recurrence(form: str, course: Course | None) -> dict[str, Any]:
    left, right = st.columns(2)
    months = left.number_input(
        _("Recurs every so many months (0: once)"),
        0,
        60,
        **forms.amount(form, "months", (course.interval_months or 0) if course else 0),
    )
    posts = right.multiselect(
        _("For these posts (none: everybody)"),
        POSTS,
        format_func=post_name,
        placeholder="",
        **forms.choice(form, "posts", list(course.posts) if course else [], POSTS),
    )
    return {"interval_months": months or None, "posts": tuple(posts)}


def _tests(form: str, course: Course | None) -> dict[str, Any]:
    columns = st.columns(5)
    questions = columns[0].number_input(
        _("Exam questions (0: no exam)"),
        0,
        60,
        **forms.amount(form, "questions", course.questions if course else 10),
    )
    minutes = columns[1].number_input(
        _("Minutes for it (0: no limit)"),
        0,
        MOST_MINUTES,
        **forms.amount(form, "minutes", (course.minutes or 0) if course else 0),
    )
    pass_mark = columns[2].number_input(
        _("Pass mark, %"),
        1.0,
        100.0,
        step=5.0,
        format="%.0f",
        **forms.amount(form, "pass_mark", course.pass_mark if course else 80.0),
    )
    attempts = columns[3].number_input(
        _("Attempts"),
        1,
        MOST_ATTEMPTS,
        **forms.amount(form, "attempts", course.attempts if course else MOST_ATTEMPTS),
    )
    practical = columns[4].number_input(
        _("Practical test, % (0: none)"),
        0.0,
        100.0,
        step=5.0,
        format="%.0f",
        **forms.amount(form, "practical", (course.practical_mark or 0.0) if course else 0.0),
    )
    return {
        "questions": questions,
        "minutes": minutes or None,
        "pass_mark": pass_mark,
        "attempts": attempts,
        "practical_mark": practical or None,
    }


def _several(
    label: str, names: dict[str, str], form: str, name: str, keys: Sequence[str]
) -> list[str]:
    options = list(dict.fromkeys([*names, *keys]))
    picked: list[str] = st.multiselect(
        label,
        options,
        format_func=lambda key: names.get(key, key),
        placeholder="",
        **forms.choice(form, name, list(keys), options),
    )
    return picked
