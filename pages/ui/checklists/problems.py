"""Problems that bar activation, each leading to its section or item."""

from __future__ import annotations

import streamlit as st

from core.checklist import Problem
from core.drafting import position_of
from pages.ui.checklists import draft
from pages.ui.checklists.draft import DraftWork
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, in_markdown, plural

_ICONS = {"error": ":material/error:", "warning": ":material/warning:"}
_SHOWN = 40


def show(work: DraftWork) -> None:
    """Errors first; a click opens the section or item that has the problem."""
    problems = work.examined.problems
    st.markdown(f"#### {headline(work)}")
    with st.container(border=bool(problems), gap=None, key="problems"):
        for number, problem in enumerate(problems[:_SHOWN]):
            st.button(
                f"{escape_markdown(_where(work, problem))}: {problem_text(problem)}",
                icon=_ICONS[problem.severity],
                type="tertiary",
                key=f"problem_{number}",
                on_click=draft.choose,
                args=(work.version_id, position_of(problem.path)),
            )
        if len(problems) > _SHOWN:
            st.caption(_("and {count} more", count=len(problems) - _SHOWN))


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
