"""Where a learned model may answer: gates and thresholds, from answers held back from it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.prescore.dialogue import Dialogue, Labelled
from core.prescore.learned_model import EndingGate, LearnedModel, Reading
from core.prescore.logistic import LinearModel, fitted
from core.prescore.passage import written_language
from core.prescore.risk_control import Threshold, proven_threshold
from core.prescore.vocabulary import Floats

_LOST_TO_GATES = 0.005
"""Share of the held-back dialogues that a gate may keep out."""
_UNLIKE = 0.8
"""How many times what is known of the least known of the held-back a text must be known."""
_LEAST_OF_A_LANGUAGE = 0.05
"""Share of the held-back dialogues that must be in a language before it is answered in it."""
_SINGLE_ERRORS = 5.0
_SINGLE_ERRORS_OF_DIALOGUES = 2.5
"""How many times the allowed error a single answer may be likely to have, so that sure ones do not
pay for unsure ones. It is less where people did not name turns: whoever checks such an answer has
to read everything."""


def proven(model: LearnedModel, held_back: Labelled, *, error: float, doubt: float) -> LearnedModel:
    """The model with its gates, thresholds and probabilities; without words nothing is proven.

    Args:
        error: the share of answers that may be wrong, of yes and of no each.
        doubt: how likely it may be larger all the same; both sides share it equally.
    """
    pairs = [(model.read(dialogue), label.share) for dialogue, label in held_back]
    readings = [reading for reading, _ in pairs if reading]
    if not readings:
        return model
    shares = np.array([share for reading, share in pairs if reading])
    scores = np.array([reading.score for reading in readings])
    odds = fitted(sparse.csr_array(scores[:, None]), (shares > 0.5).astype(float), strength=1.0)
    shares_known = np.array([reading.share_known for reading in readings])
    least_known = _UNLIKE * float(np.quantile(shares_known, _LOST_TO_GATES))
    ending = _ending_gate(model.ending, readings)
    passing = shares_known >= least_known
    ended = passing & _have_ending(ending, readings)
    single = error * (_SINGLE_ERRORS if ending else _SINGLE_ERRORS_OF_DIALOGUES)
    no_odds = LinearModel(odds.weights, -odds.bias)
    yes, no = (
        _threshold(side, right, likely, single=single, error=error, doubt=doubt / 2)
        for side, right, likely in (
            (scores[passing], shares[passing] > 0.5, odds),
            (-scores[ended], shares[ended] < 0.5, no_odds),
        )
    )
    return replace(
        model,
        languages=_languages(dialogue for dialogue, _ in held_back),
        odds=(float(odds.weights[0]), odds.bias),
        yes=yes,
        no=no,
        least_known=least_known,
        ending=ending,
    )


def _threshold(
    scores: Floats,
    right: NDArray[np.bool_],
    odds: LinearModel,
    *,
    single: float,
    error: float,
    doubt: float,
) -> Threshold | None:
    """None where scores say nothing about the answers, or too little."""
    factor, likeliest_error = float(odds.weights[0]), min(single, 0.5)
    if factor <= 0:
        return None
    least = (math.log((1 - likeliest_error) / likeliest_error) - odds.bias) / factor
    return proven_threshold(scores, right, least=least, error=error, doubt=doubt)


def _ending_gate(ending: EndingGate | None, readings: Sequence[Reading]) -> EndingGate | None:
    if ending is None:
        return None
    last = [reading.ending for reading in readings if reading.ending is not None]
    return replace(ending, least=float(np.quantile(last, _LOST_TO_GATES)))


def _have_ending(ending: EndingGate | None, readings: Sequence[Reading]) -> NDArray[np.bool_]:
    return np.array([ending is None or ending.passes(reading.ending) for reading in readings])


def _languages(dialogues: Iterable[Dialogue]) -> tuple[str, ...]:
    """Those that are not rare."""
    counts = Counter(map(written_language, dialogues))
    least = _LEAST_OF_A_LANGUAGE * counts.total()
    return tuple(sorted(language for language, count in counts.items() if count >= least))
