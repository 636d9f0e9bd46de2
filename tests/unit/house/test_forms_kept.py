"""Every form that makes something makes it once, and every long field keeps what is typed.

These tests read the pages' code, so that a form that is added later is held to it as well.
"""

from __future__ import annotations

import ast

from tests.support.requirements import ROOT

PAGES = [*(ROOT / "pages").glob("*.py"), *(ROOT / "pages/ui").rglob("*.py")]
MAKING = {
    "enter_file",
    "propose_improvement",
    "save_course",
    "save_question",
    "save_line",
    "save_run",
    "make_set",
    "open_round",
    "save_station",
    "save_staff",
    "save_user",
    "save_service_account",
    "issue_key",
    "write_note",
    "create",
    "derive",
}
"""Services that make a new record with each call; docs/decisions.md tells of the others."""
STORED_AS_TYPED = {"checklists/fields.py", "checklists/conditions.py"}
"""Fields of a draft that is stored with each change; they are not forms."""
KEYS = ("forms.field(", "typed_words.field_key(", "_key(")


def calls(path):
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_call(node)]


def _is_call(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)


def _name(call):
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr


def test_what_makes_a_record_is_only_called_through_a_form_that_was_opened():
    """`partial(save_course, …)` goes to `forms.made`; a direct call would make one per click."""
    direct = {
        (path.name, _name(call), call.lineno)
        for path in PAGES
        for call in calls(path)
        if _name(call) in MAKING and not ast.unparse(call.func).startswith("partial")
    }
    assert direct == set()


def test_the_browser_keeps_the_words_of_every_long_field():
    without = {
        f"{path.name}:{call.lineno}"
        for path in PAGES
        if str(path.relative_to(ROOT / "pages/ui") if "ui" in path.parts else path.name)
        not in STORED_AS_TYPED
        for call in calls(path)
        if _name(call) == "text_area" and not _has_kept_key(call)
    }
    assert without == set()


def _has_kept_key(call):
    keys = [ast.unparse(each.value) for each in call.keywords if each.arg == "key"]
    return any(key.startswith(KEYS) or key.startswith("_reason_key(") for key in keys)


CHOOSING = {
    "checkbox",
    "data_editor",
    "date_input",
    "multiselect",
    "number_input",
    "radio",
    "selectbox",
    "slider",
    "toggle",
}
SENT_AT_ONCE = {
    "appeal_terms": "appeal_figures.py: numbers that stand there as they are in force",
    "code_demands": "code_rules.py: boxes that stand there as they are in force",
    "keeping": "keeping_times.py: numbers that stand there as they are in force",
    "choice": "choice.py: a table that stands there as it is in force",
    "event_names": "event_names.py: choices that stand there as they are in force",
}
"""Forms that choose something and send it together, and why little is lost with them."""


def test_what_is_chosen_in_a_form_reaches_the_portal_at_once():
    """`st.form` sends nothing until it is stored; `forms.opened` is the frame that does."""
    holding = {
        path.name
        for path in PAGES
        for block in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(block, ast.With)
        and any(ast.unparse(item.context_expr).startswith("st.form(") for item in block.items)
        and {_name(call) for call in ast.walk(block) if _is_call(call)} & CHOOSING
    }
    assert holding == {reason.split(":")[0] for reason in SENT_AT_ONCE.values()}


def test_what_is_chosen_in_an_opened_form_is_kept():
    without = {
        f"{path.name}:{call.lineno}"
        for path in PAGES
        for block in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(block, ast.With)
        and any(ast.unparse(item.context_expr).startswith("forms.opened(") for item in block.items)
        for call in ast.walk(block)
        if _is_call(call) and _name(call) in CHOOSING - {"data_editor"}
        if not any(each.arg is None and "forms." in ast.unparse(each) for each in call.keywords)
        if not any(each.arg is None and ast.unparse(each.value) == "kept" for each in call.keywords)
    }
    assert without == set()


FIELDS = CHOOSING | {"pills", "segmented_control", "select_slider", "text_input", "time_input"}
NOT_KEPT = {
    "what is looked at: nothing is made of it": (
        *("checklists/differences.py", "checklists/library.py", "checklists/na_watch.py"),
        *("checklists/version_reader.py", "checklists/what_if.py", "frame.py"),
        *("people/people_forms.py", "results/team_figures.py", "training/training_plan.py"),
        *("training/certificates.py", "training/question_bank.py"),
        *("training/runs.py", "kit/tables.py", "machines/service_accounts.py"),
        *("safekeeping/information_editor.py", "teaching/case_sets/one_set.py"),
    ),
    "kept in the address": ("kit/address.py",),
    "stored with each change": (
        *("checklists/answer_options.py", "checklists/conditions.py", "checklists/fields.py"),
        *("checklists/section_forms.py", "training/exam.py", "teaching/case_sets/lesson.py"),
        "training/run_results.py",
    ),
    "stands there as it is in force": (
        *("appeals/appeal_figures.py", "checklists/choice.py", "clocks/event_names.py"),
        *("clocks/limits.py", "safekeeping/keeping_times.py", "sign_in/code_rules.py"),
        *("clocks/calendars.py", "clocks/file_limits.py"),
    ),
    "chosen anew with the file, which a reload loses too": (
        *("importing/reading_choices.py", "importing/steps.py"),
    ),
    "one or two choices that open the next page, which keeps its own": (
        *("../observe.py", "inspection/observation.py", "inspection/station_audit.py"),
        "cases/similar_cases.py",
    ),
    "one choice beside the button that carries it out": ("safekeeping/consent.py",),
    "a time of day; its day and all else of the form are kept": ("files/moment_fields.py",),
    "whom somebody asks about: the browser is to keep no person's number": (
        "safekeeping/person_data.py",
    ),
    "one box in an opened popover, which a reload closes with it": ("safekeeping/consent.py",),
    "choices that are corrected, beside the stored ones; words and reasons are kept": (
        "inspection/answer_fields.py",
    ),
}
"""Modules of pages/ui with fields that a reload empties, and why that loses little."""


def test_every_other_field_is_kept_over_a_reload():
    emptied = {
        path.relative_to(ROOT / "pages/ui").as_posix() if "ui" in path.parts else f"../{path.name}"
        for path in PAGES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and _name(call) in FIELDS and not _is_kept(call)
    }
    assert emptied == {module for modules in NOT_KEPT.values() for module in modules}


def _is_kept(call):
    spread = [ast.unparse(each.value) for each in call.keywords if each.arg is None]
    return _has_kept_key(call) or any("forms." in each or each == "kept" for each in spread)
