"""What a model reads of a dialogue: each turn alone, or all that a speaker says as one text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

import numpy as np

from core.prescore.dialogue import Dialogue, Speaker, SpokenTurn
from core.prescore.ngrams import Occurrences, occurrences
from core.prescore.vocabulary import Cells, Vocabulary


class View(StrEnum):
    """Each has a vocabulary of its own."""

    TURNS = auto()
    """Every turn is a text."""
    AGENT = auto()
    CUSTOMER = auto()
    LAST_CUSTOMER = auto()
    """What the customer says last, having said something before."""

    def turns(self, dialogue: Dialogue) -> tuple[SpokenTurn, ...]:
        if self is View.TURNS:
            return dialogue.spoken
        if self is View.LAST_CUSTOMER:
            return dialogue.by(Speaker.CUSTOMER)[1:][-1:]
        return dialogue.by(self.value)


BY_TURN = (View.TURNS,)
BY_DIALOGUE = (View.AGENT, View.CUSTOMER, View.LAST_CUSTOMER)


@dataclass(frozen=True)
class Text:
    """The turns of one view, and their runs; the unit of an occurrence is the place of its turn."""

    view: View
    turns: tuple[SpokenTurn, ...]
    runs: Occurrences

    def cells(self, vocabulary: Vocabulary) -> Cells:
        """A row for each turn where turns are read alone, else one for all."""
        if self.view is View.TURNS:
            return vocabulary.cells(self.runs, self.runs.unit, len(self.turns))
        return vocabulary.cells(self.runs, np.zeros_like(self.runs.unit), 1)


def read(views: Iterable[View], dialogue: Dialogue) -> tuple[Text, ...]:
    """The dialogue as each view reads it; runs are looked for once."""
    spoken = dialogue.spoken
    runs = occurrences([turn.seen.text for turn in spoken])
    return tuple(_text(view, dialogue, runs) for view in views)


def _text(view: View, dialogue: Dialogue, runs: Occurrences) -> Text:
    turns = view.turns(dialogue)
    if len(turns) == len(dialogue.spoken):
        return Text(view, turns, runs)
    numbers = {turn.number: place for place, turn in enumerate(turns)}
    places = np.array([numbers.get(turn.number, -1) for turn in dialogue.spoken], dtype=np.int64)
    return Text(view, turns, runs.at(places[runs.unit]))


def share_known(texts: Sequence[Text], cells: Sequence[Cells]) -> float:
    """Of all runs of two characters and more, those that are known; 0 where there are none.

    What a view reads again counts again.
    """
    total = sum(int((text.runs.length > 1).sum()) for text in texts)
    familiar = sum(int((one.occurrences.length > 1).sum()) for one in cells)
    return familiar / total if total else 0.0
