"""Scoring many inspections of one checklist version at once, from its answer matrix.

Gives what `score` gives for each row, to 1e-9. The layout of the matrix is core.scoring.layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checklist.conditions import Condition, Joined, evaluate, leaves
from core.checklist.model import Checklist
from core.scoring.answers import Answer
from core.scoring.code_tables import Bools, Floats, Rates, Table, rates_of, table_of
from core.scoring.layout import NA, Cell, Codes, Layout
from core.scoring.ledger import FEWEST_ITEMS, LEAST_SHARE, TOLERANCE
from core.scoring.weights import full_weights, total_weight

ROWS_AT_ONCE = 16_384  # a block's sums stay in the processor's cache


@dataclass(frozen=True)
class MatrixScores:
    """Scores by row; one that is unknown is NaN.

    Attributes:
        sections: percent by row and section, after critical effects.
        critical: a critical effect of any kind was raised.
        band: place of the band in the checklist's bands, -1 for none.
        passed: the pass mark is reached and no floor speaks; False while the score or the mark
            is unknown.
    """

    score: Floats
    score_before_critical: Floats
    key_moment_score: Floats
    sections: Floats
    critical: Bools
    band: NDArray[np.int8]
    passed: Bools


def score_matrix(layout: Layout, matrix: Codes) -> MatrixScores:
    """The scores of every row of a matrix that `layout` has encoded."""
    rates = rates_of(layout.checklist)
    tables = {
        cell.key: table_of(layout, cell, rates, cell.answers())
        for cell in layout.cells
        if cell.stop - cell.start == 1
    }
    condition_items = frozenset(leaf.item for when in _conditions(layout) for leaf in leaves(when))
    scorer = _Scorer(layout, rates, tables, _full(layout.checklist, rates), condition_items)
    starts = range(0, max(len(matrix), 1), ROWS_AT_ONCE)
    blocks = [scorer.block(matrix[start : start + ROWS_AT_ONCE]) for start in starts]
    joined = {
        field.name: np.concatenate([getattr(block, field.name) for block in blocks])
        for field in fields(MatrixScores)
    }
    return MatrixScores(**joined)


@dataclass(frozen=True)
class _Scorer:
    """What stays the same from block to block."""

    layout: Layout
    rates: Rates
    tables: dict[str, Table]
    full: Floats
    condition_items: frozenset[str]  # items that conditions ask about

    def block(self, matrix: Codes) -> MatrixScores:
        checklist = self.layout.checklist
        sums = self._sums(np.ascontiguousarray(matrix.T))
        totals = total(checklist, self.full, sums)
        floors = np.array([band.floor for band in checklist.bands])
        reached = totals.score[:, np.newaxis] >= floors - TOLERANCE
        mark = np.inf if checklist.pass_mark is None else checklist.pass_mark - TOLERANCE
        first = reached.argmax(axis=1) if len(floors) else 0
        speaks, lowest = _floors(checklist, sums, totals.sections)
        return MatrixScores(
            score=totals.score,
            score_before_critical=totals.before,
            key_moment_score=totals.moments,
            sections=totals.sections.T,
            critical=totals.raised,
            band=np.where(reached.any(axis=1), np.maximum(first, lowest), -1).astype(np.int8),
            passed=(totals.score >= mark) & ~speaks,
        )

    def _sums(self, columns: Codes) -> Sums:
        """Add up a block; its rows are the columns of the matrix."""
        checklist = self.layout.checklist
        sums = Sums.empty(len(checklist.sections), columns.shape[1])
        section_rows = {section.key: row for row, section in enumerate(checklist.sections)}
        seen: dict[str, _Seen] = {}
        for cell in self.layout.cells:
            table, codes = self._looked_up(cell, columns)
            for when in (cell.section.when, cell.item.when):
                if when is not None:
                    codes = np.where(_holds(when, seen), codes, NA)
            if cell.key in self.condition_items:
                seen[cell.key] = _Seen(table, codes)
            _add(sums, section_rows, cell, table, codes)
            if cell.section.section_floor is not None and not cell.item.bonus:
                sums.items[section_rows[cell.section.key]] += table.counts[codes]
        np.logical_or(sums.present, sums.weight > 0, out=sums.present)
        return sums

    def _looked_up(self, cell: Cell, columns: Codes) -> tuple[Table, NDArray[np.intp]]:
        """An item's table and the places in it, by row."""
        if cell.key in self.tables:
            return self.tables[cell.key], columns[cell.start].astype(np.intp)
        several, codes = np.unique(columns[cell.start : cell.stop], axis=1, return_inverse=True)
        answers = [Answer(na=True), *(cell.decode(column) for column in several.T.tolist())]
        return table_of(self.layout, cell, self.rates, answers), codes.reshape(-1) + 1


@dataclass(frozen=True)
class _Seen:
    """An item's visible answers, for the conditions of later items."""

    table: Table
    codes: NDArray[np.intp]


def _holds(condition: Condition, seen: Mapping[str, _Seen]) -> Bools:
    if isinstance(condition, Joined):
        parts = [_holds(inner, seen) for inner in condition.parts]
        join = np.logical_and if condition.kind == "all" else np.logical_or
        truths: Bools = join.reduce(parts)
        return ~truths if condition.kind == "not" else truths
    seen_item = seen[condition.item]
    facts = ({} if fact is None else {condition.item: fact} for fact in seen_item.table.facts)
    true = np.array([evaluate(condition, fact) for fact in facts], dtype=np.bool_)
    return true[seen_item.codes]


def _add(
    sums: Sums, section_rows: Mapping[str, int], cell: Cell, table: Table, codes: NDArray[np.intp]
) -> None:
    """Add one item's answers to its section's sums, and what effects they raise."""
    if table.counts.any():
        row = section_rows[cell.section.key]
        (sums.bonus if cell.item.bonus else sums.value)[row] += table.value[codes]
        sums.weight[row] += table.weight[codes]
        if (table.counts != (table.weight > 0)).any():
            sums.present[row] |= table.counts[codes]
        if cell.item.key_moment:
            sums.moment_value[row] += np.where(table.weight > 0, table.value, 0.0)[codes]
            sums.moment_weight[row] += table.weight[codes]
    if table.raised.any():
        sums.raised[:] |= table.raised[codes]
        sums.form_zero[:] |= table.form_zero[codes]
        np.minimum(sums.cap, table.cap[codes], out=sums.cap)
    for key, zeroes in table.section_zero.items():
        sums.zeroed[section_rows[key]] |= zeroes[codes]


def _floors(
    checklist: Checklist, sums: Sums, scores: Floats
) -> tuple[Bools, NDArray[np.integer[Any]]]:
    """Whether a floor speaks, and the place of the lowest band that one keeps to, by row."""
    speaks = np.zeros(scores.shape[1], dtype=np.bool_)
    lowest = np.zeros(scores.shape[1], dtype=np.int8)
    bands = [band.key for band in checklist.bands]
    weights = full_weights(checklist)
    for row, section in enumerate(checklist.sections):
        if (floor := section.section_floor) is None:
            continue
        full = sum(weights.get(item.key, 0.0) for item in section.items)
        applied = sums.weight[row] / full if full else sums.weight[row]
        is_broad = (sums.items[row] >= FEWEST_ITEMS) & (applied >= LEAST_SHARE - TOLERANCE)
        is_below = scores[row] < floor.below - TOLERANCE
        here = is_below & (is_broad | sums.zeroed[row])
        speaks |= here
        lowest[here] = np.maximum(lowest[here], bands.index(floor.band))
    return speaks, lowest


def _conditions(layout: Layout) -> Iterator[Condition]:
    for cell in layout.cells:
        yield from (when for when in (cell.section.when, cell.item.when) if when is not None)


def _full(checklist: Checklist, rates: Rates) -> Floats:
    """Each section's weight when everything in it applies."""
    if checklist.settings.weights == "points":
        return np.zeros(len(checklist.sections))
    return np.array([total_weight(rates.weight, section.items) for section in checklist.sections])


@dataclass(frozen=True)
class Sums:
    """What the answers add up to, by section, before N/A redistribution.

    Attributes:
        value, weight: of the items that share in the weights.
        bonus: what bonus items add.
        present: something in the section counts.
        items: how many items share in the weights; counted in sections with a floor only.
        moment_value, moment_weight: of the key moments alone.
        zeroed: the section is zeroed by an effect.
        raised, form_zero, cap: effects, by inspection.
    """

    value: Floats
    weight: Floats
    bonus: Floats
    present: Bools
    items: Floats
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
            items=floats(),
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
