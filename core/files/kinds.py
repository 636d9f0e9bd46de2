"""Kinds of files as data: which steps each needs, and which clocks run between them.

The limits are those of the documents. *Check* are numbers that the documents only suggest: they
are shown and count in no measure until the owner confirms them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from core.clock import NO_LIMITS, Level, Limit, LimitLine, Limits, LimitStatus
from core.files.steps import Step


class Kind(StrEnum):
    PROBLEM = auto()
    COMPLAINT = auto()
    WORK_ORDER = auto()
    FEEDBACK = auto()
    FOLLOW_UP = auto()
    VISIT = auto()
    ADVISER_REPORT = auto()
    SUGGESTION = auto()
    PROFILE_REVIEW = auto()


ON_FROM_THE_START = frozenset({Kind.PROBLEM, Kind.COMPLAINT, Kind.WORK_ORDER})
"""The others are in no menu, template or demo until an administrator switches them on."""
BECOME_COMPLAINTS = frozenset({Kind.PROBLEM, Kind.FEEDBACK})
"""Kinds that one act turns into a complaint."""


@dataclass(frozen=True)
class FileClock:
    """A clock of a kind; the step that stops it names it.

    Attributes:
        start: the step it runs from; in a later round reopening stands for *received*.
        for_major: it runs in major files alone.
    """

    stop: Step
    limits: Limits = NO_LIMITS
    start: Step = Step.RECEIVED
    for_major: bool = False

    @property
    def pauses(self) -> bool:
        """Whether waiting for the customer stops it; a first answer never waits."""
        return self.stop is not Step.FIRST_RESPONSE

    @property
    def is_progress(self) -> bool:
        """Whether it begins anew with each stop, from the first answer until the end is told."""
        return self.stop is Step.PROGRESS_TOLD


@dataclass(frozen=True)
class FileKind:
    """Which steps a kind needs, in their usual order; the last of them closes a file."""

    key: Kind
    required: tuple[Step, ...]
    clocks: tuple[FileClock, ...] = ()

    @property
    def closes(self) -> Step:
        return self.required[-1]

    @property
    def first_answer(self) -> Limits:
        """The limits of its first answer; none where it has no such clock."""
        of_answers = (c.limits for c in self.clocks if c.stop is Step.FIRST_RESPONSE)
        return next(of_answers, NO_LIMITS)


def _within(status: LimitStatus = LimitStatus.USE, **amount: int) -> Limits:
    """One limit for all levels, in minutes, hours or days."""
    days = amount.pop("days", 0)
    return Limits((LimitLine(Limit(timedelta(**amount), days=days), status),))


def _by_level(*amounts: tuple[Level, timedelta, LimitStatus]) -> Limits:
    return Limits(tuple(LimitLine(Limit(time), status, level) for level, time, status in amounts))


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_USE, _CHECK = LimitStatus.USE, LimitStatus.CHECK
_PROBLEM = (
    *(Step.RECEIVED, Step.RECORDED, Step.CLASSIFIED, Step.SEVERITY_SET, Step.ASSIGNED),
    *(Step.FIRST_RESPONSE, Step.SOLUTION_SET, Step.EXECUTED, Step.TOLD, Step.ARCHIVED),
)
_COMPLAINT = (
    *(Step.RECEIVED, Step.RECORDED, Step.CLASSIFIED, Step.SEVERITY_SET, Step.ASSIGNED),
    *(Step.FIRST_RESPONSE, Step.FACTS_CONFIRMED, Step.SOLUTION_SET, Step.EXECUTED, Step.TOLD),
    *(Step.SATISFACTION_ASKED, Step.RECHECKED, Step.SUMMED_UP, Step.ARCHIVED),
)
_WORK_ORDER = (
    *(Step.RECEIVED, Step.ASSIGNED, Step.FIRST_RESPONSE, Step.EXECUTED, Step.ACCEPTED),
    *(Step.TOLD, Step.SATISFACTION_ASKED),
)
_FOLLOW_UP = (
    *(Step.RECEIVED, Step.FIRST_RESPONSE, Step.RECORDED, Step.TOLD),
    *(Step.SATISFACTION_ASKED, Step.SUMMED_UP),
)
_ANSWERED = (Step.RECEIVED, Step.ASSIGNED, Step.TOLD)
KINDS: Mapping[Kind, FileKind] = {
    kind.key: kind
    for kind in (
        FileKind(
            Kind.PROBLEM,
            _PROBLEM,
            (
                FileClock(Step.FIRST_RESPONSE, _within(hours=24)),
                FileClock(Step.EXECUTED, _within(hours=48)),
            ),
        ),
        FileKind(
            Kind.COMPLAINT,
            _COMPLAINT,
            (
                FileClock(
                    Step.FIRST_RESPONSE,
                    _by_level(
                        (Level.URGENT, 10 * _MINUTE, _CHECK),
                        (Level.IMPORTANT, 24 * _HOUR, _USE),
                        (Level.ORDINARY, 24 * _HOUR, _USE),
                    ),
                ),
                FileClock(
                    Step.EXECUTED,
                    _by_level(
                        (Level.URGENT, 4 * _HOUR, _CHECK),
                        (Level.IMPORTANT, 48 * _HOUR, _CHECK),
                        (Level.ORDINARY, 72 * _HOUR, _CHECK),
                    ),
                ),
                FileClock(Step.TOLD),
                FileClock(Step.SUPERIOR_TOLD, start=Step.SEVERITY_SET, for_major=True),
                FileClock(Step.PROGRESS_TOLD, start=Step.FIRST_RESPONSE),
            ),
        ),
        FileKind(
            Kind.WORK_ORDER,
            _WORK_ORDER,
            (
                FileClock(Step.FIRST_RESPONSE, _within(_CHECK, minutes=10)),
                FileClock(Step.EXECUTED, _within(_CHECK, hours=4)),
            ),
        ),
        FileKind(
            Kind.FEEDBACK,
            (Step.RECEIVED, Step.CLASSIFIED, Step.ASSIGNED, Step.TOLD),
            (
                FileClock(Step.ASSIGNED, _within(_CHECK, hours=24)),
                FileClock(Step.TOLD, _within(hours=48)),
            ),
        ),
        FileKind(
            Kind.FOLLOW_UP,
            _FOLLOW_UP,
            (
                FileClock(Step.FIRST_RESPONSE, _within(hours=24)),
                FileClock(Step.RECORDED, _within(hours=24)),
                FileClock(Step.TOLD, _within(_CHECK, hours=48)),
                FileClock(Step.SATISFACTION_ASKED, _within(days=3)),
                FileClock(Step.SUMMED_UP, _within(_CHECK, days=10)),
            ),
        ),
        FileKind(Kind.VISIT, (Step.RECEIVED, Step.RECORDED)),
        FileKind(Kind.ADVISER_REPORT, _ANSWERED, (FileClock(Step.TOLD),)),
        FileKind(Kind.SUGGESTION, _ANSWERED, (FileClock(Step.TOLD),)),
        FileKind(
            Kind.PROFILE_REVIEW,
            (Step.RECEIVED, Step.EXECUTED, Step.ARCHIVED),
            (FileClock(Step.EXECUTED),),
        ),
    )
}
