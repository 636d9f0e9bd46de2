"""Practice answers beside the reference, worked out by hand."""

from __future__ import annotations

import pytest

from core.checklist import parse_checklist
from core.scoring import parse_answers
from core.teaching.practice import ItemComparison, ItemCount, by_item, compare, outcome
from tests.support.inspection.inspecting import NO, SMALL, YES, answers

CHECKLIST = parse_checklist(SMALL)
NA = {"na": True}
BRANCHING = parse_checklist(
    {
        "key": "branching",
        "channels": ["phone"],
        "sections": [
            {
                "key": "only",
                "weight": 100,
                "items": [
                    {"key": "ASKED"},
                    {"key": "MORE", "when": {"item": "ASKED", "equals": ["yes"]}},
                    {"key": "LEVEL", "kind": "graded", "max": 5},
                ],
            }
        ],
    }
)


def compared(given, reference, checklist=CHECKLIST):
    return compare(checklist, parse_answers(checklist, given), parse_answers(checklist, reference))


def test_the_same_answers_agree_in_everything():
    found = compared(answers(HELLO=NO), answers(HELLO=NO))
    assert all(item.agrees for item in found.items)
    assert outcome([found]).percent == 100
    assert (found.score, found.reference_score) == (80, 80)


def test_notes_and_reasons_make_no_difference():
    found = compared(
        answers(HELLO=NO | {"note": "Curt."}, FAST=NA | {"reason": "No queue."}),
        answers(HELLO=NO, FAST=NA),
    )
    assert all(item.agrees for item in found.items)


def test_not_applicable_is_an_answer_of_its_own():
    found = compared(answers(HELLO=NA), answers(HELLO=NO))
    assert found.items[0] == ItemComparison("HELLO", agrees=False, outcome="na", reference="missed")


def test_an_item_that_only_one_was_asked_does_not_agree():
    """MORE is asked only after ASKED yes, so that one difference makes two."""
    found = compared(
        {"ASKED": YES, "MORE": YES, "LEVEL": {"value": 5}},
        {"ASKED": NO, "LEVEL": {"value": 5}},
        BRANCHING,
    )
    assert [(item.key, item.agrees, item.outcome, item.reference) for item in found.items] == [
        ("ASKED", False, "met", "missed"),
        ("MORE", False, "met", None),
        ("LEVEL", True, "met", "met"),
    ]


def test_two_levels_of_the_same_outcome_still_differ():
    found = compared(
        {"ASKED": NO, "LEVEL": {"value": 4}}, {"ASKED": NO, "LEVEL": {"value": 3}}, BRANCHING
    )
    assert [(item.key, item.agrees) for item in found.items] == [("ASKED", True), ("LEVEL", False)]
    assert {item.outcome for item in found.items[1:]} == {"partly"}


def test_an_attempt_is_all_items_of_all_cases():
    """Five items twice; HELLO and FAST differ once: 8 of 10. Scores 80 and 100, 100 and 100."""
    cases = [
        compared(answers(HELLO=NO), answers(FAST=NA)),
        compared(answers(), answers()),
    ]
    found = outcome(cases)
    assert (found.compared, found.agreeing, found.percent, found.score_gap) == (10, 8, 80, 10)
    assert found.passes(80)
    assert not found.passes(80.1)


def test_a_critical_failure_that_is_overlooked_does_not_pass():
    """HONEST caps the score; one of ten items differs, which is 90 %. The other way it passes."""
    overlooked = outcome([compared(answers(), answers(HONEST=NO)), compared(answers(), answers())])
    assert (overlooked.percent, overlooked.overlooked) == (90, 1)
    assert overlooked.passes(80) is False
    invented = outcome([compared(answers(HONEST=NO), answers()), compared(answers(), answers())])
    assert (invented.percent, invented.overlooked, invented.passes(80)) == (90, 0, True)
    seen = outcome([compared(answers(HONEST=NO), answers(HONEST=NO))])
    assert (seen.overlooked, seen.passes(100)) == (0, True)


def test_agreement_beyond_chance_is_gwets_ac1():
    """Outcomes met|met 8 times, missed|met once, met|na once, of four categories.

    p_a = 8/10. Shares: met 18/20, missed 1/20, na 1/20, partly 0;
    p_e = (.9 * .1 + 2 * .05 * .95) / 3 = .185 / 3. AC1 = (.8 - p_e) / (1 - p_e) = .78685.
    """
    cases = [compared(answers(HELLO=NO), answers(FAST=NA)), compared(answers(), answers())]
    chance = 0.185 / 3
    expected = (0.8 - chance) / (1 - chance)
    assert outcome(cases).beyond_chance.value == pytest.approx(expected)


def test_nothing_compared_is_unknown_and_not_zero():
    found = outcome([])
    assert (found.percent, found.score_gap, found.passes(80)) == (None, None, None)
    assert found.beyond_chance.value is None
    assert found.beyond_chance.reason


def test_a_case_without_a_score_has_no_gap():
    found = compared(dict.fromkeys(answers(), NA), answers())
    assert found.score is None
    assert outcome([found]).score_gap is None


def test_items_that_agree_least_come_first():
    cases = [
        compared(answers(HELLO=NO), answers()),
        compared(answers(HELLO=NO, FAST=NO), answers()),
    ]
    assert by_item(cases)[:3] == [
        ItemCount("HELLO", 2, 0),
        ItemCount("FAST", 2, 1),
        ItemCount("HONEST", 2, 2),
    ]
