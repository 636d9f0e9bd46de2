"""The pages of the portal, who may open them, and which of them stand in whose menu."""

from __future__ import annotations

from typing import NamedTuple

from core.access import Action, Identity, Role, can
from core.appeals.states import APPEAL
from core.inspection.states import CORRECTION
from pages.ui.kit.messages import _

HOME_OF_WEEK = "this_week"
"""The home that lists the pages which stand in no menu of its readers."""
LONGEST_MENU = 9
MENUS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: (
        *(HOME_OF_WEEK, "people", "imports", "data_care", "jobs", "audit"),
        *("checklists", "stations", "cases"),
    ),
    Role.QUALITY_MANAGER: (
        *(HOME_OF_WEEK, "stations", "cases", "appeals", "coverage", "inspectors"),
        *("checklists", "clocks", "case_sets"),
    ),
    Role.STATION_MANAGER: (
        *(HOME_OF_WEEK, "stations", "network", "cases", "files", "complaints"),
        *("actions", "appeals", "training"),
    ),
    Role.TRAINER: (
        *(HOME_OF_WEEK, "cases", "case_sets", "practice", "training", "effects", "stations"),
        "standards",
    ),
    Role.INSPECTOR: ("my_work", "scored", "observe", "my_practice", "coverage", "standards"),
    Role.CASE_HANDLER: ("files", "new_file", "complaints", "actions", "standards"),
    Role.STAFF: (
        *("my_results", "standards", "my_training", "my_practice", "files", "kept_about_me"),
    ),
    Role.AUDITOR: ("audit", "files", "standards"),
}
"""By role the pages of its menu, its home first; at most `LONGEST_MENU`, so that one finds them.

Whatever else a person may open is a click away from the home, or from the page that lists it.
"""
_BESIDE_ALL = frozenset({"account", "guide", "find"})


class MenuEntry(NamedTuple):
    """A page: its file and address, icon, title, and who may open it.

    `of` is the page that lists what this one shows a single one of. The title counts records of the
    kinds `waits` that wait for the person.
    """

    path: str
    icon: str
    title: str
    action: Action
    of: str = ""
    waits: tuple[str, ...] = ()


def entries() -> list[MenuEntry]:
    return [
        MenuEntry("this_week", "today", _("This week"), Action.SEE_STATIONS),
        MenuEntry("my_work", "checklist", _("My work"), Action.SCORE),
        MenuEntry("scored", "fact_check", _("My scored work"), Action.SCORE),
        MenuEntry("observe", "visibility", _("New observation"), Action.SCORE),
        MenuEntry("score", "edit_note", _("Score"), Action.SCORE, of="my_work"),
        MenuEntry("stations", "leaderboard", _("Stations"), Action.SEE_STATIONS),
        MenuEntry("station", "apartment", _("Station"), Action.SEE_STATIONS, of="stations"),
        MenuEntry("network", "hub", _("Network"), Action.SEE_STATIONS),
        MenuEntry("cases", "folder_open", _("Cases"), Action.SEE_CASES),
        MenuEntry("case", "description", _("Case"), Action.SEE_CASES, of="cases"),
        MenuEntry(
            *("appeals", "gavel", _("Appeals"), Action.SEE_APPEALS),
            waits=(APPEAL.kind, CORRECTION.kind),
        ),
        MenuEntry("appeal", "gavel", _("Appeal"), Action.SEE_APPEALS, of="appeals"),
        MenuEntry("my_results", "person_check", _("My results"), Action.SEE_OWN_RESULTS),
        MenuEntry("my_training", "school", _("My training"), Action.SEE_OWN_RESULTS),
        MenuEntry("files", "inbox", _("Files"), Action.SEE_FILES),
        MenuEntry("file", "draft", _("Service file"), Action.SEE_FILES, of="files"),
        MenuEntry("new_file", "note_add", _("New file"), Action.WORK_FILES),
        MenuEntry("complaints", "bar_chart", _("Complaints"), Action.READ_FILES),
        MenuEntry("actions", "build_circle", _("Actions"), Action.OWN_ACTIONS),
        MenuEntry(
            *("action", "build_circle", _("Improvement action"), Action.OWN_ACTIONS), of="actions"
        ),
        MenuEntry(
            *("new_action", "add_task", _("Propose an action"), Action.PLAN_ACTIONS), of="actions"
        ),
        MenuEntry("early_warnings", "warning", _("Warnings"), Action.SEE_WARNINGS),
        MenuEntry(
            *("early_warning", "warning", _("Warning"), Action.SEE_WARNINGS), of="early_warnings"
        ),
        MenuEntry("coverage", "donut_large", _("Coverage"), Action.SEE_COVERAGE),
        MenuEntry("standing_plan", "event_repeat", _("Standing plan"), Action.ASSIGN),
        MenuEntry("give", "assignment_ind", _("Give to an inspector"), Action.ASSIGN),
        MenuEntry("inspectors", "balance", _("Inspectors"), Action.SEE_INSPECTORS),
        MenuEntry("fairness", "diversity_3", _("Fairness"), Action.SEE_INSPECTORS),
        MenuEntry("case_sets", "collections_bookmark", _("Case sets"), Action.TEACH),
        MenuEntry("case_set", "menu_book", _("Case set"), Action.TEACH, of="case_sets"),
        MenuEntry("practice", "fact_check", _("Practice"), Action.TEACH),
        MenuEntry("my_practice", "rule_settings", _("My practice"), Action.PRACTISE),
        MenuEntry("practise", "edit_note", _("Practise"), Action.PRACTISE, of="my_practice"),
        MenuEntry("training", "school", _("Training"), Action.SEE_TRAINING),
        MenuEntry("effects", "trending_up", _("Effects"), Action.PLAN_TRAINING),
        MenuEntry("checklists", "rule", _("Checklists"), Action.EDIT_CHECKLISTS),
        MenuEntry(
            "checklist_choice", "alt_route", _("Which checklist for what"), Action.EDIT_CHECKLISTS
        ),
        MenuEntry("clocks", "timer", _("Clocks and calendars"), Action.SET_CLOCKS),
        MenuEntry("people", "groups", _("People and stations"), Action.ADMINISTER_PEOPLE),
        MenuEntry("imports", "upload_file", _("Imports"), Action.IMPORT),
        MenuEntry("data_care", "health_and_safety", _("Data and backups"), Action.KEEP_DATA),
        MenuEntry("jobs", "work_history", _("Jobs"), Action.RUN_JOBS),
        MenuEntry("audit", "policy", _("Audit"), Action.SEE_AUDIT),
        MenuEntry("kept_about_me", "policy", _("What is kept about me"), Action.SEE_OWN_RESULTS),
        MenuEntry("standards", "menu_book", _("Standards"), Action.MANAGE_OWN_ACCOUNT),
        MenuEntry("account", "account_circle", _("My account"), Action.MANAGE_OWN_ACCOUNT),
        MenuEntry("find", "search", _("Find"), Action.MANAGE_OWN_ACCOUNT),
        MenuEntry("guide", "help", _("User guide"), Action.MANAGE_OWN_ACCOUNT),
    ]


def open_pages(who: Identity) -> list[MenuEntry]:
    """Every page the person may open."""
    return [entry for entry in entries() if can(who, entry.action)]


def menu_of(who: Identity) -> list[MenuEntry]:
    """The person's menu, home first; that of the first role leads where somebody has several."""
    open_to = {entry.path: entry for entry in open_pages(who)}
    paths = dict.fromkeys(path for role in MENUS if role in who.roles for path in MENUS[role])
    return [open_to[path] for path in paths if path in open_to]


def beside_menu(who: Identity) -> list[MenuEntry]:
    """Pages neither in the menu nor beside every page that open by themselves, for the home."""
    listed = {entry.path for entry in menu_of(who)} | _BESIDE_ALL
    return [entry for entry in open_pages(who) if entry.path not in listed and not entry.of]
