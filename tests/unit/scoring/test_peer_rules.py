"""Rules of other systems beyond the cases file, with the numbers their manuals print."""

from typing import Any

import pytest

from core.checklist import parse_checklist
from core.scoring import ScoreSheet, parse_answers, score


def _options(**points: float) -> list[dict[str, Any]]:
    return [{"key": key, "points": value} for key, value in points.items()]


def _single(key: str, **points: float) -> dict[str, Any]:
    return {"key": key, "kind": "single", "options": _options(**points)}


def _score(
    preset: str, sections: list[dict[str, Any]], answers: dict[str, Any], **form: Any
) -> ScoreSheet:
    data = {"mode": "points", "sections": sections, **form}
    checklist = parse_checklist(data, preset=preset)
    return score(checklist, parse_answers(checklist, answers))


def _section(*items: dict[str, Any], key: str = "S", **rest: Any) -> dict[str, Any]:
    return {"key": key, "items": list(items), **rest}


def test_verint_a_category_that_starts_at_100_loses_5_for_each_no() -> None:
    items = [_single("one", yes=0, no=-5), _single("two", yes=0, no=-5)]
    sheet = _score(
        "verint",
        [_section(*items, baseline=100)],
        {"one": {"value": "no"}, "two": {"value": "yes"}},
    )
    assert sheet.sections[0].points == 95
    assert sheet.score == 95


def test_verint_a_value_that_is_set_beats_minimum_and_baseline() -> None:
    item = _single("a", yes=10, no=0)
    item["options"][1]["fail"] = "section"
    section = _section(item, minimum=5, baseline=20)
    sheet = _score("verint", [section], {"a": {"value": "no"}})
    assert sheet.sections[0].points == 0


def test_safetyculture_a_multiple_choice_is_worth_the_sum_of_its_answers() -> None:
    item = {"key": "a", "kind": "multi", "options": _options(w=1, x=2, y=0, z=5)}
    sheet = _score("safetyculture", [_section(item)], {"a": {"values": ["x", "z"]}})
    assert (sheet.earned, sheet.possible) == (7, 8)


def test_maestroqa_bonus_points_exceed_the_maximum() -> None:
    items = [_single("rest", full=35, none=0), _single("extra", yes=2, no=0) | {"bonus": True}]
    answers = {"rest": {"value": "full"}, "extra": {"value": "yes"}}
    sheet = _score("maestroqa", [_section(*items)], answers)
    assert (sheet.earned, sheet.possible) == (37, 35)
    assert sheet.score == pytest.approx(105.7, abs=0.05)  # printed as roughly 105


def test_connect_a_bonus_option_earns_more_than_the_question_has() -> None:
    item = _single("a", full=20, none=0)
    item["options"].append({"key": "beyond", "points": 25, "bonus": True})
    sheet = _score("connect", [_section(item)], {"a": {"value": "beyond"}})
    assert (sheet.earned, sheet.possible, sheet.score) == (25, 20, 125)


def test_connect_a_range_of_numbers_may_fail_the_form() -> None:
    ranges = [{"min": 0, "max": 2, "points": 10}, {"min": 3, "max": 9, "points": 5, "fail": "form"}]
    item = {"key": "a", "kind": "number", "weight": 100, "ranges": ranges}
    sheet = _score("connect", [_section(item)], {"a": {"value": 3}}, mode="item_weights")
    assert (sheet.score, sheet.score_before_critical, sheet.flags) == (0, 50, ("a", "form"))


def test_genesys_a_group_of_weight_0_counts_nothing_yet_its_fatal_question_fails_the_form() -> None:
    fatal = _single("f", yes=1, no=0) | {"fatal": True}
    sections = [
        _section(_single("a", yes=1, no=0), key="G1"),
        _section(fatal, key="G2", multiplier=0),
    ]
    kept = _score("genesys", sections, {"a": {"value": "yes"}, "f": {"value": "yes"}})
    failed = _score("genesys", sections, {"a": {"value": "yes"}, "f": {"value": "no"}})
    assert (kept.score, kept.possible) == (100, 1)
    assert (failed.score, failed.score_before_critical) == (0, 100)


@pytest.mark.parametrize(("rule", "middle"), [("not_best", 0), ("worst", 50)])
def test_genesys_what_fails_a_fatal_question_of_three_options_is_a_setting(
    rule: str, middle: float
) -> None:
    fatal = _single("f", high=2, middle=1, low=0) | {"fatal": True}
    settings = {"preset": "genesys", "fatal_rule": rule}
    data = {"key": "c", "settings": settings, "sections": [_section(fatal)]}
    checklist = parse_checklist(data)
    sheet = score(checklist, parse_answers(checklist, {"f": {"value": "middle"}}))
    assert sheet.score == middle


@pytest.mark.parametrize(("weighted", "expected"), [(False, 50), (True, 25)])
def test_genesys_the_critical_score_counts_group_weights_or_not(
    weighted: bool, expected: float
) -> None:
    sections = [
        _section(_single("a", yes=1, no=0) | {"critical": True}, key="G1", multiplier=3),
        _section(_single("b", yes=1, no=0) | {"critical": True}, key="G2"),
    ]
    settings = {"preset": "genesys", "critical_score_weighted": weighted}
    checklist = parse_checklist({"key": "c", "settings": settings, "sections": sections})
    answers = parse_answers(checklist, {"a": {"value": "no"}, "b": {"value": "yes"}})
    assert score(checklist, answers).critical_score == expected


def test_genesys_a_whole_group_may_be_n_a() -> None:
    sections = [
        _section(_single("a", y=1, n=0), _single("b", y=1, n=0), key="G1", multiplier=40),
        _section(_single("c", y=1, n=0), key="G2", multiplier=20),
    ]
    sheet = _score("genesys", sections, {"G1": {"na": True}, "c": {"value": "y"}})
    assert (sheet.earned, sheet.possible) == (20, 20)


def test_calabrio_four_of_five_equal_questions_are_80() -> None:
    items = [_single(f"q{n}", yes=1, no=0) for n in range(5)]
    answers = {f"q{n}": {"value": "yes" if n else "no"} for n in range(5)}
    assert _score("calabrio", [_section(*items)], answers).score == 80
