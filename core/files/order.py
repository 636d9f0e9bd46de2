"""In which order the steps of a file may come, and what is wrong with events that break it.

What the portal's people enter keeps the whole order. What other systems tell is judged by its times
alone and refused only where it contradicts itself: the rest may come with the next import.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from core.errors import InvalidInput, OutOfTurn
from core.files.course import LASTING, Course, FileFacts, FileState, Round
from core.files.kinds import BECOME_COMPLAINTS, FileKind
from core.files.steps import REPEATED, FileEvent, Step

MOST_EVENTS = 500
AHEAD = timedelta(minutes=5)
"""Clocks of other systems may go so much before ours."""
_ONE_AFTER_THE_OTHER = (Step.EXECUTED, Step.ACCEPTED, Step.TOLD)
_BEFORE: dict[Step, tuple[Step, ...]] = {
    Step.SOLUTION_SET: (Step.CLASSIFIED, Step.FIRST_RESPONSE),
    Step.ACCEPTED: (Step.EXECUTED,),
    Step.TOLD: (Step.EXECUTED, Step.ACCEPTED),
    Step.NOT_SATISFIED: (Step.TOLD,),
    Step.RECHECKED: (Step.EXECUTED,),
}
"""What must be there before a step, as far as the kind has it."""
_FOR_ALL = frozenset(
    {
        *(Step.SEVERITY_SET, Step.ASSIGNED, Step.WORK_STARTED, Step.PROGRESS_TOLD),
        *(Step.WAITING_BEGAN, Step.WAITING_ENDED, Step.NOT_SATISFIED),
        *(Step.REOPENED, Step.CANCELLED),
    }
)


def check_events(facts: FileFacts, *, now: datetime) -> None:
    """Refuse events that contradict themselves, whoever tells them.

    Raises:
        InvalidInput: one names what is wrong.
    """
    if len(facts.events) > MOST_EVENTS:
        raise InvalidInput("A file has at most {most} events.", most=MOST_EVENTS)
    received = [event.at for event in facts.events if event.step is Step.RECEIVED]
    if len(received) != 1:
        raise InvalidInput("A file is received once, not {count} times.", count=len(received))
    for event in facts.events:
        if event.at > now + AHEAD:
            raise InvalidInput("{step} lies ahead.", step=event.step)
        if event.at < received[0]:
            raise InvalidInput("{step} comes before the file was received.", step=event.step)
    course = Course(facts)
    _check_waits(course)
    for before, here in pairwise(course.rounds):
        if not any(before.has(step) for step in (Step.TOLD, Step.ARCHIVED, course.kind.closes)):
            raise InvalidInput("Only a file that was told or closed is reopened.")
        _check_round(here, course.kind)
    _check_round(course.rounds[0], course.kind)


def check_step(facts: FileFacts, event: FileEvent, *, now: datetime) -> None:
    """Refuse a step that may not come yet, or no longer.

    Raises:
        OutOfTurn: the file is closed or cancelled.
        InvalidInput: the kind has no such step, or another must come before.
    """
    course = Course(facts)
    _check_state(course, event)
    if event.step not in _steps_of(course):
        raise InvalidInput("This kind of file has no step {step}.", step=event.step)
    here = _round_at(course, event.at)
    for step in _BEFORE.get(event.step, ()):
        at = _taken(course, here, step)
        if step in course.kind.required and (at is None or at > event.at):
            raise InvalidInput("{before} must come before {step}.", before=step, step=event.step)
    if event.step is course.kind.closes:
        lacking = [s for s in course.missing if s is not event.step and s not in event.absent]
        if lacking:
            raise InvalidInput("Still lacking: {steps}.", steps=", ".join(lacking))
    if event.not_agreed and not course.wants_supervisor:
        raise InvalidInput("A file ends without agreement after two answers that did not satisfy.")
    check_events(replace(facts, events=(*facts.events, event)), now=now)


def permitted(facts: FileFacts, *, now: datetime) -> tuple[Step, ...]:
    """The steps that may be taken now."""
    return tuple(step for step in Step if is_permitted(facts, FileEvent(step, now)))


def is_permitted(facts: FileFacts, event: FileEvent) -> bool:
    """Whether a step may be taken as it is, at the moment that it names."""
    try:
        check_step(facts, event, now=event.at)
    except InvalidInput:
        return False
    return True


def _check_state(course: Course, event: FileEvent) -> None:
    ended = course.round.ended
    if ended is None or event.at <= ended:
        return
    if course.state is FileState.CLOSED and event.step is Step.REOPENED:
        return
    raise OutOfTurn("This file has ended.", course.state)


def _steps_of(course: Course) -> frozenset[Step]:
    steps = _FOR_ALL | frozenset(course.required)
    if course.facts.kind in BECOME_COMPLAINTS and not course.became_complaint:
        steps |= {Step.BECAME_COMPLAINT}
    if any(clock.for_major for clock in course.kind.clocks):
        steps |= {Step.SUPERIOR_TOLD}
    return steps


def _round_at(course: Course, moment: datetime) -> Round:
    """The round in which a moment lies; the first for what comes before all."""
    begun = [here for here in course.rounds if here.began <= moment]
    return begun[-1] if begun else course.rounds[0]


def _taken(course: Course, here: Round, step: Step) -> datetime | None:
    """When a step was taken first in a round, or in any where it lasts beyond reopening."""
    rounds = course.rounds if step in LASTING else (here,)
    return next((at for one in rounds if (at := one.first(step)) is not None), None)


def _check_waits(course: Course) -> None:
    began: datetime | None = None
    for event in course.events:
        if event.step is Step.WAITING_BEGAN:
            if began is not None:
                raise InvalidInput("Waiting begins twice before it ends.")
            began = event.at
        elif event.step is Step.WAITING_ENDED:
            if began is None:
                raise InvalidInput("Waiting ends that has not begun.")
            began = None
        elif event.step is Step.REOPENED:
            began = None


def _check_round(here: Round, kind: FileKind) -> None:
    counts = Counter(event.step for event in here.events)
    for step, count in counts.items():
        if count > 1 and step not in REPEATED:
            raise InvalidInput("{step} was entered {count} times.", step=step, count=count)
    order = [step for step in _ONE_AFTER_THE_OTHER if step in kind.required]
    clocks = [clock for clock in kind.clocks if not clock.is_progress]
    pairs = [*pairwise(order), *((clock.start, clock.stop) for clock in clocks)]
    if len(order) > 2:
        pairs.append((order[0], order[-1]))
    for before, after in pairs:
        first, second = here.first(before), here.first(after)
        if first is not None and second is not None and second < first:
            raise InvalidInput("{step} comes before {before}.", step=after, before=before)
