"""The states of a warning, from a first suspicion to the cause that a person closed it with."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, Trace, deed


class WarningState(StrEnum):
    """Taken: it has an owner who said so. Lapsed: a correction of the data took its sign away."""

    SUSPECTED = auto()
    RAISED = auto()
    TAKEN = auto()
    CLOSED = auto()
    LAPSED = auto()


_OPEN = (WarningState.SUSPECTED, WarningState.RAISED, WarningState.TAKEN)
_ENDED = (WarningState.CLOSED, WarningState.LAPSED)
WARNING = States(
    kind="warning",
    first=WarningState.SUSPECTED,
    deeds=(
        deed(
            "raise_warning",
            WarningState.SUSPECTED,
            WarningState.RAISED,
            None,
            leaves=Trace.NOTICE,
        ),
        deed("lapse_warning", WarningState.SUSPECTED, WarningState.LAPSED, None),
        deed("suspect_warning_again", _ENDED, WarningState.SUSPECTED, None),
        deed(
            "raise_warning_again",
            _ENDED,
            WarningState.RAISED,
            None,
            leaves=Trace.NOTICE,
        ),
        deed("take_warning", _OPEN, WarningState.TAKEN, Action.ANSWER_WARNINGS),
        deed(
            "put_off_warning",
            (WarningState.RAISED, WarningState.TAKEN),
            WarningState.TAKEN,
            Action.ANSWER_WARNINGS,
            needs_reason=True,
        ),
        deed(
            "close_warning",
            _OPEN,
            WarningState.CLOSED,
            Action.ANSWER_WARNINGS,
            needs_reason=True,
            leaves=Trace.NOTICE,
        ),
    ),
    refusal="This warning is in another state by now; somebody else moved it meanwhile.",
    owner="owner_id",
    reopening=frozenset({"suspect_warning_again", "raise_warning_again"}),
)
