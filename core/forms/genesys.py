"""Genesys Cloud's evaluation form; positions in its conditions are resolved to keys."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from core.forms.form_node import FormNode, Repairs, key_of

_ABSOLUTE = re.compile(r"/form/questionGroup/(\d{1,4})/question/(\d{1,4})/answer/(\d{1,4})")
_RELATIVE = re.compile(r"\.\./question/(\d{1,4})/answer/(\d{1,4})")
_KINDS = {
    "multipleChoiceQuestion": "single",
    "multipleSelectQuestion": "multi",
    "freeTextQuestion": "text",
    "npsQuestion": "text",
    "readOnlyTextBlockQuestion": "text",
}
Content = dict[str, Any]


class _QuestionPosition(NamedTuple):
    group: int
    question: int


def read(form: FormNode) -> Content:
    is_weighted = form.text("weightMode") != "OFF"
    sections: list[Content] = []
    places: dict[_QuestionPosition, Content] = {}
    groups = form.each("questionGroups")
    for group in groups:
        number = _position(group)
        section = _section(group, is_weighted=is_weighted)
        for question in group.each("questions"):
            item = _item(question, na=group.flag("naEnabled"))
            section["items"].append(item)
            places[_QuestionPosition(number, _position(question))] = item
        sections.append(section)
    for group, section in zip(groups, sections, strict=True):
        _ask_when(group, section, places, _position(group))
        for question, item in zip(group.each("questions"), section["items"], strict=True):
            _ask_when(question, item, places, _position(group))
    name = form.text("name")
    return {
        "key": key_of(name, "genesys-form"),
        "title": {"en": name} if name else {},
        "settings": {"preset": "genesys"},
        "sections": [section for section in sections if section["items"]],
    }


def _section(group: FormNode, *, is_weighted: bool) -> Content:
    name = group.text("name")
    weight = group.number("weight") if is_weighted else None
    if weight is not None and weight < 0:
        group.at("weight").repair("A weight is not negative; it was left out.")
        weight = None
    return {
        "key": group.key(group.text("id") or f"group-{_position(group) + 1}", "group"),
        "title": {"en": name} if name else {},
        "multiplier": 1 if weight is None else weight,
        "items": [],
    }


def _item(question: FormNode, *, na: bool) -> Content:
    question_type = question.text("type")
    kind = _KINDS.get(question_type, "single" if question.has("answerOptions") else "text")
    if question_type not in _KINDS:
        question.at("type").repair("Read as {kind}.", kind=kind)
    text, help_text = question.text("text"), question.text("helpText")
    number = question.path.replace("questionGroups", "").replace(".questions", "")
    key = question.text("id") or "question" + number.replace("[", "-").replace("]", "")
    item: Content = {
        "key": question.key(key, "question"),
        "kind": kind,
        "text": {"en": text} if text else {},
        "guidance": {"en": help_text} if help_text else {},
        "na": na or question.flag("naEnabled"),
        "fatal": question.flag("isKill"),
        "critical": question.flag("isCritical"),
        "evidence_required": question.flag("commentsRequired"),
    }
    if kind == "single":
        item["options"] = _options(question, "answerOptions")
    elif kind == "multi":
        item["options"] = [_selectable(option) for option in _options_of(question)]
    return item


def _options(question: FormNode, name: str) -> list[Content]:
    keys = Repairs(keys=set())
    options = []
    for number, answer in enumerate(question.each(name), start=1):
        key = answer.text("id") or f"answer-{number}"
        text = answer.text("text", "builtInType")
        options.append(
            {
                "key": FormNode(answer.value, answer.path, keys).key(key, "answer"),
                "points": answer.number("value") or 0,
                "text": {"en": text or key},
            }
        )
    question.repairs.problems += keys.problems
    return options


def _options_of(question: FormNode) -> list[tuple[FormNode, str]]:
    keys = Repairs(keys=set())
    options = []
    for number, option in enumerate(question.each("multipleSelectOptionQuestions"), start=1):
        key = option.text("id") or f"option-{number}"
        options.append((option, FormNode(option.value, option.path, keys).key(key, "option")))
    return options


def _selectable(keyed_option: tuple[FormNode, str]) -> Content:
    """One option of a multiple choice: what it is worth when selected."""
    option, key = keyed_option
    for name in ("isKill", "isCritical", "visibilityCondition"):
        if option.at(name).value not in (None, False):
            option.at(name).repair("{name} of a single option has no place here.", name=name)
    values = {
        answer.text("builtInType"): answer.number("value") or 0
        for answer in option.each("answerOptions")
    }
    if values.get("Unselected"):
        option.repair("Points for not selecting it were left out.")
    text = option.text("text")
    return {"key": key, "points": values.get("Selected", 0), "text": {"en": text or key}}


def _ask_when(
    node: FormNode, content: Content, places: dict[_QuestionPosition, Content], group: int
) -> None:
    rule = node.at("visibilityCondition")
    predicates = rule.at("predicates").value
    if not isinstance(predicates, list) or not predicates:
        return
    comparisons = [_match(str(predicate), places, group) for predicate in predicates]
    for predicate, match in zip(predicates, comparisons, strict=True):
        if match is None:
            lost = str(predicate)[:80]
            rule.repair("{predicate} leads nowhere; it was left out.", predicate=lost)
    matches = [match for match in comparisons if match is not None]
    if matches:
        join = "any" if rule.text("combiningOperation") == "OR" else "all"
        content["when"] = matches[0] if len(matches) == 1 else {join: matches}


def _match(predicate: str, places: dict[_QuestionPosition, Content], group: int) -> Content | None:
    """The comparison that a position stands for; positions count from zero."""
    if absolute := _ABSOLUTE.fullmatch(predicate):
        group, question, answer = (int(number) for number in absolute.groups())
    elif relative := _RELATIVE.fullmatch(predicate):
        question, answer = (int(number) for number in relative.groups())
    else:
        return None
    item = places.get(_QuestionPosition(group, question))
    options = item.get("options", []) if item else []
    if item is None or answer >= len(options):
        return None
    operator = "all_of" if item["kind"] == "multi" else "equals"
    return {"item": item["key"], operator: [options[answer]["key"]]}


def _position(node: FormNode) -> int:
    """Where a question or group stands in its list, left-out neighbours included."""
    return int(node.path.rpartition("[")[2].rstrip("]"))
