"""The words around appeals."""

from __future__ import annotations

import streamlit as st

from core.appeals.states import AppealState
from core.checklist import Texts
from db.appeals.queries.points import Point
from pages.ui.kit.messages import _, escape_markdown, show_words, text_of

_COLORS: dict[str, str] = {AppealState.OPEN: "orange", AppealState.CHANGED: "green"}


def state_name(state: AppealState) -> str:
    names = {
        AppealState.OPEN: _("To be decided"),
        AppealState.KEPT: _("Score stands"),
        AppealState.CHANGED: _("Score changed"),
        AppealState.WITHDRAWN: _("Withdrawn"),
        AppealState.CLOSED: _("Closed"),
    }
    return names[state]


def state_badge(state: AppealState) -> str:
    return f":{_COLORS.get(state, 'gray')}-badge[{escape_markdown(state_name(state))}]"


def outcome_badge(point: Point) -> str:
    """What was decided about one point; empty before."""
    if point.outcome is None:
        return ""
    changed = point.outcome == "changed"
    return f":green-badge[{_('changed')}]" if changed else f":gray-badge[{_('stands')}]"


def point_name(name: Texts) -> str:
    """The name of a contested item, or the words for the result as a whole."""
    return text_of(name) or _("The result as a whole")


def show_point(point: Point) -> None:
    """A contested item with its reason, and the decision once there is one."""
    with st.container(gap="xsmall"):
        st.markdown(f"**{escape_markdown(point_name(point.name))}** {outcome_badge(point)}")
        if point.reason:
            show_words(_("Reason of the appeal"), point.reason)
        if point.decision:
            show_words(_("Decision"), point.decision)
