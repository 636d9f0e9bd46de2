"""Sitting an exam: each answer is stored as it is chosen, the exam is handed in once."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st

from core.access import Action, Identity
from core.checklist import text_in
from core.errors import PortalError
from core.training import Question
from core.training.exam_words import CONSEQUENCE_WORDS, FOLLOWS
from db.training.queries.exam_bank import Wording
from db.training.queries.own_training import ExamPaper, OwnRun, paper
from db.training.services.exams import hand_in, keep_answer, start_exam
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import acting
from pages.ui.kit.messages import _, escape_markdown, language, number, plural, show_error

_ATTEMPT, _REFUSED = "exam", "exam_answer_refused"
_SEEDS = 2**31


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
    if exam.score is None:
        _questions(who, exam)
    else:
        _result(exam, exam.score)
    return True


def _questions(who: Identity, exam: ExamPaper) -> None:
    st.subheader(
        f"{escape_markdown(exam.course.title)} · {_('attempt {number}', number=exam.number)}"
    )
    st.caption(
        _(
            "{count} questions; {mark} % have to be right. Hand in when you are done; it counts "
            "once.",
            count=len(exam.questions),
            mark=number(exam.course.pass_mark, 0),
        )
    )
    st.caption(_("Each answer is kept as you choose it; you may leave and continue later."))
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


def _seen(exam: ExamPaper) -> dict[int, int]:
    """The answers this tab showed until now; another tab may have stored others."""
    keys = {
        position: _answer_key(exam.attempt_id, position) for position in range(len(exam.questions))
    }
    seen = {position: st.session_state.get(key) for position, key in keys.items()}
    return {position: choice for position, choice in seen.items() if choice is not None}


def _question(exam: ExamPaper, position: int, question: Question) -> None:
    """One question, with the stored answer."""
    key = _answer_key(exam.attempt_id, position)
    st.session_state[key] = exam.answers[position]
    st.radio(
        f"{position + 1}. {escape_markdown(_question_text(question, exam.wording))}",
        range(len(question.options)),
        index=None,
        format_func=partial(_option_in_markdown, question, exam.wording),
        key=key,
        on_change=_keep,
        args=(exam.attempt_id, position),
    )


def _answer_key(attempt_id: int, position: int) -> str:
    return f"answer_{attempt_id}_{position}"


def _keep(attempt_id: int, position: int) -> None:
    """Store the answer that was just chosen; a refusal appears beside the button."""
    who = acting(Action.SEE_OWN_RESULTS)
    choice = st.session_state.get(_answer_key(attempt_id, position))
    if who is None or choice is None:
        return
    try:
        with wiring.transaction() as session:
            keep_answer(session, who=who, attempt_id=attempt_id, position=position, choice=choice)
    except PortalError as error:
        st.session_state[_REFUSED] = error


def _hand_in(who: Identity, exam: ExamPaper, answers: dict[int, int]) -> None:
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
    mark = number(exam.course.pass_mark, 0)
    passed = score >= exam.course.pass_mark
    score_words = _("{score} % right; {mark} % were needed.", score=number(score, 0), mark=mark)
    if passed:
        st.success(f"{_('Passed.')} {score_words}", icon=":material/check_circle:")
    else:
        st.warning(f"{_('Not passed yet.')} {score_words}", icon=":material/replay:")
    for position, question in enumerate(exam.questions):
        _marked(exam, position, question)
    if st.button(_("Back to my training"), type="primary"):
        del st.query_params[_ATTEMPT]
        st.rerun()


def _marked(exam: ExamPaper, position: int, question: Question) -> None:
    """A question of the result, with what was answered and, where that was wrong, what is right."""
    chosen = exam.answers[position]
    is_right = chosen == question.right
    sign = ":material/check:" if is_right else ":material/close:"
    st.markdown(
        f"{sign} **{position + 1}. {escape_markdown(_question_text(question, exam.wording))}**"
    )
    answer = _option_in_markdown(question, exam.wording, chosen) if chosen is not None else "—"
    if is_right:
        st.markdown(_("Your answer, which is right: {answer}", answer=answer))
        return
    st.markdown(_("Your answer: {answer}", answer=answer))
    right = _option_in_markdown(question, exam.wording, question.right)
    st.markdown(_("Right: {answer}", answer=right))


def _question_text(question: Question, wording: Wording) -> str:
    if question.kind == "case":
        lesson = wording.lessons.get(question.subject)
        return lesson.question if lesson else _("This case is no longer available.")
    name = text_in(wording.names.get(question.subject, {}), language()) or question.subject
    if question.kind == "rule":
        guidance = text_in(wording.guidance.get(question.subject, {}), language())
        return _("For which standard is this the guidance? “{guidance}”", guidance=guidance)
    if question.kind == "level":
        return _(
            'Standard "{name}": what describes level {level}?', name=name, level=question.about
        )
    if question.kind == "follows":
        return _(FOLLOWS, consequence=_consequence(question.about))
    if question.kind == "belongs":
        section = text_in(wording.sections.get(question.about, {}), language()) or question.about
        return _('Which of these stands in the section "{section}"?', section=section)
    return {
        "standard": _('Which text is the standard "{name}"?', name=name),
        "section": _('Where does the standard "{name}" stand?', name=name),
        "consequence": _('What follows when the standard "{name}" is missed?', name=name),
    }[question.kind]


def _option_in_markdown(question: Question, wording: Wording, index: int) -> str:
    return escape_markdown(_option_text(question, wording, index))


def _option_text(question: Question, wording: Wording, index: int) -> str:
    key = question.options[index]
    if question.kind == "case":
        lesson = wording.lessons.get(key)
        return lesson.answer if lesson else "—"
    if question.kind == "consequence":
        return _consequence(key)
    if question.kind == "level":
        return text_in(wording.levels.get(question.subject, {}).get(key, {}), language()) or key
    texts = {"rule": wording.names, "section": wording.sections}.get(
        question.kind, wording.standards
    )
    return text_in(texts.get(key, {}), language()) or key


def _consequence(key: str) -> str:
    return _(CONSEQUENCE_WORDS[key])
