"""What the portal processes about people, and why: every table stands in one activity.

A table that stands in none fails a test, so that the record of processing is never behind the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.access import Action
from core.safekeeping.retention import RetainedKind


class Person(StrEnum):
    """Whose data an activity holds."""

    CUSTOMERS = "customers"
    STAFF = "scored staff"
    USERS = "people with an account"


@dataclass(frozen=True)
class Activity:
    """One purpose with the tables it needs.

    Attributes:
        held: what is stored of the persons, beside the columns of their own words.
        kept: the kinds of the times of keeping that end it, none where it stays with its reason
            in `stays`.
        read_by: the actions whose roles get to see it.
    """

    name: str
    purpose: str
    persons: tuple[Person, ...]
    held: str
    tables: tuple[str, ...]
    read_by: tuple[Action, ...]
    kept: tuple[RetainedKind, ...] = ()
    stays: str = ""


ACTIVITIES = (
    Activity(
        name="Encounters",
        purpose="Real service encounters, to score them against the service standards",
        persons=(Person.CUSTOMERS, Person.STAFF),
        held=(
            "Masked transcripts and attributes, the masked stretches encrypted aside, a keyed"
            " pseudonym of the customer, recordings, photos, the customer's rating, who served"
        ),
        tables=("clear_span", "customer", "interaction", "photo", "turn"),
        read_by=(Action.SCORE, Action.SEE_CASES, Action.SEE_OWN_RESULTS, Action.UNMASK),
        kept=(RetainedKind.CLEAR_VALUES, RetainedKind.RECORDINGS, RetainedKind.TRANSCRIPTS),
        stays="when and where it was, ratings, and photos, which have no time of their own",
    ),
    Activity(
        name="Evaluations",
        purpose="Answers, evidence, scores and their corrections; who is scored by whom",
        persons=(Person.STAFF, Person.USERS),
        held="Answers, notes, score, ledger, who inspected, when, and how long it took; absences;"
        " the same answer all through, and a group scored harder or easier than by colleagues,"
        " where it stands out",
        tables=(
            *("acknowledgement", "amendment", "assignment", "correction_request", "draft"),
            *("evidence", "finding", "answer_pattern", "inspector_lean"),
            *("inspection", "sampling_plan", "standing_plan", "draw_chance", "inspector_absence"),
        ),
        read_by=(Action.SCORE, Action.SEE_CASES, Action.SEE_OWN_RESULTS, Action.AMEND),
        kept=(RetainedKind.FORMER_STAFF,),
        stays="scores and answers, so that figures can be computed again",
    ),
    Activity(
        name="Actions",
        purpose="What is done about what was found, by whom, and whether it helped",
        persons=(Person.STAFF, Person.USERS),
        held="What was found and done in words, who proposed, agreed and owns it, days",
        tables=("improvement", "improvement_station"),
        read_by=(Action.PLAN_ACTIONS, Action.AGREE_ACTIONS, Action.OWN_ACTIONS),
        stays="what was tried, so that what did not help is not tried again; words can be erased",
    ),
    Activity(
        name="Warnings",
        purpose="What became worse by more than chance explains, who sees to it, why it closed",
        persons=(Person.STAFF, Person.USERS),
        held="Numbers of complaints, losses and late steps; who took it, put it off or closed it,"
        " and why, in words",
        tables=("warning", "warning_rule", "warning_sign", "warning_step"),
        read_by=(Action.SEE_WARNINGS, Action.ANSWER_WARNINGS, Action.SET_WARNINGS),
        stays="what was warned of, so that it is known when it comes back; words can be erased",
    ),
    Activity(
        name="Appeals",
        purpose="What scored people contest, and how it was decided",
        persons=(Person.STAFF, Person.USERS),
        held="Reasons, decisions, who decided, days",
        tables=("appeal", "appeal_point", "appeal_term"),
        read_by=(Action.APPEAL, Action.SEE_APPEALS, Action.DECIDE_APPEALS),
        stays="as the reason of a score that was corrected",
    ),
    Activity(
        name="Files",
        purpose="Problems, complaints and work orders with their steps and clocks",
        persons=(Person.CUSTOMERS, Person.STAFF, Person.USERS),
        held="Masked content, demand and contact, a keyed pseudonym of the customer, who handled it"
        " and who answers for it",
        tables=("file", "file_event", "file_accountability"),
        read_by=(Action.SEE_FILES, Action.WORK_FILES, Action.RECHECK_FILES),
        kept=(RetainedKind.CLEAR_VALUES, RetainedKind.TRANSCRIPTS),
        stays="steps and times, without words and customer",
    ),
    Activity(
        name="Training",
        purpose="Courses, plans, runs, exams and whether they worked",
        persons=(Person.STAFF, Person.USERS),
        held="Who was enrolled and attended, results of exams, effects computed for groups",
        tables=(
            *("exam_arrangement", "exam_attempt", "exam_question", "training_certificate"),
            *("training_course", "training_effect", "training_enrolment"),
            *("training_plan", "training_plan_line", "training_run"),
        ),
        read_by=(Action.PLAN_TRAINING, Action.SEE_TRAINING, Action.PRACTISE),
        kept=(RetainedKind.FORMER_STAFF,),
        stays="numbers of people and results, without names",
    ),
    Activity(
        name="Teaching and practice",
        purpose="De-identified cases that trainers teach from, and what was answered in practice",
        persons=(Person.CUSTOMERS, Person.STAFF, Person.USERS),
        held="Chosen cases with words beside them, answers given in practice, saved filters",
        tables=(
            *("case_set", "case_set_member", "case_set_version", "practice_participant"),
            *("practice_round", "practice_task", "saved_filter", "training_mark"),
        ),
        read_by=(Action.TEACH, Action.PRACTISE),
        kept=(RetainedKind.TRANSCRIPTS,),
        stays="titles and answers, until the person behind them is erased",
    ),
    Activity(
        name="People and stations",
        purpose="Who is scored, where, and who may do what",
        persons=(Person.STAFF, Person.USERS),
        held="Name, staff number, post, station, days of entry and leaving; account and roles",
        tables=("staff", "former_name", "station", "user_account", "user_role"),
        read_by=(Action.ADMINISTER_PEOPLE, Action.SEE_STAFF_NAMES),
        kept=(RetainedKind.FORMER_STAFF,),
        stays="accounts, until an administrator closes them",
    ),
    Activity(
        name="Signing in",
        purpose="That an account is used by whom it belongs to",
        persons=(Person.USERS,),
        held="Hashes of passwords and keys, sessions, known browsers, refused attempts, addresses",
        tables=(
            *("authenticator", "code_demand", "external_account", "login_failure"),
            *("login_session", "one_time_token", "recovery_code", "service_key"),
            "loss_permission",
        ),
        read_by=(Action.ADMINISTER_PEOPLE, Action.MANAGE_OWN_ACCOUNT),
        kept=(RetainedKind.SIGN_INS,),
        stays="hashes of passwords, codes and keys, until they are changed or taken back",
    ),
    Activity(
        name="Figures",
        purpose="Rankings, trends and comparisons",
        persons=(Person.STAFF, Person.USERS),
        held="Sums by station, member of staff or inspector, and month; notes on their trend",
        tables=(
            *("ranking_request", "ranking_snapshot"),
            *("rollup_double_inspector_month", "rollup_double_item_month"),
            *("rollup_faceted_double_inspector_month", "rollup_faceted_double_item_month"),
            *("rollup_faceted_inspector_month", "rollup_faceted_station_item_month"),
            "rollup_faceted_station_month",
            *("rollup_faceted_station_section_month", "rollup_inspector_item_month"),
            *("rollup_inspector_month", "rollup_score_cell", "rollup_staff_month"),
            *("rollup_station_day", "rollup_station_item_month", "rollup_station_month"),
            *("rollup_station_section_month", "trend_note"),
        ),
        read_by=(Action.SEE_STATIONS, Action.SEE_INSPECTORS, Action.SEE_TEAM_FIGURES),
        stays="without a name once the person's has gone",
    ),
    Activity(
        name="Log, events and notices",
        purpose="That deeds can be proven, and people told of what concerns them",
        persons=(Person.USERS, Person.STAFF),
        held="Who did what to which record, when and why; fields' names, never their values",
        tables=(
            *("audit_event", "audit_seal", "database_key", "erasure", "event", "event_position"),
            *("information_sheet", "notice", "retention_rule", "retention_run", "sheet_reading"),
            "station_retention_rule",
        ),
        read_by=(Action.SEE_AUDIT,),
        kept=(RetainedKind.LOG,),
        stays="seals of the log, and which person was erased when, by a digest",
    ),
    Activity(
        name="Imports, jobs and work in progress",
        purpose="Taking files in, doing what takes long, keeping what is typed until it is stored",
        persons=(Person.CUSTOMERS, Person.STAFF, Person.USERS),
        held="Uploaded files until their import ends, names of files, forms not yet saved",
        tables=("import_batch", "job", "open_form", "stored_form", "uploaded_file"),
        read_by=(Action.IMPORT, Action.RUN_JOBS),
        stays="who imported what and when; files and forms go when they are done with",
    ),
    Activity(
        name="Standards and upkeep",
        purpose="What is scored by, and that the portal runs",
        persons=(),
        held="Nothing about a person, but who changed a checklist, a clock or a target",
        tables=(
            *("backup_run", "checklist", "checklist_choice", "checklist_pilot_station"),
            *(
                "checklist_version",
                "clock_change",
                "event_name",
                "file_limit",
                "given_measure",
                "lease",
                "meta",
            ),
            *("opening_day", "standard_item", "station_hours", "station_target"),
        ),
        read_by=(
            *(Action.EDIT_CHECKLISTS, Action.SET_CLOCKS, Action.SET_TARGETS, Action.RUN_JOBS),
        ),
        stays="as the rule that results were scored by",
    ),
)
"""Every table of the portal, by the purpose it serves."""
