"""The states of a practice round and of the cases that people score in it."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, deed


class PracticeState(StrEnum):
    """Closed: nothing more is submitted, and participants see every answer."""

    OPEN = auto()
    CLOSED = auto()


class PracticeTaskState(StrEnum):
    """Left: the case may no longer be taught from, and its answers are gone."""

    OPEN = auto()
    SUBMITTED = auto()
    LEFT = auto()


PRACTICE = States(
    kind="practice",
    first=PracticeState.OPEN,
    deeds=(deed("close", PracticeState.OPEN, PracticeState.CLOSED, Action.TEACH),),
    refusal="This practice is closed.",
)
PRACTICE_TASK = States(
    kind="practice_task",
    first=PracticeTaskState.OPEN,
    deeds=(
        deed("submit", PracticeTaskState.OPEN, PracticeTaskState.SUBMITTED, Action.PRACTISE),
        deed(
            "leave_set",
            (PracticeTaskState.OPEN, PracticeTaskState.SUBMITTED),
            PracticeTaskState.LEFT,
            None,
        ),
    ),
    refusal="This practice is no longer open.",
)
