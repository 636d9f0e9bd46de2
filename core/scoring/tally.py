"""From marks to the form's score before and after critical effects, through the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.checklist.model import Checklist, Effect, Section
from core.scoring.ledger import Book
from core.scoring.marks import Mark
from core.scoring.weights import effective_weights


@dataclass(frozen=True, slots=True)
class Line:
    """What something adds to the form and what it weighs there.

    Points with the points mode, percent points otherwise.
    """

    value: float
    weight: float

    @property
    def percent(self) -> float | None:
        return 100 * self.value / self.weight if self.weight > 0 else None


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section's part in the form and its own score in percent, None when nothing counts."""

    line: Line
    score: float | None


def item_lines(book: Book, checklist: Checklist, marks: Sequence[Mark]) -> dict[str, Line]:
    """What each item that counts adds and weighs."""
    if checklist.settings.weights == "points":
        multipliers = {section.key: section.multiplier for section in checklist.sections}
        return {
            mark.item.key: _points_line(
                book, mark, mark.item.multiplier * multipliers[mark.section]
            )
            for mark in marks
            if mark.counts
        }
    weights = effective_weights(book, checklist, marks)
    return {
        mark.item.key: _weighted_line(book, mark, weights[mark.item.key])
        for mark in marks
        if mark.counts
    }


def section_lines(
    book: Book, checklist: Checklist, marks: Iterable[Mark], items: Mapping[str, Line]
) -> dict[str, SectionLine]:
    """Each section that has something that counts."""
    inside: dict[str, dict[str, Line]] = {}
    for mark in marks:
        if mark.counts:
            inside.setdefault(mark.section, {})[mark.item.key] = items[mark.item.key]
    return {
        section.key: _section(book, checklist, section, inside[section.key])
        for section in checklist.sections
        if section.key in inside
    }


def form_score(
    book: Book, checklist: Checklist, sections: Mapping[str, Line]
) -> tuple[Line, float | None]:
    """The form's own line and score, None when nothing in it weighs anything."""
    if not sections:
        return Line(0.0, 0.0), None
    points = checklist.settings.weights == "points"
    value = book.add("sum", "form", {key: line.value for key, line in sections.items()})
    weights = {key: line.weight for key, line in sections.items()}
    weight = book.add("total", "form", weights) if points else 100.0 * any(weights.values())
    line = _adjusted(book, "form", Line(value, weight), checklist, scale=1.0, points=points)
    return line, _limited(book, checklist, "form", line)


def zero_sections(book: Book, lines: Mapping[str, Line], zeroed: Iterable[str]) -> dict[str, Line]:
    """The sections' lines, those zeroed that an effect zeroes."""
    changed = dict(lines)
    for key in zeroed:
        if key in lines:
            value = book.add("section_zero", key, {"value": lines[key].value})
            changed[key] = Line(value, lines[key].weight)
    return changed


def capped(book: Book, score: float | None, effects: Sequence[Effect]) -> float | None:
    """The score after the lowest cap, then a zeroed form: a form zero holds without a score too."""
    caps = [effect.cap for effect in effects if effect.cap is not None]
    if caps and score is not None:
        score = book.add("cap", "form", {"score": score, "cap": min(caps)})
    if any(effect.kind == "form_zero" for effect in effects):
        score = book.add("form_zero", "form", {} if score is None else {"score": score})
    return score


def _points_line(book: Book, mark: Mark, multiplier: float) -> Line:
    points = _capped_points(book, mark)
    key = mark.item.key
    value = book.add("earned", key, {"points": points, "multiplier": multiplier})
    if mark.item.bonus:
        return Line(value, 0.0)
    possible = {"best": mark.worth.possible, "multiplier": multiplier}
    return Line(value, book.add("possible", key, possible))


def _weighted_line(book: Book, mark: Mark, weight: float) -> Line:
    points = _capped_points(book, mark)
    inputs = {"weight": weight, "points": points, "possible": mark.worth.possible}
    value = book.add("contribution", mark.item.key, inputs)
    return Line(value, 0.0 if mark.item.bonus else weight)


def _capped_points(book: Book, mark: Mark) -> float:
    if mark.uncapped != mark.points and mark.worth.cap is not None:
        extra = mark.points - mark.worth.cap
        inputs = {"points": mark.uncapped, "cap": mark.worth.cap + extra}
        return book.add("capped", mark.item.key, inputs)
    return mark.points


def _section(
    book: Book, checklist: Checklist, section: Section, items: Mapping[str, Line]
) -> SectionLine:
    points = checklist.settings.weights == "points"
    value = book.add("sum", section.key, {key: line.value for key, line in items.items()})
    weighing = {key: line.weight for key, line in items.items() if line.weight}
    weight = book.add("total", section.key, weighing)
    scale = 1.0 if points else weight / 100
    line = _adjusted(book, section.key, Line(value, weight), section, scale=scale, points=points)
    return SectionLine(line, _limited(book, checklist, section.key, line))


def _adjusted(
    book: Book, key: str, line: Line, holder: Section | Checklist, *, scale: float, points: bool
) -> Line:
    """The line with the baseline added and lifted to the minimum."""
    value, weight = line.value, line.weight
    if holder.baseline:
        inputs = {"value": value, "baseline": holder.baseline, "scale": scale}
        value = book.add("baseline", key, inputs)
        if points:
            weight = book.add(
                "baseline_possible", key, {"weight": weight, "baseline": holder.baseline}
            )
    if holder.minimum is not None and value < holder.minimum * scale:
        value = book.add(
            "minimum", key, {"value": value, "minimum": holder.minimum, "scale": scale}
        )
    return Line(value, weight)


def _limited(book: Book, checklist: Checklist, key: str, line: Line) -> float | None:
    """The percentage, kept within what the settings allow."""
    if line.weight <= 0:
        return None
    score = book.add("percent", key, {"value": line.value, "weight": line.weight})
    settings = checklist.settings
    low = min(score, 0.0) if settings.below_zero else 0.0
    high = max(score, 100.0) if settings.bonus_over_100 else 100.0
    if low <= score <= high:
        return score
    return book.add("limit", key, {"score": score, "low": low, "high": high})
