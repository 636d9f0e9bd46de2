"""Items answered by the shipped phrases alone, which needs nobody's labels."""

from __future__ import annotations

from core.prescore.dialogue import Dialogue, Speaker, SpokenTurn
from core.prescore.passage import is_read, passages
from core.prescore.phrases import PhraseItem, PhraseRecipe, shipped
from core.prescore.suggestion import Answer, Reason, Suggestion, TurnPin


def suggest(dialogue: Dialogue, item: PhraseItem, speaker: Speaker) -> Suggestion:
    """Whether the speaker says it: yes pins the words, no the turn where they would stand."""
    recipe = shipped().items[item]
    turns = dialogue.by(speaker)
    if not turns:
        return Suggestion(None, reason=Reason.NO_TEXT)
    occurrences = [
        TurnPin.at(turn, turn.seen.written(*stretch))
        for turn in turns
        for stretch in recipe.stretches(turn.seen.text)
    ]
    last_place = _last_place(recipe, speaker, turns)
    in_place = [pin for pin in occurrences if pin.turn <= last_place]
    if in_place:
        return Suggestion(Answer.YES, (in_place[-1 if recipe.last_counts else 0],))
    reason = Reason.OUT_OF_PLACE if occurrences else _bar_to_no(dialogue, recipe)
    if reason:
        return Suggestion(None, reason=reason)
    nearest = turns[-1 if recipe.last_counts else 0]
    return Suggestion(Answer.NO, (TurnPin.at(nearest, nearest.words()),))


def _last_place(recipe: PhraseRecipe, speaker: Speaker, turns: tuple[SpokenTurn, ...]) -> int:
    """The number of the last turn in which it counts; where it must stand binds agents alone."""
    if recipe.first is None or speaker is Speaker.CUSTOMER:
        return turns[-1].number
    return turns[: recipe.first][-1].number


def _bar_to_no(dialogue: Dialogue, recipe: PhraseRecipe) -> Reason | None:
    """What keeps the lack of phrases from saying no."""
    if not recipe.needs:
        return Reason.NOT_PROVEN
    if not dialogue.speakers_told_apart:
        return Reason.SPEAKERS_UNKNOWN
    if not is_read(dialogue):
        return Reason.LANGUAGE
    return None if recipe.needs <= passages(dialogue) else Reason.TRANSCRIPT_INCOMPLETE
