"""Amazon Connect's evaluation form, its questions and conditions, as Connect writes them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from core.forms.form_node import FormNode, Repairs, key_of

_MODES = {
    "QUESTION_ONLY": "item_weights",
    "SECTION_ONLY": "section_weights",
    "POINTS_BASED": "points",
}
_LANGUAGES = {"zh-CN": "zh_CN", "zh-TW": "zh_TW"}
_DEEPEST = 8
Content = dict[str, Any]
_KINDS = {
    "TEXT": "text",
    "SINGLESELECT": "single",
    "MULTISELECT": "multi",
    "NUMERIC": "number",
    "DATETIME": "date",
}
_WRAPPERS = {"single": "SingleSelect", "multi": "MultiSelect", "number": "Numeric"}
_TOP_SCORE = 10.0


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
        "weight": _question_weight(question),
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


def _question_weight(question: FormNode) -> float:
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


def enablement(node: FormNode) -> Content | None:
    """The condition of a question or section; one that cannot be read is reported and left out."""
    rule = node.at("Enablement")
    if rule.value is None:
        return None
    condition = _condition(rule.at("Condition"))
    if condition is None:
        rule.repair("The condition cannot be read; the item is always asked.")
        return None
    return {"not": condition} if rule.text("Action") == "DISABLE" else condition


def _condition(node: FormNode, depth: int = 0) -> Content | None:
    parts = []
    for operand in node.each("Operands") if depth < _DEEPEST else ():
        inner = (
            _expression(operand.at("Expression"))
            if operand.has("Expression")
            else _condition(operand.at("Condition"), depth + 1)
        )
        if inner is not None:
            parts.append(inner)
    if not parts:
        return None
    join = "any" if node.text("Operator") == "OR" else "all"
    return parts[0] if len(parts) == 1 else {join: parts}


def _expression(node: FormNode) -> Content | None:
    source = node.at("Source").text("RefId")
    values = [value.text("RefId") for value in node.each("Values")]
    operator = {"IN": "in", "NOT_IN": "not_in", "ALL_IN": "all_of", "EXACT": "equals"}.get(
        node.text("Comparator")
    )
    if not (source and operator and all(values) and values):
        return None
    return {"item": source, operator: values}
