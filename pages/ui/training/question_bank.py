"""The questions of a course: looked through, switched off, put in order, with their figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can
from core.errors import PortalError
from core.training import BankKey
from core.training.exam import FEWEST_OPTIONS
from core.training.item_statistics import (
    FEWEST_FOR_DIFFICULTY,
    FEWEST_FOR_DISCRIMINATION,
    ItemStatistics,
    Untold,
)
from db.store.session import Session
from db.training.queries.courses import Course, courses
from db.training.queries.question_bank import BankRow, QuestionBank, question_bank
from db.training.services.exam_questions import order_questions, switch_questions
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, in_markdown, number, plural, show_error
from pages.ui.kit.tables import marked_rows
from pages.ui.training.exam_wording import (
    evidence,
    kind_name,
    option_text,
    question_text,
    right_text,
    why_text,
)
from pages.ui.training.question_form import question_form
from pages.ui.training.training_fields import empty

_NEW = "question_new"
_ROUND = "_bank_round"


def questions_tab(who: Identity) -> None:
    if not can(who, Action.PLAN_TRAINING):
        empty(_("Questions of exams are for those who plan training."))
        return
    with wiring.reading() as session:
        examined = {course.id: course for course in courses(session, who) if course.questions}
    if not examined:
        empty(_("No course has an exam yet. Give one a number of exam questions first."))
        return
    course_id = st.selectbox(
        _("Course"),
        list(examined),
        format_func=lambda key: examined[key].title,
        key="bank_course",
        width=480,
    )
    course = examined[course_id]
    try:
        with wiring.reading() as session:
            bank = question_bank(session, who, course.id)
    except PortalError as error:
        show_error(error)
        return
    _headline(course, bank)
    _sets(bank)
    marked = _list(bank) if bank.rows else []
    if marked:
        _deeds(who, course, bank, marked)
    if len(marked) == 1:
        _question(who, course, bank, marked[0])
    elif not marked:
        st.caption(_("Select rows to look at a question, switch questions off or put them first."))
    if st.toggle(_("New question"), **forms.switch(_NEW, value=False)):
        question_form(who, course, None)


def _headline(course: Course, bank: QuestionBank) -> None:
    count = sum(not row.off for row in bank.rows)
    text = plural(
        "This course may ask {count} question, and an exam asks {wanted} of them.",
        "This course may ask {count} questions, and an exam asks {wanted} of them.",
        count,
        wanted=min(count, course.questions),
    )
    st.subheader(text, anchor=False)
    if count < course.questions:
        st.warning(
            _(
                "An exam is to have {wanted} questions. Write more, or switch some on.",
                wanted=course.questions,
            )
        )
    st.caption(
        _(
            "Heavier items are drawn sooner, and an item is asked about in a second way only when"
            " every other one was asked about. Of several right answers exactly those have to be"
            " chosen. What stands beside the right answer of a made question changes with each"
            " exam."
        )
    )


def _sets(bank: QuestionBank) -> None:
    """Which of the chosen case sets cannot be asked, or not whole, and why."""
    for case_set in bank.sets:
        title = case_set.title or f"#{case_set.set_id}"
        if not case_set.cases:
            st.warning(
                in_markdown(
                    "The case set “{title}” has no issued case: nothing is asked of it.",
                    title=title,
                )
            )
        elif case_set.askable < case_set.cases:
            st.caption(
                in_markdown(
                    "Of the case set “{title}”, {askable} of {cases} cases can be asked: the others"
                    " have no question, no answer, or no consent.",
                    title=title,
                    askable=case_set.askable,
                    cases=case_set.cases,
                )
            )
    if bank.sets and bank.answers < FEWEST_OPTIONS:
        st.warning(
            _(
                "No case is asked about: {count} of the chosen case sets' cases can be, and"
                " {fewest} are needed to choose from.",
                count=bank.answers,
                fewest=FEWEST_OPTIONS,
            )
        )
    if bank.hidden:
        st.caption(
            plural(
                "{count} own question is not asked, as its case may not be shown any more.",
                "{count} own questions are not asked, as their cases may not be shown any more.",
                len(bank.hidden),
            )
        )


def _list(bank: QuestionBank) -> list[BankRow]:
    texts = bank.wording
    table = pd.DataFrame(
        {
            _("Comes"): [_place(row) for row in bank.rows],
            _("Asked"): [not row.off for row in bank.rows],
            _("Kind of question"): [kind_name(row.question) for row in bank.rows],
            _("Sittings"): [row.statistics.sittings for row in bank.rows],
            _("Right, %"): [_difficulty(row.statistics) for row in bank.rows],
            _("Discrimination"): [_discrimination(row.statistics) for row in bank.rows],
            _("Question"): [question_text(row.question, texts) for row in bank.rows],
            _("Right answer"): [right_text(row.question, texts) for row in bank.rows],
        }
    )
    round_ = st.session_state.get(_ROUND, 0)
    wide = st.column_config.TextColumn(width="medium")
    marked = marked_rows(
        table,
        f"bank_table_{round_}",
        placeholder="",
        column_config={_("Question"): wide, _("Right answer"): wide},
    )
    st.caption(
        _(
            "Figures are of each person's first exam here. Right: the share with its 90 % interval,"
            " from {few} sittings on. Discrimination: the correlation of this question with the"
            " others of the same paper, from {many} sittings on; below 0.2 a question hardly tells"
            " who knows the course, below 0 something is wrong with it.",
            few=FEWEST_FOR_DIFFICULTY,
            many=FEWEST_FOR_DISCRIMINATION,
        )
    )
    return [bank.rows[row] for row in marked]


def _place(row: BankRow) -> str:
    return _("by chance") if row.order is None else str(row.order + 1)


def _difficulty(figures: ItemStatistics) -> str:
    if figures.difficulty is None or figures.interval is None:
        return "—"
    low, high = 100 * figures.interval.lower, 100 * figures.interval.upper
    return f"{number(100 * figures.difficulty, 0)} ({number(low, 0)}–{number(high, 0)})"


def _discrimination(figures: ItemStatistics) -> str:
    if figures.discrimination is not None:
        return number(figures.discrimination, 2)
    return "—" if figures.untold is Untold.TOO_FEW else _untold_words(figures.untold)


def _untold_words(untold: Untold | None) -> str:
    return {
        Untold.TOO_FEW: _("too few sittings"),
        Untold.ALL_ALIKE: _("everybody answered it alike"),
        Untold.REST_ALIKE: _("everybody did as well at the others"),
    }[untold or Untold.TOO_FEW]


def _deeds(who: Identity, course: Course, bank: QuestionBank, marked: Sequence[BankRow]) -> None:
    """What can be done with the marked questions."""
    keys = [row.question.bank_key for row in marked]
    placed = [row.question.bank_key for row in bank.rows if row.order is not None]
    others = [key for key in placed if key not in keys]
    switch = partial(switch_questions, who=who, course_id=course.id, keys=keys, now=wiring.now())
    order = partial(order_questions, who=who, course_id=course.id, now=wiring.now())
    with st.container(horizontal=True):
        if any(not row.off for row in marked) and st.button(_("Switch off"), key="bank_off"):
            _done(_("Switched off."), partial(switch, off=True))
        if any(row.off for row in marked) and st.button(_("Ask again"), key="bank_on"):
            _done(_("They are asked again."), partial(switch, off=False))
        if st.button(_("Put first"), key="bank_first"):
            _done(_("Put first."), partial(order, first=[*keys, *others]))
        if len(keys) == 1 and keys[0] in placed:
            _moves(placed, keys[0], order)
        if set(keys) & set(placed) and st.button(_("Leave the place to chance"), key="bank_chance"):
            _done(_("Left to chance."), partial(order, first=others))


def _moves(placed: list[BankKey], key: BankKey, order: Callable[..., None]) -> None:
    index = placed.index(key)
    for label, other in ((_("Move up"), index - 1), (_("Move down"), index + 1)):
        possible = 0 <= other < len(placed)
        if st.button(label, disabled=not possible, key=f"bank_move_{other - index}"):
            moved = list(placed)
            moved[index], moved[other] = moved[other], moved[index]
            _done(_("Moved."), partial(order, first=moved))


def _done(words: str, do: Callable[[Session], None]) -> None:
    """One deed; the marks go, as rows have moved."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    with change(words) as session:
        do(session)


def _question(who: Identity, course: Course, bank: QuestionBank, row: BankRow) -> None:
    """The question as an exam may put it, what is right and why, its figures."""
    question, texts = row.question, bank.wording
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(question_text(question, texts))}**")
        evidence(question, texts)
        signs = {True: ":material/check:", False: ":material/remove:"}
        options = (
            f"{signs[index in question.right_places]}"
            f" {escape_markdown(option_text(question, texts, index))}"
            for index in range(len(question.options))
        )
        st.markdown("  \n".join(options))
        why = why_text(question, texts)
        if why:
            st.caption(_("Why: {reason}", reason=escape_markdown(why)))
        st.caption(_figures(row.statistics))
    if question.kind == "own":
        question_form(who, course, int(question.subject))


def _figures(figures: ItemStatistics) -> str:
    parts = [plural("Asked in {count} sitting.", "Asked in {count} sittings.", figures.sittings)]
    if figures.difficulty is not None:
        parts.append(
            _("Right in {share} %, 90 % interval in brackets.", share=_difficulty(figures))
        )
    if figures.discrimination is not None:
        parts.append(
            _(
                "Correlation with the rest of the paper {value}, of {count} sittings.",
                value=number(figures.discrimination, 2),
                count=figures.compared,
            )
        )
    else:
        parts.append(_("No discrimination: {reason}.", reason=_untold_words(figures.untold)))
    return " ".join(parts)
