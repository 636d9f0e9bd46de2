"""Training: who has to be trained, who is enrolled, what came of it, and the plan of the year."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit import days
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.training.course_standing import standing_tab
from pages.ui.training.courses import courses_tab
from pages.ui.training.question_bank import questions_tab
from pages.ui.training.runs import runs_tab
from pages.ui.training.training_plan import plan_tab

who = guard(Action.SEE_TRAINING)
st.title(_("Training"))
standing, runs, courses, questions, plan = st.tabs(
    [_("Status"), _("Runs"), _("Courses"), _("Exam questions"), _("Yearly plan")],
    on_change="rerun",
    key="training_tab",
)
today = days.today()
if standing.open:
    with standing:
        standing_tab(who, today)
if runs.open:
    with runs:
        runs_tab(who, today)
if courses.open:
    with courses:
        courses_tab(who)
if questions.open:
    with questions:
        questions_tab(who)
if plan.open:
    with plan:
        plan_tab(who, today)
