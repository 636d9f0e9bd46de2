"""The table of which checklist is for what: what it misses, its editor, its editions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.checklist import CHANNELS, Checklist
from core.checklist.choice import ANY, CASE_KINDS, SHIPPED, ChoiceRow, unreached
from db.checklists.queries.choice import ChoiceTable
from db.checklists.services.choice import save_choice
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment, plural, text_of
from pages.ui.kit.terms import business_line_name, case_kind_name, channel_name

_Checklists = Mapping[str, Checklist]


def headline(table: ChoiceTable, checklists: _Checklists) -> None:
    """The answer first: which checklists in force no encounter can reach."""
    missing = [title(key, checklists) for key in unreached(table.rows, checklists)]
    if missing:
        st.warning(
            escape_markdown(
                plural(
                    "No row leads to {count} checklist in force: {titles}.",
                    "No row leads to {count} checklists in force: {titles}.",
                    len(missing),
                    titles=_(", ").join(missing),
                )
            )
        )
    else:
        st.subheader(_("A row leads to every checklist in force."))
    st.caption(
        _(
            "Where several rows fit an encounter, the one for its kind of case goes first, then "
            "the one for its business line. An encounter that came with a checklist is scored "
            "with that. What no row fits is not drawn, and Coverage says so before a draw."
        )
    )


def editor(who: Identity, table: ChoiceTable, checklists: _Checklists) -> None:
    """The rows, to change in place."""
    channels = {channel_name(channel): channel for channel in CHANNELS}
    kinds = {_("All kinds"): ANY} | {_kind_name(kind): kind for kind in CASE_KINDS}
    titles = {title(key, checklists): key for key in checklists}
    headings = (_("Channel"), _("Kind of case"), _("Business line"), _("Checklist"))
    stored = [
        (
            channel_name(row.channel),
            _kind_name(row.case_kind),
            row.business_line,
            title(row.checklist, checklists),
        )
        for row in table.rows
    ]
    options: list[Iterable[str]] = [channels, kinds, (), titles]
    columns = {
        heading: st.column_config.SelectboxColumn(options=list(choices), required=True)
        for heading, choices in zip(headings, options, strict=True)
        if choices
    }
    columns[headings[2]] = st.column_config.TextColumn(
        help=_("As imported, such as agency; empty: all lines")
    )
    with st.form(f"choice_{table.number}", border=False):
        edited = st.data_editor(
            pd.DataFrame(stored, columns=list(headings)),
            hide_index=True,
            num_rows="dynamic",
            height="content",
            column_config=columns,
            placeholder="",
            key=f"choice_rows_{table.number}",
        )
        with st.container(horizontal=True):
            saved = st.form_submit_button(_("Save the table"), type="primary")
            shipped = table.rows != SHIPPED and st.form_submit_button(_("Back to the shipped one"))
    if saved:
        _save(
            who, table, [_row(row, channels, kinds, titles) for row in edited.to_numpy().tolist()]
        )
    if shipped:
        _save(who, table, SHIPPED)


def editions(table: ChoiceTable, checklists: _Checklists) -> None:
    """Who changed which rows, the newest first."""
    st.subheader(_("Changes"))
    if not table.editions:
        st.caption(_("The table is as it was shipped."))
    for edition in table.editions:
        when = moment(edition.saved_at, reader_zone())
        by = escape_markdown(_("{when} by {name}", when=when, name=edition.saved_by))
        lines = [f"+ {_line(row, checklists)}" for row in edition.added]
        lines += [f"− {_line(row, checklists)}" for row in edition.removed]
        shown = map(escape_markdown, lines or [_("Only the order")])
        st.markdown("  \n".join([f"**{by}**", *shown]))


def title(key: str, checklists: _Checklists) -> str:
    """The title of a checklist; its key where it is not in force."""
    return (key in checklists and text_of(checklists[key].title)) or key


def _save(who: Identity, table: ChoiceTable, rows: Iterable[ChoiceRow]) -> None:
    with forms.change(_("Saved. The next draw goes by it.")) as session:
        save_choice(session, who=who, rows=list(rows), number=table.number, now=wiring.now())


def _row(
    cells: list[Any],
    channels: Mapping[str, str],
    kinds: Mapping[str, str],
    titles: Mapping[str, str],
) -> ChoiceRow:
    """The codes of a row as it is shown; what is none stays, and is refused when saved."""
    channel, kind, line, checklist = (cell if isinstance(cell, str) else "" for cell in cells)
    return ChoiceRow(
        channel=channels.get(channel, channel),
        case_kind=kinds.get(kind, kind),
        business_line=line.strip(),
        checklist=titles.get(checklist, checklist),
    )


def _kind_name(kind: str) -> str:
    if kind == ANY:
        return _("All kinds")
    return case_kind_name(kind) or _("No case")


def _line(row: ChoiceRow, checklists: _Checklists) -> str:
    names = [channel_name(row.channel), _kind_name(row.case_kind)]
    names += [business_line_name(row.business_line)] if row.business_line else []
    return f"{' · '.join(names)} → {title(row.checklist, checklists)}"
