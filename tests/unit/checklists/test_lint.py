"""What a check before activation finds, and where."""

from typing import Any

import pytest

from core.checklist import lint, parse_checklist
from core.library import load_checklists, load_library

ALL = {"zh_TW": "甲", "zh_CN": "乙", "en": "A"}


def _text(told: str) -> dict[str, str]:
    return {"zh_TW": told + "一", "zh_CN": told + "二", "en": told}


def _item(key: str, **rest: Any) -> dict[str, Any]:
    return {"key": key, "text": _text(key), **rest}


def _lint(*items: dict[str, Any], weight: float = 100, **rest: Any) -> dict[str, tuple[str, str]]:
    section = {"key": "s", "title": ALL, "weight": weight, "items": list(items)}
    data = {"key": "c", "title": ALL, "channels": ["phone"], "sections": [section], **rest}
    return {
        problem.path: (problem.severity, str(problem).partition(": ")[2])
        for problem in lint(parse_checklist(data))
    }


def test_a_whole_checklist_has_nothing_to_remark() -> None:
    assert _lint(_item("a"), _item("b")) == {}


def test_section_weights_that_do_not_sum_to_100_stop_activation() -> None:
    assert _lint(_item("a"), weight=90)["sections"] == ("error", "Weights sum to 90, not 100.")


def test_item_weights_that_do_not_sum_to_100_are_remarked() -> None:
    found = _lint(_item("a", weight=60), settings={"weights": "item_weights"})
    assert found["sections"] == ("warning", "Weights sum to 60, not 100.")


def test_a_weighty_section_without_anything_to_score_stops_activation() -> None:
    found = _lint(_item("a", excluded=True))
    assert found["sections[0]"][0] == "error"


def test_a_text_that_lacks_a_language_is_told_with_its_place() -> None:
    found = _lint({"key": "a", "text": {"en": "A", "zh_TW": "甲"}}, title={"en": "A"})
    assert found["title"] == ("error", "The text lacks zh_TW, zh_CN.")
    assert found["sections[0].items[0].text"] == ("error", "The text lacks zh_CN.")


def test_two_items_that_read_the_same_are_told() -> None:
    twin = {**_text("b"), "en": " A  question "}
    found = _lint(_item("a", text={**_text("a"), "en": "a question"}), _item("b", text=twin))
    assert found["sections[0].items[1].text"] == ("warning", "b reads the same as a in en.")


def test_an_item_that_no_answers_bring_up_is_told() -> None:
    gate = _item(
        "gate",
        kind="single",
        options=[{"key": "x", "text": ALL, "points": 1}, {"key": "y", "text": ALL}],
    )
    both = {"all": [{"item": "gate", "equals": "x"}, {"item": "gate", "equals": "y"}]}
    chained = {"item": "never", "equals": "yes"}
    either = {"any": [{"item": "gate", "equals": "x"}, {"item": "gate", "equals": "y"}]}
    found = _lint(
        gate, _item("never", when=both), _item("nor", when=chained), _item("asked", when=either)
    )
    assert found["sections[0].items[1].when"][1].startswith("never is never asked")
    assert found["sections[0].items[2].when"][1].startswith("nor is never asked")
    assert "sections[0].items[3].when" not in found


@pytest.mark.parametrize(("value", "reached"), [(9, True), (10, True), (11, False)])
def test_numbers_are_reached_up_to_the_end_of_their_ranges(value: int, reached: bool) -> None:
    ranges = [{"min": 0, "max": 10, "points": 1}]
    number = _item("n", kind="number", ranges=ranges)
    when = {"item": "n", "compare": {"op": ">=", "value": value}}
    found = _lint(number, _item("a", when=when))
    assert ("sections[0].items[1].when" not in found) is reached


def test_an_item_that_cannot_be_seen_in_the_channel_stops_activation() -> None:
    found = _lint(_item("attire", channels=["counter"]))
    assert found["sections[0].items[0]"] == ("error", "attire cannot be seen in phone.")
    two = {"channels": ["phone", "counter"]}
    assert _lint(_item("attire", channels=["counter"]), **two) == {}
    found = _lint(_item("attire", channels=["counter"], na=False), **two)
    assert found["sections[0].items[0]"][0] == "error"


def test_more_than_45_items_are_too_many() -> None:
    assert "sections" not in _lint(*(_item(f"i{n}") for n in range(45)))
    assert _lint(*(_item(f"i{n}") for n in range(46)))["sections"][1].startswith("46 items")


def test_rules_without_effect_are_remarked() -> None:
    found = _lint(
        _item("a", excluded=True, effects={"no": "form_zero"}),
        _item("b", kind="clock"),
        _item("c", critical=True),
        _item("d", weight=0),
        bands=[{"key": "fine", "from": 50}],
    )
    assert found["sections[0].items[0]"][1].startswith("a is excluded")
    assert found["sections[0].items[1].clock"][1].startswith("The clock of b has no limit")
    assert found["sections[0].items[2].critical"][1].startswith("c is marked critical")
    assert found["sections[0].items[3].weight"][1] == "The item d weighs nothing."
    assert found["bands"][1] == "Scores below 50 fall into no band."


def test_the_shipped_checklists_may_be_activated() -> None:
    for checklist in load_checklists(load_library()):
        assert [str(found) for found in lint(checklist) if found.severity == "error"] == []


def test_an_item_that_carries_much_where_others_are_not_asked_is_told() -> None:
    """Section t (70) is hidden for an enquiry: s (30) with a (1), b (1), c (6) is all that is left.

    With b N/A c carries 6 of 7 of 100 = 85.7; with c N/A a carries 1 of 2 = 50.
    """
    options = [{"key": "enquiry", "text": ALL}, {"key": "other", "text": _text("o")}]
    asked = _item("q", kind="single", excluded=True, na=False, options=options)
    others = [_item(f"x{n}") for n in range(10)]
    kept = _section("s", 30, asked, _item("a"), _item("b"), _item("c", weight=6))
    hidden = _section("t", 70, *others)
    found = _messages([kept, {**hidden, "when": {"item": "q", "equals": "other"}}])
    assert "c carries up to 85.7 of 100 where other items are not asked or N/A" in found
    assert "a carries up to 50.0 of 100 where other items are not asked or N/A" in found
    assert "x0 carries" not in found


def test_too_few_items_to_share_100_in_parts_of_15_are_not_told() -> None:
    assert "carries up to" not in _messages([_section("s", 100, *map(_item, "abcdef"))])
    assert "carries up to" in _messages([_section("s", 100, *map(_item, "abcdefg"))])


def test_in_a_form_of_few_items_one_that_outweighs_the_others_is_told() -> None:
    """Of five an even share is 20 and half as much again 30: 9 of 20 is 45, 6 of 20 just 30."""
    weights = (("a", 9), ("b", 5), ("c", 2), ("d", 2), ("e", 2))
    found = _messages([_section("s", 100, *(_item(key, weight=n) for key, n in weights))])
    assert "a carries up to 45.0 of 100" in found
    assert "at most 30 are advised" in found
    assert "b carries" not in found
    weights = (("a", 6), ("b", 6), ("c", 4), ("d", 2), ("e", 2))
    found = _messages([_section("s", 100, *(_item(key, weight=n) for key, n in weights))])
    assert "carries up to" not in found


def test_a_section_that_can_be_left_to_one_critical_item_is_told() -> None:
    """With b N/A section t is left to a, whose "no" caps the score; a flag lowers nothing."""
    capped, flagged = {"effects": {"no": {"cap": 60}}}, {"effects": {"no": "flag"}}
    others = [_item(f"x{n}") for n in range(10)]
    for extra, is_told in ((capped, True), (flagged, False)):
        sections = [
            _section("s", 90, *others),
            _section("t", 10, _item("a", **extra), _item("b")),
        ]
        told = "The section t can be left to a alone, which is critical." in _messages(sections)
        assert told == is_told
    unavoidable = [
        _section("s", 90, *others),
        _section("t", 10, _item("a", **capped), _item("b", na=False)),
    ]
    assert "can be left to" not in _messages(unavoidable)


def _section(key: str, weight: float, *items: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"key": key, "title": ALL, "weight": weight, "items": list(items), **rest}


def _messages(sections: list[dict[str, Any]]) -> str:
    data = {"key": "c", "title": ALL, "channels": ["phone"], "sections": sections}
    return " ".join(str(problem) for problem in lint(parse_checklist(data)))
