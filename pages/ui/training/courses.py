"""The list of courses, and the form that makes or changes one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from db.training.queries.courses import Course, courses
from db.training.queries.exam_bank import case_sets_for
from db.training.services.courses import MOST_ATTEMPTS, CourseData, save_course
from pages.ui.kit import forms, wiring
from pages.ui.kit.actions import change
from pages.ui.kit.cached import Reader
from pages.ui.kit.messages import _, number, plural
from pages.ui.kit.tables import marked_row
from pages.ui.kit.terms import POSTS, post_name
from pages.ui.training.fields import Taught, empty, method_field, taught
from pages.ui.training.words import method_name

_NEW = "course_new"


def courses_tab(who: Identity) -> None:
    with wiring.reading() as session:
        found = courses(session, who)
    texts = taught(Reader())
    if not found:
        empty(_("No course yet. Make one and link it to what it teaches."))
    marked = marked_row(_table(found, texts), "courses_table", placeholder="")
    if not can(who, Action.PLAN_TRAINING):
        return
    is_new = st.toggle(_("New course"), value=not found, key=forms.key(_NEW))
    if is_new:
        _form(who, None, texts)
    elif marked is not None:
        _form(who, found[marked], texts)
    else:
        st.caption(_("Select a row to change it."))


def _table(found: Sequence[Course], texts: Taught) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Course"): [course.title for course in found],
            _("Teaches"): [_teaches(course, texts) for course in found],
            _("Method"): [method_name(course.method) for course in found],
            _("Recurs"): [_recurs(course) for course in found],
            _("Exam"): [_exam(course) for course in found],
            _("Held"): [course.active for course in found],
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
        asked = plural("{count} question", "{count} questions", course.questions)
        parts.append(f"{asked}, {number(course.pass_mark, 0)} %")
    if course.practical_mark is not None:
        parts.append(_("practical {mark} %", mark=number(course.practical_mark, 0)))
    return "; ".join(parts) or "—"


def _form(who: Identity, course: Course | None, texts: Taught) -> None:
    form = f"course_{course.id}" if course else _NEW
    with st.form(f"{forms.key(form)}_form"):
        first, second = st.columns(2)
        title = first.text_input(
            _("Title"),
            course.title if course else "",
            max_chars=200,
            key=forms.field(form, "title"),
        )
        method = method_field(second, course.method if course else None)
        content = st.text_area(
            _("Content"),
            course.content if course else "",
            height=80,
            key=forms.field(form, "content"),
        )
        items = _several(_("Items taught"), texts.items, course.items if course else ())
        sections = _several(_("Sections taught"), texts.sections, course.sections if course else ())
        data = CourseData(
            title,
            content,
            method,
            tuple(items),
            tuple(sections),
            case_sets=tuple(_case_sets(who, course)),
            **_recurrence(course),
            **_tests(course),
            active=st.checkbox(_("Is held"), course.active if course else True),
        )
        if st.form_submit_button(_("Save"), type="primary"):
            course_id, now = course.id if course else None, wiring.now()
            with change(_("Saved."), form) as session:
                save = partial(save_course, session, course_id=course_id, data=data, now=now)
                forms.made(session, who, form, partial(save, who=who))


def _case_sets(who: Identity, course: Course | None) -> list[int]:
    """Offered only where there are any."""
    chosen = list(course.case_sets) if course else []
    with wiring.reading() as session:
        names = case_sets_for(session, who)
    if not names and not chosen:
        return chosen
    options = list(dict.fromkeys([*names, *chosen]))
    found: list[int] = st.multiselect(
        _("Case sets whose questions the exam may ask"),
        options,
        chosen,
        format_func=lambda each: names.get(each, f"#{each}"),
        placeholder="",
    )
    return found


def _recurrence(course: Course | None) -> dict[str, Any]:
    left, right = st.columns(2)
    months = left.number_input(
        _("Recurs every so many months (0: once)"),
        0,
        60,
        (course.interval_months or 0) if course else 0,
    )
    posts = right.multiselect(
        _("For these posts (none: everybody)"),
        POSTS,
        list(course.posts) if course else [],
        format_func=post_name,
        placeholder="",
    )
    return {"interval_months": months or None, "posts": tuple(posts)}


def _tests(course: Course | None) -> dict[str, Any]:
    columns = st.columns(4)
    questions = columns[0].number_input(
        _("Exam questions (0: no exam)"), 0, 60, course.questions if course else 10
    )
    pass_mark = columns[1].number_input(
        _("Pass mark, %"), 1.0, 100.0, course.pass_mark if course else 80.0, step=5.0, format="%.0f"
    )
    attempts = columns[2].number_input(
        _("Attempts"), 1, MOST_ATTEMPTS, course.attempts if course else MOST_ATTEMPTS
    )
    practical = columns[3].number_input(
        _("Practical test, % (0: none)"),
        0.0,
        100.0,
        (course.practical_mark or 0.0) if course else 0.0,
        step=5.0,
        format="%.0f",
    )
    return {
        "questions": questions,
        "pass_mark": pass_mark,
        "attempts": attempts,
        "practical_mark": practical or None,
    }


def _several(label: str, names: dict[str, str], chosen: Sequence[str]) -> list[str]:
    options = list(dict.fromkeys([*names, *chosen]))
    found: list[str] = st.multiselect(
        label,
        options,
        list(chosen),
        format_func=lambda key: names.get(key, key),
        placeholder="",
    )
    return found
