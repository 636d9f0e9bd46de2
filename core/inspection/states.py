"""The states of an assignment, an inspection and a request to correct one, and who moves each."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, Trace, deed


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


class CorrectionState(StrEnum):
    """Made: the inspection was amended, voided or replaced by an import."""

    OPEN = auto()
    MADE = auto()
    DECLINED = auto()
    WITHDRAWN = auto()


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
CORRECTION = States(
    kind="correction",
    first=CorrectionState.OPEN,
    deeds=(
        deed(
            "decline_correction",
            CorrectionState.OPEN,
            CorrectionState.DECLINED,
            Action.AMEND,
            needs_reason=True,
            leaves=Trace.NOTICE,
        ),
        deed(
            "make_correction",
            CorrectionState.OPEN,
            CorrectionState.MADE,
            None,
            leaves=Trace.NOTICE,
        ),
        deed("withdraw_correction", CorrectionState.OPEN, CorrectionState.WITHDRAWN, Action.SCORE),
    ),
    refusal="This request is no longer open: it was answered or withdrawn meanwhile.",
    owner="user_id",
    waits_for=Action.AMEND,
)
