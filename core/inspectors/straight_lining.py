"""The same answer all through, given faster than an encounter can be read, beside colleagues'.

It says nothing about why: an encounter may be known already, or time was not counted. So it is
told to the inspector first, and only where chance and what colleagues do explain it badly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from math import comb
from typing import NamedTuple

from core.inspectors.double_scorings import NOT_APPLICABLE, rating
from core.scoring import ScoreSheet

MONTHS = 3
"""Whole months that are looked at together."""
FEWEST = 20
"""Evaluations of an inspector, and of colleagues, below which nothing is said."""
FEWEST_ITEMS = 5
"""Items that apply, below which the same answer to all of them says nothing."""
LEVEL = 0.01
"""How probable so many may be, at most, for somebody who gives them as often as colleagues."""
LEAST_BEYOND = 0.3
"""By how much the share of such evaluations must lie above that of colleagues."""
_CHINESE_A_SECOND, _LETTERS_A_SECOND = 8.5, 40.0
_FASTEST_PLAYBACK = 2.0


class Basis(StrEnum):
    """Whose evaluations an inspector's are compared with: colleagues' of the same, or alike."""

    ENCOUNTERS = auto()
    CHECKLIST = auto()


class Evaluation(NamedTuple):
    """One evaluation; `straight` is the same answer all through, faster than can be read."""

    encounter: int
    checklist: int
    straight: bool


@dataclass(frozen=True)
class Comparison:
    """An inspector's evaluations beside those of colleagues.

    Attributes:
        evaluations, straight: the inspector's that are compared, and how many are such.
        others, others_straight: the same of colleagues.
        chance: how probable at least so many are, if the inspector gave them as often as
            colleagues; 0 to 1.
    """

    basis: Basis
    evaluations: int
    straight: int
    others: int
    others_straight: int
    chance: float

    @property
    def stands_out(self) -> bool:
        beyond = self.straight / self.evaluations - self.others_straight / self.others
        return self.chance <= LEVEL and beyond >= LEAST_BEYOND - 1e-9


def reading_seconds(characters: int, language: str, sound_seconds: float | None) -> float | None:
    """How long an encounter takes at least, in seconds; None where there is nothing to take in.

    Words take what somebody needs who reads twice as fast as people read aloud in the
    International Reading Speed Texts: 255 signs a minute of Chinese, 228 words of English, each of
    which has 5.3 characters with its space. Unknown languages are read as fast as English. Sound
    without words takes half its length, as the player plays at twice the speed at most.
    """
    if characters:
        is_chinese = language.lower().startswith("zh")
        return characters / (_CHINESE_A_SECOND if is_chinese else _LETTERS_A_SECOND)
    return sound_seconds / _FASTEST_PLAYBACK if sound_seconds else None


def is_same_throughout(sheet: ScoreSheet) -> bool:
    """Whether every item that applies and is scored was given the same share of its points."""
    rated = [rating(item) for item in sheet.items]
    judged = [share for share in rated if share is not None and share != NOT_APPLICABLE]
    return len(judged) >= FEWEST_ITEMS and len(set(judged)) == 1


def compared(own: Sequence[Evaluation], others: Iterable[Evaluation]) -> Comparison | None:
    """An inspector's evaluations with colleagues' of the same encounters.

    Where fewer than FEWEST encounters were scored by both it is colleagues' evaluations of other
    encounters with the same checklists; None where there are too few of these, too.
    """
    rest = list(others)
    by_encounter = {(evaluation.encounter, evaluation.checklist): evaluation for evaluation in rest}
    pairs = [
        (evaluation, by_encounter[evaluation.encounter, evaluation.checklist])
        for evaluation in own
        if (evaluation.encounter, evaluation.checklist) in by_encounter
    ]
    if len(pairs) >= FEWEST:
        return _of_pairs(pairs)
    checklists = _checklists(own) & _checklists(rest)
    mine = [evaluation for evaluation in own if evaluation.checklist in checklists]
    theirs = [evaluation for evaluation in rest if evaluation.checklist in checklists]
    if min(len(mine), len(theirs)) < FEWEST:
        return None
    return Comparison(
        basis=Basis.CHECKLIST,
        evaluations=len(mine),
        straight=_straight(mine),
        others=len(theirs),
        others_straight=_straight(theirs),
        chance=_chance_among(mine, theirs),
    )


def _of_pairs(pairs: Sequence[tuple[Evaluation, Evaluation]]) -> Comparison:
    """McNemar's exact test, one-sided: of the encounters in which they differ, whose are such."""
    only_own = sum(one.straight and not other.straight for one, other in pairs)
    only_other = sum(other.straight and not one.straight for one, other in pairs)
    differ = only_own + only_other
    tail = sum(comb(differ, times) for times in range(only_own, differ + 1))
    return Comparison(
        basis=Basis.ENCOUNTERS,
        evaluations=len(pairs),
        straight=_straight(one for one, _other in pairs),
        others=len(pairs),
        others_straight=_straight(other for _one, other in pairs),
        chance=tail / 2**differ,
    )


def _chance_among(own: Sequence[Evaluation], others: Sequence[Evaluation]) -> float:
    """Fisher's exact test over several checklists, one-sided.

    Given how many of each checklist are such, the inspector's share of them is drawn: the number
    is a sum of hypergeometric ones.
    """
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, evaluations in enumerate((own, others)):
        for evaluation in evaluations:
            counts[evaluation.checklist][place] += 1
            counts[evaluation.checklist][2] += evaluation.straight
    ways, all_ways = [1], 1
    for mine, theirs, straight in counts.values():
        drawn = [
            comb(straight, k) * comb(mine + theirs - straight, mine - k) for k in range(mine + 1)
        ]
        ways = _sums(ways, drawn)
        all_ways *= comb(mine + theirs, mine)
    return sum(ways[_straight(own) :]) / all_ways


def _sums(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """In how many ways two counts add up to each number."""
    total = [0] * (len(one) + len(other) - 1)
    for a, ways in enumerate(one):
        for b, more in enumerate(other):
            total[a + b] += ways * more
    return total


def _checklists(evaluations: Iterable[Evaluation]) -> set[int]:
    return {evaluation.checklist for evaluation in evaluations}


def _straight(evaluations: Iterable[Evaluation]) -> int:
    return sum(evaluation.straight for evaluation in evaluations)
