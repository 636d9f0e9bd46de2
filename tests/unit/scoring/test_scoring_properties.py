"""What holds of every score, whatever the checklist and the answers."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.checklist import Checklist, Item, parse_checklist, to_data
from core.scoring import ScoreSheet, parse_answers, replay, score
from tests.support.checklists.drawn_checklists import answers, checklists

STRICT = {"bonus_over_100": False, "below_zero": False}


def _sheet(checklist: dict[str, Any] | Checklist, given_answers: dict[str, Any]) -> ScoreSheet:
    if isinstance(checklist, dict):
        checklist = parse_checklist(checklist)
    return score(checklist, parse_answers(checklist, given_answers))


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, abs=1e-9)


@given(st.data())
def test_scores_stay_between_0_and_100_and_effects_never_raise_them(data: st.DataObject) -> None:
    checklist = data.draw(checklists(**STRICT))
    sheet = _sheet(checklist, data.draw(answers(checklist)))
    found = [sheet.score, sheet.score_before_critical, *(part.score for part in sheet.sections)]
    assert all(part is None or 0 <= part <= 100 for part in found)
    if sheet.score is not None and sheet.score_before_critical is not None:
        assert sheet.score <= sheet.score_before_critical + 1e-9
    assert (sheet.score is None) == (sheet.reason is not None)


@given(st.data())
def test_the_order_of_items_and_sections_does_not_matter(data: st.DataObject) -> None:
    checklist = data.draw(checklists(plain=True))
    given_answers = data.draw(answers(checklist))
    sheet = _sheet(checklist, given_answers)
    shuffled = [
        {**section, "items": data.draw(st.permutations(section["items"]))}
        for section in data.draw(st.permutations(checklist["sections"]))
    ]
    other = _sheet({**checklist, "sections": shuffled}, given_answers)
    assert _close(sheet.score, other.score)
    assert _close(sheet.score_before_critical, other.score_before_critical)
    assert sorted(sheet.flags) == sorted(other.flags)


@given(st.data())
def test_a_better_answer_never_lowers_the_score(data: st.DataObject) -> None:
    checklist = parse_checklist(data.draw(checklists(plain=True)))
    data_form = to_data(checklist)
    given_answers = data.draw(answers(_with_ranges(data_form)))
    single = [item for item in checklist.items() if item.kind in {"yes_no", "graded", "single"}]
    assume(single)
    item = data.draw(st.sampled_from(single))
    worse, better = _two_options(item, data.draw(st.randoms(use_true_random=False)).random())
    before = _sheet(checklist, given_answers | {item.key: {"value": worse}})
    after = _sheet(checklist, given_answers | {item.key: {"value": better}})
    for name in ("score", "score_before_critical"):
        low, high = getattr(before, name), getattr(after, name)
        assert low is None or high is None or high >= low - 1e-9


def _two_options(item: Item, at: float) -> tuple[str, str]:
    """A worse and a better option: fewer points, and an effect only in the worse one."""
    ordered = sorted(item.options, key=lambda option: (option.points, option.effect is None))
    place = int(at * (len(ordered) - 1))
    best = max(
        (option for option in ordered if option.effect is None),
        key=lambda option: option.points,
        default=ordered[-1],
    )
    worse = ordered[place]
    return (worse.key, best.key) if worse.points <= best.points else (best.key, best.key)


def _with_ranges(checklist: dict[str, Any]) -> dict[str, Any]:
    """The stored form with the bounds that the strategy for answers reads."""
    for section in checklist["sections"]:
        for item in section["items"]:
            if item["kind"] == "graded":
                levels = [int(option["key"]) for option in item["options"]]
                item |= {"min": min(levels), "max": max(levels)}
    return checklist


@pytest.mark.parametrize(
    "policy",
    [
        {"weights": "item_weights", "na_policy": "redistribute", "scale_weights": True},
        {"weights": "section_weights", "na_policy": "within_section", "scale_weights": True},
        {"weights": "points"},
    ],
    ids=["item weights", "section weights", "points"],
)
@given(st.data())
def test_marking_n_a_equals_deleting_the_item(policy: dict[str, Any], data: st.DataObject) -> None:
    checklist = data.draw(checklists(plain=True, **policy))
    keys = [item["key"] for section in checklist["sections"] for item in section["items"]]
    assume(len(keys) > 1)
    gone = data.draw(st.sampled_from(keys))
    given_answers = data.draw(answers(checklist)) | {gone: {"na": True}}
    kept = [
        {**section, "items": [item for item in section["items"] if item["key"] != gone]}
        for section in checklist["sections"]
    ]
    rest = {key: answer for key, answer in given_answers.items() if key != gone}
    sheet, other = _sheet(checklist, given_answers), _sheet({**checklist, "sections": kept}, rest)
    assert _close(sheet.score, other.score)
    weights = {item.key: item.weight for item in sheet.items}
    assert all(_close(item.weight, weights[item.key]) for item in other.items)


@given(st.data())
def test_weights_sum_to_100_in_the_weight_modes(data: st.DataObject) -> None:
    weights = data.draw(st.sampled_from(["item_weights", "section_weights"]))
    policy = data.draw(st.sampled_from(["redistribute", "within_section"]))
    rules = {"weights": weights, "na_policy": policy, "scale_weights": True}
    checklist = data.draw(checklists(**rules))
    sheet = _sheet(checklist, data.draw(answers(checklist)))
    if sheet.score_before_critical is not None:
        assert math.fsum(item.weight for item in sheet.items) == pytest.approx(100)
        assert math.fsum(section.weight for section in sheet.sections) == pytest.approx(100)


@given(st.data())
def test_points_lost_and_contributions_make_up_the_weights(data: st.DataObject) -> None:
    checklist = data.draw(checklists(plain=True))
    sheet = _sheet(checklist, data.draw(answers(checklist)))
    for item in sheet.items:
        if item.contribution is not None and 0 <= item.contribution <= item.weight:
            assert item.points_lost == pytest.approx(item.weight - item.contribution)


@given(st.data())
def test_the_ledger_replays_to_the_score_and_not_to_another(data: st.DataObject) -> None:
    checklist = data.draw(checklists())
    sheet = _sheet(checklist, data.draw(answers(checklist)))
    assert _close(replay(sheet.ledger), sheet.score)
    json.dumps(sheet.to_data(), allow_nan=False)
    rounded = [step for step in sheet.ledger if step.kind == "round"]
    assert [step.output for step in rounded] == (
        [] if sheet.score is None else [pytest.approx(sheet.score, abs=0.005001)]
    )


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_a_ledger_whose_numbers_were_changed_replays_to_another_score(data: st.DataObject) -> None:
    checklist = data.draw(checklists(weights="points", plain=True, bonus_over_100=True))
    sheet = _sheet(checklist, data.draw(answers(checklist)))
    assume(sheet.score and not sheet.critical)
    earned = [
        place
        for place, step in enumerate(sheet.ledger)
        if step.kind == "earned" and step.inputs["points"] > 0
    ]
    assume(earned)
    place = data.draw(st.sampled_from(earned))
    step = sheet.ledger[place]
    changed = replace(step, inputs={**step.inputs, "multiplier": 1000})
    tampered = (*sheet.ledger[:place], changed, *sheet.ledger[place + 1 :])
    assert not _close(replay(tampered), sheet.score)


@given(st.data())
def test_a_hidden_item_scores_as_one_that_is_n_a(data: st.DataObject) -> None:
    checklist = data.draw(checklists(plain=True))
    keys = [item["key"] for section in checklist["sections"] for item in section["items"]]
    hidden = data.draw(st.sampled_from(keys))
    gate = {"key": "gate", "kind": "yes_no", "excluded": True}
    sections = [{"key": "gates", "items": [gate], "weight": 0}, *checklist["sections"]]
    asked = {"item": "gate", "equals": "yes"}
    conditional = [
        {
            **section,
            "items": [
                item | ({"when": asked} if item["key"] == hidden else {})
                for item in section["items"]
            ],
        }
        for section in sections
    ]
    given_answers = data.draw(answers(checklist)) | {"gate": {"value": "no"}}
    hiding = _sheet({**checklist, "sections": conditional}, given_answers)
    marking = _sheet({**checklist, "sections": sections}, given_answers | {hidden: {"na": True}})
    assert _close(hiding.score, marking.score)
    assert {item.key: item.status for item in hiding.items}[hidden] == "hidden"


@given(st.data())
def test_a_stored_checklist_is_the_same_checklist(data: st.DataObject) -> None:
    checklist = parse_checklist(data.draw(checklists()))
    stored = json.loads(json.dumps(to_data(checklist)))
    assert parse_checklist(stored) == checklist
