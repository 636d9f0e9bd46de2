"""What inspectors wrote in their own words within stored answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.checklist import Checklist

_ALWAYS = ("note", "reason")
_PAUSES = "pauses"  # of a clock, each with its reason
_HIDDEN = "███"


def reworded(
    checklist: Checklist, answers: Mapping[str, Any], change: Callable[[str], str]
) -> dict[str, Any]:
    """The answers with notes, reasons and free texts changed; what is scored stays as it is."""
    free = {item.key for item in checklist.items() if item.kind == "text"}
    return {
        key: _reworded(answer, (*_ALWAYS, "value") if key in free else _ALWAYS, change)
        for key, answer in answers.items()
    }


def hidden_words(checklist: Checklist, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without what was written in them; what is scored stays as it is."""
    return reworded(checklist, answers, lambda text: _HIDDEN if text else text)


def with_hidden_words(
    checklist: Checklist, answers: Mapping[str, Any], stored: Mapping[str, Any]
) -> dict[str, Any]:
    """Answers that were read through `hidden_words`, with the stored words where none are new."""
    free = {item.key for item in checklist.items() if item.kind == "text"}
    return {
        key: _filled(answer, stored.get(key), (*_ALWAYS, "value") if key in free else _ALWAYS)
        for key, answer in answers.items()
    }


def _filled(answer: Any, original: Any, names: tuple[str, ...]) -> Any:  # noqa: ANN401  any JSON values
    if not isinstance(answer, Mapping) or not isinstance(original, Mapping):
        return answer
    blank = [name for name in names if answer.get(name) == _HIDDEN and name in original]
    filled = {**answer, **{name: original[name] for name in blank}}
    pauses, stored = answer.get(_PAUSES), original.get(_PAUSES)
    if isinstance(pauses, list) and isinstance(stored, list) and len(pauses) == len(stored):
        filled[_PAUSES] = [_filled(*pair, names) for pair in zip(pauses, stored, strict=True)]
    return filled


def _reworded(answer: Any, names: tuple[str, ...], change: Callable[[str], str]) -> Any:  # noqa: ANN401  any JSON value
    if not isinstance(answer, Mapping):
        return answer
    texts = {name: answer[name] for name in names if isinstance(answer.get(name), str)}
    reworded_answer = {**answer, **{name: change(text) for name, text in texts.items()}}
    if isinstance(pauses := answer.get(_PAUSES), list):
        reworded_answer[_PAUSES] = [_reworded(pause, names, change) for pause in pauses]
    return reworded_answer
