"""The steps of files and the events that tell of them; they are the vocabulary of imports too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto

from core.clock import Level


class Step(StrEnum):
    """What may be done to a file, in the order in which steps of the same moment are read."""

    RECEIVED = auto()
    RECORDED = auto()
    CLASSIFIED = auto()
    SEVERITY_SET = auto()
    BECAME_COMPLAINT = auto()
    SUPERIOR_TOLD = auto()
    ASSIGNED = auto()
    FIRST_RESPONSE = auto()
    FACTS_CONFIRMED = auto()
    SOLUTION_SET = auto()
    WORK_STARTED = auto()
    PROGRESS_TOLD = auto()
    WAITING_ENDED = auto()
    WAITING_BEGAN = auto()
    EXECUTED = auto()
    ACCEPTED = auto()
    TOLD = auto()
    SATISFACTION_ASKED = auto()
    NOT_SATISFIED = auto()
    RECHECKED = auto()
    SUMMED_UP = auto()
    ARCHIVED = auto()
    REOPENED = auto()
    CANCELLED = auto()


REPEATED = frozenset(
    {
        *(Step.SEVERITY_SET, Step.ASSIGNED, Step.PROGRESS_TOLD, Step.NOT_SATISFIED),
        *(Step.WAITING_BEGAN, Step.WAITING_ENDED, Step.REOPENED),
    }
)
"""May come more than once in a round; the first counts for clocks."""
_ORDER = {step: place for place, step in enumerate(Step)}


@dataclass(frozen=True)
class FileEvent:
    """One step that was taken.

    Attributes:
        by: the account that took it; None where it was another system's or nobody knows.
        level: what `severity_set` set; None leaves the level as it is.
        owner: the account that `assigned` hands the file to.
        absent: required steps that the closing step says cannot be; its note says why.
        not_agreed: the closing step ends it without agreement.
    """

    step: Step
    at: datetime
    by: int | None = None
    level: Level | None = None
    owner: int | None = None
    absent: frozenset[Step] = field(default_factory=frozenset)
    not_agreed: bool = False


def in_order(events: Iterable[FileEvent]) -> tuple[FileEvent, ...]:
    """By their times, whatever the order in which they became known."""
    return tuple(sorted(events, key=lambda event: (event.at, _ORDER[event.step])))
