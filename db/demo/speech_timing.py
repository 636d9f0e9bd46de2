"""How fast people speak and type: when each turn of a live encounter begins and ends."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from db.demo.script import Language, Speaker

LIVE = frozenset({"phone", "chat", "counter"})


class UntimedTurn(NamedTuple):
    """A turn before it has a time; `pause` is set where the scenario times it."""

    speaker: Speaker
    text: str
    pause: int | None


class Timing(NamedTuple):
    """When a turn begins and ends, in whole seconds from the start of the encounter."""

    start: int
    end: int


class _Pace(NamedTuple):
    pause_low: float
    pause_high: float
    typing: float
    speaking: float


# Seconds a Chinese character takes; an English letter takes about three tenths of it.
_PACE = {
    "phone": _Pace(pause_low=0.4, pause_high=2.0, typing=0, speaking=0.22),
    "counter": _Pace(pause_low=0.5, pause_high=4.0, typing=0, speaking=0.24),
    "chat": _Pace(pause_low=4, pause_high=18, typing=0.35, speaking=0),
}
_LETTER = 0.3


def timings(
    turns: Sequence[UntimedTurn], *, channel: str, language: Language, rng: random.Random
) -> list[Timing]:
    """Times of a live encounter.

    Chat turns are stamped when sent, so they end as they begin. An observer's notes take no time.
    """
    pace = _PACE[channel]
    per_sign = _LETTER if language == "en" else 1.0
    result: list[Timing] = []
    clock = 0.0
    for turn in turns:
        length = 0 if turn.speaker == "system" else len(turn.text) * per_sign
        drawn = rng.uniform(pace.pause_low, pace.pause_high) + length * pace.typing
        clock += (drawn if result else 0) if turn.pause is None else turn.pause
        start = max(round(clock), result[-1].start + 1 if result else 0)
        clock = max(clock, start) + length * pace.speaking
        result.append(Timing(start, max(start, round(clock))))
    return result
