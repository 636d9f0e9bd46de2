"""From sums by section to scores, for many inspections at once.

Every array has one column an inspection; those by section have one row a section.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.checklist.model import Checklist
from core.scoring.tables import Bools, Floats


@dataclass(frozen=True)
class Sums:
    """What the answers add up to, by section, before N/A redistribution.

    Attributes:
        value, weight: of the items that share in the weights.
        bonus: what bonus items add.
        present: something in the section counts.
        moment_value, moment_weight: of the key moments alone.
        zeroed: the section is zeroed by an effect.
        raised, form_zero, cap: effects, by inspection.
    """

    value: Floats
    weight: Floats
    bonus: Floats
    present: Bools
    moment_value: Floats
    moment_weight: Floats
    zeroed: Bools
    raised: Bools
    form_zero: Bools
    cap: Floats

    @classmethod
    def empty(cls, sections: int, rows: int) -> Sums:
        def floats() -> Floats:
            return np.zeros((sections, rows))

        def bools(*shape: int) -> Bools:
            return np.zeros(shape, dtype=np.bool_)

        return cls(
            value=floats(),
            weight=floats(),
            bonus=floats(),
            present=bools(sections, rows),
            moment_value=floats(),
            moment_weight=floats(),
            zeroed=bools(sections, rows),
            raised=bools(rows),
            form_zero=bools(rows),
            cap=np.full(rows, np.inf),
        )


@dataclass(frozen=True)
class Totals:
    """Scores in percent, NaN where there is none."""

    score: Floats
    before: Floats
    moments: Floats
    sections: Floats
    raised: Bools


def total(checklist: Checklist, full: Floats, sums: Sums) -> Totals:
    """The scores of a block; `full` is each section's weight when everything in it applies."""
    points = checklist.settings.weights == "points"
    factor = np.ones(1) if points else _redistribution(checklist, full, sums.weight)
    weight = sums.weight * factor
    value, weight = _sections_adjusted(checklist, sums, sums.value * factor + sums.bonus, weight)
    sections = _limited(checklist, _percent(value, weight))
    before = _form(checklist, sums, value, weight)
    raised, form_zero = _with_critical_sections(checklist, sums, sections)
    score = before
    if sums.zeroed.any():
        zeroed = sums.zeroed & sums.present
        score = _form(checklist, sums, np.where(zeroed, np.minimum(value, 0), value), weight)
        sections = np.where(zeroed, np.minimum(sections, 0), sections)
    score = np.where(form_zero, 0.0, np.minimum(score, sums.cap))
    moments = _percent(
        (sums.moment_value * factor).sum(axis=0), (sums.moment_weight * factor).sum(axis=0)
    )
    return Totals(score, before, moments, sections, raised)


def _redistribution(checklist: Checklist, full: Floats, weight: Floats) -> Floats:
    """What the weights of the items that count are multiplied by, by section."""
    policy = checklist.settings.na_policy
    if policy == "redistribute":
        return _ratio(full.sum(), weight.sum(axis=0))[np.newaxis, :]
    if policy == "skip":
        return np.ones(1)
    alive = weight > 0
    shares = np.where(alive, full[:, np.newaxis], 0.0)
    if checklist.settings.scale_weights:
        shares = shares * _ratio(full.sum(), shares.sum(axis=0))
    return _ratio(shares, weight)


def _sections_adjusted(
    checklist: Checklist, sums: Sums, value: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Sections with their baselines added and lifted to their minima."""
    points = checklist.settings.weights == "points"
    for row, section in enumerate(checklist.sections):
        here = sums.present[row]
        scale = np.ones(1) if points else weight[row] / 100
        if section.baseline:
            value[row] += np.where(here, section.baseline * scale, 0.0)
            weight[row] += np.where(here, section.baseline, 0.0) if points else 0.0
        if section.minimum is not None:
            lifted = np.maximum(value[row], section.minimum * scale)
            value[row] = np.where(here, lifted, value[row])
    return value, weight


def _form(checklist: Checklist, sums: Sums, value: Floats, weight: Floats) -> Floats:
    points = checklist.settings.weights == "points"
    here = sums.present.any(axis=0)
    form = value.sum(axis=0) + checklist.baseline
    possible = (
        weight.sum(axis=0) + checklist.baseline if points else 100.0 * (weight > 0).any(axis=0)
    )
    if checklist.minimum is not None:
        form = np.maximum(form, checklist.minimum)
    return _limited(checklist, _percent(form, np.where(here, possible, 0.0)))


def _with_critical_sections(
    checklist: Checklist, sums: Sums, sections: Floats
) -> tuple[Bools, Bools]:
    """Effects raised and forms zeroed, critical sections under half included."""
    raised, form_zero = sums.raised, sums.form_zero
    if checklist.settings.critical_rule == "below_half":
        rows = [row for row, section in enumerate(checklist.sections) if section.critical]
        failed = (sections[rows] < 50).any(axis=0)
        raised, form_zero = raised | failed, form_zero | failed
    return raised, form_zero


def _limited(checklist: Checklist, percent: Floats) -> Floats:
    low = -np.inf if checklist.settings.below_zero else 0.0
    high = np.inf if checklist.settings.bonus_over_100 else 100.0
    return np.clip(percent, low, high)


def _percent(value: Floats, weight: Floats) -> Floats:
    """NaN where nothing weighs anything."""
    weighs = weight > 0
    return np.where(weighs, 100 * value / np.where(weighs, weight, 1.0), np.nan)


def _ratio(numerator: Floats | float, denominator: Floats) -> Floats:
    """Numerator / denominator; 0 where the denominator is 0."""
    nonzero = denominator > 0
    return np.where(nonzero, numerator / np.where(nonzero, denominator, 1.0), 0.0)
