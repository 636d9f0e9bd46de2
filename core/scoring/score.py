"""Scoring one inspection: checklist version and answers in, score sheet with ledger out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.checklist.model import Checklist, Effect
from core.scoring.answers import Answer
from core.scoring.ledger import Book
from core.scoring.marks import FORM_ZERO, Mark, mark_all
from core.scoring.report import Tally, report
from core.scoring.sheet import ScoreSheet
from core.scoring.tally import (
    SectionLine,
    capped,
    form_score,
    item_lines,
    section_lines,
    zero_sections,
)


def score(checklist: Checklist, answers: Mapping[str, Answer]) -> ScoreSheet:
    """The score sheet of one inspection.

    Ranges from 0 to 100 unless the settings allow bonus points above or negative points below;
    None with a reason when nothing applies, is answered, or carries weight. Critical effects
    apply in this order: zeroed sections, the lowest cap, a zeroed form. The rules follow the
    checklist's settings, where each is described.
    """
    book = Book()
    marks = mark_all(checklist, answers)
    items = item_lines(book, checklist, marks)
    sections = section_lines(book, checklist, marks, items)
    lines = {key: section.line for key, section in sections.items()}
    form, before = form_score(book, checklist, lines)
    effects = dict(_effects(checklist, marks, sections))
    zeroed = _zeroed(checklist, marks)
    after = before
    if zeroed:
        _, after = form_score(book, checklist, zero_sections(book, lines, zeroed))
    after = capped(book, after, [effect for raised in effects.values() for effect in raised])
    if after is not None:
        book.add("round", "form", {"score": after, "decimals": 2})
    return report(
        Tally(
            checklist=checklist,
            marks=marks,
            items=items,
            sections=sections,
            form=form,
            before=before,
            after=after,
            flags=_flags(checklist, effects, zeroed),
            zeroed=zeroed,
            ledger=tuple(book.steps),
        )
    )


def _effects(
    checklist: Checklist, marks: Iterable[Mark], sections: Mapping[str, SectionLine]
) -> Iterator[tuple[str, tuple[Effect, ...]]]:
    """What was raised, by item key, then by key of a critical section under half."""
    for mark in marks:
        if mark.effects:
            yield mark.item.key, mark.effects
    if checklist.settings.critical_rule == "below_half":
        for section in checklist.sections:
            line = sections.get(section.key)
            if section.critical and line and line.score is not None and line.score < 50:
                yield section.key, (FORM_ZERO,)


def _zeroed(checklist: Checklist, marks: Iterable[Mark]) -> tuple[str, ...]:
    """Keys of the sections that an effect zeroes, in order."""
    zeroed_keys = set().union(*(mark.zeroes for mark in marks if mark.effects))
    return tuple(section.key for section in checklist.sections if section.key in zeroed_keys)


def _flags(
    checklist: Checklist, effects: Mapping[str, object], zeroed: Sequence[str]
) -> tuple[str, ...]:
    items = [item.key for item in checklist.items() if item.key in effects]
    keys = (section.key for section in checklist.sections)
    sections = [key for key in keys if key in effects or key in zeroed]
    return (*items, *sections, "form") if effects else ()
