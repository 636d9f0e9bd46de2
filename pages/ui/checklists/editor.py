"""Building a draft: outline at the left, the chosen part at the right, problems below."""

from __future__ import annotations

import streamlit as st

from core.drafting import shares
from db.checklists.queries.versions import Opened
from pages.ui.checklists import adding, draft, outline, parts, preview, problems
from pages.ui.checklists.differences import table
from pages.ui.checklists.draft import Conflict, Work
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


def _work(opened: Opened) -> Work | None:
    clash = draft.conflict(opened.row.id)
    if clash is not None:
        _conflict(opened.row.id, clash)
        return None
    work = draft.load(opened)
    draft.problem_shown()
    return work


def _build(work: Work) -> None:
    place = draft.chosen(work)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        outline.show(work, place)
    with right:
        if st.session_state.get("adding"):
            adding.show(work, place)
        elif place is None:
            parts.form(work)
        else:
            _share(work)
            if place.item is None:
                parts.section(work, place)
            else:
                parts.item(work, place)
            _own_problems(work)


def _share(work: Work) -> None:
    place = draft.chosen(work)
    checklist = work.examined.checklist
    share = None
    if checklist is not None and place is not None:
        weighed = shares(checklist)
        section = checklist.sections[place.section]
        if place.item is None:
            share = weighed.sections[section.key]
        else:
            share = weighed.items[section.items[place.item].key]
    st.markdown(f"**{parts.share_line(checklist, share)}**")


def _own_problems(work: Work) -> None:
    """What is wrong with the part that is being worked on."""
    for problem in draft.problems_at(work, draft.chosen(work)):
        show_it = st.error if problem.severity == "error" else st.warning
        show_it(problems.told(problem))


def _conflict(version_id: int, clash: Conflict) -> None:
    stored = clash.stored
    told = _("{name} saved this draft at {time} while you were working on it.")
    st.warning(told.format(name=escape_markdown(stored.changed_by), time=moment(stored.changed_at)))
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
    table(stored.content, clash.mine, _("Stored"), _("Yours"))
