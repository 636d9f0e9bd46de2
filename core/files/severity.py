"""How severe a file is, whether the same matter came before, and whether it is major."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Level
from core.errors import InvalidInput
from core.files.course import Mark

REPEATED_WITHIN = timedelta(days=30)
_LEVELS = {1: Level.ORDINARY, 2: Level.IMPORTANT, 3: Level.URGENT}


@dataclass(frozen=True)
class Assessment:
    """What a file is like, each from 1 to 3.

    Attributes:
        scope: one customer; one flight or desk; several.
        effect: annoyance; the trip or money; no travel, health, safety or personal data.
        urgency: nothing within 48 hours; within 48 hours; within 4 hours.
        special_care: a passenger in special care, or safety: urgent whatever the rest.
    """

    scope: int
    effect: int
    urgency: int
    special_care: bool = False

    def __post_init__(self) -> None:
        if any(part not in _LEVELS for part in (self.scope, self.effect, self.urgency)):
            raise InvalidInput("Scope, effect and urgency are 1, 2 or 3.")

    @property
    def level(self) -> Level:
        """That of the highest of the three."""
        if self.special_care:
            return Level.URGENT
        return _LEVELS[max(self.scope, self.effect, self.urgency)]


@dataclass(frozen=True)
class Matter:
    """What tells whether two files are about the same; nothing is where either is empty."""

    file_id: int
    customer_ref: str | None
    topic: str
    received_at: datetime


def repeats(matter: Matter, others: Iterable[Matter]) -> tuple[int, ...]:
    """The ids of earlier files of the same customer and class within 30 days, in their order."""
    if not matter.customer_ref or not matter.topic:
        return ()
    same = [
        (other.received_at, other.file_id)
        for other in others
        if other.file_id != matter.file_id
        and (other.customer_ref, other.topic) == (matter.customer_ref, matter.topic)
        and other.received_at <= matter.received_at <= other.received_at + REPEATED_WITHIN
    ]
    return tuple(file_id for _at, file_id in sorted(same))


def marks_of(
    marks: Iterable[Mark], *, loss: float | None = None, major_loss: float | None = None
) -> frozenset[Mark]:
    """What makes a file major: what was ticked, and a loss of a set sum or more.

    Args:
        major_loss: None where no sum is set.
    """
    found = frozenset(marks) - {Mark.LOSS}
    is_loss = loss is not None and major_loss is not None and loss >= major_loss
    return found | {Mark.LOSS} if is_loss else found
