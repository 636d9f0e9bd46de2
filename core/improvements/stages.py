"""Who is told when of an action that is due: the owner, then the station, then quality."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum, auto

from core.improvements.states import TO_DO, ImprovementState

_SOON = timedelta(days=7)
_TO_THE_STATION = timedelta(days=7)
_TO_QUALITY = timedelta(days=14)


class Stage(StrEnum):
    """Each is told once: late to the owner, a week on to the station's managers, two to quality."""

    DUE_SOON = auto()
    LATE = auto()
    LATE_AT_STATION = auto()
    ESCALATED = auto()
    TO_JUDGE = auto()


def stage_of(
    state: ImprovementState, *, due_on: date, look_on: date | None, today: date
) -> Stage | None:
    """The stage an action has come to; None where nobody need be told of anything."""
    if state is ImprovementState.CARRIED_OUT:
        return Stage.TO_JUDGE if look_on is not None and look_on <= today else None
    if state not in TO_DO:
        return None
    late = today - due_on
    if late > _TO_QUALITY:
        return Stage.ESCALATED
    if late > _TO_THE_STATION:
        return Stage.LATE_AT_STATION
    if late > timedelta():
        return Stage.LATE
    return Stage.DUE_SOON if -late <= _SOON else None
