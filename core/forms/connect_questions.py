"""Questions of an Amazon Connect form: options, ranges, automatic fails."""

from __future__ import annotations

from typing import Any

from core.forms.connect_conditions import enablement
from core.forms.found import Part, Repairs

_KINDS = {
    "TEXT": "text",
    "SINGLESELECT": "single",
    "MULTISELECT": "multi",
    "NUMERIC": "number",
    "DATETIME": "date",
}
_WRAPPERS = {"single": "SingleSelect", "multi": "MultiSelect", "number": "Numeric"}
_TOP_SCORE = 10.0
Content = dict[str, Any]


def read_question(part: Part, mode: str, language: str) -> Content:
    properties = part.at("QuestionTypeProperties")
    kind = _kind(part, properties)
    title = part.text("Title", "QuestionText", "Text")
    help_text = part.text("Instructions")
    scoring = part.at("ScoringConfiguration")
    item: Content = {
        "key": part.key(part.text("RefId"), "question"),
        "kind": kind,
        "text": {language: title} if title else {},
        "guidance": {language: help_text} if help_text else {},
        "weight": _weight(part),
        "na": part.flag("NotApplicableEnabled"),
        "excluded": scoring.flag("IsExcludedFromScoring"),
        "bonus": scoring.at("PointsConfiguration").flag("IsBonus"),
    }
    if kind in {"single", "multi"}:
        item["options"] = _options(part, properties, kind, mode, language)
        item["excluded"] |= _is_worthless(part, item["options"])
    if kind == "number":
        _ranges(part, properties, item, mode)
    when = enablement(part)
    return item | ({"when": when} if when else {})


def _kind(part: Part, properties: Part) -> str:
    told = part.text("QuestionType")
    if told in _KINDS:
        return _KINDS[told]
    found = next((kind for kind, name in _WRAPPERS.items() if properties.has(name)), None)
    found = found or ("single" if properties.has("Options") else "text")
    part.at("QuestionType").repair("Read as {kind}.", kind=found)
    return found


def _weight(part: Part) -> float:
    weight = part.number("Weight")
    if weight is not None and not 0 <= weight <= 100:
        part.at("Weight").repair("A weight lies between 0 and 100; it was left out.")
        return 0
    return weight or 0


def _choices(properties: Part, kind: str) -> list[Part]:
    inner = properties.at(_WRAPPERS[kind])
    if inner.has("Options"):
        return inner.each("Options")
    if properties.has("Options"):
        properties.repair("Options stand outside {name}.", name=_WRAPPERS[kind])
        return properties.each("Options")
    return []


def _options(part: Part, properties: Part, kind: str, mode: str, language: str) -> list[Content]:
    options = []
    keys = Repairs(keys=set())
    for choice in _choices(properties, kind):
        text = choice.text("Text", "Label")
        key = Part(choice.value, choice.path, keys).key(choice.text("RefId"), "option")
        options.append(
            {
                "key": key,
                "points": _points(choice, mode),
                "text": {language: text} if text else {language: key},
                **_effect(choice),
                "bonus": choice.at("PointsConfiguration").flag("IsBonus"),
            }
        )
    part.repairs.found += keys.found
    if len(options) < 2:
        part.repair("A question with fewer than two options has nothing to choose.")
    return options


def _points(choice: Part, mode: str) -> float:
    if mode == "points":
        return choice.at("PointsConfiguration").number("PointValue") or 0
    score = choice.number("Score") or 0
    if not 0 <= score <= _TOP_SCORE:
        choice.at("Score").repair("A score lies between 0 and 10; it was brought there.")
        return min(max(score, 0.0), _TOP_SCORE)
    return score


def _effect(choice: Part) -> Content:
    if not choice.flag("AutomaticFail"):
        return {}
    target = choice.at("AutomaticFailConfiguration").text("TargetSection")
    return {"effect": {"section_zero": [target]} if target else "form_zero"}


def _is_worthless(part: Part, options: list[Content]) -> bool:
    """Whether no option is worth anything, so that the question cannot be scored."""
    if any(option["points"] > 0 for option in options):
        return False
    part.repair("No option has a score, so it is asked and not scored.")
    return True


def _ranges(part: Part, properties: Part, item: Content, mode: str) -> None:
    inner = properties.at("Numeric")
    ranges: list[Content] = []
    for choice in inner.each("Options"):
        low, high = choice.number("MinValue"), choice.number("MaxValue")
        if low is None or high is None:
            choice.repair("A range without both ends was left out.")
            continue
        points = _points(choice, mode)
        ranges.append({"min": low, "max": high, "points": points, **_effect(choice)})
    ends = [end for row in ranges for end in (row["min"], row["max"])]
    item["decimals"] = any(end != int(end) for end in ends)
    item["ranges"] = ranges
    if not any(row["points"] > 0 for row in ranges):
        part.repair("No range has a score, so it is asked and not scored.")
        item["excluded"] = True
