"""Damaged checklists: refused with their problems or read as a checklist, never a traceback."""

import json
import random
from contextlib import suppress
from typing import Any

import pytest

from core.checklist import Checklist, ChecklistError, parse_checklist, to_data
from core.scoring import score
from tests.support.requirements import ROOT

CASES = json.loads((ROOT / "tests" / "data" / "scoring_cases.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_checklist_is_refused_or_read_but_never_breaks(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(150):
        case = rng.choice(CASES)
        source = case["form"] if rng.random() < 0.5 else to_data(parse_checklist(case["form"]))
        damaged = json.loads(json.dumps(source))
        for _ in range(rng.randint(1, 4)):
            _damage(damaged, rng)
        with suppress(ChecklistError):
            checklist = parse_checklist(damaged, preset=rng.choice([None, case["system"]]))
            stored = json.loads(json.dumps(to_data(checklist), allow_nan=False))
            assert _stored(stored) == checklist
            assert score(checklist, {}).ledger is not None


def _stored(data: dict[str, Any]) -> Checklist:
    """A stored checklist read again; that it is refused would be a fault."""
    try:
        return parse_checklist(data)
    except ChecklistError as error:
        pytest.fail(str(error))


def _damage(data: Any, rng: random.Random) -> None:
    """Replace, remove or add one thing somewhere inside."""
    places = [(holder, key) for holder in _holders(data) for key in _keys(holder)]
    if not places:
        return
    holder, key = rng.choice(places)
    junk = [None, "", "x", -1, 0, 1e308, float("nan"), float("inf"), True, [], {}, [[]], {"": 1}, 7]
    if rng.random() < 0.2:
        del holder[key]
    elif rng.random() < 0.1 and isinstance(holder, dict):
        holder[rng.choice(["when", "extra", "effects", "options", "use"])] = rng.choice(junk)
    else:
        holder[key] = rng.choice(junk)


def _holders(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return [data, *(found for part in data.values() for found in _holders(part))]
    if isinstance(data, list):
        return [data, *(found for part in data for found in _holders(part))]
    return []


def _keys(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))
