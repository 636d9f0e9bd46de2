"""Where stations and people stand with each course, at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.training import CompetencyState, Standing
from db.training.queries.course_standing import (
    URGENT,
    StationStanding,
    person_standings,
    station_standings,
)
from db.training.queries.courses import Course, courses
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, day, escape_markdown, plural
from pages.ui.kit.tables import marked_row, show_table
from pages.ui.training.training_fields import empty, station_titles
from pages.ui.training.training_words import sign_of, standing_name, standing_sign


def standing_tab(who: Identity, today: date) -> None:
    with wiring.reading() as session:
        rows = station_standings(session, who, today)
        by_id = {course.id: course for course in courses(session, who) if course.active}
    if not rows:
        empty(_("Nobody is enrolled yet, and no course recurs."))
        return
    _headline(rows)
    st.caption(" · ".join(standing_sign(standing) for standing in Standing))
    counted_courses = [
        course for course in by_id.values() if any(course.id in row.counts for row in rows)
    ]
    station = _stations(rows, counted_courses)
    if station is not None:
        _people(who, station, counted_courses, today)


def _headline(rows: Sequence[StationStanding]) -> None:
    urgent = sum(row.urgent() for row in rows)
    places = sum(row.urgent() > 0 for row in rows)
    if not urgent:
        st.subheader(_("Nothing is overdue, and nobody has to resit."), anchor=False)
        return
    where = plural("at {count} station", "at {count} stations", places)
    st.subheader(
        plural(
            "{count} training is overdue or to be taken again, {where}.",
            "{count} trainings are overdue or to be taken again, {where}.",
            urgent,
            where=where,
        ),
        anchor=False,
    )


def _stations(
    rows: Sequence[StationStanding], counted_courses: Sequence[Course]
) -> StationStanding | None:
    places = station_titles()
    table: dict[str, list[Any]] = {
        _("Station"): [places[row.station_code] for row in rows],
        _("Urgent"): [row.urgent() for row in rows],
    }
    for course in counted_courses:
        table[_title(course, counted_courses)] = [
            _summary(row.counts.get(course.id, {})) for row in rows
        ]
    marked = marked_row(pd.DataFrame(table), "standing_table")
    download_menu("training_standing", table=Table.of("training_standing", table))
    if marked is None:
        st.caption(_("Select a station to see its people."))
        return None
    return rows[marked]


def _title(course: Course, counted_courses: Sequence[Course]) -> str:
    """The heading of a course's column; columns must differ."""
    same = [other for other in counted_courses if other.title == course.title]
    return course.title if len(same) == 1 else f"{course.title} ({course.id})"


def _summary(counts: Mapping[Standing, int]) -> str:
    return (
        "  ".join(
            f"{sign_of(standing)}{counts[standing]}" for standing in Standing if standing in counts
        )
        or "—"
    )


def _people(
    who: Identity, station: StationStanding, counted_courses: Sequence[Course], today: date
) -> None:
    with wiring.reading() as session:
        people = person_standings(session, who, station.station_id, today)
    st.subheader(escape_markdown(station_titles()[station.station_code]), anchor=False)
    order = list(Standing)
    worst = sorted(
        people,
        key=lambda person: min(order.index(state.standing) for state in person.states.values()),
    )
    table: dict[str, list[str]] = {_("Member of staff"): [person.label for person in worst]}
    for course in counted_courses:
        table[_title(course, counted_courses)] = [
            _words(person.states.get(course.id)) for person in worst
        ]
    show_table(pd.DataFrame(table), key="people_standing")


def _words(state: CompetencyState | None) -> str:
    if state is None:
        return "—"
    sign = standing_sign(state.standing)
    soon = state.standing in {*URGENT, Standing.DUE_SOON, Standing.MASTERED}
    return f"{sign} · {day(state.due_on)}" if state.due_on and soon else sign


def overdue_words(counts: Mapping[Standing, int]) -> str:
    """How many stand where, the urgent ones only, in words."""
    return _(", ").join(
        f"{counts[standing]} {standing_name(standing)}"
        for standing in URGENT
        if counts.get(standing)
    )
