"""Google's scorecard: a bundle of qaScorecard, its revision and its questions."""

from __future__ import annotations

from typing import Any

from core.forms.form_node import FormNode, Repairs, key_of

_OLD_FIELDS = ("weight", "score")
Content = dict[str, Any]


def read(form: FormNode) -> Content:
    card = form.at("qaScorecard")
    title = card.text("displayName") or form.at("qaScorecardRevision").at("snapshot").text(
        "displayName"
    )
    questions = sorted(form.each("qaQuestions"), key=_order)
    return {
        "key": key_of(title, "google-scorecard"),
        "title": {"en": title} if title else {},
        "settings": {"preset": "google"},
        "sections": [
            {
                "key": "questions",
                "title": {"en": title or "Questions"},
                "items": [_item(question) for question in questions],
            }
        ],
    }


def _order(question: FormNode) -> float:
    order = FormNode(question.value, question.path, Repairs()).number("order")
    return float("inf") if order is None else order


def _item(question: FormNode) -> Content:
    for name in _OLD_FIELDS:
        if isinstance(question.value, dict) and name in question.value:
            question.at(name).repair("The API has no such field; it was left out.")
    term = question.text("abbreviation")
    help_text = question.text("answerInstructions")
    text = question.text("questionBody", "body")
    tags = question.at("tags").value
    tag = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else None
    choices = question.each("answerChoices")
    options = [choice for choice in choices if not choice.flag("naValue")]
    return {
        "key": question.key(question.text("name").rpartition("/")[2], "question"),
        "kind": "single",
        "term": {"en": term} if term else {},
        "text": {"en": text} if text else {},
        "guidance": {"en": help_text} if help_text else {},
        "na": len(options) < len(choices),
        "options": _options(question, options),
        **({"tag": tag} if tag else {}),
    }


def _options(question: FormNode, choices: list[FormNode]) -> list[Content]:
    keys = Repairs(keys=set())
    options = []
    for choice in choices:
        key = FormNode(choice.value, choice.path, keys).key(choice.text("key"), "answer")
        score = choice.number("score")
        if score is None:
            choice.at("score").repair("An answer without a score counts 0.")
        options.append(
            {"key": key, "points": score or 0, "text": {"en": _option_text(choice) or key}}
        )
    question.repairs.problems += keys.problems
    return options


def _option_text(choice: FormNode) -> str:
    if isinstance(choice.at("boolValue").value, bool):
        return "Yes" if choice.at("boolValue").value else "No"
    return choice.text("strValue") or choice.text("numValue")
