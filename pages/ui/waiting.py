"""What waits for a person, a line for each kind of work, and the pages that stand in no menu."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import streamlit as st

from core.access import Action, Identity, can
from core.appeals.states import APPEAL
from core.inspection.states import CORRECTION
from core.teaching.states import PracticeState
from db.files.queries.file_filter import FileFilter
from db.files.queries.file_list import counts
from db.improvements.queries.lists import waiting_actions
from db.inspection.queries.coverage import overdue_count
from db.store.queries import waiting
from db.teaching.queries.practice import own_rounds
from db.warning.queries.lists import waiting_warnings
from pages.ui.files import file_filter
from pages.ui.improvements import action_lists
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown, plural
from pages.ui.menus import MenuEntry, beside_menu, open_pages
from pages.ui.warning import warning_lists


class WaitingLine(NamedTuple):
    """The page where something waits, and in words what."""

    path: str
    words: str


def show(who: Identity, today: date) -> None:
    """A link for each page where something waits, and below them those that are in no menu."""
    lines = {line.path: line.words for line in _lines(who, today)}
    st.markdown(f"#### {_('What waits for me')}")
    if not lines:
        st.caption(_("Nothing waits for you."))
    for entry in open_pages(who):
        if entry.path in lines:
            _link(entry, _("{label}: {value}", label=entry.title, value=lines[entry.path]))


def other_pages(who: Identity) -> None:
    """The pages that open by themselves and stand in no menu of the person's."""
    others = beside_menu(who)
    if not others:
        return
    st.markdown(f"#### {_('Other pages')}")
    with st.container(horizontal=True, key="other_pages"):
        for entry in others:
            _link(entry, entry.title)


def _link(entry: MenuEntry, label: str) -> None:
    icon = f":material/{entry.icon}:"
    st.page_link(f"{entry.path}.py", label=escape_markdown(label), icon=icon)


def _lines(who: Identity, today: date) -> Iterator[WaitingLine]:
    if can(who, Action.DECIDE_APPEALS):
        yield from _decisions(who)
    if can(who, Action.OWN_ACTIONS):
        with wiring.reading() as session:
            actions = waiting_actions(session, who, now=wiring.now())
        if actions.open:
            yield WaitingLine(path="actions", words=action_lists.headline(actions))
    if can(who, Action.SEE_WARNINGS):
        with wiring.reading() as session:
            warned = waiting_warnings(session, who, now=wiring.now())
        if warned.raised or warned.taken or warned.suspected:
            yield WaitingLine(path="early_warnings", words=warning_lists.headline(warned))
    if can(who, Action.READ_FILES):
        with wiring.reading() as session:
            figures = counts(session, who, FileFilter(), now=wiring.now())
        if figures.late or figures.due_soon:
            yield WaitingLine(path="files", words=file_filter.standing(figures))
    yield from _scoring(who, today)


def _decisions(who: Identity) -> Iterator[WaitingLine]:
    with wiring.reading() as session:
        numbers = waiting(session, who, {APPEAL.kind, CORRECTION.kind})
    words = []
    if appeals := numbers.get(APPEAL.kind):
        words.append(plural("{count} appeal to decide", "{count} appeals to decide", appeals))
    if asked := numbers.get(CORRECTION.kind):
        words.append(plural("{count} correction asked for", "{count} corrections asked for", asked))
    if words:
        yield WaitingLine(path="appeals", words=" · ".join(words))


def _scoring(who: Identity, today: date) -> Iterator[WaitingLine]:
    with wiring.reading() as session:
        late = can(who, Action.SEE_COVERAGE) and overdue_count(session, who, today=today)
        rounds = own_rounds(session, who) if can(who, Action.PRACTISE) else []
    if late:
        words = plural("{count} inspection overdue", "{count} inspections overdue", late)
        yield WaitingLine(path="coverage", words=words)
    left = sum(row.state == PracticeState.OPEN and row.done < row.tasks for row in rounds)
    if left:
        words = plural("{count} practice to finish", "{count} practices to finish", left)
        yield WaitingLine(path="my_practice", words=words)
