"""What scored people are told about their data: the parts that a company may word itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.errors import InvalidInput
from core.i18n import LANGUAGES

LONGEST_PART = 4000


class InformationPart(StrEnum):
    """What a part of the information sheet is about, in the order in which it is read."""

    PURPOSE = "purpose"
    SCORE = "score"
    RANKING = "ranking"
    CONTEST = "contest"
    CONTACT = "contact"


PartTexts = Mapping[InformationPart, Mapping[str, str]]
"""Texts by part and language; what is missing is said in the portal's own words."""


def checked_texts(texts: PartTexts) -> dict[str, dict[str, str]]:
    """The texts without outer spaces and without empty ones.

    Raises:
        InvalidInput: a text is longer than LONGEST_PART, or in a language that nobody can choose.
    """
    checked: dict[str, dict[str, str]] = {}
    for topic, by_language in texts.items():
        if not by_language.keys() <= LANGUAGES.keys():
            raise InvalidInput("The portal does not speak this language.")
        written = {language: text.strip() for language, text in by_language.items() if text.strip()}
        if any(len(text) > LONGEST_PART for text in written.values()):
            raise InvalidInput("At most {most} characters.", most=LONGEST_PART)
        if written:
            checked[topic.value] = written
    return checked
