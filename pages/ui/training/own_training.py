"""A person's own training: what is due and what was taken."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.access import Identity
from core.training import Standing
from db.training.queries.course_standing import URGENT
from db.training.queries.own_training import OwnRun, OwnTraining, own_training
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, escape_markdown, number, plural
from pages.ui.training.certificates import certificate_link
from pages.ui.training.exam import begin_button
from pages.ui.training.training_fields import empty
from pages.ui.training.training_words import days, standing_sign


def own_view(who: Identity, today: date) -> None:
    with wiring.reading() as session:
        training = own_training(session, who, today)
    if not training.states and not training.runs:
        empty(_("Nothing is planned for you. Courses appear here once you are enrolled."))
        return
    _headline(training)
    for course, state in training.states:
        line = f"**{escape_markdown(course.title)}** · {standing_sign(state.standing)}"
        if state.due_on:
            line += " · " + _("due {day}", day=day(state.due_on))
        st.markdown(line)
    if training.runs:
        st.subheader(_("Courses taken and to come"), anchor=False)
    for run in training.runs:
        with st.container(border=True):
            _run(who, run)


def _headline(training: OwnTraining) -> None:
    standings = [state.standing for _course, state in training.states]
    urgent = sum(standing in URGENT for standing in standings)
    soon = standings.count(Standing.DUE_SOON)
    if urgent:
        text = plural(
            "{count} course needs something from you.",
            "{count} courses need something from you.",
            urgent,
        )
    elif waiting := [_name(run) for run in training.runs if run.exam_is_open]:
        text = plural(
            "An exam is waiting for you: {courses}",
            "{count} exams are waiting for you: {courses}",
            len(waiting),
            courses=escape_markdown(_(", ").join(waiting)),
        )
    elif Standing.RESULT_DUE in standings:
        text = _("Results are still missing.")
    elif soon:
        text = plural("{count} course is due soon.", "{count} courses are due soon.", soon)
    else:
        text = _("Nothing is open.")
    st.subheader(text, anchor=False)


def _run(who: Identity, run: OwnRun) -> None:
    location = f" · {escape_markdown(run.place)}" if run.place else ""
    st.markdown(
        f"**{escape_markdown(run.course.title)}** · {days(run.starts_on, run.ends_on)}{location}"
    )
    if run.course.content:
        st.text(run.course.content)
    st.caption(" · ".join(_facts(run)))
    if run.exam_is_open:
        begin_button(who, run)
    if run.certificate is not None:
        certificate_link(run.certificate)


def _name(run: OwnRun) -> str:
    """Course and days: one may have several exams of a course open."""
    return f"{run.course.title} ({days(run.starts_on, run.ends_on)})"


def _facts(run: OwnRun) -> list[str]:
    came = {None: _("attendance open"), True: _("attended"), False: _("did not come")}
    facts = [came[run.attended]]
    for exam_number, score in enumerate(run.exams, start=1):
        passed = score >= run.course.pass_mark
        result = _("passed") if passed else _("not passed")
        facts.append(
            _(
                "exam {number}: {score} %, {result}",
                number=exam_number,
                score=number(score, 0),
                result=result,
            )
        )
    if run.practical is not None:
        facts.append(_("practical {mark} %", mark=number(run.practical, 0)))
    return facts
