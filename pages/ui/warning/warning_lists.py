"""Warnings as tables, the sentence above them, what was looked at, and what is new."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from core.warning.rules import RULES
from core.warning.states import WarningState
from db.warning.queries.lists import (
    WaitingWarnings,
    WarningCursor,
    WarningRow,
    Which,
    warnings,
)
from db.warning.queries.rules import rules_looked
from db.warning.queries.told import unread_warnings
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, day, escape_markdown, moment, number, plural, text_of
from pages.ui.kit.tables import clicked_row, pages_of
from pages.ui.warning.warning_words import (
    Items,
    about,
    closing_name,
    rule_name,
    sentence,
    state_name,
    told_name,
)

_MOST_NEWS = 20


def headline(waiting: WaitingWarnings) -> str:
    """How many are raised, and what they wait for."""
    if not (waiting.raised or waiting.taken or waiting.suspected):
        return _("No warning is open.")
    lines = []
    if waiting.raised:
        lines.append(plural("{count} raised", "{count} raised", waiting.raised))
    if waiting.untaken:
        lines.append(plural("{count} taken by nobody", "{count} taken by nobody", waiting.untaken))
    if waiting.taken:
        lines.append(plural("{count} taken", "{count} taken", waiting.taken))
    if waiting.put_off:
        lines.append(plural("{count} put off", "{count} put off", waiting.put_off))
    if waiting.ownerless:
        lines.append(
            plural("{count} without an owner", "{count} without owners", waiting.ownerless)
        )
    if waiting.suspected:
        lines.append(plural("{count} suspected", "{count} suspected", waiting.suspected))
    return " · ".join(lines)


def news(who: Identity) -> None:
    """Each warning with what was told of it last; opening it marks it as read."""
    with wiring.reading() as session:
        rows = unread_warnings(session, who, limit=_MOST_NEWS)
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = escape_markdown(told_name(row.what))
            what = escape_markdown(f"{rule_name(row.rule)} · {text_of(row.station_names)}")
            st.markdown(f":orange-badge[{name}] {what}")
            if st.button(_("Open"), type="tertiary", key=f"notice_warning_{row.warning_id}"):
                st.switch_page("early_warning.py", query_params={"id": str(row.warning_id)})
    st.page_link("early_warnings.py", label=_("Warnings"), icon=":material/warning:")


def looked_at(who: Identity) -> None:
    """How many cells were tested: of many some stand out by chance alone."""
    with wiring.reading() as session:
        rules = rules_looked(session, who)
    looked = [rule for rule in rules if rule.is_on and rule.looked_at is not None]
    tested = [rule for rule in looked if RULES[rule.key].is_tested]
    if not looked:
        st.caption(_("Nothing was looked at yet: the portal looks each night."))
    if tested:
        compared = plural(
            "{count} cell was compared by {rules} rules, last {time}.",
            "{count} cells were compared by {rules} rules, last {time}.",
            sum(rule.cells for rule in tested),
            rules=number(len(tested), 0),
            time=moment(max(filter(None, (rule.looked_at for rule in tested))), reader_zone()),
        )
        st.caption(
            _(
                "{compared} Of so many some stand out by chance: what is merely unlikely is only"
                " suspected at first.",
                compared=escape_markdown(compared),
            )
        )
    how_computed("warnings", "warning")


def table(who: Identity, which: Which, items: Items, nothing: str) -> None:
    """A page of a list; a click opens the warning."""
    key = f"warnings_{which.value}"
    pages = pages_of(key, who.user_id, WarningCursor)
    with wiring.reading() as session:
        page = warnings(session, who, which=which, now=wiring.now(), after=pages.after)
    if not page.rows:
        st.info(nothing, icon=":material/task_alt:")
        return
    cells = pd.DataFrame([_cells(row, which, items) for row in page.rows])
    clicked = clicked_row(cells, key, alt=_("Warnings"))
    st.caption(_("A click on a row opens the warning."))
    if clicked is not None:
        warning_id = str(page.rows[clicked].warning_id)
        st.switch_page("early_warning.py", query_params={"id": warning_id})
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)


def _cells(row: WarningRow, which: Which, items: Items) -> dict[str, str]:
    cells = {
        _("State"): _state(row),
        _("Station"): text_of(row.station_names),
        _("What is worse"): rule_name(row.rule),
        _("About"): about(row.rule, row.subject_key, items),
        _("Numbers"): sentence(row.rule, row.sign),
    }
    if which is Which.ENDED:
        cells[_("Cause")] = closing_name(row.cause) if row.cause else ""
        cells[_("Ended")] = day(row.ended_at, row.timezone) if row.ended_at else ""
        return cells
    if which is Which.OPEN:
        cells[_("Owner")] = row.owner or _("nobody")
    return cells | {_("Days"): number(row.days, 0)}


def _state(row: WarningRow) -> str:
    words = [state_name(row.state)]
    if row.is_put_off and row.due_on is not None:
        words.append(_("put off until {day}", day=day(row.due_on)))
    elif row.state is WarningState.RAISED and row.due_on is not None:
        words.append(_("to be taken by {day}", day=day(row.due_on)))
    if row.is_subsided:
        words.append(_("subsided"))
    return _(", ").join(words)
