"""Sitting an exam: questions with answers to choose from, handed in once."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st

from core.access import Identity
from core.checklist import text_in
from core.errors import PortalError
from core.training import Question
from db.queries.exam_bank import Wording
from db.queries.own_training import OwnRun, Paper, paper
from db.services.exams import hand_in, start_exam
from pages.ui import wiring
from pages.ui.messages import _, language, number, plural, show_error
from pages.ui.plain import plain

_ATTEMPT = "exam_attempt"
_SEEDS = 2**31


def begin_button(who: Identity, run: OwnRun) -> None:
    """Starts the next attempt, or goes on with the one that is open."""
    label = _("Take the exam ({count} questions)", count=run.course.questions)
    if run.exams:
        left = run.course.attempts - len(run.exams)
        label = _("Resit the exam ({left} left)", left=left)
    if not st.button(label, type="primary", key=f"exam_{run.enrolment_id}"):
        return
    try:
        with wiring.transaction() as session:
            attempt = start_exam(
                session,
                who=who,
                enrolment_id=run.enrolment_id,
                seed=secrets.randbelow(_SEEDS),
                now=wiring.now(),
            )
    except PortalError as error:
        show_error(error)
        return
    st.session_state[_ATTEMPT] = attempt
    st.rerun()


def sitting(who: Identity) -> bool:
    """The exam that is being sat, or its result; False when there is none."""
    attempt: int | None = st.session_state.get(_ATTEMPT)
    if attempt is None:
        return False
    try:
        with wiring.reading() as session:
            found = paper(session, who, attempt)
    except PortalError as error:
        st.session_state.pop(_ATTEMPT)
        show_error(error)
        return False
    if found.score is None:
        _questions(who, found)
    else:
        _result(found, found.score)
    return True


def _questions(who: Identity, found: Paper) -> None:
    st.subheader(f"{found.course.title} · {_('attempt {number}', number=found.number)}")
    st.caption(
        _(
            "{count} questions; {mark} % have to be right. Hand in when you are done; it counts "
            "once.",
            count=len(found.questions),
            mark=number(found.course.pass_mark, 0),
        )
    )
    with st.form(f"exam_form_{found.attempt_id}"):
        given = {
            place: st.radio(
                f"{place + 1}. {plain(_asked(question, found.wording))}",
                range(len(question.options)),
                index=None,
                format_func=partial(_offered, question, found.wording),
                key=f"answer_{found.attempt_id}_{place}",
            )
            for place, question in enumerate(found.questions)
        }
        clicked = st.form_submit_button(_("Hand in"), type="primary")
    answers = {place: answer for place, answer in given.items() if answer is not None}
    left = len(given) - len(answers)
    if clicked and left:
        st.warning(
            plural(
                "{count} question is still open; nothing was handed in.",
                "{count} questions are still open; nothing was handed in.",
                left,
            )
        )
    elif clicked:
        _hand_in(who, found, answers)


def _hand_in(who: Identity, found: Paper, answers: dict[int, int]) -> None:
    try:
        with wiring.transaction() as session:
            hand_in(
                session, who=who, attempt_id=found.attempt_id, answers=answers, now=wiring.now()
            )
    except PortalError as error:
        show_error(error)
        return
    st.rerun()


def _result(found: Paper, score: float) -> None:
    mark = number(found.course.pass_mark, 0)
    passed = score >= found.course.pass_mark
    said = _("{score} % right; {mark} % were needed.", score=number(score, 0), mark=mark)
    if passed:
        st.success(f"{_('Passed.')} {said}", icon=":material/check_circle:")
    else:
        st.warning(f"{_('Not passed yet.')} {said}", icon=":material/replay:")
    for place, question in enumerate(found.questions):
        is_right = found.answers[place] == question.right
        sign = "●" if is_right else "○"
        st.markdown(f"{sign} **{place + 1}. {plain(_asked(question, found.wording))}**")
        right = plain(_offered(question, found.wording, question.right))
        st.markdown(_("Right: {answer}", answer=right))
    if st.button(_("Back to my training"), type="primary"):
        st.session_state.pop(_ATTEMPT)
        st.rerun()


def _asked(question: Question, wording: Wording) -> str:
    if question.kind == "case":
        known = wording.lessons.get(question.subject)
        return known.question if known else _("This case is no longer available.")
    name = text_in(wording.names.get(question.subject, {}), language()) or question.subject
    return {
        "standard": _('Which text is the standard "{name}"?', name=name),
        "section": _('Where does the standard "{name}" stand?', name=name),
        "consequence": _('What follows when the standard "{name}" is missed?', name=name),
    }[question.kind]


def _offered(question: Question, wording: Wording, place: int) -> str:
    key = question.options[place]
    if question.kind == "case":
        known = wording.lessons.get(key)
        return known.answer if known else "—"
    if question.kind == "consequence":
        return _consequence(key)
    texts = wording.standards if question.kind == "standard" else wording.sections
    return text_in(texts.get(key, {}), language()) or key


def _consequence(key: str) -> str:
    return {
        "points": _("Its points are lost, nothing more"),
        "flag": _("The case is flagged"),
        "cap": _("The whole score is capped"),
        "section_zero": _("Its section counts zero"),
        "form_zero": _("The whole score is zero"),
    }[key]
