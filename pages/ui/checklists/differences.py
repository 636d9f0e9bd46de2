"""Two versions side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Identity
from core.drafting import Change, Content, difference, examine
from core.i18n import LANGUAGES
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import Opened, VersionRow
from db.store.days import portal_day
from pages.ui.checklists.checklist_words import state_name
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, plural
from pages.ui.kit.tables import show_table

_LONGEST = 300


def tab(who: Identity, opened: Opened) -> None:
    """This version against another one of the same checklist."""
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        rows = reads.versions(session, who, today=today)
    others = [
        row
        for row in rows
        if row.checklist_id == opened.row.checklist_id and row.id != opened.row.id
    ]
    if not others:
        st.info(_("There is no other version of this checklist yet."))
        return
    other = st.selectbox(
        _("Compare with"), others, format_func=_name, key="compare_with", width=320
    )
    with wiring.reading() as session:
        first, second = sorted(
            (reads.opened(session, who, other.id, today=today), opened),
            key=lambda version: version.row.number,
        )
    table(first.content, second.content, _name(first.row), _name(second.row))


def table(before: Content, after: Content, first: str, second: str) -> None:
    """Every difference as a row; drafts with errors cannot be compared."""
    old, new = examine(before).checklist, examine(after).checklist
    if old is None or new is None:
        st.info(_("One of the two has problems to solve before they can be compared."))
        return
    changes = [change for change in difference(old, new) if change.field != "version"]
    if not changes:
        st.success(_("There is no difference."))
        return
    st.caption(plural("{count} difference", "{count} differences", len(changes)))
    show_table(
        {
            _("Where"): [
                _("The whole checklist") if change.element == "form" else change.key
                for change in changes
            ],
            _("What"): [_what(change) for change in changes],
            first: [_at_a_glance(change.before) for change in changes],
            second: [_at_a_glance(change.after) for change in changes],
        },
        height="content",
    )


def _name(row: VersionRow) -> str:
    return f"{_('Version {number}', number=row.number)} · {state_name(row.state)}"


def _what(change: Change) -> str:
    return {
        "added": _("added"),
        "removed": _("removed"),
        "moved": _("moved"),
        "changed": change.field,
    }[change.how]


def _at_a_glance(value: object) -> str:
    """A field's value as one short line."""
    if value is None:
        return ""
    if isinstance(value, Mapping) and set(value) <= set(LANGUAGES):
        line = " / ".join(str(text) for text in value.values())
    elif isinstance(value, str | int | float):
        line = str(value)
    elif isinstance(value, Sequence) and all(isinstance(text, str) for text in value):
        line = ", ".join(value)
    else:
        line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
