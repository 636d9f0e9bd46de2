"""Every form that makes something makes it once, and every long field keeps what is typed.

These tests read the pages' code, so that a form that is added later is held to it as well.
"""

from __future__ import annotations

import ast

from tests.support.requirements import ROOT

PAGES = [*(ROOT / "pages").glob("*.py"), *(ROOT / "pages/ui").rglob("*.py")]
MAKING = {
    "save_course",
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
    "admit": "round_results.py: one list of people, chosen and added in two clicks",
    "appeal_terms": "appeal_figures.py: numbers that stand there as they are in force",
    "code_demands": "code_rules.py: boxes that stand there as they are in force",
    "keeping": "data_care.py: numbers that stand there as they are in force",
    "choice": "choice.py: a table that stands there as it is in force",
    "event_names": "event_names.py: choices that stand there as they are in force",
    "set": "one_set.py: its words are kept, one box stands there as it is",
    "give": "giving.py: an inspector and a day, chosen for rows that are marked above",
    "waiting": "waiting.py: an inspector, chosen for the row that is marked above",
    "add_to_set": "adding_cases.py: one list, chosen and added in two clicks",
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
