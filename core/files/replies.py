"""Replies to customers, written from templates whose blanks come from the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from core.errors import InvalidInput
from core.files.steps import Step
from core.i18n import CONTENT_LANGUAGES
from core.text.yamlfile import load_data

REPLIED = (Step.FIRST_RESPONSE, Step.PROGRESS_TOLD, Step.TOLD)
"""Steps with which the customer is answered."""
LONGEST_REPLY = 5_000
_BLANK = re.compile(r"\{(\w+)\}")


def reply_from_template(step: Step, language: str, blanks: Mapping[str, str]) -> str:
    """A reply in a language of content; a sentence of whose blanks one is not known is left out.

    Args:
        blanks: texts by name: number, received, station, promised, compensation, and solution,
            whose code chooses a sentence of its own.

    Raises:
        InvalidInput: the step answers nobody, or there are no templates in the language.
    """
    if step not in REPLIED or language not in CONTENT_LANGUAGES:
        raise InvalidInput("There is no template for this reply.")
    templates = _templates()
    solution = templates.solutions.get(blanks.get("solution", ""), {}).get(language, "")
    filled = {name: text for name, text in blanks.items() if text} | {"solution": solution}
    if solution:
        filled["solution"] = _filled(solution, filled) or ""
    sentences = (
        _filled(paragraph[language], filled) for paragraph in templates.replies[step.value]
    )
    return "\n\n".join(filter(None, sentences))


def _filled(sentence: str, texts: Mapping[str, str]) -> str | None:
    names = _BLANK.findall(sentence)
    if not all(texts.get(name) for name in names):
        return None
    return _BLANK.sub(lambda match: texts[match.group(1)], sentence)


class _Templates(NamedTuple):
    """Paragraphs by step, sentences by solution; each in the languages of content."""

    replies: Mapping[str, Sequence[Mapping[str, str]]]
    solutions: Mapping[str, Mapping[str, str]]


@cache
def _templates() -> _Templates:
    path = Path(__file__).parent.parent / "standards" / "replies.yaml"
    return _Templates(**load_data(path).data)
