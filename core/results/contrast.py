"""Two sets of inspections against each other, measure by measure, each with an interval.

The intervals of a table are looked at together: all of them hold what is so in 19 of 20 tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.errors import InvalidInput, finite
from core.results.figures import (
    DifferenceInterval,
    Figures,
    Moments,
    Proportion,
    Ratios,
    check_sums,
    gap,
    ratio_span,
    share_span,
)

MEASURES = 6
"""How many `contrasts` compares."""
_WRONG = 0.05


@dataclass(frozen=True)
class SubjectFigures:
    """One set of inspections.

    Attributes:
        key_moments: of the key-moment scores, where there are any.
        na: N/A among answers and N/A, a cluster being a month of a station.
        sections: section scores by section key.
    """

    figures: Figures
    key_moments: Moments
    na: Ratios
    sections: Mapping[str, Moments]


class Contrast(NamedTuple):
    """A measure in both sets; `difference` is first minus second, None where one is unknown."""

    measure: str
    first: float | None
    second: float | None
    difference: DifferenceInterval | None


class SectionContrast(NamedTuple):
    """A section's mean scores; `n` counts the inspections of the smaller set."""

    section: str
    first: float
    second: float
    difference: DifferenceInterval
    n: int


def joint_level(count: int) -> float:
    """The level of each of so many intervals at which one in twenty tables errs (Bonferroni)."""
    return 1 - _WRONG / max(1, count)


def contrasts(first: SubjectFigures, second: SubjectFigures) -> tuple[Contrast, ...]:
    """Scores in points; pass, critical and N/A rates as shares of 1.

    Intervals have the level of six together: Welch's for means, Newcombe's for shares of
    inspections, and by clusters for N/A, because the answers of one inspection belong together.
    """
    one, other, level = first.figures, second.figures, joint_level(MEASURES)
    check_sums(*(sums for side in (first, second) for sums in _sums(side)))
    for figures in (one, other):
        if min(map(finite, (figures.passed, figures.critical, figures.unscored))) < 0:
            raise InvalidInput("A share of fewer than none cannot be.")
    means = (
        ("before", one.before, other.before),
        ("score", one.scores, other.scores),
        ("key_moments", first.key_moments, second.key_moments),
    )
    shares = (
        ("passed", Proportion(one.passed, one.n), Proportion(other.passed, other.n)),
        (
            "critical",
            Proportion(one.critical, one.inspections),
            Proportion(other.critical, other.inspections),
        ),
    )
    return (
        *(
            Contrast(
                name,
                first=a.mean,
                second=b.mean,
                difference=DifferenceInterval.of(gap(a, b, level)),
            )
            for name, a, b in means
        ),
        *(
            Contrast(name, first=_rate(a), second=_rate(b), difference=share_span(a, b, level))
            for name, a, b in shares
        ),
        Contrast(
            "na",
            first=first.na.rate,
            second=second.na.rate,
            difference=ratio_span(first.na, second.na, level),
        ),
    )


def section_contrasts(first: SubjectFigures, second: SubjectFigures) -> tuple[SectionContrast, ...]:
    """The sections that both have, by key, their intervals looked at together."""
    check_sums(*(sums for side in (first, second) for sums in side.sections.values()))
    rows = []
    both = sorted(first.sections.keys() & second.sections.keys())
    for section in both:
        one, other = first.sections[section], second.sections[section]
        difference = DifferenceInterval.of(gap(one, other, joint_level(len(both))))
        if difference is not None and one.mean is not None and other.mean is not None:
            n = min(one.n, other.n)
            rows.append(
                SectionContrast(
                    section, first=one.mean, second=other.mean, difference=difference, n=n
                )
            )
    return tuple(rows)


def _sums(subject: SubjectFigures) -> tuple[Moments | Ratios, ...]:
    figures = subject.figures
    return (figures.before, figures.scores, subject.key_moments, subject.na)


def _rate(share: Proportion) -> float | None:
    k, n = finite(share.k), finite(share.n)
    return k / n if n else None
