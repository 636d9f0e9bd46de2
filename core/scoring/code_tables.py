"""What each code of an answer matrix is worth, looked up instead of computed again.

The tables are filled by marking each code's answer as a single inspection's would be, so that
points, caps and effects have one definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.checklist.conditions import Fact
from core.checklist.model import Checklist
from core.scoring.answers import Answer
from core.scoring.layout import Cell, Layout
from core.scoring.marks import Mark, mark_one
from core.scoring.weights import nominal_weights

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """One entry for each code.

    Attributes:
        value: what the answer adds before N/A redistribution.
        weight: what the item weighs then; 0 when it does not count, and for a bonus.
        counts: it enters the score.
        raised: it has a critical effect of any kind.
        form_zero: it zeroes the form.
        cap: the highest score it leaves; infinity when it sets none.
        section_zero: the sections that some code zeroes, and which codes do.
        facts: what conditions see of the answer.
    """

    value: Floats
    weight: Floats
    counts: Bools
    raised: Bools
    form_zero: Bools
    cap: Floats
    section_zero: Mapping[str, Bools]
    facts: tuple[Fact | None, ...]


@dataclass(frozen=True)
class Rates:
    """What one point of each item adds, and what the item weighs, before N/A redistribution."""

    point: Mapping[str, float]
    weight: Mapping[str, float]


def rates_of(checklist: Checklist) -> Rates:
    possible = {key: worth.possible for key, worth in checklist.worths.items()}
    if checklist.settings.weights == "points":
        point = {
            item.key: item.multiplier * section.multiplier
            for section in checklist.sections
            for item in section.items
        }
        return Rates(point, {key: possible[key] * rate for key, rate in point.items()})
    weight = nominal_weights(checklist).shares
    return Rates({key: weight[key] / possible[key] for key in weight}, weight)


def table_of(layout: Layout, cell: Cell, rates: Rates, answers: Sequence[Answer | None]) -> Table:
    """The table of an item whose codes stand for these answers."""
    marks = [
        mark_one(layout.checklist, cell.section, cell.item, answer, visible=True)
        for answer in answers
    ]
    point, weight = rates.point.get(cell.key, 0.0), rates.weight.get(cell.key, 0.0)
    caps = [[effect.cap for effect in mark.effects if effect.cap is not None] for mark in marks]
    return Table(
        value=np.array([point * mark.points if mark.counts else 0.0 for mark in marks]),
        weight=np.array([weight if mark.weighs else 0.0 for mark in marks]),
        counts=np.array([mark.counts for mark in marks]),
        raised=np.array([bool(mark.effects) for mark in marks]),
        form_zero=np.array(
            [any(effect.kind == "form_zero" for effect in mark.effects) for mark in marks]
        ),
        cap=np.array([min(mark_caps, default=np.inf) for mark_caps in caps]),
        section_zero=_section_zero(marks),
        facts=tuple(
            None if answer is None or answer.na else Fact(frozenset(answer.keys), answer.number)
            for answer in answers
        ),
    )


def _section_zero(marks: Sequence[Mark]) -> dict[str, Bools]:
    zeroes = [mark.zeroes for mark in marks]
    keys = sorted(set().union(*zeroes))
    return {key: np.array([key in section_keys for section_keys in zeroes]) for key in keys}
