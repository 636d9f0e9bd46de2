"""What is said of an action: what it is about, of what kind it is, and with how many words."""

from __future__ import annotations

from enum import StrEnum, auto

from core.errors import InvalidInput

LONGEST_WORDS = 2000
SHORTEST_WORDS = 10
SEE_RECORD = "as written in the action"
"""What the log has for a reason: the action's words can be erased, those of the log cannot."""


class Subject(StrEnum):
    """What the finding is about, beside its station."""

    STATION = auto()
    ITEM = auto()
    APPEAL = auto()
    WARNING = auto()


class Cause(StrEnum):
    """Why it is as it was found to be."""

    PROCESS = auto()
    PERSON = auto()
    FACILITY = auto()
    POLICY = auto()


class ActionKind(StrEnum):
    """What is done about it."""

    PROCESS = auto()
    TRAINING = auto()
    SYSTEM = auto()


def check_words(*texts: str) -> None:
    """Refuse words that are too few to say anything, or too many.

    Raises:
        InvalidInput: they are.
    """
    for text in texts:
        if len(text.strip()) < SHORTEST_WORDS:
            raise InvalidInput("Write at least {fewest} characters.", fewest=SHORTEST_WORDS)
        if len(text) > LONGEST_WORDS:
            raise InvalidInput("Write at most {most} characters.", most=LONGEST_WORDS)
