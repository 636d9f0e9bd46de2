"""The shared cases of which items are asked, and what the pad's script gets of a checklist."""

from __future__ import annotations

import json

from core.checklist import parse_checklist
from core.checklist.conditions import condition_data
from core.scoring import parse_answers, score
from tests.support.requirements import ROOT

DATA = json.loads((ROOT / "tests/data/visibility_cases.json").read_text(encoding="utf-8"))


def cases():
    """(name, checklist, answers, keys of the items asked)"""
    for case in DATA["cases"]:
        yield case["name"], _checklist(case["when"]), case["answers"], set(case["visible"])


def asked(checklist, answers):
    sheet = score(checklist, parse_answers(checklist, answers))
    return {item.key for item in sheet.items if item.status != "hidden"}


def sections_of(checklist):
    """The parts of a checklist that decide what is asked, as the pad's script has them."""
    return [
        {"when": _when(section), "items": [_item(item) for item in section.items]}
        for section in checklist.sections
    ]


def _item(item):
    clock = {"limit": item.clock.limit_minutes} if item.clock else None
    return {"key": item.key, "kind": item.kind, "clock": clock, "when": _when(item)}


def _when(part):
    return condition_data(part.when) if part.when else None


def _checklist(when):
    items = {
        key: {"key": key, **item} | ({"when": when[key]} if key in when else {})
        for key, item in DATA["items"].items()
    }
    first = {"key": "s", "items": [items[key] for key in "ABCDEF"]}
    second = {"key": "t", "items": [items[key] for key in "GH"]}
    if "t" in when:
        second["when"] = when["t"]
    return parse_checklist({"key": "cases", "sections": [first, second]})
