"""What each answer comes to, before any weighing: visible or not, points, effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.checklist.conditions import Fact, evaluate
from core.checklist.model import Checklist, Effect, Item, Section
from core.checklist.settings import Settings
from core.checklist.worth import Worth
from core.scoring.answers import Answer
from core.scoring.sheet import Status

FORM_ZERO = Effect("form_zero")
SEVERITY = ("form_zero", "section_zero", "cap", "flag")


@dataclass(frozen=True, slots=True)
class Mark:
    """One item as answered.

    Attributes:
        counts: it enters the score.
        points: earned, before multipliers; `uncapped` when a cap lowered them.
        effects: what the answer raised.
        missing: it is required and still lacks something.
    """

    item: Item
    section: str
    status: Status
    counts: bool
    points: float
    uncapped: float
    worth: Worth
    effects: tuple[Effect, ...]
    missing: bool
    by_hand: bool

    @property
    def weighs(self) -> bool:
        """It counts and shares in the weights, as a bonus does not."""
        return self.counts and not self.item.bonus

    @property
    def effect(self) -> str | None:
        """The strongest effect."""
        return min((effect.kind for effect in self.effects), key=SEVERITY.index, default=None)

    @property
    def zeroes(self) -> set[str]:
        """The sections that its answer zeroes."""
        sections: set[str] = set()
        for effect in self.effects:
            if effect.kind == "section_zero":
                sections |= set(effect.sections or (self.section,))
        return sections


def mark_all(checklist: Checklist, answers: Mapping[str, Answer]) -> list[Mark]:
    """Each item's mark, in order; conditions see only the visible answers before them."""
    facts: dict[str, Fact] = {}
    marks = []
    for section in checklist.sections:
        section_visible = section.when is None or evaluate(section.when, facts)
        for item in section.items:
            visible = section_visible and (item.when is None or evaluate(item.when, facts))
            answer = answers.get(item.key) if visible else None
            if answer is not None and not answer.na:
                facts[item.key] = Fact(frozenset(answer.keys), answer.number)
            marks.append(mark_one(checklist, section, item, answer, visible=visible))
    return marks


def mark_one(
    checklist: Checklist, section: Section, item: Item, answer: Answer | None, *, visible: bool
) -> Mark:
    """One item's mark; an item that is not visible has no answer."""
    settings, worth = checklist.settings, checklist.worths[item.key]
    status = _status(item, answer, visible=visible)
    answered = status == "answered" and answer is not None
    points = uncapped = 0.0
    effects: tuple[Effect, ...] = ()
    if answered and answer is not None:
        points, uncapped = _points(item, answer, worth)
        effects = _effects(item, answer, settings, worth, points)
    return Mark(
        item=item,
        section=section.key,
        status=status,
        counts=answered or (status == "blank" and item.scored and settings.blank == "zero"),
        points=points,
        uncapped=uncapped,
        worth=worth,
        effects=effects,
        missing=visible and _is_missing(item, answer),
        by_hand=answer is not None and answer.by_hand,
    )


def _status(item: Item, answer: Answer | None, *, visible: bool) -> Status:
    if not visible:
        return "hidden"
    if item.clock is not None and item.clock.limit_minutes is None:
        return "na"
    if answer is None:
        return "blank"
    if answer.na:
        return "na"
    return "answered" if item.scored else "excluded"


def _is_missing(item: Item, answer: Answer | None) -> bool:
    if answer is not None:
        return answer.na and item.na_reason_required and not answer.reason
    unset = item.clock is not None and item.clock.limit_minutes is None
    return item.required and not unset


def _points(item: Item, answer: Answer, worth: Worth) -> tuple[float, float]:
    """Points earned, and what they were before a cap; bonus options come on top of the cap."""
    if item.kind == "number":
        scored_range = next(
            range_ for range_ in item.ranges if range_.low <= (answer.number or 0) <= range_.high
        )
        return scored_range.points, scored_range.points
    options = [item.by_option[key] for key in answer.keys]
    plain = sum(option.points for option in options if not option.bonus) - worth.floor
    bonus = sum(option.points for option in options if option.bonus)
    capped = plain if worth.cap is None else min(plain, worth.cap)
    return capped + bonus, plain + bonus


def _effects(
    item: Item, answer: Answer, settings: Settings, worth: Worth, points: float
) -> tuple[Effect, ...]:
    effects = [item.by_option[key].effect for key in answer.keys]
    if answer.number is not None and item.kind == "number":
        effects += [
            range_.effect for range_ in item.ranges if range_.low <= answer.number <= range_.high
        ]
    if _fails(item, settings, worth, points):
        effects.append(FORM_ZERO)
    return tuple(effect for effect in effects if effect is not None)


def _fails(item: Item, settings: Settings, worth: Worth, points: float) -> bool:
    if item.fatal:
        not_best = settings.fatal_rule == "not_best"
        if points < worth.best if not_best else points <= worth.worst:
            return True
    below_half = settings.critical_rule == "below_half"
    return item.critical and below_half and points < worth.possible / 2
