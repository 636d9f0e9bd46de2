"""Sitting an exam: questions whose answers are kept as they are chosen, handed in once."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st

from core.access import Action, Identity
from core.checklist import text_in
from core.errors import PortalError
from core.training import Question
from db.training.queries.exam_bank import Wording
from db.training.queries.own_training import OwnRun, Paper, paper
from db.training.services.exams import hand_in, keep_answer, start_exam
from pages.ui.kit import wiring
from pages.ui.kit.auth import acting
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, language, number, plural, show_error

_ATTEMPT, _REFUSED = "exam_attempt", "exam_answer_refused"
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
    st.subheader(
        f"{escape_markdown(found.course.title)} · {_('attempt {number}', number=found.number)}"
    )
    st.caption(
        _(
            "{count} questions; {mark} % have to be right. Hand in when you are done; it counts "
            "once.",
            count=len(found.questions),
            mark=number(found.course.pass_mark, 0),
        )
    )
    st.caption(_("Each answer is kept as you choose it; you may leave and continue later."))
    seen = _seen(found)
    for place, question in enumerate(found.questions):
        _question(found, place, question)
    left = found.answers.count(None)
    refused = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        show_error(refused)
    if not st.button(_("Hand in"), type="primary", key=f"hand_in_{found.attempt_id}"):
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
        _hand_in(who, found, seen)


def _seen(found: Paper) -> dict[int, int]:
    """The answers this tab showed until now; another tab may have kept others."""
    keys = {place: _answer_key(found.attempt_id, place) for place in range(len(found.questions))}
    seen = {place: st.session_state.get(key) for place, key in keys.items()}
    return {place: choice for place, choice in seen.items() if choice is not None}


def _question(found: Paper, place: int, question: Question) -> None:
    """One question, with the answer that is kept."""
    key = _answer_key(found.attempt_id, place)
    st.session_state[key] = found.answers[place]
    st.radio(
        f"{place + 1}. {escape_markdown(_asked(question, found.wording))}",
        range(len(question.options)),
        index=None,
        format_func=partial(_offered_in_markdown, question, found.wording),
        key=key,
        on_change=_keep,
        args=(found.attempt_id, place),
    )


def _answer_key(attempt_id: int, place: int) -> str:
    return f"answer_{attempt_id}_{place}"


def _keep(attempt_id: int, place: int) -> None:
    """Keep the answer that was just chosen; why it is not kept is said beside the button."""
    who = acting(Action.SEE_OWN_RESULTS)
    choice = st.session_state.get(_answer_key(attempt_id, place))
    if who is None or choice is None:
        return
    try:
        with wiring.transaction() as session:
            keep_answer(session, who=who, attempt_id=attempt_id, place=place, choice=choice)
    except PortalError as error:
        st.session_state[_REFUSED] = error


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
        st.markdown(f"{sign} **{place + 1}. {escape_markdown(_asked(question, found.wording))}**")
        right = escape_markdown(_offered(question, found.wording, question.right))
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


def _offered_in_markdown(question: Question, wording: Wording, place: int) -> str:
    return escape_markdown(_offered(question, wording, place))


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
