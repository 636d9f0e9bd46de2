"""Who may do what: one table, read by the pages (courtesy) and by the services (safety)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import CodesWanted, NotAllowed


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    QUALITY_MANAGER = "quality_manager"
    STATION_MANAGER = "station_manager"
    INSPECTOR = "inspector"
    CASE_HANDLER = "case_handler"
    TRAINER = "trainer"
    STAFF = "staff"
    AUDITOR = "auditor"
    SERVICE = "service_account"


PEOPLE = tuple(role for role in Role if role is not Role.SERVICE)
"""The roles of people; a service account has its role alone and never signs in."""


class Action(StrEnum):
    SCORE = "score"
    ASSIGN = "assign"
    AMEND = "amend"
    SEE_STATIONS = "see_stations"
    NOTE_TRENDS = "note_trends"
    SEE_INSPECTORS = "see_inspectors"
    SEE_LEANS = "see_leans"
    SEE_CASES = "see_cases"
    SEE_STAFF_NAMES = "see_staff_names"
    SEE_OWN_RESULTS = "see_own_results"
    SEE_TEAM_FIGURES = "see_team_figures"
    APPEAL = "appeal"
    SEE_APPEALS = "see_appeals"
    DECIDE_APPEALS = "decide_appeals"
    SEE_COVERAGE = "see_coverage"
    SEE_FILES = "see_files"
    READ_FILES = "read_files"
    READ_CLOSED_FILES = "read_closed_files"
    WORK_FILES = "work_files"
    RECHECK_FILES = "recheck_files"
    SEE_ACCOUNTABILITY = "see_accountability"
    TEACH = "teach"
    PRACTISE = "practise"
    SEE_TRAINING = "see_training"
    PLAN_TRAINING = "plan_training"
    EDIT_CHECKLISTS = "edit_checklists"
    SET_CLOCKS = "set_clocks"
    SET_TARGETS = "set_targets"
    PLAN_ACTIONS = "plan_actions"
    AGREE_ACTIONS = "agree_actions"
    OWN_ACTIONS = "own_actions"
    SEE_WARNINGS = "see_warnings"
    ANSWER_WARNINGS = "answer_warnings"
    SET_WARNINGS = "set_warnings"
    IMPORT = "import"
    ADMINISTER_PEOPLE = "administer_people"
    UNMASK = "unmask"
    KEEP_DATA = "keep_data"
    RUN_JOBS = "run_jobs"
    SEE_AUDIT = "see_audit"
    MANAGE_OWN_ACCOUNT = "manage_own_account"
    SET_UP_CODES = "set_up_codes"


class Scope(StrEnum):
    """How far a permission reaches; a team are the people of one station."""

    ALL = "all"
    SUBTREE = "subtree"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True)
class Identity:
    """The person behind a request, as the session in the database names them.

    `station_ids` is the subtree a station manager or case handler answers for, or whose staff are a
    trainer's own; None where nothing is named. `team_id` is the station of the member of staff
    behind the account. Who `owes_codes` may set up one-time codes and nothing else.
    """

    user_id: int
    username: str
    name: str
    roles: frozenset[Role]
    language: str | None = None
    staff_id: int | None = None
    station_ids: frozenset[int] | None = None
    team_id: int | None = None
    owes_codes: bool = False


_EVERYWHERE = Scope.ALL
PERMISSIONS: dict[Role, dict[Action, Scope]] = {
    Role.ADMINISTRATOR: {
        Action.SEE_STATIONS: _EVERYWHERE,
        Action.SEE_INSPECTORS: _EVERYWHERE,
        Action.SEE_CASES: _EVERYWHERE,
        Action.SEE_STAFF_NAMES: _EVERYWHERE,
        Action.SEE_COVERAGE: _EVERYWHERE,
        Action.EDIT_CHECKLISTS: _EVERYWHERE,
        Action.SET_TARGETS: _EVERYWHERE,
        Action.IMPORT: _EVERYWHERE,
        Action.ADMINISTER_PEOPLE: _EVERYWHERE,
        Action.AMEND: _EVERYWHERE,
        Action.SEE_APPEALS: _EVERYWHERE,
        Action.DECIDE_APPEALS: _EVERYWHERE,
        Action.ASSIGN: _EVERYWHERE,
        Action.UNMASK: _EVERYWHERE,
        Action.KEEP_DATA: _EVERYWHERE,
        Action.RUN_JOBS: _EVERYWHERE,
        Action.SEE_AUDIT: _EVERYWHERE,
        Action.SEE_TRAINING: _EVERYWHERE,
        Action.PLAN_TRAINING: _EVERYWHERE,
        Action.TEACH: _EVERYWHERE,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.QUALITY_MANAGER: {
        Action.SEE_STATIONS: _EVERYWHERE,
        Action.NOTE_TRENDS: _EVERYWHERE,
        Action.SEE_INSPECTORS: _EVERYWHERE,
        Action.SEE_LEANS: _EVERYWHERE,
        Action.SEE_CASES: _EVERYWHERE,
        Action.SEE_STAFF_NAMES: _EVERYWHERE,
        Action.SEE_COVERAGE: _EVERYWHERE,
        Action.EDIT_CHECKLISTS: _EVERYWHERE,
        Action.SET_CLOCKS: _EVERYWHERE,
        Action.SET_TARGETS: _EVERYWHERE,
        Action.AMEND: _EVERYWHERE,
        Action.SEE_APPEALS: _EVERYWHERE,
        Action.DECIDE_APPEALS: _EVERYWHERE,
        Action.ASSIGN: _EVERYWHERE,
        Action.SEE_FILES: _EVERYWHERE,
        Action.READ_FILES: _EVERYWHERE,
        Action.WORK_FILES: _EVERYWHERE,
        Action.RECHECK_FILES: _EVERYWHERE,
        Action.SEE_ACCOUNTABILITY: _EVERYWHERE,
        Action.UNMASK: _EVERYWHERE,
        Action.SEE_TRAINING: _EVERYWHERE,
        Action.PLAN_TRAINING: _EVERYWHERE,
        Action.TEACH: _EVERYWHERE,
        Action.PRACTISE: Scope.OWN,
        Action.PLAN_ACTIONS: _EVERYWHERE,
        Action.AGREE_ACTIONS: _EVERYWHERE,
        Action.OWN_ACTIONS: Scope.OWN,
        Action.SEE_WARNINGS: _EVERYWHERE,
        Action.ANSWER_WARNINGS: _EVERYWHERE,
        Action.SET_WARNINGS: _EVERYWHERE,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.STATION_MANAGER: {
        Action.SEE_STATIONS: _EVERYWHERE,
        Action.NOTE_TRENDS: Scope.SUBTREE,
        Action.SEE_INSPECTORS: _EVERYWHERE,
        Action.SEE_CASES: Scope.SUBTREE,
        Action.SEE_STAFF_NAMES: Scope.SUBTREE,
        Action.SEE_APPEALS: Scope.SUBTREE,
        Action.SEE_COVERAGE: Scope.SUBTREE,
        Action.SEE_TRAINING: Scope.SUBTREE,
        Action.SEE_FILES: Scope.SUBTREE,
        Action.READ_FILES: Scope.SUBTREE,
        Action.RECHECK_FILES: Scope.SUBTREE,
        Action.SEE_ACCOUNTABILITY: Scope.SUBTREE,
        Action.PLAN_ACTIONS: Scope.SUBTREE,
        Action.AGREE_ACTIONS: Scope.SUBTREE,
        Action.OWN_ACTIONS: Scope.OWN,
        Action.SEE_WARNINGS: Scope.SUBTREE,
        Action.ANSWER_WARNINGS: Scope.SUBTREE,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.INSPECTOR: {
        Action.SCORE: Scope.OWN,
        Action.SEE_COVERAGE: Scope.OWN,
        Action.PRACTISE: Scope.OWN,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.CASE_HANDLER: {
        Action.SEE_FILES: Scope.SUBTREE,
        Action.READ_FILES: Scope.SUBTREE,
        Action.WORK_FILES: Scope.SUBTREE,
        Action.SEE_STAFF_NAMES: Scope.SUBTREE,
        Action.OWN_ACTIONS: Scope.OWN,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.TRAINER: {
        Action.SEE_CASES: _EVERYWHERE,
        Action.SEE_STAFF_NAMES: Scope.SUBTREE,
        Action.TEACH: _EVERYWHERE,
        Action.PRACTISE: Scope.OWN,
        Action.SEE_STATIONS: _EVERYWHERE,
        Action.SEE_TRAINING: _EVERYWHERE,
        Action.PLAN_TRAINING: _EVERYWHERE,
        Action.SEE_FILES: _EVERYWHERE,
        Action.READ_CLOSED_FILES: _EVERYWHERE,
        Action.PLAN_ACTIONS: _EVERYWHERE,
        Action.OWN_ACTIONS: Scope.OWN,
        Action.SEE_WARNINGS: _EVERYWHERE,
        Action.ANSWER_WARNINGS: _EVERYWHERE,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.STAFF: {
        Action.SEE_OWN_RESULTS: Scope.OWN,
        Action.SEE_TEAM_FIGURES: Scope.TEAM,
        Action.APPEAL: Scope.OWN,
        Action.SEE_FILES: Scope.OWN,
        Action.SEE_ACCOUNTABILITY: Scope.OWN,
        Action.PRACTISE: Scope.OWN,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.AUDITOR: {
        Action.SEE_AUDIT: _EVERYWHERE,
        Action.SEE_FILES: _EVERYWHERE,
        Action.MANAGE_OWN_ACCOUNT: Scope.OWN,
        Action.SET_UP_CODES: Scope.OWN,
    },
    Role.SERVICE: {Action.IMPORT: _EVERYWHERE},
}

_REACH = {Scope.OWN: 0, Scope.TEAM: 1, Scope.SUBTREE: 2, Scope.ALL: 3}


def scope_of(who: Identity, action: Action) -> Scope | None:
    """The widest scope any of the person's roles gives for an action; None if none does."""
    if who.owes_codes and action is not Action.SET_UP_CODES:
        return None
    scopes = [PERMISSIONS[role][action] for role in who.roles if action in PERMISSIONS[role]]
    return max(scopes, key=_REACH.__getitem__, default=None)


def can(who: Identity, action: Action) -> bool:
    return scope_of(who, action) is not None


def require(who: Identity, action: Action) -> Scope:
    """The scope of a permitted action.

    Raises:
        CodesWanted: a role of the person's demands one-time codes first.
        NotAllowed: no role of the person permits it.
    """
    scope = scope_of(who, action)
    if scope is None and who.owes_codes:
        raise CodesWanted(who.language)
    if scope is None:
        raise NotAllowed(
            "Your role does not permit this.",
            user_id=who.user_id,
            subject=("action", action.value),
        )
    return scope


def visible_stations(who: Identity, action: Action) -> frozenset[int] | None:
    """The stations an action may touch; None means all of them."""
    scope = require(who, action)
    if scope is Scope.SUBTREE:
        return who.station_ids or frozenset()
    if scope is Scope.TEAM:
        return frozenset() if who.team_id is None else frozenset({who.team_id})
    return None


def may_know_names(who: Identity, station_id: int) -> bool:
    """Whether the person may know who is who among the staff in cases of a station."""
    scope = scope_of(who, Action.SEE_STAFF_NAMES)
    return scope is Scope.ALL or (
        scope is Scope.SUBTREE and station_id in (who.station_ids or frozenset())
    )


def is_own_team(who: Identity, station_id: int) -> bool:
    """Whether the people of a station are the person's own team."""
    return who.team_id == station_id
