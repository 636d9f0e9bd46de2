"""Floors: a section that fails keeps the band down, whatever the rest of the form earns.

A floor speaks only of what was looked at: at least three items and half of the section's weight
must have applied, or an answer must have zeroed the section. The ledger has a step for every
section that scored less than its floor, with 1 where the floor speaks and 0 where it does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core.checklist.model import Checklist, Section
from core.scoring.ledger import TOLERANCE, LedgerStep, step
from core.scoring.marks import Mark
from core.scoring.weights import full_weights


def floor_steps(
    checklist: Checklist,
    marks: Iterable[Mark],
    scores: Mapping[str, float | None],
    zeroed: Sequence[str],
) -> tuple[LedgerStep, ...]:
    """A step for every section below its floor; `scores` are percent, by section."""
    floors = [section for section in checklist.sections if section.section_floor is not None]
    return tuple(_steps(checklist, floors, list(marks), scores, zeroed)) if floors else ()


def speaking(steps: Iterable[LedgerStep]) -> tuple[str, ...]:
    """Keys of the sections whose floor speaks."""
    return tuple(made.subject for made in steps if made.kind == "floor" and made.output)


def floored_band(checklist: Checklist, band: str | None, floors: Sequence[str]) -> str | None:
    """The band that the score reached, or the lowest to which these sections' floors keep it."""
    if band is None or not floors:
        return band
    order = [listed.key for listed in checklist.bands]
    allowed = [
        section.section_floor.band
        for section in checklist.sections
        if section.section_floor is not None and section.key in floors
    ]
    return max((band, *allowed), key=order.index)


def _steps(
    checklist: Checklist,
    floors: Iterable[Section],
    marks: Sequence[Mark],
    scores: Mapping[str, float | None],
    zeroed: Sequence[str],
) -> Iterator[LedgerStep]:
    weights = full_weights(checklist)
    for section in floors:
        score, floor = scores.get(section.key), section.section_floor
        if score is None or floor is None or score >= floor.below - TOLERANCE:
            continue
        full = math.fsum(weights.get(item.key, 0.0) for item in section.items)
        applied = [mark.item.key for mark in marks if mark.section == section.key and mark.weighs]
        share = math.fsum(weights[key] for key in applied) / full if full else 0.0
        yield step(
            "floor",
            section.key,
            score=score,
            below=floor.below,
            items=len(applied),
            applied=share,
            zeroed=float(section.key in zeroed),
        )
