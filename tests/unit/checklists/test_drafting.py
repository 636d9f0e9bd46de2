"""Building a checklist step by step: moving, adding, removing, shares of 100."""

from copy import deepcopy

import pytest

from core.checklist import KINDS, PRESETS, parse_checklist, to_data
from core.drafting import (
    DraftPosition,
    add_section,
    blank,
    condition_rows,
    examine,
    fill_chinese,
    insert,
    library_item,
    move,
    new_item,
    position_of,
    remove,
    shares,
    to_hundred,
    value_at,
    with_kind,
    with_value,
)
from core.errors import NotFound
from core.library import load_library

DRAFT = {
    "key": "desk",
    "title": {"en": "Desk"},
    "sections": [
        {"key": "a", "weight": 40, "items": [{"key": "A1"}, {"key": "A2", "weight": 3}]},
        {"key": "b", "weight": 60, "items": [{"key": "B1"}]},
    ],
}


def keys(content):
    return [[item["key"] for item in section["items"]] for section in content["sections"]]


@pytest.mark.parametrize(
    ("place", "by", "expected", "lands"),
    [
        (DraftPosition(0, 1), -1, [["A2", "A1"], ["B1"]], DraftPosition(0, 0)),
        (DraftPosition(0, 1), 1, [["A1"], ["A2", "B1"]], DraftPosition(1, 0)),
        (DraftPosition(1, 0), -1, [["A1", "A2", "B1"], []], DraftPosition(0, 2)),
        (DraftPosition(0, 0), -1, [["A1", "A2"], ["B1"]], DraftPosition(0, 0)),
        (DraftPosition(0), 1, [["B1"], ["A1", "A2"]], DraftPosition(1)),
        (DraftPosition(1), 1, [["A1", "A2"], ["B1"]], DraftPosition(1)),
    ],
)
def test_moving_one_step_goes_over_the_edge_of_a_section_and_stops_at_the_ends(
    place, by, expected, lands
):
    before = deepcopy(DRAFT)
    changed, landed = move(DRAFT, place, by)
    assert (keys(changed), landed) == (expected, lands)
    assert before == DRAFT


def test_what_is_new_gets_a_key_that_is_free_and_parses_at_once():
    content, section = add_section(DRAFT, after=0)
    assert [s["key"] for s in content["sections"]] == ["a", "section-1", "b"]
    for kind in KINDS:
        content, place = insert(content, new_item(content, kind), section)
        assert value_at(content, place.path)["kind"] == kind
    assert len(set(keys(content)[1])) == len(KINDS)
    assert examine(content).checklist is not None


def test_a_kind_can_be_changed_and_keeps_texts():
    item = new_item(DRAFT, "single") | {"text": {"en": "Was it clear?"}, "key_moment": True}
    for kind in KINDS:
        changed = with_kind(item, kind)
        assert (changed["text"], changed["key_moment"]) == (item["text"], True)
        content, _ = insert(DRAFT, changed, DraftPosition(0))
        assert examine(content).checklist is not None


def test_removing_says_what_is_next_to_it():
    content, place = remove(DRAFT, DraftPosition(0, 1))
    assert (keys(content), place) == ([["A1"], ["B1"]], DraftPosition(0, 0))
    content, place = remove(content, DraftPosition(0, 0))
    assert (keys(content), place) == ([[], ["B1"]], DraftPosition(0, None))
    content, place = remove(content, DraftPosition(0))
    assert (keys(content), place) == ([["B1"]], DraftPosition(0))
    assert remove(content, DraftPosition(0))[1] is None


def test_a_value_is_set_by_path_and_an_empty_one_removed():
    content = with_value(DRAFT, "sections[0].items[1].text.en", "Was it clean?")
    assert value_at(content, "sections[0].items[1].text") == {"en": "Was it clean?"}
    assert "en" not in with_value(content, "sections[0].items[1].text.en", "")["sections"][0][
        "items"
    ][1].get("text")
    assert value_at(content, "sections[7].items[0]") is None
    assert "text" not in DRAFT["sections"][0]["items"][1]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("sections[1].items[12].options[0].text", DraftPosition(1, 12)),
        ("sections[3].title", DraftPosition(3)),
        ("bands", None),
        ("", None),
    ],
)
def test_a_path_leads_to_its_section_or_item(path, place):
    assert position_of(path) == place


def test_shares_of_sections_split_by_item_weight():
    """a is 40, split 1 : 3 into 10 and 30; b is 60."""
    found = shares(parse_checklist(DRAFT))
    assert found.sections == pytest.approx({"a": 40, "b": 60})
    assert found.items == pytest.approx({"A1": 10, "A2": 30, "B1": 60})


def test_shares_of_items_leave_out_what_never_counts():
    """Of the weights 1, 3 and 1, the excluded A2 and the bonus drop out: one half each."""
    data = deepcopy(DRAFT) | {"settings": {"weights": "item_weights"}}
    data["sections"][0]["items"][1]["excluded"] = True
    data["sections"][1]["items"].append({"key": "B2", "bonus": True})
    found = shares(parse_checklist(data))
    assert found.items == pytest.approx({"A1": 50, "A2": 0, "B1": 50, "B2": 0})


def test_shares_of_points_count_points_possible_and_multipliers():
    """A1 1 x 1, A2 4 x 1 (0 to 4), B1 1 x 5: of 10 points 10, 40 and 50 percent."""
    data = deepcopy(DRAFT) | {"settings": {"weights": "points"}}
    data["sections"][0]["items"][1]["kind"] = "graded"
    data["sections"][1]["multiplier"] = 5
    assert shares(parse_checklist(data)).items == pytest.approx({"A1": 10, "A2": 40, "B1": 50})


def test_a_checklist_in_which_nothing_counts_has_no_shares():
    data = {"key": "k", "sections": [{"key": "s", "items": [{"key": "T", "kind": "text"}]}]}
    assert shares(parse_checklist(data)).items == {"T": 0}


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([1, 1, 1], [34, 33, 33]),
        ([0, 0, 0], [34, 33, 33]),
        ([30, 50, 70], [20, 33, 47]),
        ([0, 5, 15], [0, 25, 75]),
    ],
)
def test_weights_are_scaled_to_whole_numbers_that_sum_to_100(weights, expected):
    content = {"sections": [{"key": str(n), "weight": w} for n, w in enumerate(weights)]}
    assert [section["weight"] for section in to_hundred(content)["sections"]] == expected


def test_a_library_item_is_written_out_whole_or_refused():
    library = load_library()
    for item in library:
        content, _ = insert(blank("k", {}), library_item(library, item.id), DraftPosition(0))
        assert to_data(parse_checklist(content))["sections"][0]["items"][0]["key"] == item.id
    with pytest.raises(NotFound):
        library_item(library, "XXX-99")


def test_examining_tells_what_makes_no_checklist_and_what_bars_activation():
    empty = examine(blank("k", {"en": "Desk"}))
    assert empty.checklist is None
    assert [problem.path for problem in empty.errors] == ["sections"]
    short = examine(DRAFT)
    assert short.checklist is not None
    assert {problem.path for problem in short.errors} >= {"title", "sections[0].title"}


def test_a_blank_checklist_has_the_marks_of_the_portal():
    content, _ = insert(blank("k", {"en": "Desk"}), new_item({}, "yes_no"), DraftPosition(0))
    checklist = parse_checklist(content)
    assert (checklist.pass_mark, checklist.low_score_mark) == (85, 60)
    assert checklist.settings == PRESETS["portal"]


def test_missing_chinese_is_written_from_the_other_script_with_its_own_words():
    part = {"text": {"zh_TW": "軟體"}, "options": [{"key": "a", "text": {"zh_CN": "软件"}}]}
    assert fill_chinese(part) == {
        "text": {"zh_TW": "軟體", "zh_CN": "软件"},
        "options": [{"key": "a", "text": {"zh_CN": "软件", "zh_TW": "軟體"}}],
    }
    whole = {"text": {"zh_TW": "甲", "zh_CN": "乙"}, "title": {"en": "only"}, "weight": 1}
    assert fill_chinese(whole) == whole


def test_conditions_are_rows_under_one_join_or_not_flat():
    leaf, other = (
        {"item": "A", "equals": ["yes"]},
        {"item": "B", "compare": {"op": ">", "value": 1}},
    )
    assert condition_rows.flat(None) == ("all", [])
    assert condition_rows.flat(leaf) == ("all", [leaf])
    assert condition_rows.flat({"any": [leaf, other]}) == ("any", [leaf, other])
    for nested in ({"not": leaf}, {"all": [leaf, {"any": [other]}]}, "text", {"all": leaf}):
        assert condition_rows.flat(nested) is None
    for join, rows in (("all", []), ("any", [leaf]), ("any", [leaf, other])):
        assert condition_rows.flat(condition_rows.joined(join, rows)).leaves == rows


def test_only_earlier_answers_can_be_asked_about():
    content = deepcopy(DRAFT)
    content["sections"][0]["items"].insert(0, {"key": "T", "kind": "text"})
    assert list(condition_rows.earlier(content, DraftPosition(0, 2))) == ["A1"]
    assert list(condition_rows.earlier(content, DraftPosition(1))) == ["A1", "A2"]
    assert list(condition_rows.earlier(content, DraftPosition(0))) == []
    assert (
        condition_rows.first_on(condition_rows.earlier(content, DraftPosition(1)), "A1")["item"]
        == "A1"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_comparison_that_is_offered_is_accepted(kind):
    content, place = insert(DRAFT, new_item(DRAFT, kind), DraftPosition(0))
    item = value_at(content, place.path)
    asked = {"number": 5, "graded": 2}.get(kind, 0)
    for operator in condition_rows.operators(kind) if kind not in ("text", "date") else []:
        told = (
            {"op": ">=", "value": asked}
            if operator == "compare"
            else condition_rows.option_keys(item)[:1]
        )
        leaf = {"item": item["key"], operator: told}
        assert condition_rows.operator_of(leaf) == operator
        assert examine(with_value(content, "sections[1].when", leaf)).checklist is not None
