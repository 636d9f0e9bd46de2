"""Weights in percent points of the form: shared out, then redistributed where items are N/A."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.checklist.model import Checklist, Item, Section
from core.scoring.ledger import LedgerStep, step
from core.scoring.marks import Mark
from core.text.cache_keys import Same


@dataclass(frozen=True, slots=True)
class Weights:
    """Percent points of the form by key, and the steps that gave them."""

    shares: Mapping[str, float]
    steps: tuple[LedgerStep, ...] = ()

    def __or__(self, other: Weights) -> Weights:
        return Weights({**self.shares, **other.shares}, self.steps + other.steps)


def effective_weights(checklist: Checklist, marks: Iterable[Mark]) -> Weights:
    """The weight of every item that counts; a bonus item's is what it may add.

    The weights of the others sum to 100, unless none counts or weighs anything, the N/A policy
    is skip, or the settings do not scale the declared weights.
    """
    nominal = nominal_weights(checklist)
    counting = [mark.item for mark in marks if mark.counts]
    declared = {item.key: nominal.shares[item.key] for item in counting}
    sharing = {item.key: declared[item.key] for item in counting if not item.bonus}
    match checklist.settings.na_policy:
        case "redistribute":
            full = total_weight(nominal.shares, checklist.items())
            redistributed = _scaled(sharing, full)
        case "within_section":
            redistributed = _within_sections(checklist, nominal.shares, sharing)
        case _:
            redistributed = Weights({})
    return Weights(declared, nominal.steps) | redistributed


def nominal_weights(checklist: Checklist) -> Weights:
    """Every scored item's share before N/A, the same for all answers."""
    return _nominal(Same(checklist))


def full_weights(checklist: Checklist) -> Mapping[str, float]:
    """What each item weighs when everything applies: percent points, or points possible.

    Bonus items are left out.
    """
    if checklist.settings.weights != "points":
        shares = nominal_weights(checklist).shares
        return {item.key: shares[item.key] for item in _sharing(checklist.items())}
    return {
        item.key: checklist.worths[item.key].possible * item.multiplier * section.multiplier
        for section in checklist.sections
        for item in _sharing(section.items)
    }


@lru_cache(maxsize=256)
def _nominal(same: Same[Checklist]) -> Weights:
    checklist = same.thing
    scale = checklist.settings.scale_weights
    items = [item for item in checklist.items() if item.scored]
    if checklist.settings.weights == "item_weights":
        return _declared(items, _declared_total(items) if scale else 100.0, 100.0)
    sections = [section for section in checklist.sections if _declared_total(section.items) > 0]
    total = math.fsum(section.weight for section in sections) if scale else 100.0
    weights = Weights(dict.fromkeys((item.key for item in items), 0.0))
    for section in sections:
        own = _declared([section], total, 100.0)
        scored = [item for item in section.items if item.scored]
        inside = _declared(scored, _declared_total(scored), own.shares[section.key])
        weights |= Weights(inside.shares, own.steps + inside.steps)
    return weights


def _declared(items: Iterable[Item | Section], total: float, of: float) -> Weights:
    """The declared weights of items or sections as shares of `of`."""
    if total == 0:
        return Weights(dict.fromkeys((item.key for item in items), 0.0))
    return _of(step("weight", item.key, share=item.weight, total=total, of=of) for item in items)


def _of(steps: Iterable[LedgerStep]) -> Weights:
    made = tuple(steps)
    return Weights({share.subject: share.output for share in made}, made)


def _sharing(items: Iterable[Item]) -> Iterable[Item]:
    return (item for item in items if item.scored and not item.bonus)


def _declared_total(items: Iterable[Item]) -> float:
    return math.fsum(item.weight for item in _sharing(items))


def total_weight(nominal: Mapping[str, float], items: Iterable[Item]) -> float:
    """What the items weigh together, bonus items left out."""
    return math.fsum(nominal[item.key] for item in _sharing(items))


def _scaled(weights: Mapping[str, float], of: float) -> Weights:
    """The weights scaled to sum to `of`; as they are when they do, or when all are zero."""
    applicable = math.fsum(weights.values())
    if applicable == 0 or math.isclose(applicable, of, rel_tol=1e-12):
        return Weights(weights)
    return _of(
        step("redistribute", key, weight=weight, applicable=applicable, of=of)
        for key, weight in weights.items()
    )


def _within_sections(
    checklist: Checklist, nominal: Mapping[str, float], applicable: Mapping[str, float]
) -> Weights:
    """Sections with something left share out the empty ones' weight, then each shares its own."""
    inside = {
        section.key: {
            item.key: applicable[item.key] for item in section.items if item.key in applicable
        }
        for section in checklist.sections
    }
    full = Weights(
        {
            section.key: total_weight(nominal, section.items)
            for section in checklist.sections
            if any(inside[section.key].values())
        }
    )
    if checklist.settings.scale_weights:
        full = _scaled(full.shares, total_weight(nominal, checklist.items()))
    weights = Weights({}, full.steps)
    for key, shares in inside.items():
        weights |= _scaled(shares, full.shares.get(key, 0.0))
    return weights
