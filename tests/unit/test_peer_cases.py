"""The scores other systems print in their manuals, and those that follow from their rules.

SCORING_CASES names another file of the same format.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.checklist import Checklist, parse_checklist, to_data
from core.checklist.settings import CHOICES, FLAGS
from core.scoring import ScoreSheet, parse_answers, replay, score

HERE = Path(__file__).resolve().parents[1] / "data" / "scoring_cases.json"
CASES = json.loads(Path(os.environ.get("SCORING_CASES", HERE)).read_text(encoding="utf-8"))["cases"]


def _plain(name: str) -> Callable[[ScoreSheet], Any]:
    return lambda sheet: getattr(sheet, name)


def _of_items(name: str) -> Callable[[ScoreSheet], Any]:
    return lambda sheet: {item.key: getattr(item, name) for item in sheet.items}


def _of_sections(name: str) -> Callable[[ScoreSheet], Any]:
    return lambda sheet: {section.key: getattr(section, name) for section in sheet.sections}


FOUND: dict[str, Callable[[ScoreSheet], Any]] = {
    "score": _plain("score"),
    "score_before_critical": _plain("score_before_critical"),
    "earned": _plain("earned"),
    "possible": _plain("possible"),
    "critical_score": _plain("critical_score"),
    "flagged": _plain("critical"),
    "flags": lambda sheet: sorted(sheet.flags),
    "weights": _of_items("weight"),
    "contributions": _of_items("contribution"),
    "sections": _of_sections("score"),
    "section_points": _of_sections("points"),
    "tags": lambda sheet: {
        tag: [found.earned, found.possible, found.percent] for tag, found in sheet.tags.items()
    },
}


def _same(found: Any, expected: Any) -> bool:
    """Whether every number expected is found, to 1e-6; only the keys expected are compared."""
    if isinstance(expected, Mapping):
        return all(_same(found[key], part) for key, part in expected.items())
    if isinstance(expected, list) and all(isinstance(part, str) for part in expected):
        return bool(found == sorted(expected))
    if isinstance(expected, list):
        return all(_same(one, part) for one, part in zip(found, expected, strict=True))
    if expected is None or found is None or isinstance(expected, bool):
        return found is expected
    return bool(found == pytest.approx(expected, abs=1e-6))


def _checklist(case: Mapping[str, Any]) -> Checklist:
    return parse_checklist(case["form"], preset=case["system"])


def _scored(checklist: Checklist, case: Mapping[str, Any]) -> ScoreSheet:
    return score(checklist, parse_answers(checklist, case["answers"]))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_score_is_the_one_the_system_gives(case: Mapping[str, Any]) -> None:
    checklist = _checklist(case)
    sheet = _scored(checklist, case)
    for name, expected in case["expect"].items():
        if name == "readings":
            _every_reading_has_its_setting(checklist, case)
        else:
            found = FOUND[name](sheet)
            assert _same(found, expected), f"{name}: {found}, not {expected}"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_ledger_and_the_stored_form_give_the_same_score(case: Mapping[str, Any]) -> None:
    checklist = _checklist(case)
    sheet = _scored(checklist, case)
    assert _same(replay(sheet.ledger), sheet.score)
    stored = json.loads(json.dumps(to_data(checklist)))
    assert parse_checklist(stored) == checklist


def _every_reading_has_its_setting(checklist: Checklist, case: Mapping[str, Any]) -> None:
    """Where the vendor's text allows several results, one open rule yields each of them."""
    for reading in case["expect"]["readings"]:
        rules = [
            rule for rule, other in _one_rule_changed(checklist) if _gives(other, case, reading)
        ]
        assert rules, f"no setting yields {reading}"
        print(f"{case['id']}: {reading} by {rules[0]}")


def _gives(checklist: Checklist, case: Mapping[str, Any], reading: Mapping[str, Any]) -> bool:
    sheet = _scored(checklist, case)
    return all(_same(FOUND[key](sheet), reading[key]) for key in reading if key in FOUND)


def _one_rule_changed(checklist: Checklist) -> Iterator[tuple[str, Checklist]]:
    """The checklist as it is, then with each open rule set to each of its values."""
    yield "the preset", checklist
    values: dict[str, tuple[object, ...]] = {**CHOICES, **dict.fromkeys(FLAGS, (True, False))}
    for name, allowed in values.items():
        for value in allowed:
            if name != "weights" and value != getattr(checklist.settings, name):
                changed = replace(checklist.settings, **{name: value})  # type: ignore[arg-type]
                yield f"{name}={value}", replace(checklist, settings=changed)
