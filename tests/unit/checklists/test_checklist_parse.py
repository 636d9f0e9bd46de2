"""Reading checklists: what is accepted, and how everything wrong is told at once."""

import json
from typing import Any

import pytest

from core.checklist import (
    ChecklistError,
    Effect,
    Joined,
    Match,
    parse_checklist,
    text_in,
    to_data,
)
from core.checklist.settings import PRESETS
from tests.support.requirements import ROOT

CASES = json.loads((ROOT / "tests" / "data" / "scoring_cases.json").read_text("utf-8"))["cases"]


def _one(item: dict[str, Any], **checklist: Any) -> Any:
    data = {"key": "c", "sections": [{"key": "s", "items": [{"key": "a", **item}]}], **checklist}
    return next(parse_checklist(data).items())


def _problems(item: dict[str, Any], **checklist: Any) -> list[str]:
    with pytest.raises(ChecklistError) as caught:
        _one(item, **checklist)
    return [str(problem) for problem in caught.value.problems]


def test_a_yes_no_item_gets_its_options_and_those_its_effects_name() -> None:
    item = _one({"kind": "yes_no", "effects": {"no": {"cap": 60}, "no_with_loss": "form_zero"}})
    assert [(option.key, option.points) for option in item.options] == [
        ("yes", 1),
        ("no", 0),
        ("no_with_loss", 0),
    ]
    assert [option.effect for option in item.options] == [
        None,
        Effect("cap", 60),
        Effect("form_zero"),
    ]


def test_a_graded_item_has_levels_0_to_4_best_first_unless_written_out() -> None:
    assert [option.key for option in _one({"kind": "graded"}).options] == ["4", "3", "2", "1", "0"]
    written = _one({"kind": "graded", "levels": {2: {"en": "good"}, 1: {"en": "bad"}}})
    assert [(option.key, option.text) for option in written.options] == [
        ("2", {"en": "good"}),
        ("1", {"en": "bad"}),
    ]
    lost = _one({"kind": "graded", "effects": {"no_with_loss": "form_zero"}})
    assert lost.options[-1].key == "no_with_loss"
    assert lost.options[-1].points == 0


def test_a_clock_is_met_or_late() -> None:
    item = _one({"kind": "clock", "clock": {"limit_minutes": 10}, "effects": {"late": "flag"}})
    assert [(option.key, option.points) for option in item.options] == [("met", 1), ("late", 0)]
    assert item.clock is not None
    assert item.clock.limit_minutes == 10
    assert item.scored
    assert not _one({"kind": "clock", "clock": {"status": "unset"}}).scored


def test_full_marks_are_ten_where_options_count_out_of_ten() -> None:
    item = _one({"kind": "yes_no"}, settings={"preset": "connect"})
    assert [option.points for option in item.options] == [10, 0]


def test_conditions_nest() -> None:
    data = {
        "key": "c",
        "sections": [
            {
                "key": "s",
                "items": [
                    {"key": "a"},
                    {
                        "key": "b",
                        "when": {
                            "any": [
                                {"item": "a", "equals": "yes"},
                                {"not": {"item": "a", "in": ["no"]}},
                            ]
                        },
                    },
                ],
            }
        ],
    }
    item = parse_checklist(data).by_key["b"]
    assert item.when == Joined(
        "any",
        (Match("a", "equals", ("yes",)), Joined("not", (Match("a", "in", ("no",)),))),
    )


def test_the_portal_defaults_are_its_marks_and_weights_by_section() -> None:
    checklist = parse_checklist({"key": "c", "sections": [{"key": "s", "items": [{"key": "a"}]}]})
    assert (checklist.pass_mark, checklist.low_score_mark) == (85, 60)
    assert checklist.settings.weights == "section_weights"
    assert checklist.settings.na_policy == "within_section"
    connect = parse_checklist(
        {
            "key": "c",
            "settings": {"preset": "connect"},
            "sections": [{"key": "s", "items": [{"key": "a"}]}],
        }
    )
    assert connect.pass_mark is None


def test_a_pass_mark_can_be_switched_off_and_stays_off_when_stored() -> None:
    data = {"key": "c", "pass_mark": None, "sections": [{"key": "s", "items": [{"key": "a"}]}]}
    checklist = parse_checklist(data)
    assert checklist.pass_mark is None
    assert parse_checklist(to_data(checklist)) == checklist


def test_a_stored_version_keeps_its_rules_when_a_preset_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = {
        "key": "c",
        "settings": {"preset": "zendesk"},
        "sections": [{"key": "s", "items": [{"key": "a"}]}],
    }
    checklist = parse_checklist(data)
    stored = to_data(checklist)
    monkeypatch.setitem(PRESETS, "zendesk", PRESETS["verint"])
    assert parse_checklist(stored).settings == checklist.settings


def test_every_fault_is_told_with_its_path() -> None:
    data = {
        "key": "two words",
        "settings": {"weights": "stars", "na_policy": "skip"},
        "channels": ["pigeon"],
        "sections": [
            {"key": "s", "weight": -1, "items": [{"key": "a", "kind": "graded", "max": 0.5}]},
            {"key": "s", "items": [{"key": "a", "points": 3}, "nothing"]},
        ],
    }
    with pytest.raises(ChecklistError) as caught:
        parse_checklist(data)
    told = {problem.path: str(problem) for problem in caught.value.problems}
    assert set(told) >= {
        "key",
        "settings.weights",
        "channels",
        "sections[0].weight",
        "sections[0].items[0].max",
        "sections[1].key",
        "sections[1].items[0]",
        "sections[1].items[1]",
    }
    assert "pigeon" in told["channels"]
    assert f"{len(caught.value.problems)} problem" in str(caught.value)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({"kind": "single"}, "Options to choose from"),
        ({"kind": "single", "options": [{"key": "x"}, {"key": "x"}]}, "used twice"),
        ({"kind": "single", "options": [{"key": "x", "points": 0}]}, "worth more than 0"),
        ({"kind": "yes_no", "options": [{"key": "yes", "points": 1}]}, "options yes and no"),
        ({"kind": "yes_no", "effects": {"maybe": "flag"}}, "maybe is unknown"),
        ({"kind": "yes_no", "effects": {"no": "explode"}}, "An effect is"),
        ({"kind": "yes_no", "effects": {"no": {"section_zero": ["x"]}}}, "no section x"),
        ({"kind": "graded", "levels": {"good": "x"}}, "whole numbers"),
        ({"kind": "graded", "levels": []}, "mapping"),
        ({"kind": "number"}, "needs ranges"),
        ({"kind": "number", "ranges": [{"min": 2, "max": 1, "points": 1}]}, "before it begins"),
        ({"kind": "number", "ranges": [{"points": 1}]}, "needs min and max"),
        ({"kind": "clock", "options": [{"key": "x"}]}, "met and late"),
        ({"weight": float("nan")}, "A number from"),
        ({"weight": True}, "A number from"),
        ({"na": "sometimes"}, "true or false"),
        ({"multiplier": 2}, "A multiplier needs"),
        ({"text": {"fr": "oui"}}, "fr is unknown"),
        ({"use": "INF-01"}, "no item INF-01"),
        ({"when": {"item": "a"}}, "one of equals"),
        ({"when": {"all": []}}, "list of conditions"),
        ({"when": {"item": "a", "compare": {"op": "<"}}}, "number to compare"),
    ],
)
def test_what_cannot_be_used_is_refused(item: dict[str, Any], told: str) -> None:
    assert any(told in problem for problem in _problems(item))


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ([(0, 4), (4, 9)], "overlap at 4"),
        ([(0, 4), (6, 9)], "gap between 4 and 6"),
        ([(0, 4.5)], "whole numbers"),
    ],
)
def test_ranges_of_whole_numbers_leave_no_gap_and_do_not_overlap(
    ranges: list[tuple[float, float]], told: str
) -> None:
    written = [{"min": low, "max": high, "points": 1} for low, high in ranges]
    assert any(told in problem for problem in _problems({"kind": "number", "ranges": written}))


def test_ranges_of_decimals_may_leave_a_gap() -> None:
    ranges = [{"min": 0, "max": 0.5, "points": 2}, {"min": 0.75, "max": 1, "points": 1}]
    item = _one({"kind": "number", "decimals": True, "ranges": ranges})
    assert [part.low for part in item.ranges] == [0, 0.75]


def test_points_leave_no_choice_where_the_weight_of_n_a_goes() -> None:
    told = _problems({}, settings={"weights": "points", "na_policy": "within_section"})
    assert told == ["settings.na_policy: With points an N/A item leaves earned and possible."]


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(ChecklistError, match="no preset magic"):
        parse_checklist(CASES[0]["form"], preset="magic")


def test_a_form_that_names_no_preset_gets_one_by_its_mode() -> None:
    by_id = {case["id"]: case["form"] for case in CASES}
    presets = {name: parse_checklist(form).settings.preset for name, form in by_id.items()}
    assert (presets["AWS-01"], presets["GEN-01"], presets["ZEN-04"]) == (
        "connect",
        "genesys",
        "zendesk",
    )


def test_a_text_falls_back_to_another_language() -> None:
    assert text_in({"zh_TW": "好", "en": "good"}, "zh_TW") == "好"
    assert text_in({"zh_TW": "好", "en": "good"}, "zh_CN") == "good"
    assert text_in({}, "en") == ""
