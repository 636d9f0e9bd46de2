"""Assemble one transcript from a scenario: who says what, when, and where each item shows."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from core.checklist.model import BOT
from db.demo.content_model import Block, Language, Scenario, Slots, Speaker, Utterance
from db.demo.placeholders import STOP, draw, is_moment, moment_text, slot_names, stamp

_NOTHING: Slots = MappingProxyType({})
_OWN = frozenset({"agent", "system"})
_OWN_OF_BOTS = frozenset({"bot"})
_WRITTEN = frozenset({"chat", "email", "bot"})
_JOINT = {"zh_TW": "", "zh_CN": "", "en": " "}
LIVE = frozenset({"phone", "chat", "counter", "bot"})


@dataclass(frozen=True)
class DemoTurn:
    speaker: Speaker
    text: str
    start_seconds: int | None


@dataclass(frozen=True)
class TurnClock:
    """When a timed step began and ended."""

    start: datetime
    stop: datetime


@dataclass(frozen=True)
class Composed:
    """A transcript and what it shows.

    Attributes:
        turns: the transcript; e-mails, complaint files and records carry no seconds.
        evidence: for each shown item the turn, counted from 1, where it is seen. A step that was
            left out points to the last turn of the agent, the log or a bot without an agent
            before it, or else to the first one.
        met: whether each shown item is met. The items of one block fall together.
        clocks: begin and end of the steps that are timed.
        duration_seconds: length of a live encounter, else None.
    """

    turns: tuple[DemoTurn, ...]
    evidence: Mapping[str, int]
    met: Mapping[str, bool]
    clocks: Mapping[str, TurnClock]
    duration_seconds: int | None


def compose(
    scenario: Scenario,
    *,
    quality: Mapping[str, bool | None],
    rng: random.Random,
    begins_at: datetime,
    slots: Slots = _NOTHING,
) -> Composed:
    """The transcript of one encounter in which the items of bad quality are lost.

    Args:
        scenario: the written encounter.
        quality: whether an item is met; None leaves its step out as not applicable. Items that
            are not named are met; items the scenario does not show are ignored.
        rng: decides names and wordings. The same seed gives the same transcript, and the same
            names whatever the quality.
        begins_at: local time at which the encounter begins.
        slots: texts of slots that are not drawn, such as the agent's name.
    """
    values = {**_moments(scenario, begins_at), **draw(scenario.slots, rng), **slots}
    setup = _Setup(scenario, quality, values, begins_at)
    steps = [step for script_step in scenario.script if (step := _step(script_step, setup, rng))]
    turns, positions = _joined(steps, scenario)
    times: Sequence[Timing] = ()
    if scenario.channel in LIVE:
        times = timings(turns, channel=scenario.channel, language=scenario.language, rng=rng)
    shown_steps = [
        (step, position) for step, position in zip(steps, positions, strict=True) if step.items
    ]
    return Composed(
        turns=_timed(turns, times),
        evidence={item: position for step, position in shown_steps for item in step.items},
        met={item: step.met for step, _ in shown_steps for item in step.items},
        clocks={
            item: clock
            for step, position in shown_steps
            if (clock := step.clock or _pause(step, position, times, begins_at))
            for item in step.items
        },
        duration_seconds=times[-1].end if times else None,
    )


class _Setup(NamedTuple):
    """What every step of one encounter is composed from."""

    scenario: Scenario
    quality: Mapping[str, bool | None]
    values: Slots
    begins_at: datetime


class _Step(NamedTuple):
    """A step of the script as it is played; `items` is empty for what is always said."""

    items: tuple[str, ...]
    met: bool
    lines: tuple[UntimedTurn, ...]
    pause: int | None = None
    clock: TurnClock | None = None


def _moments(scenario: Scenario, begins_at: datetime) -> Slots:
    names = [name for name in slot_names(scenario.texts) if is_moment(name) and name != STOP]
    return {name: moment_text(name, begins_at, scenario.language) for name in names}


def _step(script_step: Block | Utterance, setup: _Setup, rng: random.Random) -> _Step | None:
    if isinstance(script_step, Utterance):
        return _Step((), met=True, lines=_filled((script_step,), setup.values))
    answers = {item: setup.quality.get(item, True) for item in script_step.items}
    items = tuple(item for item, answer in answers.items() if answer is not None)
    if not items:
        return None
    met = False not in answers.values()
    wording = rng.choice(script_step.good if met else script_step.poor)
    if script_step.clock is None:
        return _Step(items, met, _filled(wording, setup.values))
    low, high = script_step.clock.good if met else script_step.clock.poor
    if setup.scenario.channel in LIVE:
        pause = rng.randint(low, high)
        return _Step(items, met, _filled(wording, setup.values), pause=pause)
    taken = rng.randrange(low, high + 1, 60)
    start = setup.begins_at + timedelta(seconds=script_step.clock.start)
    clock = TurnClock(start, start + timedelta(seconds=taken))
    lines = _filled(wording, {**setup.values, STOP: stamp(clock.stop)})
    return _Step(items, met, lines, clock=clock)


def _filled(wording: Sequence[Utterance], values: Slots) -> tuple[UntimedTurn, ...]:
    return tuple(
        UntimedTurn(utterance.speaker, utterance.text.format_map(values), None)
        for utterance in wording
    )


def _joined(steps: Sequence[_Step], scenario: Scenario) -> tuple[list[UntimedTurn], list[int]]:
    """Neighbouring lines of one speaker as one turn, and the turn that shows each step."""
    turns: list[UntimedTurn] = []
    positions: list[int | None] = []
    own = _OWN_OF_BOTS if scenario.channel == BOT else _OWN
    for step in steps:
        position = None
        for line in step.lines:
            pause = step.pause if position is None else None
            _append(turns, line._replace(pause=pause), scenario)
            if position is None and line.speaker in own:
                position = len(turns)
        positions.append(position or _last_own(turns, own))
    first = next(number for number, turn in enumerate(turns, 1) if turn.speaker in own)
    return turns, [position or first for position in positions]


def _append(turns: list[UntimedTurn], line: UntimedTurn, scenario: Scenario) -> None:
    log = line.speaker == "system" and scenario.channel == "record"
    if log or not turns or turns[-1].speaker != line.speaker:
        turns.append(line)
        return
    joint = "\n" if scenario.channel in _WRITTEN else _JOINT[scenario.language]
    before = turns[-1]
    pause = before.pause if line.pause is None else line.pause
    turns[-1] = UntimedTurn(line.speaker, f"{before.text}{joint}{line.text}", pause)


def _last_own(turns: Sequence[UntimedTurn], own: frozenset[str]) -> int | None:
    positions = [position for position, turn in enumerate(turns, 1) if turn.speaker in own]
    return positions[-1] if positions else None


def _timed(turns: Sequence[UntimedTurn], times: Sequence[Timing]) -> tuple[DemoTurn, ...]:
    starts: list[int | None] = [time.start for time in times] or [None] * len(turns)
    return tuple(
        DemoTurn(turn.speaker, turn.text, start) for turn, start in zip(turns, starts, strict=True)
    )


def _pause(
    step: _Step, position: int, times: Sequence[Timing], begins_at: datetime
) -> TurnClock | None:
    if step.pause is None:
        return None
    begin = times[position - 2].end if position > 1 else 0
    return TurnClock(
        begins_at + timedelta(seconds=begin),
        begins_at + timedelta(seconds=times[position - 1].start),
    )


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
    "bot": _Pace(pause_low=1, pause_high=9, typing=0.1, speaking=0),
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
