"""Adding items from the standards library while the draft stays in view."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.drafting import Content, DraftPosition, add_section, insert, library_item
from core.library import LibraryItem
from pages.ui.checklists import draft
from pages.ui.checklists.draft import DraftWork
from pages.ui.checklists.library import describe, find, library
from pages.ui.kit.messages import _, plural

_SHOWN = 30


def show(work: DraftWork, position: DraftPosition | None) -> None:
    """Search, and add one or all of the matching items."""
    taken = {
        item.get("key")
        for section in work.content.get("sections") or []
        for item in section.get("items") or []
    }
    st.markdown(f"#### {_('Add from the standards library')}")
    items = find("adding")
    free = [item for item in items if item.id not in taken]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plural("{count} found", "{count} found", len(items)))
        if 1 < len(free) <= _SHOWN and len(items) < len(library()):
            st.button(
                _("Add all {count}", count=len(free)),
                key="adding_all",
                on_click=_add,
                args=(work.version_id, [item.id for item in free], position),
            )
        st.button(_("Done"), key="adding_done", type="primary", on_click=_end)
    for item in items[:_SHOWN]:
        _row(work, item, position, is_taken=item.id in taken)
    if len(items) > _SHOWN:
        st.caption(_("Narrow the search to see the rest."))


def _row(
    work: DraftWork, item: LibraryItem, position: DraftPosition | None, *, is_taken: bool
) -> None:
    with st.container(border=True):
        text, button = st.columns([5, 1], gap="small")
        with text:
            describe(item)
        button.button(
            _("Added") if is_taken else _("Add"),
            key=f"adding_{item.id}",
            disabled=is_taken,
            on_click=_add,
            args=(work.version_id, [item.id], position),
        )


def _add(version_id: int, item_ids: Sequence[str], position: DraftPosition | None) -> None:
    """Add after the chosen position; the last one added is chosen, so that the next follows it."""
    landing: list[DraftPosition] = []

    def change(content: Content) -> Content:
        changed = content if content.get("sections") else add_section(content)[0]
        after = position or DraftPosition(len(changed["sections"]) - 1)
        for item_id in item_ids:
            changed, after = insert(changed, library_item(library(), item_id), after)
        landing.append(after)
        return changed

    if draft.apply(version_id, change):
        draft.choose(version_id, landing[0])
        st.session_state["adding"] = True


def _end() -> None:
    st.session_state["adding"] = False
