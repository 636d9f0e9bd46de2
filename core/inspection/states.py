"""The states of an assignment and of an inspection, and who leads each from one to the next."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, deed


class AssignmentState(StrEnum):
    """Skipped: its inspector put the encounter aside, with a reason."""

    OPEN = auto()
    SUBMITTED = auto()
    SKIPPED = auto()


class InspectionState(StrEnum):
    """Amended: replaced by a newer row. Void: it counts nowhere, as what its inspector recalled."""

    VALID = auto()
    AMENDED = auto()
    VOID = auto()


ASSIGNMENT = States(
    kind="assignment",
    first=AssignmentState.OPEN,
    deeds=(
        deed("submit", AssignmentState.OPEN, AssignmentState.SUBMITTED, Action.SCORE),
        deed(
            "skip", AssignmentState.OPEN, AssignmentState.SKIPPED, Action.SCORE, needs_reason=True
        ),
        deed("take_up", AssignmentState.SKIPPED, AssignmentState.OPEN, Action.SCORE),
        deed("recall", AssignmentState.SUBMITTED, AssignmentState.OPEN, Action.SCORE),
    ),
    refusal="This assignment is no longer open.",
    owner="inspector_id",
    reopening=frozenset({"recall", "take_up"}),
)
INSPECTION = States(
    kind="inspection",
    first=InspectionState.VALID,
    deeds=(
        deed(
            "amend", InspectionState.VALID, InspectionState.AMENDED, Action.AMEND, needs_reason=True
        ),
        deed("void", InspectionState.VALID, InspectionState.VOID, Action.AMEND, needs_reason=True),
        deed("recall", InspectionState.VALID, InspectionState.VOID, Action.SCORE),
        deed("reimport", InspectionState.VALID, InspectionState.AMENDED, None),
    ),
    refusal="This inspection was already amended or voided.",
)
