"""Fields that several training forms share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.checklist import text_in
from db.checklists.queries.texts import newest_checklists
from db.people.queries.people import stations
from db.training.queries.courses import Course
from db.training.services.courses import METHODS
from pages.ui.kit import forms, wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _, language, text_of
from pages.ui.training.training_words import method_name


class Taught(NamedTuple):
    """What courses can be linked to: names of items and of sections, by key."""

    items: dict[str, str]
    sections: dict[str, str]


def taught(reader: Reader) -> Taught:
    """Every item and section of the checklists in force, in the order of the checklists."""
    items: dict[str, str] = {}
    sections: dict[str, str] = {}
    for checklist in reader(newest_checklists).values():
        title = text_in(checklist.title, language()) or checklist.key
        for section in checklist.sections:
            name = text_in(section.title, language()) or section.key
            sections[f"{checklist.key}/{section.key}"] = f"{title} · {name}"
            for item in section.items:
                name = text_in(item.term, language()) or text_in(item.text, language())
                items.setdefault(item.key, f"{item.key} {name}".strip())
    return Taught(items, sections)


def method_field(column: DeltaGenerator, form: str, value: str | None) -> str:
    usual = value if value in METHODS else METHODS[0]
    method: str = column.selectbox(
        _("Method"),
        METHODS,
        format_func=method_name,
        **forms.choice(form, "method", usual, METHODS),
    )
    return method


def course_field(
    column: DeltaGenerator, form: str, courses: Sequence[Course], value: int | None
) -> int | None:
    """The course; nothing is chosen beforehand for what is new."""
    names = {course.id: course.title for course in courses if course.active or course.id == value}
    ids = list(names)
    course_id: int | None = column.selectbox(
        _("Course"),
        ids,
        index=None,
        format_func=lambda key: names[key],
        placeholder=_("Choose the course"),
        **forms.choice(form, "course", value if value in names else None, ids),
    )
    return course_id


class DayRange(NamedTuple):
    first: date
    last: date


def days_field(column: DeltaGenerator, form: str, value: DayRange) -> DayRange:
    """First and last day; the same day twice while only one is chosen."""
    kept = forms.choice(form, "days", tuple(value))
    picked: object = column.date_input(_("First and last day"), **kept)
    days = picked if isinstance(picked, tuple) else (picked,)
    return DayRange(days[0], days[-1]) if days else value


def empty(text: str) -> None:
    st.info(text, icon=":material/school:")


def station_titles() -> dict[str, str]:
    """Code and name of every station, by its code."""
    with wiring.reading() as session:
        return {row.code: f"{row.code} {text_of(row.names)}" for row in stations(session)}
