"""The checklists with their versions, the way to each, and ways to begin a new one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import groupby

import streamlit as st

from core.access import Identity
from core.drafting import blank
from core.errors import PortalError
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import ShownState, VersionRow
from db.checklists.services import drafting
from db.store.days import portal_day
from pages.ui.checklists.checklist_words import state_name, text_here
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import (
    _,
    day,
    escape_markdown,
    flash,
    language,
    moment,
    number,
    plural,
    show_error,
)

_NEW = "checklist_new"
_ICONS = {
    ShownState.DRAFT: ":material/edit:",
    ShownState.ACTIVE: ":material/check_circle:",
    ShownState.UPCOMING: ":material/schedule:",
    ShownState.PILOT: ":material/science:",
    ShownState.RETIRED: ":material/archive:",
}


def go_to(version_id: int, key: str = "") -> None:
    """Lead the next run to a version, and to the item or section with this key."""
    st.query_params.from_dict({"version": str(version_id)} | ({"at": key} if key else {}))


def link(label: str, version_id: int | None, icon: str | None = None, key: str = "back") -> None:
    """A button that leads to a version, or back to the list."""
    st.button(label, icon=icon, type="tertiary", key=key, on_click=_follow, args=(version_id,))


def _follow(version_id: int | None) -> None:
    if version_id is None:
        st.query_params.clear()
    else:
        go_to(version_id)


def tab(who: Identity) -> None:
    """Every checklist with its versions."""
    with wiring.reading() as session:
        rows = reads.versions(session, who, today=portal_day(session, wiring.now()))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_headline(rows))
        with st.popover(_("New checklist"), icon=":material/add:", key="new_checklist"):
            _new(who)
        st.page_link(
            "checklist_choice.py", label=_("Which checklist for what"), icon=":material/alt_route:"
        )
    for _key, versions in groupby(rows, key=lambda row: row.key):
        _checklist(list(versions))


def describe(row: VersionRow) -> str:
    """State, days and counts of a version, as Markdown."""
    parts = [f"{_('Version {number}', number=row.number)} · {state_name(row.state)}"]
    if row.state == ShownState.DRAFT:
        by = escape_markdown(row.changed_by)
        parts.append(
            _("saved {when} by {name}", when=moment(row.changed_at, reader_zone()), name=by)
        )
    if row.effective_from and row.state != ShownState.RETIRED:
        parts.append(_("from {day}", day=day(row.effective_from)))
    if row.effective_until:
        parts.append(_("until {day}", day=day(row.effective_until)))
    if row.stations:
        parts.append(plural("at {count} station", "at {count} stations", len(row.stations)))
    parts.append(plural("{count} item", "{count} items", row.items))
    if row.inspections:
        parts.append(_("{count} inspections", count=number(row.inspections, 0)))
    return " · ".join(parts)


def _headline(rows: Iterable[VersionRow]) -> str:
    versions = list(rows)
    active = sum(row.state == ShownState.ACTIVE for row in versions)
    drafts = sum(row.state == ShownState.DRAFT for row in versions)
    return _(
        "{in_force}, {drafts}.",
        in_force=plural("{count} checklist is in force", "{count} checklists are in force", active),
        drafts=plural("{count} draft", "{count} drafts", drafts),
    )


def _checklist(versions: list[VersionRow]) -> None:
    """One checklist: its title, then a link for each version that is not retired."""
    title_row = next((row for row in versions if row.state == ShownState.ACTIVE), versions[0])
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{escape_markdown(text_here(title_row.title, title_row.key))}**")
        unretired = [row for row in versions if row.state != ShownState.RETIRED]
        for row in unretired:
            link(describe(row), row.id, _ICONS[row.state], f"open_{row.id}")
        retired = [row for row in versions if row.state == ShownState.RETIRED]
        if retired:
            with st.expander(plural("{count} retired", "{count} retired", len(retired))):
                for row in retired:
                    link(describe(row), row.id, _ICONS[row.state], f"open_{row.id}")


def _new(who: Identity) -> None:
    """Begin with nothing: a key and a title are enough."""
    title = st.text_input(_("Title"), key=forms.field(_NEW, "title"), max_chars=100)
    key = st.text_input(
        _("Key"),
        key=forms.field(_NEW, "key"),
        max_chars=64,
        help=_("A short name without spaces, such as lounge. It never changes."),
    )
    if st.button(_("Begin"), type="primary", key="new_begin", disabled=not (title and key)):
        content = blank(key.strip(), {language(): title.strip()})
        begin(who, content)


def begin(who: Identity, content: dict[str, object]) -> None:
    try:
        with wiring.transaction() as session:
            create = partial(drafting.create, session, content=content, now=wiring.now())
            version_id = forms.made(session, who, _NEW, partial(create, who=who), entered=content)
    except PortalError as error:
        show_error(error)
        return
    forms.close(_NEW)
    flash(_("Draft begun."))
    go_to(version_id)
    st.rerun()
