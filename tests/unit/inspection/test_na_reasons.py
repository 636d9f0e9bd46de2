"""N/A on a critical item says why; what stood unexplained before may stand."""

from __future__ import annotations

import pytest

from core.checklist import parse_checklist
from core.inspection.na_answers import unexplained
from core.scoring import parse_answers, score

ITEMS = [
    {"key": "ASK", "kind": "yes_no", "text": {"en": "Asked"}},
    {"key": "PLAIN", "kind": "yes_no", "text": {"en": "Greets"}},
    {"key": "ID", "kind": "yes_no", "text": {"en": "Verifies"}, "effects": {"no": "form_zero"}},
    {"key": "FLAG", "kind": "yes_no", "text": {"en": "Flagged"}, "effects": {"no": "flag"}},
    {"key": "FATAL", "kind": "yes_no", "text": {"en": "Fatal"}, "fatal": True},
    {"key": "MARKED", "kind": "graded", "text": {"en": "Marked"}, "critical": True},
    {
        "key": "COUNT",
        "kind": "number",
        "text": {"en": "Faults"},
        "ranges": [
            {"min": 0, "max": 2, "points": 1},
            {"min": 3, "max": 9, "points": 0, "effect": "form_zero"},
        ],
    },
    {
        "key": "AFTER",
        "kind": "yes_no",
        "text": {"en": "Only then"},
        "effects": {"no": {"cap": 60}},
        "when": {"item": "ASK", "equals": "yes"},
    },
    {
        "key": "WHY",
        "kind": "yes_no",
        "text": {"en": "The checklist asks why"},
        "na_reason_required": True,
    },
    {
        "key": "UNSCORED",
        "kind": "yes_no",
        "text": {"en": "Only asked"},
        "excluded": True,
        "effects": {"no": "form_zero"},
    },
]
CHECKLIST = parse_checklist(
    {"key": "why", "title": {"en": "Why"}, "sections": [{"key": "s", "items": ITEMS}]}
)
CRITICAL = ("ID", "FLAG", "FATAL", "MARKED", "COUNT")
NA = {"na": True}


def owed(given, before=None):
    answers = parse_answers(CHECKLIST, given)
    stood = None if before is None else parse_answers(CHECKLIST, before)
    return unexplained(CHECKLIST, score(CHECKLIST, answers), answers, stood)


def test_every_kind_of_critical_item_owes_a_reason_in_order():
    given = {item.key: NA for item in CHECKLIST.items()}
    assert owed(given) == (*CRITICAL, "WHY")  # AFTER is hidden: ASK is not answered yes


def test_a_reason_is_enough():
    given = {item.key: {"na": True, "reason": "no booking"} for item in CHECKLIST.items()}
    assert owed(given) == ()


@pytest.mark.parametrize("reason", ["", "  ", "\u3000", "\u200b", "…", "?"])
def test_a_reason_without_a_letter_or_digit_is_none(reason):
    assert owed({"ID": {"na": True, "reason": reason}}) == ("ID",)


@pytest.mark.parametrize("reason", ["無", "K 7", "7", "нет"])
def test_a_reason_may_be_short_and_of_any_script(reason):
    assert owed({"ID": {"na": True, "reason": reason}}) == ()


def test_a_whole_section_marked_na_owes_them_too():
    assert owed({"s": NA}) == (*CRITICAL, "WHY")


def test_what_is_not_asked_owes_nothing():
    assert owed({"ASK": {"value": "no"}, "AFTER": NA}) == ()
    assert owed({"ASK": {"value": "yes"}, "AFTER": NA}) == ("AFTER",)


def test_what_stood_so_before_is_not_asked_for_again():
    before = {"ID": NA, "FLAG": {"value": "yes"}, "FATAL": {"na": True, "reason": "no case"}}
    after = {"ID": NA, "FLAG": NA, "FATAL": NA}
    assert owed(after, before) == ("FLAG", "FATAL")  # FATAL lost the reason it had
