"""One version of a checklist: read, or as a draft built, tried and activated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access import Identity
from db.checklists.queries.versions import Opened
from pages.ui.checklists import differences, editor, lifecycle, listing, reader, what_if
from pages.ui.checklists.address import link
from pages.ui.checklists.words import text_here
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _


def show(who: Identity, opened: Opened) -> None:
    """Title, actions, then the version itself and its comparisons."""
    link(_("Checklists"), None, ":material/arrow_back:")
    title, actions = st.columns([3, 2], vertical_alignment="bottom")
    with title:
        st.title(escape_markdown(text_here(opened.row.title, opened.row.key)))
        st.caption(listing.describe(opened.row))
    with actions:
        lifecycle.actions(who, opened)
    views = _views(who, opened)
    tabs = st.tabs(list(views), on_change="rerun", key=f"version_tab_{len(views)}")
    for tab, view in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                view(opened)


def _views(who: Identity, opened: Opened) -> dict[str, Callable[[Opened], None]]:
    """The tabs of a version, by name."""
    views: dict[str, Callable[[Opened], None]] = {}
    if opened.row.state == "draft":
        views |= {_("Build"): editor.build, _("Try it as the inspector"): editor.trial}
    else:
        views[_("Items")] = reader.tab
    views |= {_("Compare"): partial(differences.tab, who), _("What if"): partial(what_if.tab, who)}
    if opened.row.stations:
        views[_("Pilot")] = partial(lifecycle.pilot_tab, who)
    return views
