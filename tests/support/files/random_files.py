"""Files at random: steps in a lawful order with waits, changes of level, reopenings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from random import Random

from core.clock import ALWAYS_OPEN, Calendar, Level, Opening
from core.files.course import FileFacts
from core.files.kinds import KINDS, Kind
from core.files.steps import FileEvent, Step

MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 2, 20, tzinfo=UTC)
OFFICE = Calendar("America/New_York", tuple(Opening(day, time(9), time(18)) for day in range(5)))
CALENDARS = (ALWAYS_OPEN, OFFICE, Calendar("Asia/Taipei", free_days=frozenset({BEGIN.date()})))


def random_facts(rng: Random) -> FileFacts:
    """A file of one to three rounds whose events no rule of order refuses."""
    kind = rng.choice([*Kind, Kind.COMPLAINT, Kind.PROBLEM])
    moment = BEGIN + rng.randint(0, 40 * 1440) * MINUTE
    events: list[FileEvent] = []
    for number in range(1 + rng.randint(0, 2) * (rng.random() < 0.3)):
        steps = list(KINDS[kind].required)
        if number:
            steps[0] = Step.REOPENED
        cut = rng.randint(1, len(steps)) if number or rng.random() < 0.7 else len(steps)
        is_waiting, begun = False, len(events)
        for step in steps[:cut]:
            moment += rng.randint(1, 1500) * MINUTE
            events.append(_event(step, moment, rng))
            for extra in _extras(rng, is_waiting=is_waiting):
                moment += rng.randint(1, 900) * MINUTE
                is_waiting = {Step.WAITING_BEGAN: True, Step.WAITING_ENDED: False}.get(
                    extra, is_waiting
                )
                events.append(_event(extra, moment, rng))
        if not _may_reopen(events[begun:], kind):
            break
    if kind in {Kind.PROBLEM, Kind.FEEDBACK} and rng.random() < 0.3:
        index = rng.randrange(len(events))
        events.append(FileEvent(Step.BECAME_COMPLAINT, events[index].at + MINUTE / 2))
    level = rng.choice([None, *Level])
    return FileFacts(kind, tuple(events), level)


def _event(step: Step, moment: datetime, rng: Random) -> FileEvent:
    level = rng.choice(list(Level)) if step is Step.SEVERITY_SET else None
    return FileEvent(step, moment, level=level)


def _extras(rng: Random, *, is_waiting: bool) -> list[Step]:
    if rng.random() > 0.4:
        return []
    wait = Step.WAITING_ENDED if is_waiting else Step.WAITING_BEGAN
    return [rng.choice([wait, wait, Step.SEVERITY_SET, Step.PROGRESS_TOLD])]


def _may_reopen(events: list[FileEvent], kind: Kind) -> bool:
    return any(event.step in {Step.TOLD, KINDS[kind].closes} for event in events)
