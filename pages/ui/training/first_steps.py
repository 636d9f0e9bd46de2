"""What somebody new reads, practises and passes, in this order, until the first result is there."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from core.access import Action, Identity, can
from core.teaching.states import PracticeState
from db.safekeeping.queries.information import is_unread
from db.teaching.queries.practice import own_rounds
from db.training.queries.course_standing import URGENT
from db.training.queries.own_training import own_training
from pages.ui.kit import days, wiring
from pages.ui.kit.messages import _, plural


class FirstStep(NamedTuple):
    """A page to go to, what it is for, and whether that is done; None where it never is."""

    page: str
    heading: str
    what_for: str
    done: bool | None


def first_steps(who: Identity) -> None:
    """For who has no result yet."""
    st.subheader(_("To begin with"), anchor=False)
    with st.container(border=True, gap="xsmall", key="first_steps"):
        for number, step in enumerate(_steps(who), start=1):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                icon = ":material/task_alt:" if step.done else ":material/radio_button_unchecked:"
                st.page_link(step.page, label=f"{number}. {step.heading}", icon=icon)
                st.caption(step.what_for, width="content")


def _steps(who: Identity) -> list[FirstStep]:
    with wiring.reading() as session:
        unread = is_unread(session, who)
        training = own_training(session, who, days.today())
        rounds = own_rounds(session, who) if can(who, Action.PRACTISE) else []
    steps = [
        FirstStep(
            page="kept_about_me.py",
            heading=_("What is kept about me"),
            what_for=_("Read what is recorded about you and how you contest it."),
            done=not unread,
        ),
        FirstStep(
            page="standards.py",
            heading=_("Standards"),
            what_for=_("Read what your work is judged by, with examples."),
            done=None,
        ),
    ]
    if can(who, Action.PRACTISE):
        waiting = [
            row for row in rounds if row.state == PracticeState.OPEN and row.done < row.tasks
        ]
        steps.append(
            FirstStep(
                page="my_practice.py",
                heading=_("My practice"),
                what_for=plural(
                    "{count} practice waits for your answers.",
                    "{count} practices wait for your answers.",
                    len(waiting),
                )
                if waiting
                else _("Score cases yourself; a trainer asks you to."),
                done=bool(rounds) and not waiting,
            )
        )
    urgent = sum(state.standing in URGENT for _course, state in training.states)
    exams = sum(run.exam_is_open for run in training.runs)
    steps.append(
        FirstStep(
            page="my_training.py",
            heading=_("My training"),
            what_for=plural("{count} exam waits.", "{count} exams wait.", exams)
            if exams
            else _("Take your courses and pass their exams."),
            done=bool(training.states) and not urgent and not exams,
        )
    )
    return steps
