"""When items are asked: comparisons, nesting, and references that cannot work."""

from typing import Any

import pytest

from core.checklist import ChecklistError, Fact, evaluate, parse_checklist
from core.checklist.conditions import Condition, condition_data, read_condition
from core.checklist.data_reading import Node
from core.scoring import parse_answers, score


def _read(data: dict[str, Any]) -> Condition:
    node = Node(data, "when", [])
    condition = read_condition(node)
    assert condition is not None, node.problems
    assert not node.problems
    return condition


REFUND = {"item": "kind", "equals": "refund"}
SHORT_WAIT = {"item": "wait", "compare": {"op": "<", "value": 5}}
FACTS = {
    "kind": Fact(frozenset({"refund"})),
    "faults": Fact(frozenset({"late", "rude"})),
    "wait": Fact(number=7),
    "tone": Fact(frozenset({"3"}), 3),
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"item": "kind", "equals": "refund"}, True),
        ({"item": "kind", "equals": "booking"}, False),
        ({"item": "kind", "in": ["booking", "refund"]}, True),
        ({"item": "kind", "not_in": ["booking"]}, True),
        ({"item": "kind", "not_in": ["refund"]}, False),
        ({"item": "faults", "equals": ["rude", "late"]}, True),
        ({"item": "faults", "equals": "late"}, False),
        ({"item": "faults", "in": ["late"]}, True),
        ({"item": "faults", "not_in": ["late"]}, False),
        ({"item": "faults", "all_of": ["late", "rude"]}, True),
        ({"item": "faults", "all_of": ["late", "deaf"]}, False),
        ({"item": "wait", "compare": {"op": ">", "value": 6.5}}, True),
        ({"item": "wait", "compare": {"op": "<=", "value": 6}}, False),
        ({"item": "tone", "compare": {"op": "=", "value": 3}}, True),
        ({"item": "tone", "equals": "3"}, True),
        ({"all": [REFUND, SHORT_WAIT]}, False),
        ({"any": [REFUND, SHORT_WAIT]}, True),
        ({"not": {"item": "kind", "equals": "refund"}}, False),
    ],
)
def test_conditions_hold_or_not(condition: dict[str, Any], holds: bool) -> None:
    assert evaluate(_read(condition), FACTS) is holds
    assert _read(condition_data(_read(condition))) == _read(condition)


@pytest.mark.parametrize("operator", ["equals", "in", "not_in", "all_of"])
def test_nothing_matches_an_item_without_an_answer(operator: str) -> None:
    assert not evaluate(_read({"item": "gone", operator: ["x"]}), FACTS)
    assert not evaluate(_read({"item": "gone", "compare": {"op": "!=", "value": 1}}), FACTS)


def _checklist(*items: dict[str, Any], when: Any = None) -> dict[str, Any]:
    head = {"key": "head", "kind": "single", "options": [{"key": "x", "points": 1}, {"key": "y"}]}
    second = {"key": "two", "items": list(items), "when": when}
    return {"key": "c", "sections": [{"key": "one", "items": [head]}, second]}


def _refused(data: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ChecklistError) as caught:
        parse_checklist(data)
    return {problem.path: str(problem) for problem in caught.value.problems}


def test_a_later_item_cannot_be_asked_about() -> None:
    data = _checklist({"key": "a", "when": {"item": "b", "equals": "yes"}}, {"key": "b"})
    assert "b comes later" in _refused(data)["sections[1].items[0].when"]


def test_a_section_cannot_depend_on_an_item_inside_it() -> None:
    data = _checklist({"key": "a"}, when={"item": "a", "equals": "yes"})
    assert "circle: a -> a" in _refused(data)["sections[1].when"]


def test_a_circle_is_told_with_its_way() -> None:
    asked_b = {"item": "b", "equals": "yes"}
    data = _checklist(
        {"key": "a", "when": {"item": "c", "equals": "yes"}},
        {"key": "b", "when": {"item": "a", "equals": "yes"}},
        {"key": "c", "when": {"any": [{"item": "head", "equals": "x"}, asked_b]}},
    )
    told = _refused(data)
    assert "c -> b -> a -> c" in told["sections[1].items[0].when"]
    assert "b -> a -> c -> b" in told["sections[1].items[2].when"]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"item": "nobody", "equals": "x"}, "no item nobody"),
        ({"item": "head", "equals": "z"}, "no such option"),
        ({"item": "head", "all_of": ["x"]}, "needs a multiple choice"),
        ({"item": "head", "compare": {"op": "<", "value": 1}}, "Only a number or a level"),
    ],
)
def test_a_comparison_has_to_fit_its_item(when: dict[str, Any], told: str) -> None:
    assert told in _refused(_checklist({"key": "a", "when": when}))["sections[1].items[0].when"]


def test_conditions_nested_without_end_are_refused() -> None:
    when: dict[str, Any] = {"item": "head", "equals": "x"}
    for _ in range(3000):
        when = {"not": when}
    assert any(
        "too deeply" in told for told in _refused(_checklist({"key": "a", "when": when})).values()
    )


def test_what_hangs_on_a_hidden_item_is_hidden_too() -> None:
    checklist = parse_checklist(
        _checklist(
            {"key": "a", "when": {"item": "head", "equals": "x"}},
            {"key": "b", "when": {"item": "a", "equals": "yes"}},
            {"key": "c"},
        )
    )
    given = {
        "head": {"value": "y"},
        "a": {"value": "yes"},
        "b": {"value": "no"},
        "c": {"value": "yes"},
    }
    sheet = score(checklist, parse_answers(checklist, given))
    assert [item.status for item in sheet.items] == ["answered", "hidden", "hidden", "answered"]
    # two sections of equal weight: head y earns 0 of 50, c alone carries the other 50
    assert sheet.score == 50
