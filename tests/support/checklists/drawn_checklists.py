"""Checklists and answers for property tests: every kind, rule, effect and condition."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

EFFECTS: list[Any] = [
    "form_zero",
    "section_zero",
    "flag",
    {"cap": 60},
    {"cap": 25},
    None,
    None,
    None,
]
FLOORS: list[Any] = [None, {"below": 60, "band": "poor"}, {"below": 95, "band": "poor"}]
SCORED_KINDS = ("yes_no", "graded", "single", "multi", "number", "clock")
SECTION_KEYS = ("opening", "middle", "closing")


@st.composite
def settings(draw: st.DrawFn, /, **fixed: Any) -> dict[str, Any]:
    weights = fixed.get("weights") or draw(
        st.sampled_from(["item_weights", "section_weights", "points"])
    )
    policies = (
        ["redistribute"] if weights == "points" else ["redistribute", "within_section", "skip"]
    )
    chosen = {
        "weights": weights,
        "na_policy": draw(st.sampled_from(policies)),
        "scale_weights": draw(st.booleans()),
        "graded_base": draw(st.sampled_from(["span", "top"])),
        "multi_base": draw(st.sampled_from(["sum", "max"])),
        "option_base": draw(st.sampled_from(["best", "ten"])),
        "bonus_over_100": draw(st.booleans()),
        "below_zero": draw(st.booleans()),
        "blank": draw(st.sampled_from(["leave_out", "zero"])),
        "fatal_rule": draw(st.sampled_from(["not_best", "worst"])),
        "critical_rule": draw(st.sampled_from(["none", "second_score", "below_half"])),
    }
    return chosen | fixed


@st.composite
def checklists(draw: st.DrawFn, /, *, plain: bool = False, **fixed: Any) -> dict[str, Any]:
    """A checklist in our own format; a plain one has no conditions, adjustments or bonus."""
    rules = draw(settings(**fixed))
    points = rules["weights"] == "points"
    sections: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    for key in SECTION_KEYS[: draw(st.integers(1, 3))]:
        section: dict[str, Any] = {"key": key, "weight": draw(st.integers(0, 50)), "items": []}
        if not plain:
            section |= draw(_section_extras(points=points))
            section |= draw(_condition(asked))
        for _ in range(draw(st.integers(1, 4))):
            item = draw(_item(f"i{len(asked)}", points=points, plain=plain))
            if not plain:
                item |= draw(_condition(asked))
            section["items"].append(item)
            asked.append(item)
        sections.append(section)
    bands = [{"key": "good", "from": 80}, {"key": "poor", "from": 0}]
    found: dict[str, Any] = {
        "key": "drawn",
        "settings": rules,
        "sections": sections,
        "bands": bands,
    }
    if not plain:
        found["baseline"] = draw(st.sampled_from([0, 0, 0, 5]))
        found["minimum"] = draw(st.sampled_from([None, None, None, 10]))
    return found


@st.composite
def _section_extras(draw: st.DrawFn, *, points: bool) -> dict[str, Any]:
    return {
        "multiplier": draw(st.sampled_from([0, 0.5, 1, 3])) if points else 1,
        "baseline": draw(st.sampled_from([0, 0, 0, 20])),
        "minimum": draw(st.sampled_from([None, None, 5])),
        "critical": draw(st.booleans()),
        "section_floor": draw(st.sampled_from(FLOORS)),
    }


@st.composite
def _item(draw: st.DrawFn, key: str, *, points: bool, plain: bool) -> dict[str, Any]:
    kind = draw(st.sampled_from([*SCORED_KINDS, "text"]))
    item: dict[str, Any] = {"key": key, "kind": kind, "weight": draw(st.integers(0, 10))}
    item["key_moment"] = draw(st.booleans())
    item["critical"] = draw(st.booleans())
    if kind in {"single", "multi"}:
        item["options"] = draw(_options(many=kind == "multi" and not plain))
        item["cap"] = draw(st.sampled_from([None, 5])) if kind == "multi" else None
    elif kind == "graded":
        item |= {"min": draw(st.integers(-1, 1)), "max": draw(st.integers(2, 4))}
        item["effects"] = {str(item["min"]): draw(st.sampled_from(EFFECTS))}
    elif kind == "number":
        item["ranges"] = draw(_ranges())
    elif kind == "clock":
        item["clock"] = {"limit_minutes": draw(st.sampled_from([None, 10, 60])), "pauses": True}
        item["effects"] = {"late": draw(st.sampled_from(EFFECTS))}
    elif kind == "yes_no":
        item["effects"] = {"no": draw(st.sampled_from(EFFECTS))}
    if not plain:
        item["excluded"] = draw(st.integers(0, 9)) == 0
        item["bonus"] = draw(st.integers(0, 9)) == 0
        item["fatal"] = draw(st.integers(0, 9)) == 0
        item["multiplier"] = draw(st.sampled_from([1, 2])) if points else 1
    return item


@st.composite
def _options(draw: st.DrawFn, *, many: bool) -> list[dict[str, Any]]:
    count = draw(st.integers(2, 13 if many else 4))
    worth = [draw(st.integers(1, 10)), *(draw(st.integers(-3, 10)) for _ in range(count - 1))]
    return [
        {"key": f"o{n}", "points": part, "effect": draw(st.sampled_from(EFFECTS)) if n else None}
        for n, part in enumerate(worth)
    ]


@st.composite
def _ranges(draw: st.DrawFn) -> list[dict[str, Any]]:
    ends = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=4)))
    found: list[dict[str, Any]] = []
    for low, high in pairwise(ends):
        part = {"min": low, "max": high - 1, "points": draw(st.integers(0, 10))}
        found.append(part | {"effect": draw(st.sampled_from(EFFECTS))})
    found[0]["points"] += 1
    return found


@st.composite
def _condition(draw: st.DrawFn, asked: list[dict[str, Any]]) -> dict[str, Any]:
    usable = [item for item in asked if item["kind"] != "text"]
    if not usable or draw(st.integers(0, 3)):
        return {}
    parts = [
        draw(_comparison(draw(st.sampled_from(usable)))) for _ in range(draw(st.integers(1, 2)))
    ]
    joined = draw(st.sampled_from([{"all": parts}, {"any": parts}, {"not": parts[0]}, parts[0]]))
    return {"when": joined}


@st.composite
def _comparison(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    if item["kind"] in {"number", "graded"}:
        compare = {"op": draw(st.sampled_from(["<", ">=", "="])), "value": draw(st.integers(0, 20))}
        return {"item": item["key"], "compare": compare}
    keys = [option["key"] for option in item.get("options", [])]
    keys = keys or {"yes_no": ["yes", "no"], "clock": ["met", "late"]}[item["kind"]]
    operators = ["equals", "in", "not_in"] + ["all_of"] * (item["kind"] == "multi")
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
    return {"item": item["key"], draw(st.sampled_from(operators)): chosen}


@st.composite
def answers(draw: st.DrawFn, checklist: dict[str, Any], *, blanks: bool = True) -> dict[str, Any]:
    """An answer to every item, some N/A and, if allowed, some blank."""
    found: dict[str, Any] = {}
    for section in checklist["sections"]:
        for item in section["items"]:
            how = draw(st.integers(0, 9))
            if how == 0 and blanks:
                continue
            found[item["key"]] = {"na": True} if how == 1 else draw(_answer(item))
    return found


@st.composite
def _answer(draw: st.DrawFn, item: dict[str, Any]) -> dict[str, Any]:
    kind = item["kind"]
    if kind == "multi":
        options = st.sampled_from([option["key"] for option in item["options"]])
        return {"values": draw(st.lists(options, unique=True, max_size=5))}
    if kind == "number":
        low, high = item["ranges"][0]["min"], item["ranges"][-1]["max"]
        return {"value": draw(st.integers(low, high))}
    if kind == "clock":
        start, stop = (
            "2024-05-01T10:00:00+08:00",
            f"2024-05-01T10:{draw(st.integers(0, 59)):02}:00+08:00",
        )
        return {"start": start, "stop": stop, "evidence_kind": "system"}
    if kind == "graded":
        return {"value": draw(st.integers(item["min"], item["max"]))}
    if kind == "text":
        return {"value": "seen"}
    keys = [option["key"] for option in item.get("options", [])] or ["yes", "no"]
    return {"value": draw(st.sampled_from(keys))}
