"""Actions as tables, the sentence above them, those of one thing beside it, and what is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from core.access import Action, Identity, can, visible_stations
from core.checklist import Texts
from core.clock.days import day_of
from core.improvements.states import ImprovementState
from core.improvements.terms import Subject
from db.improvements.queries.lists import (
    ActionCursor,
    ActionRow,
    WaitingActions,
    actions,
    actions_here,
    waiting_actions,
)
from db.improvements.queries.told import unread_actions
from pages.ui.improvements.action_words import (
    Items,
    measure_name,
    stage_name,
    state_badge,
    state_name,
    subject_name,
    told_name,
    verdict_badge,
    verdict_name,
)
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, day, escape_markdown, plural, text_of
from pages.ui.kit.phrases import due_phrase
from pages.ui.kit.tables import clicked_row, pages_of

_LONGEST = 90
_MOST_NEWS = 20


def headline(waiting: WaitingActions) -> str:
    """How many are open, and what they wait for."""
    if not waiting.open:
        return _("No action is open.")
    lines = [plural("{count} action is open", "{count} actions are open", waiting.open)]
    if waiting.overdue:
        lines.append(plural("{count} overdue", "{count} overdue", waiting.overdue))
    if waiting.to_agree:
        lines.append(plural("{count} to be agreed", "{count} to be agreed", waiting.to_agree))
    if waiting.to_judge:
        lines.append(plural("{count} to be judged", "{count} to be judged", waiting.to_judge))
    if waiting.to_decide:
        lines.append(plural("{count} to be decided", "{count} to be decided", waiting.to_decide))
    if waiting.ownerless:
        lines.append(
            plural("{count} without an owner", "{count} without owners", waiting.ownerless)
        )
    return " · ".join(lines)


def link(who: Identity) -> None:
    """The way to the actions, with what waits there; nothing for readers without a part in them."""
    if not can(who, Action.OWN_ACTIONS):
        return
    with wiring.reading() as session:
        waiting = waiting_actions(session, who, now=wiring.now())
    label = _("{label}: {value}", label=_("Actions"), value=headline(waiting))
    st.page_link("actions.py", label=escape_markdown(label), icon=":material/build_circle:")


def news(who: Identity) -> None:
    """Each action with what was told of it last; opening it marks it as read."""
    with wiring.reading() as session:
        rows = unread_actions(session, who, limit=_MOST_NEWS)
    for row in rows:
        with st.container(horizontal=True, vertical_alignment="center"):
            name = escape_markdown(told_name(row.what))
            st.markdown(f":orange-badge[{name}] {escape_markdown(_short(row.doing))}")
            if st.button(_("Open"), type="tertiary", key=f"notice_action_{row.improvement_id}"):
                st.switch_page("action.py", query_params={"id": str(row.improvement_id)})
    st.page_link("actions.py", label=_("Actions"), icon=":material/build_circle:")


def open_table(who: Identity, items: Items) -> None:
    nothing = _("What was agreed about findings appears here.")
    _table(who, "actions_open", lambda row: _open(row, items), nothing, is_open=True)


def ended_table(who: Identity, items: Items) -> None:
    nothing = _("No action has ended yet.")
    _table(who, "actions_ended", lambda row: _ended(row, items), nothing, is_open=False)


def _table(
    who: Identity,
    key: str,
    cells: Callable[[ActionRow], dict[str, str]],
    nothing: str,
    *,
    is_open: bool,
) -> None:
    """A page of a list; a click opens the action."""
    pages = pages_of(key, who.user_id, ActionCursor)
    with wiring.reading() as session:
        page = actions(session, who, is_open=is_open, now=wiring.now(), after=pages.after)
    if not page.rows:
        st.info(nothing, icon=":material/task_alt:")
        return
    clicked = clicked_row(pd.DataFrame([cells(row) for row in page.rows]), key, alt=_("Actions"))
    st.caption(_("A click on a row opens the action."))
    if clicked is not None:
        action_id = str(page.rows[clicked].improvement_id)
        st.switch_page("action.py", query_params={"id": action_id})
    with st.container(horizontal=True):
        pages.back_button()
        pages.more_button(page.next)


def here(
    who: Identity,
    *,
    station_id: int,
    about: tuple[Subject, str] | None = None,
    proposable: Mapping[str, Texts] | None = None,
) -> None:
    """The actions at a station or about one thing there, and the way to propose another.

    `proposable` are items with their names, each of which can be what the action is about. Nothing
    for readers without a part in actions.
    """
    if not can(who, Action.OWN_ACTIONS):
        return
    with wiring.reading() as session:
        rows = actions_here(
            session,
            who,
            station_id=station_id if about is None else None,
            about=about,
            now=wiring.now(),
        )
    plans = _plans(who, station_id)
    if not rows and not plans:
        return
    st.subheader(_("Actions here"), anchor=False)
    for row in rows:
        _line(row)
    if not rows:
        st.caption(_("Nothing was agreed about this yet."))
    if plans:
        _proposals(station_id, about, proposable or {})


def _plans(who: Identity, station_id: int) -> bool:
    if not can(who, Action.PLAN_ACTIONS):
        return False
    stations = visible_stations(who, Action.PLAN_ACTIONS)
    return stations is None or station_id in stations


def _line(row: ActionRow) -> None:
    badges = [state_badge(row.state)]
    if row.verdict is not None:
        badges.append(verdict_badge(row.verdict))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "action.py",
            label=escape_markdown(_short(row.doing)),
            icon=":material/build_circle:",
            query_params={"id": str(row.improvement_id)},
        )
        st.markdown(" ".join([*badges, escape_markdown(_when(row))]))


def _proposals(
    station_id: int, about: tuple[Subject, str] | None, proposable: Mapping[str, Texts]
) -> None:
    query = {"station": str(station_id)}
    if about is not None:
        query[about[0].value] = about[1]
    with st.container(horizontal=True):
        st.page_link(
            "new_action.py",
            label=_("Propose an action"),
            icon=":material/add_task:",
            query_params=query,
        )
        for key, name in proposable.items():
            st.page_link(
                "new_action.py",
                label=escape_markdown(_("… about {item}", item=text_of(name) or key)),
                query_params=query | {"item": key},
            )


def _open(row: ActionRow, items: Items) -> dict[str, str]:
    return {
        _("State"): state_name(row.state),
        _("What comes next"): verdict_name(row.verdict) if row.verdict else _when(row),
        _("Owner"): row.owner or _("nobody any more"),
        **_facts(row, items),
    }


def _ended(row: ActionRow, items: Items) -> dict[str, str]:
    return {
        _("Ended"): _when(row),
        _("Outcome"): verdict_name(row.verdict) if row.verdict else state_name(row.state),
        _("Owner"): row.owner or _("nobody any more"),
        **_facts(row, items),
    }


def _when(row: ActionRow) -> str:
    """When it ended, else what comes next and when; days are the station's."""
    if row.ended_at is not None:
        return day(row.ended_at, row.timezone)
    if row.is_late:
        return due_phrase(row.next_on, day_of(wiring.now(), row.timezone))
    if row.state is ImprovementState.CARRIED_OUT:
        if row.stage is not None:
            return stage_name(row.stage)
        return _("to be judged from {day}", day=day(row.next_on))
    if row.state is ImprovementState.JUDGED:
        return ""
    return _("due {day}", day=day(row.next_on))


def _facts(row: ActionRow, items: Items) -> dict[str, str]:
    return {
        _("Station"): f"{row.station_code} {text_of(row.station_names)}",
        _("What is done"): _short(row.doing),
        _("What was found"): _short(row.finding),
        _("About"): subject_name(row.subject, row.subject_key, items),
        _("Measure"): measure_name(row.measure, items),
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
