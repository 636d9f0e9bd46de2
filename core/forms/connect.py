"""Amazon Connect's evaluation form, as its API and CloudFormation write it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from core.forms.connect_conditions import enablement
from core.forms.connect_questions import read_question
from core.forms.form_node import FormNode, key_of

_MODES = {
    "QUESTION_ONLY": "item_weights",
    "SECTION_ONLY": "section_weights",
    "POINTS_BASED": "points",
}
_LANGUAGES = {"zh-CN": "zh_CN", "zh-TW": "zh_TW"}
_DEEPEST = 8
Content = dict[str, Any]


def read(form: FormNode) -> Content:
    strategy = form.at("ScoringStrategy")
    mode = _mode(strategy)
    language = _LANGUAGES.get(form.at("LanguageConfiguration").text("FormLanguage"), "en")
    sections = [section for section in _sections(form, mode, language) if section["items"]]
    _link(form, sections)
    if strategy.text("Status") == "DISABLED":
        strategy.repair("Scoring is switched off, so every item is asked and not scored.")
        for item in (item for section in sections for item in section["items"]):
            item["excluded"] = True
    weights = _weights(form, mode, sections)
    title = form.text("Title", "EvaluationFormTitle", "Name")
    return {
        "key": key_of(title, "connect-form"),
        "title": {language: title} if title else {},
        "unit": {},
        "settings": {"preset": "connect", "weights": weights},
        "bands": _bands(strategy),
        "sections": sections,
    }


def _mode(strategy: FormNode) -> str:
    mode = strategy.text("Mode")
    if mode and mode not in _MODES:
        strategy.at("Mode").repair("Read as QUESTION_ONLY.")
    return _MODES.get(mode, "item_weights")


def _sections(
    holder: FormNode, mode: str, language: str, above: str = "", depth: int = 0
) -> Iterator[Content]:
    """Every section with the questions right in it, subsections named after their parents."""
    for entry in holder.each("Items"):
        node = entry.at("Section") if entry.has("Section") else entry
        if not (node.has("Items") or entry.has("Section")):
            continue
        title = node.text("Title") or node.text("RefId")
        name = f"{above} / {title}" if above else title
        if above:
            node.repair("The subsection became a section of its own.")
        section: Content = {
            "key": node.key(node.text("RefId"), "section"),
            "title": {language: name} if name else {},
            "weight": _weight(node, mode == "section_weights"),
            "items": [read_question(question, mode, language) for question in _questions(node)],
        }
        if node.flag("IsExcludedFromScoring"):
            for item in section["items"]:
                item["excluded"] = True
        when = enablement(node)
        yield section | ({"when": when} if when else {})
        if depth < _DEEPEST:
            yield from _sections(node, mode, language, name, depth + 1)
        else:
            node.repair("Sections nested more deeply were left out.")


def _questions(section: FormNode) -> Iterator[FormNode]:
    for entry in section.each("Items"):
        if entry.has("Question"):
            yield entry.at("Question")
        elif entry.has("QuestionType"):
            entry.repair("Read as a question.")
            yield entry
        elif not (entry.has("Section") or entry.has("Items")):
            entry.repair("Neither a question nor a section; it was left out.")


def _weight(section: FormNode, is_used: bool) -> float:  # noqa: FBT001  one word of a sentence
    weight = section.number("Weight")
    if weight is not None and not 0 <= weight <= 100:
        section.at("Weight").repair("A weight lies between 0 and 100; it was left out.")
        weight = None
    return 1 if weight is None and is_used else weight or 0


def _weights(form: FormNode, mode: str, sections: list[Content]) -> str:
    """How weights are shared; both kinds at once mean that items share their section."""
    items = [item for section in sections for item in section["items"]]
    if mode == "item_weights" and len(sections) > 1 and _both_sum(sections):
        form.at("ScoringStrategy").repair(
            "Question weights sum to 100 in each section and section weights do as well; "
            "read as items that share their section."
        )
        return "section_weights"
    if mode == "section_weights" or not any(item["weight"] for item in items):
        for item in items:
            item["weight"] = 1
    return mode


def _both_sum(sections: list[Content]) -> bool:
    inner = [sum(item["weight"] for item in section["items"]) for section in sections]
    outer = sum(section["weight"] for section in sections)
    return _hundred(outer) and all(_hundred(total) for total in inner)


def _bands(strategy: FormNode) -> list[Content]:
    bands = []
    for threshold in strategy.each("ScoreThresholds"):
        name = threshold.text("PerformanceCategory")
        floor = threshold.number("MinScorePercentage")
        if name and floor is not None:
            bands.append({"key": name.lower(), "from": floor})
    return bands


def _link(form: FormNode, sections: list[Content]) -> None:
    """Give all_of on a question with one choice its meaning there."""
    kinds = {item["key"]: item["kind"] for section in sections for item in section["items"]}
    conditions = [
        holder.get("when") for section in sections for holder in (section, *section["items"])
    ]
    waiting = [condition for condition in conditions if condition]
    while waiting:
        condition = waiting.pop()
        inner = condition.get("all") or condition.get("any") or condition.get("not")
        waiting += inner if isinstance(inner, list) else [inner] if inner else []
        if "all_of" in condition and kinds.get(condition["item"]) != "multi":
            form.repair("ALL_IN on a question with one choice was read as IN.")
            condition["in"] = condition.pop("all_of")


def _hundred(total: float) -> bool:
    return math.isclose(total, 100, abs_tol=0.5)
