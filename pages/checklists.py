"""Checklists: what is in force, drafts, the standards library, and the editor."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.errors import NotFound
from db.checklists.queries import versions as reads
from db.store.days import portal_day
from pages.ui.checklists import checklist_files, library, listing, na_watch, version
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.EDIT_CHECKLISTS)
version_id = row_id("version")
if version_id is not None:
    try:
        with wiring.reading() as session:
            opened = reads.opened(session, who, version_id, today=portal_day(session, wiring.now()))
    except NotFound:
        st.warning(_("This checklist version does not exist."))
        listing.link(_("Checklists"), None, ":material/arrow_back:")
        st.stop()
    version.show(who, opened)
    st.stop()
st.title(_("Checklists"))
names = [_("Checklists"), _("Standards library"), _("Import"), _("N/A watch")]
lists, standards, imports, gaming = st.tabs(names, on_change="rerun", key="checklists_tab")
if lists.open:
    with lists:
        listing.tab(who)
if standards.open:
    with standards:
        library.tab(who)
if imports.open:
    with imports:
        checklist_files.importer(who)
if gaming.open:
    with gaming:
        na_watch.tab(who)
