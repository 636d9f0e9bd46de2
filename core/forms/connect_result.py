"""A completed evaluation as Amazon Connect exports it: the form it shows, and its answers."""

from __future__ import annotations

from typing import Any

from core.forms.form_node import FormNode, Repairs, key_of

_KINDS = {
    "TEXT": "text",
    "SINGLESELECT": "single",
    "MULTISELECT": "multi",
    "NUMERIC": "number",
    "DATETIME": "date",
}
_NA_OPTION = "system_default_null_value"
Content = dict[str, Any]


def read(form: FormNode) -> Content:
    """The form as far as the export shows it: it has no points, so nothing is scored."""
    title = form.at("metadata").text("evaluationDefinitionTitle")
    form.at("questions").repair("An exported evaluation has no points, so items are not scored.")
    items: dict[str, list[Content]] = {}
    for question in form.each("questions"):
        items.setdefault(question.text("sectionRefId"), []).append(_item(question))
    sections = []
    section_nodes = form.each("sections")
    titles = {node.text("sectionRefId"): node.text("sectionTitle") for node in section_nodes}
    for ref, inside in items.items():
        name = titles.get(ref) or ref
        if ref not in titles:
            form.at("sections").repair("The section {ref} is missing; it was made.", ref=ref)
        sections.append(
            {
                "key": form.key(ref, "section"),
                "title": {"en": name} if name else {},
                "items": inside,
            }
        )
    return {
        "key": key_of(title, "connect-evaluation"),
        "title": {"en": title} if title else {},
        "settings": {"preset": "connect"},
        "sections": sections,
    }


def answers(form: FormNode, content: Content) -> dict[str, Any]:
    """The answers given, by item key; what does not fit its item is left out."""
    items = {item["key"]: item for section in content["sections"] for item in section["items"]}
    answers_by_key = {}
    silent = Repairs()
    for question in FormNode(form.value, form.path, silent).each("questions"):
        item = items.get(question.text("questionRefId"))
        answer = _answer(question.at("answer"), item["kind"]) if item else None
        if item and answer is not None:
            note = question.at("answer").text("notes")
            answers_by_key[item["key"]] = answer | ({"note": note} if note else {})
    return answers_by_key


def _item(question: FormNode) -> Content:
    kind = _KINDS.get(question.text("questionType"), "text")
    text = question.text("questionText")
    item: Content = {
        "key": question.key(question.text("questionRefId"), "question"),
        "kind": kind,
        "text": {"en": text} if text else {},
        "excluded": True,
        "required": False,
    }
    if kind in {"single", "multi"}:
        item["options"] = _options(question)
        if not item["options"]:
            question.repair("The question shows no options; read as text.")
            del item["options"]
            item["kind"] = "text"
    if kind == "number":
        item["decimals"] = True
    return item


def _options(question: FormNode) -> list[Content]:
    options = []
    keys = Repairs(keys=set())
    for value in question.at("answer").each("values"):
        ref = value.text("valueRefId")
        if ref == _NA_OPTION:
            continue
        text = value.text("valueText")
        key = FormNode(value.value, value.path, keys).key(ref, "option")
        options.append({"key": key, "points": 0, "text": {"en": text or key}})
    question.repairs.problems += keys.problems
    return options


def _answer(answer: FormNode, kind: str) -> dict[str, Any] | None:
    if answer.at("metadata").flag("notApplicable"):
        return {"na": True}
    if kind in {"single", "multi"}:
        refs = [v.text("valueRefId") for v in answer.each("values") if v.flag("selected")]
        if _NA_OPTION in refs:
            return {"na": True}
        if kind == "multi":
            return {"values": refs}
        return {"value": refs[0]} if refs else None
    if kind == "number":
        number = answer.number("value")
        return None if number is None else {"value": number}
    text = answer.text("value")
    return {"value": text} if text else None
