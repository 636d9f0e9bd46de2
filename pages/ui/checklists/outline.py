"""The draft's outline: sections and items with their shares, to choose, move and remove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from core.drafting import (
    Content,
    DraftPosition,
    Shares,
    add_section,
    insert,
    move,
    new_item,
    position_of,
    remove,
    shares,
)
from core.drafting.draft_items import KIND_ORDER
from pages.ui.checklists import draft
from pages.ui.checklists.checklist_words import item_label, kind_name, section_label
from pages.ui.checklists.draft import DraftWork
from pages.ui.kit.messages import _, escape_markdown, number

_NOTHING = Shares({}, {})
_LIBRARY, _SECTION = "library", "section"


def show(work: DraftWork, position: DraftPosition | None) -> None:
    """The whole checklist, then each section with its items."""
    weighed = shares(work.examined.checklist) if work.examined.checklist else _NOTHING
    faults = Counter(
        position_of(problem.path)
        for problem in work.examined.problems
        if problem.severity == "error"
    )
    _tools(work, position)
    with st.container(height=560, border=True, gap=None, key="outline"):
        _entry(work, None, _("The whole checklist"), "", faults, is_chosen=position is None)
        for section_number, section in enumerate(work.content.get("sections") or []):
            here = DraftPosition(section_number)
            share = _share(weighed.sections, section)
            label = f"**{escape_markdown(section_label(section))}**"
            _entry(work, here, label, share, faults, is_chosen=position == here)
            for item_number, item in enumerate(section.get("items") or []):
                here = DraftPosition(section_number, item_number)
                label = escape_markdown(item_label(item))
                _entry(
                    work,
                    here,
                    label,
                    _share(weighed.items, item),
                    faults,
                    is_chosen=position == here,
                )


def _entry(
    work: DraftWork,
    here: DraftPosition | None,
    label: str,
    share: str,
    faults: Mapping[DraftPosition | None, int],
    *,
    is_chosen: bool,
) -> None:
    name = "form" if here is None else f"{here.section}_{here.item}"
    fault = " :red[:material/error:]" if faults.get(here) else ""
    text = f"{label} :gray[{share}]" if share else label
    st.button(
        text + fault,
        key=f"outline_{name}",
        type="secondary" if is_chosen else "tertiary",
        icon=":material/chevron_right:" if is_chosen else None,
        on_click=draft.choose,
        args=(work.version_id, here),
        width="content",
    )


def _tools(work: DraftWork, position: DraftPosition | None) -> None:
    """The buttons that add, move and remove at the chosen position."""
    names: dict[str, str] = {
        _LIBRARY: _("From the standards library"),
        _SECTION: _("Section"),
        **{kind: _("Own item: {kind}", kind=kind_name(kind)) for kind in KIND_ORDER},
    }
    with st.container(horizontal=True, gap="xsmall", key="outline_tools"):
        st.menu_button(
            _("Add"),
            list(names),
            format_func=names.__getitem__,
            icon=":material/add:",
            key="add_menu",
            on_click=_add,
            args=(work, position),
        )
        if position is not None:
            _moves(work, position)


def _moves(work: DraftWork, position: DraftPosition) -> None:
    for by, icon, label, keys in (
        (-1, ":material/arrow_upward:", _("Move up"), "Alt+Up"),
        (1, ":material/arrow_downward:", _("Move down"), "Alt+Down"),
    ):
        st.button(
            "",
            icon=icon,
            key=f"move_{by}",
            help=f"{label} ({keys})",
            shortcut=keys,
            on_click=_move,
            args=(work.version_id, position, by),
        )
    section = work.content["sections"][position.section]
    if position.item is None and section.get("items"):
        with st.popover("", icon=":material/delete:", help=_("Remove"), key="remove_section"):
            st.markdown(
                _("The section and its {count} items are removed.", count=len(section["items"]))
            )
            _remove_button(work, position, _("Remove"))
    else:
        _remove_button(work, position, "")


def _remove_button(work: DraftWork, position: DraftPosition, label: str) -> None:
    st.button(
        label,
        icon=":material/delete:",
        key="remove",
        help=_("Remove"),
        on_click=_remove,
        args=(work.version_id, position),
    )


def _move(version_id: int, position: DraftPosition, by: int) -> None:
    draft.apply(version_id, lambda content: move(content, position, by)[0])


def _remove(version_id: int, position: DraftPosition) -> None:
    landing: list[DraftPosition | None] = []

    def change(content: Content) -> Content:
        changed, landed = remove(content, position)
        landing.append(landed)
        return changed

    if draft.apply(version_id, change):
        draft.choose(version_id, landing[0])


def _add(work: DraftWork, position: DraftPosition | None) -> None:
    choice = st.session_state["add_menu"]
    if choice == _LIBRARY:
        st.session_state["adding"] = True
    elif choice == _SECTION:
        _add_section(work.version_id, position)
    elif choice:
        _add_item(work.version_id, new_item(work.content, choice), position)


def _add_item(version_id: int, item: Content, position: DraftPosition | None) -> None:
    """Put an item after the chosen position and go on with it."""

    def change(content: Content) -> Content:
        changed, landed = insert(_with_a_section(content), item, _after(content, position))
        landing.append(landed)
        return changed

    landing: list[DraftPosition] = []
    if draft.apply(version_id, change):
        draft.choose(version_id, landing[0])


def _add_section(version_id: int, position: DraftPosition | None) -> None:
    landing: list[DraftPosition] = []

    def change(content: Content) -> Content:
        changed, landed = add_section(content, None if position is None else position.section)
        landing.append(landed)
        return changed

    if draft.apply(version_id, change):
        draft.choose(version_id, landing[0])


def _with_a_section(content: Content) -> Content:
    return content if content.get("sections") else add_section(content)[0]


def _after(content: Content, position: DraftPosition | None) -> DraftPosition:
    """Where something new goes: after the chosen item, else at the end of its section."""
    last = max(len(content.get("sections") or []) - 1, 0)
    return DraftPosition(last) if position is None else position


def _share(weighed: Mapping[str, float], content: Content) -> str:
    share = weighed.get(str(content.get("key")))
    return f"{number(share)} %" if share else ""
