"""What is said of an action as it is proposed: what it is about, and what kind it is."""

from __future__ import annotations

from enum import StrEnum, auto

LONGEST_WORDS = 2000
SHORTEST_WORDS = 10


class Subject(StrEnum):
    """What the finding is about, beside its station."""

    STATION = auto()
    ITEM = auto()
    APPEAL = auto()


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
