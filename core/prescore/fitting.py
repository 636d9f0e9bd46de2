"""Learning one item from people's answers, and proving on others of them where it may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from core.errors import InvalidInput
from core.prescore.dialogue import Dialogue, Labelled, SpokenTurn
from core.prescore.learned_model import EndingGate, LearnedModel, ViewWeights
from core.prescore.logistic import LinearModel, fitted
from core.prescore.proving import proven
from core.prescore.views import BY_DIALOGUE, BY_TURN, Text, View, read
from core.prescore.vocabulary import learned_vocabulary, vectors
from core.safekeeping.masking import mask_turns

_STRENGTH = 2.0
_STRENGTH_BY_TURN = 8.0
_SPEAKS_AT_LEAST = 0.01
"""Share of the turns that show an item, from which on their speaker is one who may."""


def fit(
    item: str, labelled: Labelled, held_back: Labelled, *, error: float, confidence: float
) -> LearnedModel:
    """A model of the item from `labelled`, proven on `held_back`.

    Args:
        error: the share of answers that may be wrong, of yes and of no each.
        confidence: how sure that must be.

    Raises:
        InvalidInput: there is nothing to learn from, or no answer to tell apart from another.
    """
    labelled, held_back = _spoken(labelled), _spoken(held_back)
    for answers in (labelled, held_back):
        if not answers:
            raise InvalidInput("Nobody answered {item} for a dialogue with words.", item=item)
    by_turn = any(label.turns for _, label in labelled)
    if not by_turn and len({label.share > 0.5 for _, label in labelled}) < 2:
        raise InvalidInput("All answers of {item} are alike.", item=item)
    model = _learned(item, _masked(labelled), by_turn=by_turn)
    return proven(model, held_back, error=error, doubt=1 - confidence)


def _spoken(labelled: Labelled) -> Labelled:
    return [(dialogue, label) for dialogue, label in labelled if dialogue.spoken]


def _masked(labelled: Labelled) -> Labelled:
    """Without personal data, so that no run of characters touches any."""
    return [(_without_personal_data(dialogue), label) for dialogue, label in labelled]


def _without_personal_data(dialogue: Dialogue) -> Dialogue:
    texts = mask_turns([turn.text for turn in dialogue.turns])
    return replace(
        dialogue,
        turns=tuple(
            SpokenTurn(turn.number, speaker=turn.speaker, text=masked.text)
            for turn, masked in zip(dialogue.turns, texts, strict=True)
        ),
    )


def _learned(item: str, labelled: Labelled, *, by_turn: bool) -> LearnedModel:
    views = BY_TURN if by_turn else BY_DIALOGUE
    customers = [dialogue.customer for dialogue, _ in labelled]
    read_texts = [read(views, dialogue) for dialogue, _ in labelled]
    texts = {view: [own[number] for own in read_texts] for number, view in enumerate(views)}
    vocabularies = {
        view: learned_vocabulary((text.runs.key for text in own), customers)
        for view, own in texts.items()
    }
    rows = {
        view: vectors(
            [text.cells(vocabularies[view]) for text in own], len(vocabularies[view].keys)
        )
        for view, own in texts.items()
    }
    if by_turn:
        speakers = _speakers(labelled)
        linear, ending = _fitted_by_turn(texts[View.TURNS], rows[View.TURNS], labelled, speakers)
    else:
        speakers, ending = ("agent", "customer"), None
        shares = np.array([label.share for _, label in labelled])
        linear = fitted(sparse.hstack([*rows.values()]).tocsr(), shares, strength=_STRENGTH)
    ends = np.cumsum([own.shape[1] for own in rows.values()])[:-1]
    weights = np.split(linear.weights.astype(np.float32), ends)
    return LearnedModel(
        item=item,
        speakers=speakers,
        languages=(),
        views={
            view: ViewWeights(vocabularies[view], own)
            for view, own in zip(views, weights, strict=True)
        },
        bias=linear.bias,
        odds=(1.0, 0.0),
        yes=None,
        no=None,
        least_known=0.0,
        ending=ending,
    )


def _speakers(labelled: Labelled) -> tuple[str, ...]:
    """Who says the turns that show it."""
    showing = [
        turn.speaker
        for dialogue, label in labelled
        for turn in dialogue.turns
        if turn.number in label.turns
    ]
    least = _SPEAKS_AT_LEAST * len(showing)
    return tuple(sorted(one for one in set(showing) if showing.count(one) >= least))


def _fitted_by_turn(
    texts: Sequence[Text], rows: sparse.csr_array, labelled: Labelled, speakers: Sequence[str]
) -> tuple[LinearModel, EndingGate]:
    """What tells turns that show the item, and what tells last turns, from all others."""
    shares: list[float] = []
    is_last: list[float] = []
    taught: list[bool] = []
    for text, (_, label) in zip(texts, labelled, strict=True):
        turns_are_known = bool(label.turns) or label.share <= 0.5
        for turn in text.turns:
            shares.append(label.share if turn.number in label.turns else 0.0)
            taught.append(turns_are_known and turn.speaker in speakers)
            is_last.append(float(turn is text.turns[-1]))
    taught_rows = np.flatnonzero(taught)
    linear = fitted(rows[taught_rows], np.array(shares)[taught_rows], strength=_STRENGTH_BY_TURN)
    ending = fitted(rows, np.array(is_last), strength=_STRENGTH_BY_TURN)
    weights = ending.weights.astype(np.float32)
    return linear, EndingGate(LinearModel(weights, ending.bias), 0.0)
