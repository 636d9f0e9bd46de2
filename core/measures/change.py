"""Whether a measure changed after something was done, beside stations where it was not done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.i18n import N_
from core.measures.catalogue import Form, Measure
from core.measures.figure import Basis, Figure, figure
from core.periods import Period
from core.results.figures import LEVEL, DifferenceInterval, Moments, Proportion, gap, share_span
from core.sampling import Ended, kaplan_meier
from core.text.sentence import Sentence

EFFECTIVE = N_("The measure became better by more than chance explains.")
WORSE = N_("The measure became worse by more than chance explains.")
NOT_SHOWN = N_("The interval holds zero: no change is shown, and none is ruled out.")
BETTER_THAN_OTHERS = N_(
    "Compared with the other stations, the measure changed for the better by more than chance"
    " explains."
)
WORSE_THAN_OTHERS = N_(
    "Compared with the other stations, the measure changed for the worse by more than chance"
    " explains."
)
LIKE_OTHERS = N_(
    "The interval of the difference of both changes holds zero: no effect is shown, and none is"
    " ruled out."
)
NO_VALUE = N_("One of the figures has no value, so that nothing can be said.")
NO_INTERVAL = N_("One of the figures has no interval, so that nothing can be said.")
_REPLICATES, _SEED = 1000, 20261130
_MOST_LACKING = 0.05


class Verdict(StrEnum):
    """What became of the measure; cannot tell: a figure has no value, or no interval."""

    EFFECTIVE = auto()
    NOT_SHOWN = auto()
    WORSE = auto()
    CANNOT_TELL = auto()


class BeforeAfter(NamedTuple):
    """What a measure is made of in the months before and after."""

    before: Basis
    after: Basis


@dataclass(frozen=True)
class Change:
    """After less before, in the measure's unit (shares in points of a percent).

    `difference` is None where a figure has no value; its ends are None without an interval.
    """

    before: Figure
    after: Figure
    difference: DifferenceInterval | None


@dataclass(frozen=True)
class Effect:
    """What was done is judged by: the change where it was done, less the change elsewhere.

    Attributes:
        own: of the stations where it was done.
        control: of the others; None where there are none, and `effect` is the own change.
        effect: the difference of both changes; None where one is unknown.
        sentence: the verdict in words.
    """

    own: Change
    control: Change | None
    effect: DifferenceInterval | None
    verdict: Verdict
    sentence: Sentence


def check_spans(before: Period, after: Period, *, running: int) -> None:
    """Refuse spans by which nothing can be judged, or not yet.

    Args:
        running: the running month, yyyymm.

    Raises:
        InvalidInput: the first does not end before the second begins, or that one is not over.
    """
    if before.last >= after.first:
        raise InvalidInput("The months before must end before those after begin.")
    if after.last >= running:
        raise InvalidInput("The months after are not over yet.")


def effect(
    measure: Measure, own: BeforeAfter, control: BeforeAfter | None = None, *, level: float = LEVEL
) -> Effect:
    """Judge by the change at some stations less the change at others in the same months.

    Shares change within Newcombe's (1998) interval, means within Welch's, medians within the
    bootstrap's (1,000 draws of files, seed fixed), rates and what is given within the intervals of
    both figures, squared and added. So are the intervals of the two changes (Zou & Donner 2008).

    Args:
        own, control: of stations that are not the same, and of the same months.
    """
    mine = _change(measure, own, level)
    others = None if control is None else _change(measure, control, level)
    found = mine.difference
    if others is not None:
        theirs = others.difference
        found = None if found is None or theirs is None else _less(found, theirs)
    verdict, words = _judged(measure, found, is_alone=others is None)
    return Effect(own=mine, control=others, effect=found, verdict=verdict, sentence=Sentence(words))


def _judged(
    measure: Measure, found: DifferenceInterval | None, *, is_alone: bool
) -> tuple[Verdict, str]:
    """Beside others the measure itself may well have changed the other way, or as they did."""
    if found is None:
        return Verdict.CANNOT_TELL, NO_VALUE
    if found.low is None or found.high is None:
        return Verdict.CANNOT_TELL, NO_INTERVAL
    if not found.is_clear:
        return Verdict.NOT_SHOWN, NOT_SHOWN if is_alone else LIKE_OTHERS
    if (found.value > 0) == measure.more_is_better:
        return Verdict.EFFECTIVE, EFFECTIVE if is_alone else BETTER_THAN_OTHERS
    return Verdict.WORSE, WORSE if is_alone else WORSE_THAN_OTHERS


def _change(measure: Measure, sides: BeforeAfter, level: float) -> Change:
    before, after = (figure(measure, side, level=level) for side in sides)
    if before.value is None or after.value is None:
        return Change(before, after, None)
    return Change(before, after, _difference(measure, sides, before, after, level))


def _difference(
    measure: Measure, sides: BeforeAfter, before: Figure, after: Figure, level: float
) -> DifferenceInterval | None:
    first, last = sides
    if isinstance(first, Proportion) and isinstance(last, Proportion):
        span = share_span(last, first, level)
        assert span is not None
        assert span.low is not None
        assert span.high is not None
        return DifferenceInterval(value=100 * span.value, low=100 * span.low, high=100 * span.high)
    if isinstance(first, Moments) and isinstance(last, Moments):
        return DifferenceInterval.of(gap(last, first, level))
    if measure.form is Form.MEDIAN:
        return _difference_of_medians(sides, before, after, level)
    return _less(
        *(DifferenceInterval(value=f.value or 0.0, low=f.low, high=f.high) for f in (after, before))
    )


def _less(first: DifferenceInterval, second: DifferenceInterval) -> DifferenceInterval:
    """The first less the second, the distances to their ends squared and added."""
    value = first.value - second.value
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return DifferenceInterval(value=value, low=None, high=None)
    below = math.hypot(first.value - first.low, second.high - second.value)
    above = math.hypot(first.high - first.value, second.value - second.low)
    return DifferenceInterval(value=value, low=value - below, high=value + above)


def _difference_of_medians(
    sides: BeforeAfter, before: Figure, after: Figure, level: float
) -> DifferenceInterval:
    """No interval where more than one draw in twenty has no median."""
    value = (after.value or 0.0) - (before.value or 0.0)
    draws = np.random.default_rng(_SEED)
    first, last = (_drawn_medians(side, draws) for side in sides)
    differences = last - first
    known = differences[~np.isnan(differences)]
    if len(known) < (1 - _MOST_LACKING) * _REPLICATES:
        return DifferenceInterval(value=value, low=None, high=None)
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return DifferenceInterval(value=value, low=float(low), high=float(high))


def _drawn_medians(times: Basis, draws: np.random.Generator) -> NDArray[np.float64]:
    """The median of as many files drawn with replacement, again and again; NaN where none is."""
    assert isinstance(times, tuple)
    kinds = [ended for ended in times if isinstance(ended, Ended)]
    cells = [(ended.time, 1) for ended in kinds] + [(ended.time, 0) for ended in kinds]
    counts = np.array([e.ended for e in kinds] + [e.watched for e in kinds])
    n = int(counts.sum())
    medians = []
    for drawn in draws.multinomial(n, counts / n, size=_REPLICATES):
        sample = [
            Ended(time, ended=int(k) if is_end else 0, watched=0 if is_end else int(k))
            for (time, is_end), k in zip(cells, drawn, strict=True)
            if k
        ]
        median = kaplan_meier(sample).median
        medians.append(math.nan if median is None else median)
    return np.array(medians)
