"""Assemble one transcript from a scenario: who says what, when, and where each item shows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from db.demo.script import Block, Scenario, Slots, Speaker, Utterance
from db.demo.slots import STOP, draw, is_moment, moment_text, slot_names, stamp
from db.demo.speech_timing import LIVE, Said, Timing, timings

_NOTHING: Slots = MappingProxyType({})
_OWN = frozenset({"agent", "system"})
_WRITTEN = frozenset({"chat", "email"})
_JOINT = {"zh_TW": "", "zh_CN": "", "en": " "}


@dataclass(frozen=True)
class Turn:
    speaker: Speaker
    text: str
    start_seconds: int | None


@dataclass(frozen=True)
class Clock:
    """When a timed step began and ended."""

    start: datetime
    stop: datetime


@dataclass(frozen=True)
class Composed:
    """A transcript and what it shows.

    Attributes:
        turns: the transcript; e-mails, complaint files and records carry no seconds.
        evidence: for each shown item the turn, counted from 1, where it is seen. A step that was
            left out points to the last turn of the agent or the log before it, or else to the
            first one.
        met: whether each shown item is met. The items of one block fall together.
        clocks: begin and end of the steps that are timed.
        duration_seconds: length of a live encounter, else None.
    """

    turns: tuple[Turn, ...]
    evidence: Mapping[str, int]
    met: Mapping[str, bool]
    clocks: Mapping[str, Clock]
    duration_seconds: int | None


def compose(
    scenario: Scenario,
    *,
    quality: Mapping[str, bool | None],
    rng: random.Random,
    at: datetime,
    given: Slots = _NOTHING,
) -> Composed:
    """The transcript of one encounter in which the wanted items are lost.

    Args:
        scenario: the written encounter.
        quality: whether an item is met; None leaves its step out as not applicable. Items that
            are not named are met; items the scenario does not show are ignored.
        rng: decides names and wordings. The same seed gives the same transcript, and the same
            names whatever the quality.
        at: local time at which the encounter begins.
        given: slots already known, such as the agent's name.
    """
    values = {**_moments(scenario, at), **draw(scenario.slots, rng), **given}
    wanted = _Wanted(scenario, quality, values, at)
    steps = [step for part in scenario.script if (step := _step(part, wanted, rng))]
    said, places = _joined(steps, scenario)
    times: Sequence[Timing] = ()
    if scenario.channel in LIVE:
        times = timings(said, channel=scenario.channel, language=scenario.language, rng=rng)
    shown = [(step, place) for step, place in zip(steps, places, strict=True) if step.items]
    return Composed(
        turns=_timed(said, times),
        evidence={item: place for step, place in shown for item in step.items},
        met={item: step.met for step, _ in shown for item in step.items},
        clocks={
            item: clock
            for step, place in shown
            if (clock := step.clock or _pause(step, place, times, at))
            for item in step.items
        },
        duration_seconds=times[-1].end if times else None,
    )


class _Wanted(NamedTuple):
    scenario: Scenario
    quality: Mapping[str, bool | None]
    values: Slots
    at: datetime


class _Step(NamedTuple):
    """A part of the script as it is played; `items` is empty for what is always said."""

    items: tuple[str, ...]
    met: bool
    lines: tuple[Said, ...]
    pause: int | None = None
    clock: Clock | None = None


def _moments(scenario: Scenario, at: datetime) -> Slots:
    names = [name for name in slot_names(scenario.texts) if is_moment(name) and name != STOP]
    return {name: moment_text(name, at, scenario.language) for name in names}


def _step(part: Block | Utterance, wanted: _Wanted, rng: random.Random) -> _Step | None:
    if isinstance(part, Utterance):
        return _Step((), met=True, lines=_filled((part,), wanted.values))
    answers = {item: wanted.quality.get(item, True) for item in part.items}
    items = tuple(item for item, answer in answers.items() if answer is not None)
    if not items:
        return None
    met = False not in answers.values()
    wording = rng.choice(part.good if met else part.poor)
    if part.clock is None:
        return _Step(items, met, _filled(wording, wanted.values))
    low, high = part.clock.good if met else part.clock.poor
    if wanted.scenario.channel in LIVE:
        pause = rng.randint(low, high)
        return _Step(items, met, _filled(wording, wanted.values), pause=pause)
    taken = rng.randrange(low, high + 1, 60)
    start = wanted.at + timedelta(seconds=part.clock.start)
    clock = Clock(start, start + timedelta(seconds=taken))
    lines = _filled(wording, {**wanted.values, STOP: stamp(clock.stop)})
    return _Step(items, met, lines, clock=clock)


def _filled(wording: Sequence[Utterance], values: Slots) -> tuple[Said, ...]:
    return tuple(Said(said.speaker, said.text.format_map(values), None) for said in wording)


def _joined(steps: Sequence[_Step], scenario: Scenario) -> tuple[list[Said], list[int]]:
    """Neighbouring lines of one speaker as one turn, and the turn that shows each step."""
    said: list[Said] = []
    places: list[int | None] = []
    for step in steps:
        place = None
        for line in step.lines:
            pause = step.pause if place is None else None
            _append(said, line._replace(pause=pause), scenario)
            if place is None and line.speaker in _OWN:
                place = len(said)
        places.append(place or _last_own(said))
    first = next(at for at, turn in enumerate(said, 1) if turn.speaker in _OWN)
    return said, [place or first for place in places]


def _append(said: list[Said], line: Said, scenario: Scenario) -> None:
    log = line.speaker == "system" and scenario.channel == "record"
    if log or not said or said[-1].speaker != line.speaker:
        said.append(line)
        return
    joint = "\n" if scenario.channel in _WRITTEN else _JOINT[scenario.language]
    before = said[-1]
    pause = before.pause if line.pause is None else line.pause
    said[-1] = Said(line.speaker, f"{before.text}{joint}{line.text}", pause)


def _last_own(said: Sequence[Said]) -> int | None:
    own = [at for at, turn in enumerate(said, 1) if turn.speaker in _OWN]
    return own[-1] if own else None


def _timed(said: Sequence[Said], times: Sequence[Timing]) -> tuple[Turn, ...]:
    starts: list[int | None] = [time.start for time in times] or [None] * len(said)
    return tuple(
        Turn(turn.speaker, turn.text, start) for turn, start in zip(said, starts, strict=True)
    )


def _pause(step: _Step, place: int, times: Sequence[Timing], at: datetime) -> Clock | None:
    if step.pause is None:
        return None
    begin = times[place - 2].end if place > 1 else 0
    return Clock(at + timedelta(seconds=begin), at + timedelta(seconds=times[place - 1].start))
