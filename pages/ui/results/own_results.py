"""A person's own results: over time, as a list, and one in full to acknowledge."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Action, Identity
from core.clock.days import at_wall_clock
from db.cases.queries.case import CaseView
from db.results.queries.own_results import OwnScore, ResultPosition, own_results, own_scores
from db.results.services.acknowledgements import acknowledge
from pages.ui.appeals.own_appeals import beside_result
from pages.ui.cases.case_list.component import own_list
from pages.ui.encounters import case_view
from pages.ui.encounters.case_view import opened
from pages.ui.encounters.reading.panes import contents, reading_panes
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.own_scores import OwnPoint, side
from pages.ui.kit.charts.own_scores import own_scores as draw
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    moment,
    number,
    plural,
    text_of,
    use_language,
)
from pages.ui.kit.tables import pages_of

_PAGE = 25
_FEW = 2


def overview(who: Identity) -> bool:
    """The mean with its count and the scores over time; False when there are none yet."""
    with wiring.reading() as session:
        scores = own_scores(session, who)
    if not scores:
        st.info(_("No result yet. Each inspection of your work appears here with its evidence."))
        return False
    st.subheader(_headline(scores), anchor=False)
    if len(scores) >= _FEW:
        show_chart(_chart(scores), "own_scores", clickable=False, how="score")
    return True


@st.fragment
def browse(language: str) -> None:
    """The list and, beside it, the selected result.

    It is rerun alone, so it finds out by itself who is looking, and in which language.
    """
    use_language(language)
    who = guard(Action.SEE_OWN_RESULTS)
    pages = pages_of("own", who.user_id, ResultPosition)
    with wiring.reading() as session:
        page = own_results(session, who, after=pages.after, limit=_PAGE)
    left, right = st.columns([4, 5], gap="small")
    with left:
        choice = own_list(page.rows)
        with st.container(horizontal=True, key="own_pager"):
            pages.back_button()
            pages.more_button(page.next)
    with right:
        _result(who, choice.opened or choice.selected)


def _headline(scores: list[OwnScore]) -> str:
    mean = number(sum(score.score for score in scores) / len(scores))
    average = plural(
        "Your newest result scores {mean}.",
        "Your newest {count} results average {mean}.",
        len(scores),
        mean=mean,
    )
    judged = [score.passed for score in scores if score.passed is not None]
    if not judged:
        return average
    reached = _("{reached} of {judged} passed.", reached=sum(judged), judged=len(judged))
    return f"{average} {reached}"


def _chart(scores: Sequence[OwnScore]) -> DrawnChart:
    """A line for each checklist, named by its newest title."""
    names = {score.checklist: text_of(score.title) for score in scores}
    marks = {score.pass_mark for score in scores}
    sentence = _("Each mark is one encounter; a triangle did not pass.")
    if len(names) > 1:
        sentence += " " + _("Each of the {count} checklists has its own line.", count=len(names))
    points = [_point(score, names[score.checklist]) for score in scores]
    return draw(points, marks.pop() if len(marks) == 1 else None, sentence=sentence)


def _point(score: OwnScore, checklist: str) -> OwnPoint:
    return OwnPoint(
        at=at_wall_clock(score.occurred_at, score.timezone),
        label=day(score.occurred_at, score.timezone),
        checklist=checklist,
        score=round(score.score, 4),
        side=side(score.passed),
    )


def _result(who: Identity, inspection_id: int | None) -> None:
    if inspection_id is None:
        st.info(_("Select a result to read it with its evidence."), icon=":material/article:")
        return
    view = opened(who, inspection_id)
    if view is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="own_head"):
        st.markdown(f"**{number(view.sheet.score)}** · {escape_markdown(case_view.headline(view))}")
        st.link_button(_("Print"), f"/print/inspection/{inspection_id}", icon=":material/print:")
    case_view.state_notice(view)
    beside_result(who, view)
    reading_panes("own_result", contents(view))
    _acknowledgement(who, view)
    case_view.ledger(view)
    case_view.history(view)


def _acknowledgement(who: Identity, view: CaseView) -> None:
    if view.acknowledged_at is not None:
        seen = moment(view.acknowledged_at, view.timezone)
        st.caption(_("Acknowledged {moment}.", moment=seen))
        return
    form = f"acknowledge_{view.inspection_id}"
    with st.form(form):
        comment = st.text_area(
            _("Comment, if you like"),
            max_chars=2000,
            height=80,
            key=typed_words.field_key(form, "comment"),
        )
        if st.form_submit_button(_("I have seen this result"), type="primary"):
            with change(_("Acknowledged."), form) as session:
                acknowledge(
                    session,
                    who=who,
                    inspection_id=view.inspection_id,
                    comment=comment,
                    now=wiring.now(),
                )
