"""Filters kept under a name: to come back to, and to share."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from db.cases.services import FilterRow, delete_filter, save_filter, saved_filters
from pages.ui.kit import wiring
from pages.ui.kit.actions import change
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _


def saved(who: Identity) -> None:
    """The saved filters, one click away each, and a form to save the present one."""
    with st.popover(_("Saved filters"), icon=":material/bookmark:", key="saved_filters"):
        with wiring.reading() as session:
            rows = saved_filters(session, who)
        for row in rows:
            _line(who, row)
        if not rows:
            st.caption(_("No filter is saved yet."))
        if st.query_params:
            _form(who)


def _line(who: Identity, row: FilterRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            escape_markdown(row.name),
            key=f"filter_{row.filter_id}",
            type="tertiary",
            icon=":material/filter_alt:",
            on_click=_take,
            args=(dict(row.address),),
        )
        if row.shared:
            by = _("open to others") if row.own else _("by {name}", name=escape_markdown(row.owner))
            st.caption(by, width="content")
        if row.own and st.button(
            "",
            icon=":material/delete:",
            key=f"forget_{row.filter_id}",
            type="tertiary",
            help=_("Delete {name}", name=escape_markdown(row.name)),
        ):
            with change(_("Deleted.")) as session:
                delete_filter(session, who=who, filter_id=row.filter_id)


def _take(address: dict[str, str]) -> None:
    st.query_params.from_dict(address)


def _form(who: Identity) -> None:
    with st.form("save_filter_form", border=False, clear_on_submit=True):
        name = st.text_input(_("Save this filter as"), max_chars=200)
        shared = st.checkbox(_("Others may use it"))
        if st.form_submit_button(_("Save"), type="primary"):
            address = st.query_params.to_dict()
            with change(_("Saved.")) as session:
                save_filter(
                    session,
                    who=who,
                    name=name,
                    address=address,
                    shared=shared,
                    now=wiring.now(),
                )
