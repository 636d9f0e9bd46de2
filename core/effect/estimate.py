"""Did it work? The effect of a course or an action, with its interval and its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.effect.effect_data import Effect, Estimate, Person
from core.effect.matched_controls import matched_effect
from core.effect.reliability import LEAST_PEOPLE, shrinkage_effect
from core.errors import InvalidInput, finite
from core.text.sentence import Sentence

HELPED = (
    "Scores changed by {rise:+.1f}; {expected:+.1f} of that was to be expected without the "
    "training; effect {effect:+.1f}, {percent:.0f} % interval {lower:+.1f} to {upper:+.1f}: "
    "established."
)
HARMED = (
    "Scores changed by {rise:+.1f}; {expected:+.1f} of that was to be expected without the "
    "training; effect {effect:+.1f}, {percent:.0f} % interval {lower:+.1f} to {upper:+.1f}: "
    "established, and for the worse."
)
UNCLEAR = (
    "Scores changed by {rise:+.1f}; {expected:+.1f} of that was to be expected without the "
    "training; effect {effect:+.1f}, {percent:.0f} % interval {lower:+.1f} to {upper:+.1f}: "
    "not yet established."
)
TOO_FEW = (
    "Only {scored} of {trained} trained people were scored since; at least {least} are needed."
)
NO_MEASURE = (
    "There are neither enough untrained people with the same scores at selection nor enough scores "
    "before the training to tell how far they can be relied on."
)
NO_SPREAD = "Everybody's scores changed alike, so nothing tells how much of that is chance."


def training_effect(people: Sequence[Person], *, level: float = 0.90) -> Effect:
    """Mean change of the trained, less what would have come without the training.

    People picked for low scores rise anyway. That rebound is taken out once: by the change of
    untrained people with the same score at selection (`matched_effect`), or, where there is no
    such group, by what the reliability of the scores lets expect (`shrinkage_effect`). Where every
    trained person has a baseline, changes count from it and the selection period only matches;
    else they count from the selection period.

    Args:
        people: the trained, and everybody they were picked from.
        level: of the interval.

    Returns:
        No estimate, with the reason in the sentence, where fewer than 8 trained people were scored
        since, neither way is open, or all of them changed alike: no interval has no width.

    Raises:
        InvalidInput: a level outside 0 to 1, or one key twice.
    """
    _check(people, level)
    trained = [person for person in people if person.trained]
    scored = [person for person in trained if person.after is not None]
    estimate, sentence = _told_estimate(people, trained, scored, level)
    return Effect(trained=len(trained), scored=len(scored), estimate=estimate, sentence=sentence)


def _told_estimate(
    people: Sequence[Person], trained: Sequence[Person], scored: Sequence[Person], level: float
) -> tuple[Estimate | None, Sentence]:
    if len(scored) < LEAST_PEOPLE:
        values = {"scored": len(scored), "trained": len(trained), "least": LEAST_PEOPLE}
        return None, Sentence(TOO_FEW, values)
    estimate = _estimate(people, scored, level)
    if estimate is None:
        return None, Sentence(NO_MEASURE)
    return estimate if estimate.has_spread else None, told(estimate, level)


def _check(people: Sequence[Person], level: float) -> None:
    if not 0 < finite(level) < 1:
        raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=level)
    if len({person.key for person in people}) < len(people):
        raise InvalidInput("A person is listed twice.")


def _estimate(people: Sequence[Person], scored: Sequence[Person], level: float) -> Estimate | None:
    """Against matched people, else by reliability; baselines count only if all trained have one."""
    if not all(person.baseline for person in scored):
        people = [replace(person, baseline=None) for person in people]
        scored = [replace(person, baseline=None) for person in scored]
    with_baseline = scored[0].baseline is not None
    others = [
        person
        for person in people
        if not person.trained and person.after and (person.baseline or not with_baseline)
    ]
    return matched_effect(scored, others, level) or shrinkage_effect(people, scored, level)


def told(estimate: Estimate, level: float) -> Sentence:
    """The estimate in words, its interval being that of the level; without spread, that."""
    if not estimate.has_spread:
        return Sentence(NO_SPREAD)
    established = HELPED if estimate.effect > 0 else HARMED
    values = {
        "rise": estimate.rise,
        "expected": estimate.expected,
        "effect": estimate.effect,
        "percent": 100 * level,
        "lower": estimate.interval.lower,
        "upper": estimate.interval.upper,
    }
    return Sentence(established if estimate.established else UNCLEAR, values)
