"""Questions of an Amazon Connect form: options, ranges, automatic fails."""

from __future__ import annotations

from typing import Any

from core.forms.connect_conditions import enablement
from core.forms.form_node import FormNode, Repairs

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


def read_question(question: FormNode, mode: str, language: str) -> Content:
    properties = question.at("QuestionTypeProperties")
    kind = _kind(question, properties)
    title = question.text("Title", "QuestionText", "Text")
    help_text = question.text("Instructions")
    scoring = question.at("ScoringConfiguration")
    item: Content = {
        "key": question.key(question.text("RefId"), "question"),
        "kind": kind,
        "text": {language: title} if title else {},
        "guidance": {language: help_text} if help_text else {},
        "weight": _weight(question),
        "na": question.flag("NotApplicableEnabled"),
        "excluded": scoring.flag("IsExcludedFromScoring"),
        "bonus": scoring.at("PointsConfiguration").flag("IsBonus"),
    }
    if kind in {"single", "multi"}:
        item["options"] = _options(question, properties, kind, mode, language)
        item["excluded"] |= _is_worthless(question, item["options"])
    if kind == "number":
        _ranges(question, properties, item, mode)
    when = enablement(question)
    return item | ({"when": when} if when else {})


def _kind(question: FormNode, properties: FormNode) -> str:
    question_type = question.text("QuestionType")
    if question_type in _KINDS:
        return _KINDS[question_type]
    guessed_kind = next((kind for kind, name in _WRAPPERS.items() if properties.has(name)), None)
    guessed_kind = guessed_kind or ("single" if properties.has("Options") else "text")
    question.at("QuestionType").repair("Read as {kind}.", kind=guessed_kind)
    return guessed_kind


def _weight(question: FormNode) -> float:
    weight = question.number("Weight")
    if weight is not None and not 0 <= weight <= 100:
        question.at("Weight").repair("A weight lies between 0 and 100; it was left out.")
        return 0
    return weight or 0


def _choices(properties: FormNode, kind: str) -> list[FormNode]:
    inner = properties.at(_WRAPPERS[kind])
    if inner.has("Options"):
        return inner.each("Options")
    if properties.has("Options"):
        properties.repair("Options stand outside {name}.", name=_WRAPPERS[kind])
        return properties.each("Options")
    return []


def _options(
    question: FormNode, properties: FormNode, kind: str, mode: str, language: str
) -> list[Content]:
    options = []
    keys = Repairs(keys=set())
    for choice in _choices(properties, kind):
        text = choice.text("Text", "Label")
        key = FormNode(choice.value, choice.path, keys).key(choice.text("RefId"), "option")
        options.append(
            {
                "key": key,
                "points": _points(choice, mode),
                "text": {language: text} if text else {language: key},
                **_effect(choice),
                "bonus": choice.at("PointsConfiguration").flag("IsBonus"),
            }
        )
    question.repairs.problems += keys.problems
    if len(options) < 2:
        question.repair("A question with fewer than two options has nothing to choose.")
    return options


def _points(choice: FormNode, mode: str) -> float:
    if mode == "points":
        return choice.at("PointsConfiguration").number("PointValue") or 0
    score = choice.number("Score") or 0
    if not 0 <= score <= _TOP_SCORE:
        choice.at("Score").repair("A score lies between 0 and 10; it was brought there.")
        return min(max(score, 0.0), _TOP_SCORE)
    return score


def _effect(choice: FormNode) -> Content:
    if not choice.flag("AutomaticFail"):
        return {}
    target = choice.at("AutomaticFailConfiguration").text("TargetSection")
    return {"effect": {"section_zero": [target]} if target else "form_zero"}


def _is_worthless(question: FormNode, options: list[Content]) -> bool:
    """Whether no option is worth anything, so that the question cannot be scored."""
    if any(option["points"] > 0 for option in options):
        return False
    question.repair("No option has a score, so it is asked and not scored.")
    return True


def _ranges(question: FormNode, properties: FormNode, item: Content, mode: str) -> None:
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
        question.repair("No range has a score, so it is asked and not scored.")
        item["excluded"] = True
