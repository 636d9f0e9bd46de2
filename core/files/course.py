"""The course of a file: what follows from its steps and stands nowhere else.

State, round, level, owner and what is still required are read from the events by their times. An
event that comes late, or is struck out, changes them at once, and no order of entering does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from functools import cached_property

from core.clock import Level, LevelChange, Wait
from core.files.kinds import KINDS, FileKind, Kind
from core.files.steps import FileEvent, Step, in_order


class FileState(StrEnum):
    NEW = auto()
    OPEN = auto()
    WAITING = auto()
    DONE = auto()
    TOLD = auto()
    CLOSED = auto()
    CANCELLED = auto()


ENDED = frozenset({FileState.CLOSED, FileState.CANCELLED})
MOST_ROUNDS_UNSATISFIED = 2
"""After so many answers that did not satisfy, the supervisor owns the file."""


LASTING = frozenset(
    {Step.RECEIVED, Step.RECORDED, Step.CLASSIFIED, Step.SEVERITY_SET, Step.ASSIGNED}
)
"""What was found out before a file is reopened need not be found out again."""


class Mark(StrEnum):
    """What makes a file major whatever its level is."""

    SAFETY = auto()
    PERSONAL_DATA = auto()
    MEDIA = auto()
    AUTHORITY = auto()
    LOSS = auto()


@dataclass(frozen=True)
class FileFacts:
    """What was written on a file when it came, and its events that were not struck out.

    Attributes:
        kind: the kind as which it came.
        level: None until somebody sets one; the first that is set then holds from the start.
        marks: what makes it major.
    """

    kind: Kind
    events: tuple[FileEvent, ...]
    level: Level | None = None
    channel: str = ""
    marks: frozenset[Mark] = frozenset()

    def until(self, moment: datetime) -> FileFacts:
        """As they stood at a moment, by the times of the events."""
        known = tuple(event for event in self.events if event.at <= moment)
        return FileFacts(self.kind, known, self.level, self.channel, self.marks)


@dataclass(frozen=True)
class Round:
    """The events from receiving, or from reopening, until the next reopening.

    Attributes:
        ended: when it was closed, cancelled or reopened; None while it goes on.
    """

    number: int
    events: tuple[FileEvent, ...]
    ended: datetime | None

    @property
    def began(self) -> datetime:
        return self.events[0].at

    def first(self, step: Step) -> datetime | None:
        """When a step was taken first; reopening stands for receiving."""
        if step is Step.RECEIVED:
            return self.began
        return next((event.at for event in self.events if event.step is step), None)

    def has(self, step: Step) -> bool:
        return any(event.step is step for event in self.events)


class Course:
    """What follows from the events of one file, of which one is its receiving."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.events = in_order(facts.events)

    @cached_property
    def received_at(self) -> datetime:
        return self.events[0].at

    @cached_property
    def became_complaint(self) -> datetime | None:
        return self._first(Step.BECAME_COMPLAINT)

    @property
    def kind(self) -> FileKind:
        return KINDS[Kind.COMPLAINT if self.became_complaint else self.facts.kind]

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        groups: list[list[FileEvent]] = [[]]
        for event in self.events:
            if event.step is Step.REOPENED:
                groups.append([])
            groups[-1].append(event)
        begins = [group[0].at for group in groups[1:]]
        ends = [*begins, _ended(groups[-1], self.kind)]
        return tuple(
            Round(number, tuple(group), _earlier(_ended(group, self.kind), end))
            for number, (group, end) in enumerate(zip(groups, ends, strict=True), 1)
        )

    @property
    def round(self) -> Round:
        """The one that goes on, or was the last."""
        return self.rounds[-1]

    @cached_property
    def waits(self) -> tuple[Wait, ...]:
        """In the order of their begin; an end without a begin is none."""
        waits: list[Wait] = []
        for event in self.events:
            is_open = bool(waits) and waits[-1].ended is None
            if event.step is Step.WAITING_BEGAN and not is_open:
                waits.append(Wait(event.at))
            if event.step in {Step.WAITING_ENDED, Step.REOPENED} and is_open:
                waits[-1] = Wait(began=waits[-1].began, ended=event.at)
        return tuple(waits)

    @cached_property
    def state(self) -> FileState:
        here = self.round
        by_step = (
            (Step.CANCELLED, FileState.CANCELLED),
            (self.kind.closes, FileState.CLOSED),
            (Step.ARCHIVED, FileState.CLOSED),
            (Step.TOLD, FileState.TOLD),
            (Step.EXECUTED, FileState.DONE),
        )
        reached = next((state for step, state in by_step if here.has(step)), None)
        if reached is not None:
            return reached
        if self.waits and self.waits[-1].ended is None:
            return FileState.WAITING
        is_taken = here.number > 1 or here.has(Step.ASSIGNED)
        is_begun = Step.ASSIGNED not in self.kind.required and len(here.events) > 1
        return FileState.OPEN if is_taken or is_begun else FileState.NEW

    @cached_property
    def first_level(self) -> Level:
        """The level from the start on: the one it came with, else the first that was set."""
        return self.facts.level or next((level for _at, level in self._set), Level.ORDINARY)

    @cached_property
    def changes(self) -> tuple[LevelChange, ...]:
        """The changes of its level; of two at one moment the more severe holds."""
        changes: dict[datetime, Level] = {}
        for at, level in self._set[0 if self.facts.level else 1 :]:
            if at not in changes or level.is_at_least(changes[at]):
                changes[at] = level
        return tuple(LevelChange(at, level) for at, level in changes.items())

    @property
    def level(self) -> Level:
        return self.changes[-1].level if self.changes else self.first_level

    @property
    def is_major(self) -> bool:
        """It was urgent at any time, or is marked; see `Mark`."""
        levels = {self.first_level, *(change.level for change in self.changes)}
        return bool(self.facts.marks) or Level.URGENT in levels

    @property
    def is_reopened(self) -> bool:
        return len(self.rounds) > 1

    @property
    def owner(self) -> int | None:
        """The account to which it was handed last; None where nobody was named."""
        owners = [event.owner for event in self.events if event.owner is not None]
        return owners[-1] if owners else None

    @property
    def wants_supervisor(self) -> bool:
        """Whether two answers have not satisfied, so that the supervisor is to own it."""
        steps = [event.step for event in self.events]
        return steps.count(Step.NOT_SATISFIED) >= MOST_ROUNDS_UNSATISFIED

    @property
    def is_not_agreed(self) -> bool:
        return any(event.not_agreed for event in self.round.events)

    @property
    def required(self) -> tuple[Step, ...]:
        """The steps that this file needs; a major complaint tells the superior."""
        steps = self.kind.required
        if self.is_major and any(clock.for_major for clock in self.kind.clocks):
            place = steps.index(Step.SEVERITY_SET) + 1
            steps = (*steps[:place], Step.SUPERIOR_TOLD, *steps[place:])
        return steps

    @property
    def missing(self) -> tuple[Step, ...]:
        """The required steps neither taken nor said to be impossible, see `LASTING`."""
        absent = {step for event in self.events for step in event.absent}
        taken = {event.step for event in self.round.events}
        taken |= {event.step for event in self.events if event.step in LASTING}
        return tuple(step for step in self.required if step not in taken | absent)

    @cached_property
    def _set(self) -> list[tuple[datetime, Level]]:
        return [(event.at, event.level) for event in self.events if event.level is not None]

    def _first(self, step: Step) -> datetime | None:
        return next((event.at for event in self.events if event.step is step), None)


def hands(events: Iterable[FileEvent]) -> frozenset[int]:
    """The accounts that owned a file or took a step of it, re-checking it apart.

    To be asked with what was struck out too: it was done all the same.
    """
    events = tuple(events)
    doers = {event.by for event in events if event.step is not Step.RECHECKED}
    owners = {event.owner for event in events}
    return frozenset(account for account in doers | owners if account is not None)


def _ended(events: Iterable[FileEvent], kind: FileKind) -> datetime | None:
    ends = {Step.CANCELLED, Step.ARCHIVED, kind.closes}
    return next((event.at for event in events if event.step in ends), None)


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    return min((end for end in (first, second) if end is not None), default=None)
