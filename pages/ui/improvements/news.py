"""What a person is told of actions, behind the button of notices."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from db.improvements.queries.told import unread_actions
from pages.ui.improvements.action_words import told_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown

_MOST = 20
_LONGEST = 60


def show(who: Identity) -> None:
    """Each action with what was told of it last; opening it marks it as read."""
    with wiring.reading() as session:
        rows = unread_actions(session, who, limit=_MOST)
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = escape_markdown(told_name(row.what))
            st.markdown(f":orange-badge[{name}] {escape_markdown(row.doing[:_LONGEST])}")
            if st.button(_("Open"), type="tertiary", key=f"notice_action_{row.improvement_id}"):
                st.switch_page("action.py", query_params={"id": str(row.improvement_id)})
    st.page_link("actions.py", label=_("Actions"), icon=":material/build_circle:")
