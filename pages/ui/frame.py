"""What surrounds every page: language, navigation by role, the person's menu."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.access import Action, Identity, can
from core.appeals.states import APPEAL
from core.i18n import LANGUAGES, guess_language
from core.inspection.states import CORRECTION
from db.sign_in.services import users
from db.store import queries
from pages.ui.kit import auth, modules, typed_words, wiring
from pages.ui.kit.builtin_texts import translate_builtin_texts
from pages.ui.kit.messages import _, escape_markdown, use_language

_ICON = Path(__file__).parent / "icon.svg"
_STYLE = """<style>
[data-testid=stColumn]:has([data-testid=stVegaLiteChart]) { min-width: min(100%, 22rem); }
@media (min-width: 600px) and (max-width: 1200px) {
  [data-testid=stMainBlockContainer] { padding-left: 1.5rem; padding-right: 1.5rem; }
}
[kind^=primary]:not(:disabled) { color: light-dark(#fff, #06090b) !important; }
[kind^=primary]:not(:disabled) kbd { color: inherit; opacity: 1; }
</style>"""
"""On a tablet a chart and the table beside it go below each other, and tables have the width.

Streamlit writes white on the primary colour, which in the dark is a light one.
"""


class MenuEntry(NamedTuple):
    """A page of the portal: its file and address, icon, title, and who may open it.

    A page without a section is reached from another page, not from the menu. The title counts
    records of the kinds `waits` that wait for the person.
    """

    path: str
    icon: str
    title: str
    action: Action
    section: str = ""
    waits: tuple[str, ...] = ()


def _entries() -> list[MenuEntry]:
    work, results, manage = _("Scoring"), _("Results"), _("Administration")
    training, files = _("Training"), _("Complaints and requests")
    return [
        MenuEntry("my_work", "checklist", _("My work"), Action.SCORE, work),
        MenuEntry("scored", "fact_check", _("My scored work"), Action.SCORE, work),
        MenuEntry("observe", "visibility", _("New observation"), Action.SCORE, work),
        MenuEntry("score", "edit_note", _("Score"), Action.SCORE),
        MenuEntry("coverage", "donut_large", _("Coverage"), Action.SEE_COVERAGE, work),
        MenuEntry("standing_plan", "event_repeat", _("Standing plan"), Action.ASSIGN),
        MenuEntry("give", "assignment_ind", _("Give to an inspector"), Action.ASSIGN),
        MenuEntry("this_week", "today", _("This week"), Action.PLAN_TRAINING, training),
        MenuEntry("training", "school", _("Training"), Action.SEE_TRAINING, training),
        MenuEntry("effects", "trending_up", _("Effects"), Action.PLAN_TRAINING, training),
        MenuEntry("case_sets", "collections_bookmark", _("Case sets"), Action.TEACH, training),
        MenuEntry("case_set", "menu_book", _("Case set"), Action.TEACH),
        MenuEntry("practice", "fact_check", _("Practice"), Action.TEACH, training),
        MenuEntry("stations", "leaderboard", _("Stations"), Action.SEE_STATIONS, results),
        MenuEntry("station", "apartment", _("Station"), Action.SEE_STATIONS),
        MenuEntry("network", "hub", _("Network"), Action.SEE_STATIONS, results),
        MenuEntry("inspectors", "balance", _("Inspectors"), Action.SEE_INSPECTORS, results),
        MenuEntry("fairness", "diversity_3", _("Fairness"), Action.SEE_INSPECTORS),
        MenuEntry("cases", "folder_open", _("Cases"), Action.SEE_CASES, results),
        MenuEntry("case", "description", _("Case"), Action.SEE_CASES),
        MenuEntry(
            *("appeals", "gavel", _("Appeals"), Action.SEE_APPEALS, results),
            waits=(APPEAL.kind, CORRECTION.kind),
        ),
        MenuEntry("appeal", "gavel", _("Appeal"), Action.SEE_APPEALS),
        MenuEntry("actions", "build_circle", _("Actions"), Action.OWN_ACTIONS),
        MenuEntry("action", "build_circle", _("Improvement action"), Action.OWN_ACTIONS),
        MenuEntry("new_action", "add_task", _("Propose an action"), Action.PLAN_ACTIONS),
        MenuEntry("my_results", "person_check", _("My results"), Action.SEE_OWN_RESULTS, results),
        MenuEntry(
            "kept_about_me", "policy", _("What is kept about me"), Action.SEE_OWN_RESULTS, results
        ),
        MenuEntry("my_training", "school", _("My training"), Action.SEE_OWN_RESULTS, results),
        MenuEntry("files", "inbox", _("Files"), Action.SEE_FILES, files),
        MenuEntry("file", "draft", _("Service file"), Action.SEE_FILES),
        MenuEntry("complaints", "bar_chart", _("Complaints"), Action.READ_FILES),
        MenuEntry("new_file", "note_add", _("New file"), Action.WORK_FILES),
        MenuEntry("my_practice", "rule_settings", _("My practice"), Action.PRACTISE, training),
        MenuEntry("practise", "edit_note", _("Practise"), Action.PRACTISE),
        MenuEntry("checklists", "rule", _("Checklists"), Action.EDIT_CHECKLISTS, manage),
        MenuEntry(
            "checklist_choice", "alt_route", _("Which checklist for what"), Action.EDIT_CHECKLISTS
        ),
        MenuEntry("clocks", "timer", _("Clocks and calendars"), Action.SET_CLOCKS, manage),
        MenuEntry("imports", "upload_file", _("Imports"), Action.IMPORT, manage),
        MenuEntry("people", "groups", _("People and stations"), Action.ADMINISTER_PEOPLE, manage),
        MenuEntry(
            "data_care", "health_and_safety", _("Data and backups"), Action.KEEP_DATA, manage
        ),
        MenuEntry("jobs", "work_history", _("Jobs"), Action.RUN_JOBS, manage),
        MenuEntry("audit", "policy", _("Audit"), Action.SEE_AUDIT, manage),
        MenuEntry("account", "account_circle", _("My account"), Action.MANAGE_OWN_ACCOUNT),
        MenuEntry("guide", "help", _("User guide"), Action.MANAGE_OWN_ACCOUNT),
    ]


def begin(who: Identity | None) -> None:
    """Choose the language of this run and prepare the page."""
    language = (who.language if who else None) or _browser_language()
    use_language(language)
    st.set_page_config(page_title=_("Service quality portal"), page_icon=str(_ICON), layout="wide")
    st.logo(str(_ICON))
    translate_builtin_texts(language)
    _tell_of_connection()
    typed_words.keep(who)
    st.html(_STYLE)


def _tell_of_connection() -> None:
    """A lost connection is one line at the page's foot, which takes the focus from nobody."""
    away = _("The portal cannot be reached at the moment. The page tries again by itself.")
    st.html(modules.tag("kit/connection.js", away=away), unsafe_allow_javascript=True)


def navigation(who: Identity) -> StreamlitPage:
    """The pages this person may open, as a menu by section; "/" leads to the first in the menu."""
    pages: dict[str, StreamlitPage] = {}
    first = home_of(who)
    sections: dict[str, list[StreamlitPage]] = {first.section: []}
    numbers = counts(who)
    for entry in _own_entries(who):
        page = st.Page(
            f"{entry.path}.py",
            title=_counted(entry.title, numbers.get(entry.path, 0)),
            icon=f":material/{entry.icon}:",
            url_path=entry.path,
            visibility="visible" if entry.section else "hidden",
        )
        pages[entry.path] = page
        sections.setdefault(entry.section or first.section, []).append(page)
    home = st.Page(
        partial(st.switch_page, pages[first.path]),
        title=_("Home"),
        url_path="home",
        default=True,
        visibility="hidden",
    )
    sections[first.section].append(home)
    return st.navigation(sections, expanded=True)


def home_of(who: Identity) -> MenuEntry:
    """The first page of the person's menu; of an account that owes codes, the only one it has."""
    entries = _own_entries(who)
    return next((entry for entry in entries if entry.section), entries[0])


def _own_entries(who: Identity) -> list[MenuEntry]:
    return [entry for entry in _entries() if can(who, entry.action)]


def counts(who: Identity) -> dict[str, int]:
    """By page, how much waits for the person; pages without any are left out."""
    entries = _own_entries(who)
    with wiring.reading() as session:
        waiting = queries.waiting(session, who, {kind for e in entries for kind in e.waits})
    numbers = {e.path: sum(waiting.get(kind, 0) for kind in e.waits) for e in entries}
    return {path: number for path, number in numbers.items() if number}


def _counted(title: str, count: int) -> str:
    return _("{title} ({count})", title=title, count=count) if count else title


def account(who: Identity) -> None:
    """Language and sign-out, at the foot of the menu."""
    with st.sidebar:
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            index=list(LANGUAGES).index(who.language or _browser_language()),
            key="chosen_language",
            on_change=_keep_language,
        )
        st.page_link(
            "account.py", label=escape_markdown(who.name), icon=":material/account_circle:"
        )
        auth.sign_out_button()


def _browser_language() -> str:
    remembered = st.context.cookies.get(auth.cookie_name("qi_lang"))
    if remembered in LANGUAGES:
        return str(remembered)
    accepted = st.context.headers.get("accept-language") or st.context.locale or ""
    return guess_language(language.split(";")[0].strip() for language in accepted.split(","))


def _keep_language() -> None:
    who = auth.acting(Action.MANAGE_OWN_ACCOUNT)
    if who is None:
        return
    with wiring.transaction() as session:
        users.choose_language(session, who=who, language=st.session_state["chosen_language"])
