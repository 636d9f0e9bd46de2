"""What the effect of training is computed from, and what it comes back as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scipy import special

from core.errors import InvalidInput, finite
from core.sampling import Interval
from core.text.sentence import Sentence

_LEAST_ERROR = 1e-9
Key = int | str


@dataclass(frozen=True)
class Scores:
    """Scores of one person in one period on the items taught: how many, sum, sum of squares."""

    n: int
    total: float
    squares: float

    def __post_init__(self) -> None:
        for value in (self.n, self.total, self.squares):
            finite(value)
        if self.n < 1 or self.squares * self.n < self.total**2 * (1 - 1e-9):
            raise InvalidInput(
                "{n} scores cannot have the sum {total} and the sum of squares {squares}.",
                n=self.n,
                total=self.total,
                squares=self.squares,
            )

    @property
    def mean(self) -> float:
        return self.total / self.n

    def __add__(self, other: Scores) -> Scores:
        return Scores(
            self.n + other.n, total=self.total + other.total, squares=self.squares + other.squares
        )


@dataclass(frozen=True)
class Person:
    """One member of staff.

    Attributes:
        key: who.
        trained: took the course, or was the subject of the action.
        selection: the period by whose scores people were picked.
        baseline: a later period before the training, which took no part in picking; None if there
            is none.
        after: since the training; None if not scored yet.
    """

    key: Key
    trained: bool
    selection: Scores
    baseline: Scores | None
    after: Scores | None


class Method(StrEnum):
    """How the change that would have come anyway was found."""

    MATCHED = "matched"
    RELIABILITY = "reliability"


@dataclass(frozen=True)
class Estimate:
    """An effect on the scale of the scores, as a mean over people.

    Attributes:
        method: against matched untrained people, or by the measured reliability.
        people: trained people it rests on.
        rise: mean score after minus mean score before (baseline, or selection if there is none).
        expected: the part of the rise that would have come without the training.
        effect: rise minus expected.
        interval: of the effect.
        error: standard error of the effect, with `freedom` degrees of freedom of Student's t.
        spread: standard deviation of one person's contribution, for planning.
    """

    method: Method
    people: int
    rise: float
    expected: float
    effect: float
    interval: Interval
    error: float
    freedom: int
    spread: float

    def at(self, level: float) -> Estimate:
        """The same with the interval of another level."""
        interval = interval_about(self.effect, self.error, self.freedom, level)
        return replace(self, interval=interval)

    @property
    def has_spread(self) -> bool:
        """People changed unlike each other, from which an interval follows."""
        return self.error > _LEAST_ERROR

    @property
    def tail(self) -> float:
        """Two-sided probability of an effect at least as large if there is none; it has spread."""
        return 2.0 * float(special.stdtr(self.freedom, -abs(self.effect) / self.error))

    @property
    def established(self) -> bool:
        """The interval leaves zero out."""
        return not self.interval.lower <= 0.0 <= self.interval.upper


@dataclass(frozen=True)
class Effect:
    """The answer to "did it work?".

    Attributes:
        trained: people trained; `scored` of them have scores since.
        scored: trained people with scores since.
        estimate: None where nothing can be said yet.
        sentence: the estimate in words, or the reason why there is none.
    """

    trained: int
    scored: int
    estimate: Estimate | None
    sentence: Sentence


def interval_about(effect: float, error: float, freedom: int, level: float) -> Interval:
    """Student's t interval of a level."""
    half = float(special.stdtrit(freedom, (1 + level) / 2)) * error
    return Interval(effect - half, effect + half)
