"""Answers known before anybody looks."""

from __future__ import annotations

from core.checklist import parse_checklist, to_data
from core.inspection.na_answers import prefilled

RULE = {"fact": "uniform", "values": ["scarf", "2"], "reason": {"en": "no tie", "zh_TW": "無領帶"}}
CHECKLIST = parse_checklist(
    {
        "key": "small",
        "sections": [
            {
                "key": "all",
                "items": [
                    {"key": "TIE", "na_when": [RULE]},
                    {"key": "SHOES"},
                    {"key": "BADGE", "na": False, "na_when": [RULE]},
                ],
            }
        ],
    }
)


def test_a_fact_rules_an_item_out_with_its_reason_in_the_language_asked():
    assert prefilled(CHECKLIST, {"uniform": "scarf"}, "zh_TW") == {
        "TIE": {"na": True, "reason": "無領帶"}
    }
    assert prefilled(CHECKLIST, {"uniform": 2}, "en") == {"TIE": {"na": True, "reason": "no tie"}}


def test_a_rule_without_a_reason_gives_the_fact():
    bare = {"fact": "uniform", "values": ["scarf"]}
    items = [{"key": "TIE", "effects": {"no": "form_zero"}, "na_when": [bare]}]
    checklist = parse_checklist({"key": "bare", "sections": [{"key": "all", "items": items}]})
    assert prefilled(checklist, {"uniform": "scarf"}, "en") == {
        "TIE": {"na": True, "reason": "uniform: scarf"}
    }


def test_other_facts_rule_nothing_out():
    for facts in ({}, {"uniform": "tie"}, {"uniform": None}, {"hat": "scarf"}):
        assert prefilled(CHECKLIST, facts, "en") == {}


def test_the_rule_is_kept_with_the_checklist():
    assert parse_checklist(to_data(CHECKLIST)) == CHECKLIST
