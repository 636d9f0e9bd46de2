"""How long a customer waited for an answer within a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

CUSTOMER = "customer"
_ANSWERING = frozenset({"agent", "bot"})


class SpokenTurn(Protocol):
    """What is asked of a turn: who speaks, and when it begins."""

    @property
    def position(self) -> int: ...
    @property
    def speaker(self) -> str: ...
    @property
    def start_seconds(self) -> float | None: ...


@dataclass(frozen=True)
class TurnWait:
    """A wait from what the customer wrote to the turn that answers it, in seconds of the whole.

    Attributes:
        position: of the turn that answers.
    """

    position: int
    asked: float
    answered: float

    @property
    def seconds(self) -> float:
        return self.answered - self.asked

    def is_late(self, limit: timedelta) -> bool:
        return self.seconds > limit.total_seconds()


def turn_waits(turns: Iterable[SpokenTurn]) -> tuple[TurnWait, ...]:
    """Each wait of a written conversation, in order; a customer waits since the first unanswered.

    What the system says answers nothing. Where a time lacks, or they go backwards, no wait is made
    up: it begins anew with the next thing the customer says.
    """
    waits: list[TurnWait] = []
    asked: float | None = None
    for turn in turns:
        start = turn.start_seconds
        if turn.speaker == CUSTOMER:
            asked = start if asked is None else asked
        elif turn.speaker in _ANSWERING:
            if asked is not None and start is not None and start >= asked:
                waits.append(TurnWait(turn.position, asked=asked, answered=start))
            asked = None
    return tuple(waits)


def longest(waits: Iterable[TurnWait]) -> TurnWait | None:
    """The first of the longest."""
    return max(waits, key=lambda wait: wait.seconds, default=None)
