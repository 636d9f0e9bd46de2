"""The draft under work: every change is saved at once, and a second editor gets a notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from core.checklist import Problem
from core.drafting import Content, DraftPosition, Examined, examine, position_of, with_value
from core.errors import PortalError, StaleEdit
from db.checklists.queries.versions import Opened
from db.checklists.services import drafting
from db.checklists.services.drafting import StoredDraft
from pages.ui.kit import wiring
from pages.ui.kit.auth import current_user
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment, show_error

Change = Callable[[Content], Content]
FORM = "form"


@dataclass(frozen=True)
class DraftWork:
    """A draft as this browser shows it."""

    version_id: int
    edit: int
    content: Content
    examined: Examined


@dataclass(frozen=True)
class Conflict:
    """The draft this browser was to save, and the one another browser had saved before."""

    mine: Content
    theirs: StoredDraft


def load(opened: Opened) -> DraftWork:
    """The stored draft; the next change is checked against its edit number."""
    row = opened.row
    if st.session_state.get(_edit_key(row.id), row.edit) != row.edit:
        notice = _("{name} changed this draft at {time}. You see it as it is stored now.")
        st.info(
            notice.format(
                name=escape_markdown(row.changed_by), time=moment(row.changed_at, reader_zone())
            )
        )
    st.session_state[_edit_key(row.id)] = row.edit
    st.session_state[_content_key(row.id)] = opened.content
    return DraftWork(
        version_id=row.id, edit=row.edit, content=opened.content, examined=examine(opened.content)
    )


def apply(version_id: int, how: Change) -> bool:
    """Change the content that was displayed and save it; callbacks of widgets end here.

    When somebody else saved since, nothing is stored and the next run shows both.
    """
    content: Content = st.session_state[_content_key(version_id)]
    return _save(version_id, how(content), st.session_state[_edit_key(version_id)])


def change(version_id: int, how: Change) -> None:
    """As `apply`, for buttons."""
    apply(version_id, how)


def set_value(version_id: int, path: str, value: object) -> None:
    apply(version_id, lambda content: with_value(content, path, value))


def problem_shown() -> None:
    """Say why the last change was not saved, if it was not."""
    error = st.session_state.pop("draft_error", None)
    if isinstance(error, PortalError):
        show_error(error)


def conflict(version_id: int) -> Conflict | None:
    clash: Conflict | None = st.session_state.get(_conflict_key(version_id))
    return clash


def keep_stored(version_id: int) -> None:
    """Go on with the other editor's draft."""
    clash = st.session_state.pop(_conflict_key(version_id))
    st.session_state[_edit_key(version_id)] = clash.theirs.edit


def keep_mine(version_id: int) -> None:
    """Save this browser's draft over the other editor's."""
    clash: Conflict = st.session_state.pop(_conflict_key(version_id))
    _save(version_id, clash.mine, clash.theirs.edit)


def chosen_position(work: DraftWork) -> DraftPosition | None:
    """The section or item that is being worked on; None is the checklist as a whole."""
    key = st.query_params.get("at", "")
    for number, section in enumerate(work.content.get("sections") or []):
        if section.get("key") == key:
            return DraftPosition(number)
        for item_number, item in enumerate(section.get("items") or []):
            if item.get("key") == key:
                return DraftPosition(number, item_number)
    return None


def choose(version_id: int, position: DraftPosition | None) -> None:
    """DraftWork on another section or item from the next run on."""
    content: Content = st.session_state[_content_key(version_id)]
    st.query_params["at"] = FORM if position is None else _key_at(content, position)
    st.session_state["adding"] = False


def problems_at(work: DraftWork, position: DraftPosition | None) -> list[Problem]:
    return [problem for problem in work.examined.problems if position_of(problem.path) == position]


def _save(version_id: int, content: Content, edit: int) -> bool:
    who = current_user()
    if who is None:
        return False
    try:
        with wiring.transaction() as session:
            saved = drafting.save(
                session,
                who=who,
                version_id=version_id,
                edit=edit,
                content=content,
                now=wiring.now(),
            )
    except StaleEdit as error:
        theirs = cast("StoredDraft", error.current)
        st.session_state[_conflict_key(version_id)] = Conflict(content, theirs)
        return False
    except PortalError as error:
        st.session_state["draft_error"] = error
        return False
    st.session_state[_edit_key(version_id)] = saved
    st.session_state[_content_key(version_id)] = content
    return True


def _key_at(content: Content, position: DraftPosition) -> str:
    section: dict[str, Any] = content["sections"][position.section]
    target = section if position.item is None else section["items"][position.item]
    return str(target["key"])


def _edit_key(version_id: int) -> str:
    return f"draft_edit_{version_id}"


def _content_key(version_id: int) -> str:
    return f"draft_content_{version_id}"


def _conflict_key(version_id: int) -> str:
    return f"draft_conflict_{version_id}"
