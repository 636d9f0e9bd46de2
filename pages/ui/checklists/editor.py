"""Building a draft: outline at the left, chosen section or item at the right, problems below."""

from __future__ import annotations

import streamlit as st

from core.drafting import shares
from db.checklists.queries.versions import Opened
from pages.ui.checklists import adding, draft, outline, parts, preview, problems
from pages.ui.checklists.differences import table
from pages.ui.checklists.draft import Conflict, DraftWork
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, moment


def build(opened: Opened) -> None:
    """The draft with its problems, or both drafts when another editor was faster."""
    work = _work(opened)
    if work is not None:
        _build(work)
        problems.show(work)


def trial(opened: Opened) -> None:
    """The draft as the inspector will see it, to try answers."""
    work = _work(opened)
    if work is not None:
        preview.show(work)
        problems.show(work)


def _work(opened: Opened) -> DraftWork | None:
    clash = draft.conflict(opened.row.id)
    if clash is not None:
        _conflict(opened.row.id, clash)
        return None
    work = draft.load(opened)
    draft.problem_shown()
    return work


def _build(work: DraftWork) -> None:
    position = draft.chosen_position(work)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        outline.show(work, position)
    with right:
        if st.session_state.get("adding"):
            adding.show(work, position)
        elif position is None:
            parts.form(work)
        else:
            _share(work)
            if position.item is None:
                parts.section(work, position)
            else:
                parts.item(work, position)
            _own_problems(work)


def _share(work: DraftWork) -> None:
    position = draft.chosen_position(work)
    checklist = work.examined.checklist
    share = None
    if checklist is not None and position is not None:
        weighed = shares(checklist)
        section = checklist.sections[position.section]
        if position.item is None:
            share = weighed.sections[section.key]
        else:
            share = weighed.items[section.items[position.item].key]
    st.markdown(f"**{parts.share_line(checklist, share)}**")


def _own_problems(work: DraftWork) -> None:
    """What is wrong with the section or item that is being worked on."""
    for problem in draft.problems_at(work, draft.chosen_position(work)):
        show_problem = st.error if problem.severity == "error" else st.warning
        show_problem(problems.problem_text(problem))


def _conflict(version_id: int, clash: Conflict) -> None:
    theirs = clash.theirs
    notice = _("{name} saved this draft at {time} while you were working on it.")
    name = escape_markdown(theirs.changed_by)
    st.warning(notice.format(name=name, time=moment(theirs.changed_at)))
    st.markdown(_("Your last change is not stored yet. Nothing is lost: choose what to keep."))
    with st.container(horizontal=True):
        st.button(
            _("Go on with the stored draft"),
            type="primary",
            key="keep_stored",
            on_click=draft.keep_stored,
            args=(version_id,),
        )
        st.button(
            _("Store mine instead"),
            key="keep_mine",
            on_click=draft.keep_mine,
            args=(version_id,),
        )
    table(theirs.content, clash.mine, _("Stored"), _("Yours"))
