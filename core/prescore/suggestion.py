"""What is suggested for one item of one encounter, and why nothing is where nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from core.prescore.dialogue import SpokenTurn
from core.text.textfold import TextRange


class Answer(StrEnum):
    """What may be suggested for an item."""

    YES = auto()
    NO = auto()


class Reason(StrEnum):
    """Why there is no answer."""

    NOT_PROVEN = auto()
    """Neither side is sure enough."""
    OUT_OF_PLACE = auto()
    """The words are there, but not where the item wants them."""
    TRANSCRIPT_INCOMPLETE = auto()
    """No, for all that is there; but the opening or the ending may lack."""
    SPEAKERS_UNKNOWN = auto()
    """Of a turn it is not known who spoke."""
    LANGUAGE = auto()
    """The words are in a language that is not read."""
    UNLIKE_TRAINING = auto()
    """The text is unlike those that the model was proven on."""
    JUDGEMENT = auto()
    """People have to judge it; the probability ranks."""
    NO_TEXT = auto()
    """Whoever the item is about says nothing."""


@dataclass(frozen=True)
class TurnPin:
    """Characters of a turn, from `start` up to, not including, `end`; turns count from 1."""

    turn: int
    start: int
    end: int

    @classmethod
    def at(cls, turn: SpokenTurn, stretch: TextRange) -> TurnPin:
        return cls(turn=turn.number, start=stretch.start, end=stretch.end)


@dataclass(frozen=True)
class Suggestion:
    """An answer with its pins, or the reason why there is none.

    `probability` is how likely yes is, 0 to 1; None where nothing was estimated, as by phrases.
    """

    answer: Answer | None
    pins: tuple[TurnPin, ...] = ()
    reason: Reason | None = None
    probability: float | None = None

    def to_data(self) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "probability": self.probability,
            "pins": [{"turn": pin.turn, "start": pin.start, "end": pin.end} for pin in self.pins],
            "reason": self.reason,
        }
