"""Deciding an appeal: the points beside the encounter, the new score before it counts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.access import Action, Identity
from core.appeals.deadlines import LONGEST_REASON, WHOLE
from core.scoring import ScoreSheet, parse_answers
from db.appeals.queries.appeals import AppealView
from db.appeals.services.decisions import decide_appeal
from db.cases.queries.case import CaseView
from pages.ui.appeals.appeal_words import point_name, show_point, state_badge
from pages.ui.inspection import amending
from pages.ui.inspection.answer_fields import answer_field, entered
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.auth import guard
from pages.ui.kit.forms import change
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    language,
    moment,
    number,
    show_words,
    use_language,
)

_ASKING = "_deciding"


def heading(appeal: AppealView) -> None:
    """The state of the appeal, and the day it is due."""
    raised = moment(appeal.raised_at, appeal.timezone)
    if appeal.ended_at is None:
        due = day(appeal.due_on)
        parts = [_("Raised {raised}, to be decided by {day}.", raised=raised, day=due)]
    else:
        ended = moment(appeal.ended_at, appeal.timezone)
        parts = [_("Raised {raised}, ended {ended}.", raised=raised, ended=ended)]
    if appeal.decided_by:
        parts.append(_("Decided by {name}.", name=appeal.decided_by))
    st.markdown(f"{state_badge(appeal.state)} {escape_markdown(' '.join(parts))}")


def points(appeal: AppealView) -> None:
    """Every point with its reason, and the decision where there is one."""
    for point in appeal.points:
        with st.container(border=True):
            show_point(point)


def points_to_read(appeal: AppealView) -> None:
    """The points for those who answer for the station but decide nothing."""
    st.subheader(_("Contested"), anchor=False)
    st.caption(_("What the person wrote is for those who decide."))
    points(appeal)


def form(appeal: AppealView, view: CaseView) -> None:
    """A field for the answer and one for the reason of each point, then the new score."""
    raw_answers = entered(_form(appeal), view)
    sheet = amending.scored(view, raw_answers)
    changed = amending.changed_items(view, raw_answers)
    for point in appeal.points:
        with st.container(border=True):
            st.markdown(f"**{escape_markdown(point_name(point.name))}**")
            show_words(_("Reason of the appeal"), point.reason)
            if point.item_key != WHOLE:
                answer_field(_form(appeal), view, view.checklist.by_key[point.item_key])
            st.text_area(
                _("Reason of the decision"),
                max_chars=LONGEST_REASON,
                height=96,
                key=_key(appeal, point.item_key),
            )
    with st.container(border=True, key="decision_bar"):
        st.subheader(amending.result_line(view, sheet, changed), anchor=False)
        lacking = amending.missing(view, raw_answers, sheet)
        amending.missing_line(view, lacking)
        st.button(
            _("Check and decide"),
            type="primary",
            disabled=sheet is None or bool(lacking),
            key="decide_check",
            on_click=_ask,
            args=(appeal.appeal_id,),
        )
    if st.session_state.get(_ASKING) == appeal.appeal_id:
        st.dialog(_("Decide this appeal"), on_dismiss=_forget)(_confirm)(language(), appeal, view)
    _more_fields(appeal, view, sheet)


def _more_fields(appeal: AppealView, view: CaseView, sheet: ScoreSheet | None) -> None:
    """The other items: all if the whole result is contested, else those newly asked for."""
    named = {point.item_key for point in appeal.points}
    if WHOLE in named:
        amending.fields(_form(appeal), view, sheet, besides=named)
        return
    before = {item.key for item in view.sheet.items if item.status == "hidden"}
    visible_keys = [item.key for item in sheet.items if item.status != "hidden"] if sheet else []
    for key in visible_keys:
        if key in before and key not in named:
            answer_field(_form(appeal), view, view.checklist.by_key[key])


def _confirm(language_code: str, appeal: AppealView, view: CaseView) -> None:
    """The dialog is rerun alone, so it looks up the signed-in person itself."""
    use_language(language_code)
    who = guard(Action.DECIDE_APPEALS)
    raw_answers = entered(_form(appeal), view)
    changed = amending.changed_items(view, raw_answers)
    if changed:
        st.text(amending.result_line(view, amending.scored(view, raw_answers), changed))
    else:
        st.text(_("The score of {score} stands.", score=number(view.sheet.score)))
    _show_changes(view, raw_answers, changed)
    decisions = {
        point.item_key: str(st.session_state.get(_key(appeal, point.item_key), ""))
        for point in appeal.points
    }
    for point in appeal.points:
        label = _("Reason of the decision: {item}", item=point_name(point.name))
        show_words(escape_markdown(label), decisions[point.item_key].strip() or "—")
    st.caption(
        _("The scored person reads this, and the inspector where the score changes. It is final.")
    )
    if st.button(_("Decide"), type="primary", key="decide_confirm"):
        _decide(who, appeal, raw_answers, decisions)


def _show_changes(view: CaseView, raw_answers: dict[str, Any], changed: list[str]) -> None:
    answers = parse_answers(view.checklist, raw_answers)
    for key in changed:
        item = view.checklist.by_key[key]
        old, new = (answer_text(item, read.get(key)) for read in (view.answers, answers))
        st.text(f"{item_name(item)}: {old} → {new}")


def _decide(
    who: Identity, appeal: AppealView, raw_answers: dict[str, Any], decisions: dict[str, str]
) -> None:
    _forget()
    with change(_("Decided."), _form(appeal)) as session:
        decide_appeal(
            session,
            who=who,
            appeal_id=appeal.appeal_id,
            answers=raw_answers,
            decisions=decisions,
            now=wiring.now(),
        )


def _form(appeal: AppealView) -> str:
    return f"decision_{appeal.appeal_id}"


def _key(appeal: AppealView, item_key: str) -> str:
    return typed_words.field_key(_form(appeal), item_key)


def _ask(appeal_id: int) -> None:
    st.session_state[_ASKING] = appeal_id


def _forget() -> None:
    st.session_state.pop(_ASKING, None)
