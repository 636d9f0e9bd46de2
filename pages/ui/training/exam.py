"""Sitting an exam: each answer is stored as it is chosen, the exam is handed in once."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from pathlib import Path

import streamlit as st

from core.access import Action, Identity
from core.errors import PortalError
from core.training import Answer, Question
from db.training.queries.exam_bank import Wording
from db.training.queries.own_training import ExamPaper, OwnRun, paper
from db.training.services.exams import hand_in, is_over, keep_answer, start_exam
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import acting
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment, number, plural, show_error
from pages.ui.kit.modules import entry
from pages.ui.training.certificates import certificate_link
from pages.ui.training.exam_wording import (
    answer_text,
    evidence,
    option_text,
    question_text,
    right_text,
    why_text,
)
from pages.ui.training.training_words import days

_ATTEMPT, _REFUSED = "exam", "exam_answer_refused"
_SEEDS = 2**31
_clock = st.components.v2.component(
    "exam_countdown",
    js=entry("training/countdown.js"),
    css=(Path(__file__).parent / "countdown.css").read_text(encoding="utf-8"),
)


def begin_button(who: Identity, run: OwnRun) -> None:
    """Starts the next attempt, or goes on with the one that is open."""
    label = _("Take the exam ({count} questions)", count=run.course.questions)
    if run.under_way:
        answered, count = run.under_way
        label = _(
            "Continue the exam ({answered} of {count} answered)", answered=answered, count=count
        )
    elif run.exams:
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
    st.query_params[_ATTEMPT] = str(attempt)
    st.rerun()


def sitting(who: Identity) -> bool:
    """The exam that the address names, or its result; False when there is none.

    A reload goes on with it, as its answers are stored.
    """
    attempt = row_id(_ATTEMPT)
    if attempt is None:
        return False
    try:
        with wiring.reading() as session:
            exam = paper(session, who, attempt)
    except PortalError as error:
        del st.query_params[_ATTEMPT]
        show_error(error)
        return False
    if exam.score is None and is_over(exam.closes_at, wiring.now()):
        _hand_in(who, exam, {})  # what was kept in time is marked
    elif exam.score is None:
        _questions(who, exam)
    else:
        _result(exam, exam.score)
    return True


def _heading(exam: ExamPaper) -> None:
    """Which exam it is: its course, the run, when it was begun."""
    st.subheader(
        f"{escape_markdown(exam.course.title)} · {_('attempt {number}', number=exam.number)}"
    )
    facts = [_("course of {days}", days=days(exam.starts_on, exam.ends_on))]
    if exam.place:
        facts.append(exam.place)
    facts.append(_("begun {moment}", moment=moment(exam.begun_at, reader_zone())))
    st.caption(" · ".join(map(escape_markdown, facts)))


def _questions(who: Identity, exam: ExamPaper) -> None:
    _heading(exam)
    st.caption(
        _(
            "{count} questions; {mark} % have to be right. Hand in when you are done; it counts "
            "once.",
            count=len(exam.questions),
            mark=number(exam.course.pass_mark, 0),
        )
    )
    if exam.closes_at is None:
        st.caption(_("Each answer is kept as you choose it; you may leave and continue later."))
    else:
        st.caption(
            _(
                "Each answer is kept as you choose it. The time runs on while you are away; when"
                " it is over, what you answered counts."
            )
        )
        _countdown(exam, exam.closes_at)
    seen = _seen(exam)
    for position, question in enumerate(exam.questions):
        _question(exam, position, question)
    left = exam.answers.count(None)
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        show_error(refused)
    if not st.button(_("Hand in"), type="primary", key=f"hand_in_{exam.attempt_id}"):
        return
    if refused is not None:
        return
    if left:
        st.warning(
            plural(
                "{count} question is still open; nothing was handed in.",
                "{count} questions are still open; nothing was handed in.",
                left,
            )
        )
    else:
        _hand_in(who, exam, seen)


def _countdown(exam: ExamPaper, closes_at: datetime) -> None:
    """The time left, which runs down in the browser; once over, the page runs and hands in."""
    _clock(
        key=f"time_{exam.attempt_id}",
        data={
            "seconds": (closes_at - wiring.now()).total_seconds(),
            "texts": {"left": _("Time left"), "minutes": _("{count} minutes left")},
        },
        on_over_change=lambda: None,
    )


def _seen(exam: ExamPaper) -> dict[int, Answer]:
    """The answers this tab showed until now; another tab may have stored others."""
    seen = {
        position: _chosen(exam.attempt_id, position, question)
        for position, question in enumerate(exam.questions)
    }
    return {position: choice for position, choice in seen.items() if choice is not None}


def _question(exam: ExamPaper, position: int, question: Question) -> None:
    """One question, with the stored answer."""
    if question.also:
        _several(exam, position, question)
        return
    label = _label(exam, position, question)
    if question.kind == "own":  # what it is about stands between the question and its answers
        st.markdown(label)
        evidence(question, exam.wording)
    key = _answer_key(exam.attempt_id, position)
    st.session_state[key] = exam.answers[position]
    st.radio(
        label,
        range(len(question.options)),
        index=None,
        format_func=partial(_option_in_markdown, question, exam.wording),
        label_visibility="collapsed" if question.kind == "own" else "visible",
        key=key,
        on_change=_keep,
        args=(exam.attempt_id, position, question),
    )


def _several(exam: ExamPaper, position: int, question: Question) -> None:
    """A question of which several answers are right, with the stored ones."""
    st.markdown(_label(exam, position, question))
    evidence(question, exam.wording)
    st.caption(_("Several are right. It counts if you choose all of those and no other."))
    before = exam.answers[position]
    with st.container(gap="xxsmall"):
        for option in range(len(question.options)):
            key = _option_key(exam.attempt_id, position, option)
            st.session_state[key] = isinstance(before, tuple) and option in before
            st.checkbox(
                _option_in_markdown(question, exam.wording, option),
                key=key,
                on_change=_keep,
                args=(exam.attempt_id, position, question),
            )


def _label(exam: ExamPaper, position: int, question: Question) -> str:
    """The number, which begins no list, and what is asked."""
    return f"{position + 1}\\. {escape_markdown(question_text(question, exam.wording))}"


def _answer_key(attempt_id: int, position: int) -> str:
    return f"answer_{attempt_id}_{position}"


def _option_key(attempt_id: int, position: int, option: int) -> str:
    return f"{_answer_key(attempt_id, position)}_{option}"


def _chosen(attempt_id: int, position: int, question: Question) -> Answer | None:
    """What this tab shows as chosen."""
    if not question.also:
        return st.session_state.get(_answer_key(attempt_id, position))
    places = range(len(question.options))
    keys = {option: _option_key(attempt_id, position, option) for option in places}
    return tuple(option for option in places if st.session_state.get(keys[option])) or None


def _keep(attempt_id: int, position: int, question: Question) -> None:
    """Store the answer that was just chosen; a refusal appears beside the button."""
    who = acting(Action.SEE_OWN_RESULTS)
    choice = _chosen(attempt_id, position, question)
    if choice is None and question.also:
        choice = ()
    if who is None or choice is None:
        return
    try:
        with wiring.transaction() as session:
            keep_answer(
                session,
                who=who,
                attempt_id=attempt_id,
                position=position,
                choice=choice,
                now=wiring.now(),
            )
    except PortalError as error:
        st.session_state[_REFUSED] = error


def _hand_in(who: Identity, exam: ExamPaper, answers: dict[int, Answer]) -> None:
    try:
        with wiring.transaction() as session:
            hand_in(
                session,
                who=who,
                attempt_id=exam.attempt_id,
                answers=answers,
                now=wiring.now(),
            )
    except PortalError as error:
        show_error(error)
        return
    st.rerun()


def _result(exam: ExamPaper, score: float) -> None:
    _heading(exam)
    mark = number(exam.course.pass_mark, 0)
    passed = score >= exam.course.pass_mark
    score_words = _("{score} % right; {mark} % were needed.", score=number(score, 0), mark=mark)
    if passed:
        st.success(f"{_('Passed.')} {score_words}", icon=":material/check_circle:")
    else:
        st.warning(f"{_('Not passed yet.')} {score_words}", icon=":material/replay:")
    if exam.timed_out:
        st.caption(_("The time was over; what you answered in time was marked."))
    if exam.certificate is not None:
        certificate_link(exam.certificate)
    for position, question in enumerate(exam.questions):
        _marked(exam, position, question)
    if st.button(_("Back to my training"), type="primary"):
        del st.query_params[_ATTEMPT]
        st.rerun()


def _marked(exam: ExamPaper, position: int, question: Question) -> None:
    """A question of the result: what was answered, what is right where that was wrong, and why."""
    answer = exam.answers[position]
    is_right = question.is_right(answer)
    sign = ":material/check:" if is_right else ":material/close:"
    text = escape_markdown(question_text(question, exam.wording))
    st.markdown(f"{sign} **{position + 1}. {text}**")
    evidence(question, exam.wording)
    words = escape_markdown(answer_text(question, exam.wording, answer))
    if is_right:
        st.markdown(_("Your answer, which is right: {answer}", answer=words))
    else:
        st.markdown(_("Your answer: {answer}", answer=words))
        right = escape_markdown(right_text(question, exam.wording))
        st.markdown(_("Right: {answer}", answer=right))
    why = why_text(question, exam.wording)
    if why:
        st.caption(_("Why: {reason}", reason=escape_markdown(why)))


def _option_in_markdown(question: Question, wording: Wording, option: int) -> str:
    return escape_markdown(option_text(question, wording, option))
