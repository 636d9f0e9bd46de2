"""Building a draft: outline, chosen section or item, items from the library, problems below."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.checklist import Problem
from core.drafting import (
    Content,
    DraftPosition,
    add_section,
    insert,
    library_item,
    position_of,
    shares,
)
from core.library import LibraryItem
from db.checklists.queries.versions import Opened
from pages.ui.checklists import draft, outline, preview, section_forms
from pages.ui.checklists.differences import table
from pages.ui.checklists.draft import Conflict, DraftWork
from pages.ui.checklists.library import describe, find, library
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, in_markdown, language, moment, plural

_ICONS = {"error": ":material/error:", "warning": ":material/warning:"}
_MOST_PROBLEMS = 40
_MOST_ITEMS = 30


def build(opened: Opened) -> None:
    """The draft with its problems, or both drafts when another editor was faster."""
    work = _work(opened)
    if work is not None:
        _build(work)
        _problems(work)


def trial(opened: Opened) -> None:
    """The draft as the inspector will see it, to try answers."""
    work = _work(opened)
    if work is not None:
        preview.show(language(), work)
        _problems(work)


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
            _library_items(work, position)
        elif position is None:
            section_forms.form(work)
        else:
            _share(work)
            if position.item is None:
                section_forms.section(work, position)
            else:
                section_forms.item(work, position)
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
    st.markdown(f"**{section_forms.share_line(checklist, share)}**")


def _own_problems(work: DraftWork) -> None:
    """What is wrong with the section or item that is being worked on."""
    for problem in draft.problems_at(work, draft.chosen_position(work)):
        show_problem = st.error if problem.severity == "error" else st.warning
        show_problem(problem_text(problem))


def _conflict(version_id: int, clash: Conflict) -> None:
    theirs = clash.theirs
    notice = _("{name} saved this draft at {time} while you were working on it.")
    name = escape_markdown(theirs.changed_by)
    st.warning(notice.format(name=name, time=moment(theirs.changed_at, reader_zone())))
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


def _problems(work: DraftWork) -> None:
    """Errors first; a click opens the section or item that has the problem."""
    problems = work.examined.problems
    st.markdown(f"#### {headline(work)}")
    with st.container(border=bool(problems), gap=None, key="problems"):
        for number, problem in enumerate(problems[:_MOST_PROBLEMS]):
            st.button(
                f"{escape_markdown(_where(work, problem))}: {problem_text(problem)}",
                icon=_ICONS[problem.severity],
                type="tertiary",
                key=f"problem_{number}",
                on_click=draft.choose,
                args=(work.version_id, position_of(problem.path)),
            )
        if len(problems) > _MOST_PROBLEMS:
            st.caption(_("and {count} more", count=len(problems) - _MOST_PROBLEMS))


def headline(work: DraftWork) -> str:
    errors = len(work.examined.errors)
    warnings = len(work.examined.problems) - errors
    if errors:
        return plural("{count} problem bars activation", "{count} problems bar activation", errors)
    if warnings:
        return plural(
            "Ready to activate, {count} thing to look at",
            "Ready to activate, {count} things to look at",
            warnings,
        )
    return _("Ready to activate")


def problem_text(problem: Problem) -> str:
    """The problem's sentence as Markdown."""
    return in_markdown(problem.sentence, **problem.values)


def _where(work: DraftWork, problem: Problem) -> str:
    position = position_of(problem.path)
    sections = work.content.get("sections") or []
    if position is None or position.section >= len(sections):
        return _("The whole checklist")
    section = sections[position.section]
    items = section.get("items") or []
    target = (
        items[position.item]
        if position.item is not None and position.item < len(items)
        else section
    )
    field = problem.path.rpartition("].")[2] if "]." in problem.path else ""
    name = str(target.get("key", ""))
    return f"{name} ({field})" if field and "[" not in field and field != name else name


def _library_items(work: DraftWork, position: DraftPosition | None) -> None:
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
        if 1 < len(free) <= _MOST_ITEMS and len(items) < len(library()):
            st.button(
                _("Add all {count}", count=len(free)),
                key="adding_all",
                on_click=_add,
                args=(work.version_id, [item.id for item in free], position),
            )
        st.button(_("Done"), key="adding_done", type="primary", on_click=_stop_adding)
    for item in items[:_MOST_ITEMS]:
        _library_item(work, item, position, is_taken=item.id in taken)
    if len(items) > _MOST_ITEMS:
        st.caption(_("Narrow the search to see the rest."))


def _library_item(
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


def _stop_adding() -> None:
    st.session_state["adding"] = False
