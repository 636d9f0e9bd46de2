"""An encounter as it is read for answers: who said what to whom, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from core.prescore.compared_text import compared
from core.text.seen_text import SeenText
from core.text.textfold import TextRange


class Speaker(StrEnum):
    """Whose words an item is about. Systems and bots speak too, and are neither."""

    AGENT = "agent"
    CUSTOMER = "customer"


_TOLD_APART = frozenset({*Speaker, "bot", "system"})


@dataclass(frozen=True)
class SpokenTurn:
    """One turn: its `number` in the encounter, from 1, and its text as it is stored."""

    number: int
    speaker: str
    text: str

    @cached_property
    def seen(self) -> SeenText:
        """As it is compared."""
        return compared(self.text)

    def words(self) -> TextRange:
        """From the first letter or digit that is said to people to the last; there must be one."""
        text = self.seen.text
        spoken = [place for place, character in enumerate(text) if character.isalnum()]
        return self.seen.written(spoken[0], spoken[-1] + 1)


@dataclass(frozen=True)
class Dialogue:
    """`language` and `customer` came with the encounter, and are empty where none did."""

    id: str | int
    language: str
    turns: tuple[SpokenTurn, ...]
    customer: str = ""

    @cached_property
    def spoken(self) -> tuple[SpokenTurn, ...]:
        """The turns in which a letter or a digit is said to people, in order."""
        return tuple(turn for turn in self.turns if any(map(str.isalnum, turn.seen.text)))

    def by(self, speaker: str) -> tuple[SpokenTurn, ...]:
        return tuple(turn for turn in self.spoken if turn.speaker == speaker)

    @property
    def speakers_told_apart(self) -> bool:
        """Whether it is known of every turn who spoke."""
        return all(turn.speaker in _TOLD_APART for turn in self.spoken)


@dataclass(frozen=True)
class Label:
    """What people answered: the share who said yes, 0 to 1, and the turns that show it."""

    share: float
    turns: frozenset[int] = frozenset()


Labelled = Sequence[tuple[Dialogue, Label]]
"""Dialogues with what people answered for one item."""
