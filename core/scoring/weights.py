"""Weights in percent points of the form: shared out, then redistributed where items are N/A."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from core.checklist.model import Checklist, Item
from core.scoring.ledger import Book, LedgerStep
from core.scoring.marks import Mark
from core.text.cache_keys import Same

Shares = dict[str, float]


def effective_weights(book: Book, checklist: Checklist, marks: Iterable[Mark]) -> Shares:
    """The weight of every item that counts; a bonus item's is what it may add.

    The weights of the others sum to 100, unless none counts or weighs anything, the N/A policy
    is skip, or the settings do not scale the declared weights.
    """
    nominal = nominal_weights(book, checklist)
    counting = [mark for mark in marks if mark.counts]
    weights = {mark.item.key: nominal[mark.item.key] for mark in counting if not mark.item.bonus}
    policy = checklist.settings.na_policy
    if policy == "redistribute":
        weights = _share(book, weights, total_weight(nominal, checklist.items()))
    elif policy == "within_section":
        weights = _within_sections(book, checklist, nominal, weights)
    return {mark.item.key: weights.get(mark.item.key, nominal[mark.item.key]) for mark in counting}


def nominal_weights(book: Book, checklist: Checklist) -> Mapping[str, float]:
    """Every scored item's share before N/A, the same for all answers."""
    shares, steps = _nominal(Same(checklist))
    book.steps += steps
    return shares


@lru_cache(maxsize=256)
def _nominal(checklist: Same[Checklist]) -> tuple[Mapping[str, float], tuple[LedgerStep, ...]]:
    book = Book()
    shares = _shared_out(book, checklist.thing)
    return MappingProxyType(shares), tuple(book.steps)


def _shared_out(book: Book, checklist: Checklist) -> Shares:
    scale = checklist.settings.scale_weights
    items = [item for item in checklist.items() if item.scored]
    if checklist.settings.weights == "item_weights":
        return _declared(book, items, _declared_total(items) if scale else 100.0, 100.0)
    sections = [section for section in checklist.sections if _declared_total(section.items) > 0]
    total = math.fsum(section.weight for section in sections) if scale else 100.0
    shares: Shares = dict.fromkeys((item.key for item in items), 0.0)
    for section in sections:
        of = _weight(book, section.key, section.weight, total, 100.0)
        inside = [item for item in section.items if item.scored]
        shares |= _declared(book, inside, _declared_total(inside), of)
    return shares


def _declared(book: Book, items: Iterable[Item], total: float, of: float) -> Shares:
    return {item.key: _weight(book, item.key, item.weight, total, of) for item in items}


def _weight(book: Book, key: str, share: float, total: float, of: float) -> float:
    if total == 0:
        return 0.0
    return book.add("weight", key, {"share": share, "total": total, "of": of})


def _sharing(items: Iterable[Item]) -> Iterable[Item]:
    return (item for item in items if item.scored and not item.bonus)


def _declared_total(items: Iterable[Item]) -> float:
    return math.fsum(item.weight for item in _sharing(items))


def total_weight(nominal: Mapping[str, float], items: Iterable[Item]) -> float:
    """What the items weigh together, bonus items left out."""
    return math.fsum(nominal[item.key] for item in _sharing(items))


def _share(book: Book, weights: Mapping[str, float], of: float) -> Shares:
    """The weights scaled to sum to `of`; as they are when they do, or when all are zero."""
    applicable = math.fsum(weights.values())
    if applicable == 0 or math.isclose(applicable, of, rel_tol=1e-12):
        return dict(weights)
    return {
        key: book.add("redistribute", key, {"weight": weight, "applicable": applicable, "of": of})
        for key, weight in weights.items()
    }


def _within_sections(
    book: Book, checklist: Checklist, nominal: Mapping[str, float], applicable: Mapping[str, float]
) -> Shares:
    """Sections with something left share out the empty ones' weight, then each shares its own."""
    inside = {
        section.key: {
            item.key: applicable[item.key] for item in section.items if item.key in applicable
        }
        for section in checklist.sections
    }
    full = {
        section.key: total_weight(nominal, section.items)
        for section in checklist.sections
        if any(inside[section.key].values())
    }
    if checklist.settings.scale_weights:
        full = _share(book, full, total_weight(nominal, checklist.items()))
    shares: Shares = {}
    for key, weights in inside.items():
        shares |= _share(book, weights, full.get(key, 0.0))
    return shares
