"""A model learned from people's answers: it answers where they showed that it is seldom wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from core.prescore.dialogue import Dialogue, SpokenTurn
from core.prescore.judgement import is_judgement
from core.prescore.logistic import LinearModel
from core.prescore.passage import written_language
from core.prescore.risk_control import Threshold
from core.prescore.suggestion import Answer, Reason, Suggestion, TurnPin
from core.prescore.views import BY_TURN, Text, View, read, share_known
from core.prescore.vocabulary import Cells, Floats, Vocabulary, Weights


@dataclass(frozen=True)
class ViewWeights:
    """What is known of one view: its runs, and how each speaks for yes."""

    vocabulary: Vocabulary
    weights: Weights


@dataclass(frozen=True)
class EndingGate:
    """How likely a turn is the last of a dialogue, and how likely last ones are at least."""

    model: LinearModel
    least: float

    def score(self, turns: Cells) -> float:
        """How much the last of the turns is like a last one."""
        return self.model.bias + float(turns.scores(self.model.weights)[-1])

    def passes(self, score: float | None) -> bool:
        """Whether a dialogue whose last turn has the score ends there."""
        return score is not None and score >= self.least


@dataclass(frozen=True)
class Reading:
    """A dialogue as a model reads it.

    Attributes:
        score: the logarithm of the odds of yes, before it is calibrated.
        share_known: the share of the dialogue's runs that the model knows.
        ending: how much its last turn is like a last one; None where that is not asked.
        texts, cells: what was read, view by view.
        best: the turn that speaks most for yes; None where all together speak.
    """

    score: float
    share_known: float
    ending: float | None
    texts: tuple[Text, ...]
    cells: tuple[Cells, ...]
    best: SpokenTurn | None


@dataclass(frozen=True)
class LearnedModel:
    """One item, learned. Of an item that is a matter of judgement only the probability is told.

    Attributes:
        speakers: whose turns may show it; both where dialogues were labelled as wholes.
        languages: in which the dialogues are that it was proven on.
        views: what it reads. Turns alone where people said which turn shows it.
        bias: of the score.
        odds: from score to the logarithm of the odds: factor and summand.
        yes, no: where it answers; the scores of no are turned round.
        least_known: share of known runs below which a text is unlike those it was proven on.
        ending: what no needs; None where dialogues were labelled as wholes, as they stood.
    """

    item: str
    speakers: tuple[str, ...]
    languages: tuple[str, ...]
    views: Mapping[View, ViewWeights]
    bias: float
    odds: tuple[float, float]
    yes: Threshold | None
    no: Threshold | None
    least_known: float
    ending: EndingGate | None

    def suggest(self, dialogue: Dialogue) -> Suggestion:
        """Yes and no pin the words that speak most for yes."""
        reading = self.read(dialogue)
        if reading is None:
            return Suggestion(None, reason=Reason.NO_TEXT)
        factor, summand = self.odds
        probability = float(expit(factor * reading.score + summand))
        answer = self._answer(reading.score)
        judged = Reason.JUDGEMENT if is_judgement(self.item) else None
        reason = judged or self._bar(dialogue, reading, answer)
        if reason:
            return Suggestion(None, reason=reason, probability=probability)
        return Suggestion(answer, (self._pin(reading),), probability=probability)

    def read(self, dialogue: Dialogue) -> Reading | None:
        """None where those who may show the item say nothing."""
        texts = read(self.views, dialogue)
        cells = tuple(text.cells(self.views[text.view].vocabulary) for text in texts)
        by_turn = tuple(self.views) == BY_TURN
        return self._by_turn(texts, cells) if by_turn else self._by_dialogue(texts, cells)

    def _by_turn(self, texts: tuple[Text, ...], cells: tuple[Cells, ...]) -> Reading | None:
        (text,), (own,) = texts, cells
        eligible = [place for place, turn in enumerate(text.turns) if turn.speaker in self.speakers]
        if not eligible:
            return None
        scores = own.scores(self.views[View.TURNS].weights)
        best = max(eligible, key=lambda place: float(scores[place]))
        return Reading(
            score=float(scores[best]) + self.bias,
            share_known=share_known(texts, cells),
            ending=self.ending.score(own) if self.ending else None,
            texts=texts,
            cells=cells,
            best=text.turns[best],
        )

    def _by_dialogue(self, texts: tuple[Text, ...], cells: tuple[Cells, ...]) -> Reading | None:
        if not any(text.turns for text in texts):
            return None
        scores = (
            float(own.scores(self.views[text.view].weights)[0])
            for text, own in zip(texts, cells, strict=True)
        )
        return Reading(
            score=self.bias + sum(scores),
            share_known=share_known(texts, cells),
            ending=None,
            texts=texts,
            cells=cells,
            best=None,
        )

    def _pin(self, reading: Reading) -> TurnPin:
        """The stretch of the best turn that adds most, without spaces and signs around it."""
        amounts: dict[SpokenTurn, Floats] = {}
        for text, own in zip(reading.texts, reading.cells, strict=True):
            of_occurrences = own.amounts(self.views[text.view].weights)
            for place, turn in enumerate(text.turns):
                if reading.best in {None, turn}:
                    added = _by_character(turn, place, own, of_occurrences)
                    amounts[turn] = amounts.get(turn, 0.0) + added
        best = max(amounts, key=lambda turn: (float(amounts[turn].sum()), -turn.number))
        first, last = _heaviest(amounts[best][1:-1])
        spoken = np.flatnonzero([character.isalnum() for character in best.seen.text])
        inside = spoken[(spoken >= first) & (spoken <= last)]
        if not len(inside):
            inside = spoken
        return TurnPin.at(best, best.seen.written(int(inside[0]), int(inside[-1]) + 1))

    def _answer(self, score: float) -> Answer | None:
        if self.yes and score >= self.yes.score:
            return Answer.YES
        return Answer.NO if self.no and -score >= self.no.score else None

    def _bar(self, dialogue: Dialogue, reading: Reading, answer: Answer | None) -> Reason | None:
        """What keeps it from answering."""
        if written_language(dialogue) not in self.languages:
            return Reason.LANGUAGE
        if reading.share_known < self.least_known:
            return Reason.UNLIKE_TRAINING
        if answer is None:
            return Reason.NOT_PROVEN
        if answer is Answer.YES:
            return None
        if not dialogue.speakers_told_apart:
            return Reason.SPEAKERS_UNKNOWN
        ends = self.ending is None or self.ending.passes(reading.ending)
        return None if ends else Reason.TRANSCRIPT_INCOMPLETE


def _by_character(turn: SpokenTurn, place: int, cells: Cells, amounts: Floats) -> Floats:
    """What each character of a turn adds, a space before and behind it included.

    Each run shares what it adds equally among its characters.
    """
    size = len(turn.seen.text) + 2
    own = cells.occurrences.unit == place
    start, length = cells.occurrences.start[own] + 1, cells.occurrences.length[own]
    shares = amounts[own] / length
    steps = np.bincount(start, weights=shares, minlength=size + 1)
    steps = steps - np.bincount(start + length, weights=shares, minlength=size + 1)
    return np.asarray(np.cumsum(steps)[:size], dtype=np.float64)


def _heaviest(amounts: Floats) -> tuple[int, int]:
    """The first and the last place of the stretch with the largest sum (Kadane)."""
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    lowest = np.minimum.accumulate(sums)[:-1]
    last = int(np.argmax(sums[1:] - lowest))
    first = int(np.flatnonzero(sums[: last + 1] == lowest[last])[-1])
    return first, last
