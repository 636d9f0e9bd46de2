"""Scoring one inspection: checklist version and answers in, score sheet with ledger out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from core.checklist.model import Checklist, Effect
from core.scoring.answers import Answer
from core.scoring.floors import floor_steps, speaking
from core.scoring.ledger import step
from core.scoring.marks import FORM_ZERO, Mark, mark_all
from core.scoring.report import Tally, report
from core.scoring.sheet import ScoreSheet
from core.scoring.tally import (
    Subtotal,
    effect_steps,
    form_subtotal,
    item_lines,
    section_subtotals,
    zeroed_sections,
)
from core.scoring.weights import Weights, effective_weights


def score(checklist: Checklist, answers: Mapping[str, Answer]) -> ScoreSheet:
    """The score sheet of one inspection.

    Ranges from 0 to 100 unless the settings allow bonus points above or negative points below;
    None with a reason when nothing applies, is answered, or carries weight. Critical effects
    apply in this order: zeroed sections, the lowest cap, a zeroed form. Floors change no score, but
    the band and `passed`. The rules follow the
    checklist's settings, where each is described.
    """
    marks = mark_all(checklist, answers)
    by_points = checklist.settings.weights == "points"
    weights = Weights({}) if by_points else effective_weights(checklist, marks)
    items = item_lines(checklist, marks, weights.shares)
    sections = section_subtotals(checklist, marks, items)
    lines = {key: section.line for key, section in sections.items()}
    form = form_subtotal(checklist, lines)
    effects = dict(_effects(checklist, marks, sections))
    zeroed = _zeroed(checklist, marks)
    zeros = zeroed_sections(lines, zeroed)
    again = (form_subtotal(checklist, lines | zeros),) if zeroed else ()
    before = (again or (form,))[-1].score
    caps = effect_steps(before, [effect for raised in effects.values() for effect in raised])
    after = caps[-1].output if caps else before
    rounding = () if after is None else (step("round", "form", score=after, decimals=2),)
    parts = (*items.values(), *sections.values(), form, *zeros.values(), *again)
    floors = floor_steps(checklist, marks, _final_scores(sections, zeroed), zeroed)
    ledger = (
        *weights.steps,
        *chain.from_iterable(made.steps for made in parts),
        *caps,
        *floors,
        *rounding,
    )
    return report(
        Tally(
            checklist=checklist,
            marks=marks,
            items=items,
            sections=sections,
            form=form.line,
            before=form.score,
            after=after,
            flags=_flags(checklist, effects, zeroed),
            zeroed=zeroed,
            floors=speaking(floors),
            ledger=ledger,
        )
    )


def _effects(
    checklist: Checklist, marks: Iterable[Mark], sections: Mapping[str, Subtotal]
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


def _final_scores(
    sections: Mapping[str, Subtotal], zeroed: Sequence[str]
) -> dict[str, float | None]:
    """Each section's score after critical effects."""
    return {
        key: section.score
        if section.score is None or key not in zeroed
        else min(section.score, 0.0)
        for key, section in sections.items()
    }


def _flags(
    checklist: Checklist, effects: Mapping[str, object], zeroed: Sequence[str]
) -> tuple[str, ...]:
    items = [item.key for item in checklist.items() if item.key in effects]
    keys = (section.key for section in checklist.sections)
    sections = [key for key in keys if key in effects or key in zeroed]
    return (*items, *sections, "form") if effects else ()
