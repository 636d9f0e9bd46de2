"""A checklist narrowed to the items that a practice asks."""

from __future__ import annotations

import pytest

from core.checklist import parse_checklist
from core.scoring import parse_answers, score
from core.teaching.asked_items import asks_any, narrowed, of_asked
from tests.support.inspection.inspecting import NO, SMALL, answers

CHECKLIST = parse_checklist(SMALL)
DECIDING = parse_checklist(
    {
        "key": "deciding",
        "channels": ["phone"],
        "sections": [
            {"key": "first", "items": [{"key": "ASKED"}, {"key": "OTHER"}]},
            {
                "key": "second",
                "when": {"item": "ASKED", "equals": ["yes"]},
                "items": [
                    {"key": "LEVEL", "kind": "graded", "max": 5},
                    {"key": "MORE", "when": {"item": "LEVEL", "compare": {"op": ">=", "value": 3}}},
                    {"key": "SAID", "kind": "text"},
                ],
            },
        ],
    }
)


def keys(checklist):
    return [(section.key, [item.key for item in section.items]) for section in checklist.sections]


def test_what_is_chosen_is_left_in_its_sections():
    chosen = narrowed(CHECKLIST, ["FAST", "HELLO", "elsewhere"])
    assert keys(chosen) == [("greeting", ["HELLO"]), ("solution", ["FAST"])]
    assert keys(narrowed(CHECKLIST, ["RIGHT"])) == [("solution", ["RIGHT"])]


def test_without_a_choice_it_is_whole_and_the_same_choice_gives_the_same_checklist():
    assert narrowed(CHECKLIST, []) is CHECKLIST
    assert narrowed(CHECKLIST, ["FAST", "HELLO"]) is narrowed(CHECKLIST, ("HELLO", "FAST"))


def test_items_that_decide_whether_a_chosen_one_is_asked_come_with_it():
    """MORE looks at LEVEL, and their section at ASKED; OTHER and SAID decide nothing."""
    assert keys(narrowed(DECIDING, ["MORE"])) == [
        ("first", ["ASKED"]),
        ("second", ["LEVEL", "MORE"]),
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # HELLO alone in the greeting carries its 40, RIGHT alone in the solution its 60.
        ({"HELLO": NO}, 60),
        ({"RIGHT": NO}, 40),
        ({}, 100),
    ],
)
def test_what_is_left_shares_the_hundred_percent(given, expected):
    chosen = narrowed(CHECKLIST, ["HELLO", "RIGHT"])
    entered = of_asked(chosen, answers(**given))
    assert set(entered) == {"HELLO", "RIGHT"}
    assert score(chosen, parse_answers(chosen, entered)).score == expected


def test_a_critical_failure_that_is_not_asked_has_no_effect():
    """HONEST caps the form at 50; with it the four others are worth 85, without it 100."""
    given = answers(HONEST=NO)
    assert score(CHECKLIST, parse_answers(CHECKLIST, given)).score == 50
    chosen = narrowed(CHECKLIST, ["HELLO", "NAME", "RIGHT", "FAST"])
    assert score(chosen, parse_answers(chosen, of_asked(chosen, given))).score == 100


def test_an_answer_to_a_whole_section_stays_while_the_section_does():
    chosen = narrowed(CHECKLIST, ["HELLO"])
    assert of_asked(chosen, {"greeting": {"na": True}, "solution": {"na": True}}) == {
        "greeting": {"na": True}
    }


def test_something_is_asked_where_a_chosen_item_scores():
    assert asks_any(DECIDING, [])
    assert asks_any(DECIDING, ["MORE"])
    assert not asks_any(DECIDING, ["SAID"])
    assert not asks_any(DECIDING, ["HELLO"])
