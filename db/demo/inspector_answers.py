"""How a demo inspector answers a checklist: what truly happened, seen through their severity."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.checklist import Checklist, Item
from core.scoring import parse_answers, score

_SEES_FAULT_WHERE_NONE = -4.0  # log-odds of a median inspector; severity moves both
_OVERLOOKS_FAULT = -2.4
_SEVERITY_WEIGHT = 1.4
_LOSS_SHARE = 0.12
_NA_SHARE = 0.03
_NOT_CALLED_FOR = {
    "zh_TW": "此次服務沒有這個情形",
    "zh_CN": "此次服务没有这个情形",
    "en": "The case did not call for it",
}


@dataclass(frozen=True)
class Facts:
    """What truly happened in an encounter.

    Attributes:
        met: for each item that shows whether the standard was met; what does not show was met.
        not_applicable: items that do not apply here.
        choices: the option of each question that decides what is asked.
        clocks: start and stop of timed steps.
        began: when the encounter began.
    """

    met: Mapping[str, bool]
    not_applicable: frozenset[str]
    choices: Mapping[str, str]
    clocks: Mapping[str, tuple[datetime, datetime]]
    began: datetime


def chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def answers(
    checklist: Checklist, facts: Facts, *, severity: float, rng: random.Random, language: str
) -> dict[str, Any]:
    """The answers of an inspector of a given severity (0 is median, in log-odds).

    Why a critical item does not apply is told in the language of the encounter.
    """
    answers_by_item = {
        item.key: {"value": facts.choices[item.key]}
        if item.key in facts.choices
        else _answer(item, facts, severity, rng)
        for item in checklist.items()
    }
    for item in checklist.items():
        if item.needs_na_reason and answers_by_item[item.key].get("na"):
            answers_by_item[item.key]["reason"] = _NOT_CALLED_FOR[language]
    return answers_by_item


def choices(checklist: Checklist, item_keys: Collection[str]) -> dict[str, str]:
    """For each question that decides which items are asked, the option that asks most of these."""
    option_by_item: dict[str, str] = {}
    for item in checklist.items():
        if item.excluded and item.options and not item.na_allowed:
            seen = {
                option.key: _count_asked(
                    checklist, {**option_by_item, item.key: option.key}, item_keys
                )
                for option in item.options
            }
            option_by_item[item.key] = max(seen, key=seen.__getitem__)
    return option_by_item


def _count_asked(
    checklist: Checklist, option_by_item: Mapping[str, str], item_keys: Collection[str]
) -> int:
    trial = {key: {"value": option} for key, option in option_by_item.items()}
    sheet = score(checklist, parse_answers(checklist, trial))
    return sum(row.status != "hidden" and row.key in item_keys for row in sheet.items)


def _answer(item: Item, facts: Facts, severity: float, rng: random.Random) -> dict[str, Any]:
    if item.kind in ("text", "date", "number", "multi", "single"):
        return {"na": True}
    if item.key in facts.not_applicable or (item.na_allowed and rng.random() < _NA_SHARE):
        return {"na": True}
    met = _seen_as_met(facts.met.get(item.key, True), severity - _care(item), rng)
    if item.kind == "clock":
        return _times(item, facts, met=met, rng=rng)
    if item.kind == "graded":
        return {"value": _level(severity, rng, met=met)}
    if met:
        return {"value": "yes"}
    with_loss = "no_with_loss" in item.by_option and rng.random() < _LOSS_SHARE
    return {"value": "no_with_loss" if with_loss else "no"}


def _care(item: Item) -> float:
    """A fault with consequences is looked at twice before it is written down."""
    return 1.0 if item.effects else 0.0


def _seen_as_met(met: bool, severity: float, rng: random.Random) -> bool:  # noqa: FBT001  a fact
    push = severity * _SEVERITY_WEIGHT
    if met:
        return rng.random() >= chance(_SEES_FAULT_WHERE_NONE + push)
    return rng.random() < chance(_OVERLOOKS_FAULT - push)


def _level(severity: float, rng: random.Random, *, met: bool) -> int:
    strict = rng.random() < chance(-0.8 + severity * _SEVERITY_WEIGHT)
    if met:
        return 3 if strict else 4
    return rng.choice((1, 1, 2)) if strict else rng.choice((1, 2, 2, 3))


def _times(item: Item, facts: Facts, *, met: bool, rng: random.Random) -> dict[str, Any]:
    if item.clock is None or item.clock.limit_minutes is None:
        return {"na": True}
    start, stop = facts.clocks.get(item.key, (facts.began, facts.began))
    if item.key not in facts.clocks:
        share = rng.uniform(0.1, 0.9) if met else rng.uniform(1.1, 2.5)
        stop = start + timedelta(minutes=item.clock.limit_minutes * share)
    return {"start": start.isoformat(), "stop": stop.isoformat(), "evidence_kind": "system"}
