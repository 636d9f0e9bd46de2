"""Answers in the reader's words."""

from __future__ import annotations

from core.checklist import Item, Option
from core.scoring import Answer
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.terms import usual_answer


def item_name(item: Item) -> str:
    return text_of(item.term) or text_of(item.text) or item.key


def answer_text(item: Item, answer: Answer | None) -> str:
    """The answer as text; an em dash without an answer."""
    if answer is None:
        return "—"
    if answer.na:
        return _("N/A: {reason}", reason=answer.reason) if answer.reason else _("N/A")
    if answer.keys:
        texts = [option_text(item, item.by_option[key]) for key in answer.keys]
        return "; ".join(texts) + _elapsed(answer)
    if answer.elapsed_seconds is not None:
        return _elapsed(answer).strip()
    if answer.number is not None:
        return number(answer.number, 0 if answer.number.is_integer() else 2)
    return answer.text or "—"


def option_text(item: Item, option: Option) -> str:
    """An option's own words after its level, or the usual words of its kind."""
    if item.kind == "graded" and option.text:
        return f"{option.key} · {text_of(option.text)}"
    return text_of(option.text) or usual_answer(option.key)


def _elapsed(answer: Answer) -> str:
    if answer.elapsed_seconds is None:
        return ""
    return " " + _("{count} min", count=number(answer.elapsed_seconds / 60))
