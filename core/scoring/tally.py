"""From marks to the form's score before and after critical effects, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.checklist.model import Checklist, Effect, Section
from core.scoring.ledger import LedgerStep, step
from core.scoring.marks import Mark

Steps = tuple[LedgerStep, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What something adds to the form and what it weighs there, and the steps that gave both.

    Points with the points mode, percent points otherwise.
    """

    value: float
    weight: float
    steps: Steps = ()

    @property
    def percent(self) -> float | None:
        return 100 * self.value / self.weight if self.weight > 0 else None


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A section or the form: its line, and its own score in percent, None when nothing counts."""

    line: Line
    score: float | None
    steps: Steps


def item_lines(
    checklist: Checklist, marks: Iterable[Mark], weights: Mapping[str, float]
) -> dict[str, Line]:
    """What each item that counts adds and weighs; in the points mode `weights` are not used."""
    counting = [mark for mark in marks if mark.counts]
    if checklist.settings.weights != "points":
        return {mark.item.key: _weighted_line(mark, weights[mark.item.key]) for mark in counting}
    multipliers = {section.key: section.multiplier for section in checklist.sections}
    return {
        mark.item.key: _points_line(mark, mark.item.multiplier * multipliers[mark.section])
        for mark in counting
    }


def section_subtotals(
    checklist: Checklist, marks: Iterable[Mark], items: Mapping[str, Line]
) -> dict[str, Subtotal]:
    """Each section that has something that counts."""
    inside: dict[str, dict[str, Line]] = {}
    for mark in marks:
        if mark.counts:
            inside.setdefault(mark.section, {})[mark.item.key] = items[mark.item.key]
    return {
        section.key: _section_subtotal(checklist, section, inside[section.key])
        for section in checklist.sections
        if section.key in inside
    }


def form_subtotal(checklist: Checklist, sections: Mapping[str, Line]) -> Subtotal:
    """The form's own line and score, None when nothing in it weighs anything."""
    if not sections:
        return Subtotal(Line(value=0.0, weight=0.0), None, ())
    added = step("sum", "form", **{key: line.value for key, line in sections.items()})
    weights = {key: line.weight for key, line in sections.items()}
    if checklist.settings.weights == "points":
        total = step("total", "form", **weights)
        line = Line(value=added.output, weight=total.output, steps=(added, total))
    else:
        line = Line(value=added.output, weight=100.0 * any(weights.values()), steps=(added,))
    return _subtotal(checklist, "form", _adjusted(checklist, "form", line, checklist, scale=1.0))


def zeroed_sections(lines: Mapping[str, Line], zeroed: Iterable[str]) -> dict[str, Line]:
    """The lines of the sections that an effect zeroes, as it leaves them."""
    zeros = [step("section_zero", key, value=lines[key].value) for key in zeroed if key in lines]
    return {
        zero.subject: Line(value=zero.output, weight=lines[zero.subject].weight, steps=(zero,))
        for zero in zeros
    }


def effect_steps(score: float | None, effects: Sequence[Effect]) -> Steps:
    """The lowest cap, then a zeroed form: a form zero holds without a score too."""
    steps: Steps = ()
    caps = [effect.cap for effect in effects if effect.cap is not None]
    if caps and score is not None:
        steps = (step("cap", "form", score=score, cap=min(caps)),)
        score = steps[-1].output
    if any(effect.kind == "form_zero" for effect in effects):
        steps += (step("form_zero", "form", **({} if score is None else {"score": score})),)
    return steps


def _points_line(mark: Mark, multiplier: float) -> Line:
    points, capping = _capped_points(mark)
    key = mark.item.key
    earned = step("earned", key, points=points, multiplier=multiplier)
    if mark.item.bonus:
        return Line(value=earned.output, weight=0.0, steps=(*capping, earned))
    possible = step("possible", key, best=mark.worth.possible, multiplier=multiplier)
    return Line(value=earned.output, weight=possible.output, steps=(*capping, earned, possible))


def _weighted_line(mark: Mark, weight: float) -> Line:
    points, capping = _capped_points(mark)
    possible = mark.worth.possible
    added = step("contribution", mark.item.key, weight=weight, points=points, possible=possible)
    return Line(
        value=added.output, weight=0.0 if mark.item.bonus else weight, steps=(*capping, added)
    )


def _capped_points(mark: Mark) -> tuple[float, Steps]:
    if mark.uncapped == mark.points or mark.worth.cap is None:
        return mark.points, ()
    bonus = mark.points - mark.worth.cap
    capping = step("capped", mark.item.key, points=mark.uncapped, cap=mark.worth.cap + bonus)
    return capping.output, (capping,)


def _section_subtotal(
    checklist: Checklist, section: Section, items: Mapping[str, Line]
) -> Subtotal:
    key = section.key
    added = step("sum", key, **{item: line.value for item, line in items.items()})
    weights = {item: line.weight for item, line in items.items() if line.weight}
    total = step("total", key, **weights)
    line = Line(value=added.output, weight=total.output, steps=(added, total))
    scale = 1.0 if checklist.settings.weights == "points" else total.output / 100
    return _subtotal(checklist, key, _adjusted(checklist, key, line, section, scale=scale))


def _adjusted(
    checklist: Checklist, key: str, line: Line, holder: Section | Checklist, *, scale: float
) -> Line:
    """The line with the baseline added and lifted to the minimum."""
    value, weight, steps = line.value, line.weight, line.steps
    if holder.baseline:
        raised = step("baseline", key, value=value, baseline=holder.baseline, scale=scale)
        value, steps = raised.output, (*steps, raised)
        if checklist.settings.weights == "points":
            wider = step("baseline_possible", key, weight=weight, baseline=holder.baseline)
            weight, steps = wider.output, (*steps, wider)
    if holder.minimum is not None and value < holder.minimum * scale:
        lifted = step("minimum", key, value=value, minimum=holder.minimum, scale=scale)
        value, steps = lifted.output, (*steps, lifted)
    return Line(value=value, weight=weight, steps=steps)


def _subtotal(checklist: Checklist, key: str, line: Line) -> Subtotal:
    """The line with its percentage, kept within what the settings allow."""
    if line.weight <= 0:
        return Subtotal(line, None, line.steps)
    percent = step("percent", key, value=line.value, weight=line.weight)
    score, settings = percent.output, checklist.settings
    low = min(score, 0.0) if settings.below_zero else 0.0
    high = max(score, 100.0) if settings.bonus_over_100 else 100.0
    if low <= score <= high:
        return Subtotal(line, score, (*line.steps, percent))
    limit = step("limit", key, score=score, low=low, high=high)
    return Subtotal(line, limit.output, (*line.steps, percent, limit))
