"""Taking part: what is left to score, and one's own results item by item."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from core.teaching.states import PracticeState
from db.teaching.queries.practice import RoundRow, RoundView, own_round_view, own_rounds
from db.teaching.queries.practice_attempts import Attempt, answer_pairs
from db.teaching.services.practice import retake
from pages.ui.kit import wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, escape_markdown, number, show_error
from pages.ui.teaching.practice.item_pairs import pairs_table
from pages.ui.teaching.practice.practice_words import (
    agreement,
    asked_items,
    attempt_result,
    overlooked,
    round_facts,
)


def rounds(who: Identity) -> None:
    with wiring.reading() as session:
        rows = own_rounds(session, who)
    if not rows:
        st.info(_("Nobody has asked you to practise yet."), icon=":material/task_alt:")
    for row in rows:
        _round(who, row)


def _round(who: Identity, row: RoundRow) -> None:
    with st.container(border=True, key=f"own_round_{row.round_id}"):
        st.subheader(escape_markdown(row.title), anchor=False)
        st.caption(" · ".join(round_facts(row)))
        if row.state == PracticeState.OPEN and row.done < row.tasks:
            st.page_link(
                "practise.py",
                label=_("Score the cases") if not row.done else _("Go on scoring"),
                icon=":material/edit_note:",
                query_params={"round": str(row.round_id)},
            )
        try:
            with wiring.reading() as session:
                view = own_round_view(session, who, row.round_id)
        except PortalError as error:
            show_error(error)
            return
        _results(who, view)


def _results(who: Identity, view: RoundView) -> None:
    if view.items:
        st.caption(asked_items(view))
    [taker] = view.takers
    if taker.is_reference:
        st.caption(_("Your answers are the reference of this practice."))
        return
    for attempt in taker.attempts:
        if attempt.open and attempt.outcome is None:
            continue
        _attempt(who, view, attempt)
    last = taker.attempts[-1]
    failed = last.outcome is not None and last.outcome.passes(view.pass_mark) is False
    if view.state == PracticeState.OPEN and failed and last.number < view.attempts:
        left = view.attempts - last.number
        label = _("Try again ({count} left)", count=left)
        if st.button(label, icon=":material/replay:", key=f"retake_{view.round_id}"):
            with change(_("A new attempt is open.")) as session:
                retake(session, who=who, round_id=view.round_id, now=wiring.now())


def _attempt(who: Identity, view: RoundView, attempt: Attempt) -> None:
    result = attempt_result(attempt, view.pass_mark)
    if attempt.outcome is None:
        st.caption(_("Attempt {number}: {result}", number=attempt.number, result=result))
        return
    outcome = attempt.outcome
    st.markdown(
        _(
            "Attempt {number}: **{result}**, {agreeing} of {compared} items alike ({percent} %).",
            number=attempt.number,
            result=result,
            agreeing=outcome.agreeing,
            compared=outcome.compared,
            percent=number(outcome.percent),
        )
    )
    st.caption(
        _(
            "Agreement beyond chance (AC1) {agreement}; scores {gap} points apart on average.",
            agreement=agreement(outcome),
            gap=number(outcome.score_gap),
        )
    )
    if outcome.overlooked:
        st.markdown(overlooked(outcome.overlooked))
    label = _("Item by item, attempt {number}", number=attempt.number)
    key = f"pairs_{view.round_id}_{attempt.number}"
    with st.expander(label, key=key, on_change="rerun") as box:
        if box.open:
            _pairs(who, view, attempt)


def _pairs(who: Identity, view: RoundView, attempt: Attempt) -> None:
    """What was answered; the reference's answers only once no attempt can profit from them."""
    shows_reference = (
        view.state == PracticeState.CLOSED
        or attempt.number >= view.attempts
        or (attempt.outcome is not None and bool(attempt.outcome.passes(view.pass_mark)))
    )
    if not shows_reference:
        st.caption(_("The reference answers are shown once you pass or no attempt is left."))
    with wiring.reading() as session:
        tasks = [case.task_id for case in attempt.cases]
        pairs = answer_pairs(session, who, view.round_id, tasks)
    pairs_table(pairs, _("Your answer"), reference=shows_reference)
