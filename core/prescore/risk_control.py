"""How sure a score must be before it answers: so that answers are seldom wrong, with confidence.

Fixed-sequence testing (Angelopoulos et al. 2021, Learn then Test): thresholds are tried from the
surest on, and the last one counts of which people's held-back answers still show that the error is
small (upper limit of Clopper and Pearson 1934). A set that holds the truth in 95 of 100 cases, as
split conformal prediction gives it, says nothing of the answers that it lets through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
_STARTS = (1, 2, 4)


@dataclass(frozen=True)
class Threshold:
    """From which score on a side is answered.

    Attributes:
        score: this or more, of scores that are the higher the surer.
        answered: how many of the held-back cases it answers.
        wrong: how many of these people answered otherwise.
        bound: the upper limit of the error, with the confidence that was asked for.
    """

    score: float
    answered: int
    wrong: int
    bound: float


def upper_bound(wrong: int, answered: int, doubt: float) -> float:
    """The share of errors that is exceeded with probability `doubt` at most."""
    if wrong >= answered:
        return 1.0
    return float(special.betaincinv(wrong + 1, answered - wrong, 1 - doubt))


def proven_threshold(
    scores: Floats, right: NDArray[np.bool_], *, least: float, error: float, doubt: float
) -> Threshold | None:
    """The least sure threshold that is proven; None where none is.

    A sequence begins where one, two and four times as many cases are answered as could prove the
    error if none of them were wrong, so that one early mistake does not silence an item.

    Args:
        scores: of held-back cases, the higher the surer.
        right: whether answering each would be right.
        least: no threshold below it.
        error: the share of errors allowed, between 0 and 1.
        doubt: how likely a threshold may be proven though its error is larger; the sequences
            share it equally.
    """
    order = np.argsort(-scores, kind="stable")
    ordered, wrong = scores[order], np.cumsum(~right[order])
    last_of_equals = np.append(ordered[1:] != ordered[:-1], [True] * bool(len(ordered)))
    proven: Threshold | None = None
    for times in _STARTS:
        first = times * fewest(error, doubt / len(_STARTS))
        for answered in range(first, len(ordered) + 1):
            if not last_of_equals[answered - 1]:
                continue
            mistakes, score = int(wrong[answered - 1]), float(ordered[answered - 1])
            bound = upper_bound(mistakes, answered, doubt / len(_STARTS))
            if bound > error or score < least:
                break
            if proven is None or answered > proven.answered:
                proven = Threshold(score, answered=answered, wrong=mistakes, bound=bound)
    return proven


def fewest(error: float, doubt: float) -> int:
    """How many answers, none of them wrong, prove the error."""
    return math.ceil(math.log(doubt) / math.log(1 - error))
