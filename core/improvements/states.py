"""The states of an action, from its proposal to what was decided after its effect was computed."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, Trace, deed


class ImprovementState(StrEnum):
    """Agreed: by somebody besides who proposed it. Judged: its effect is computed."""

    PROPOSED = auto()
    AGREED = auto()
    RUNNING = auto()
    CARRIED_OUT = auto()
    JUDGED = auto()
    CLOSED = auto()
    WITHDRAWN = auto()


TO_DO = (ImprovementState.AGREED, ImprovementState.RUNNING)
"""The states in which the owner is to carry it out."""
WITH_VERDICT = (ImprovementState.JUDGED, ImprovementState.CLOSED)
"""The states in which the last verdict stands; looked at or opened again it waits for another."""
IMPROVEMENT = States(
    kind="improvement",
    first=ImprovementState.PROPOSED,
    deeds=(
        deed(
            "agree_improvement",
            ImprovementState.PROPOSED,
            ImprovementState.AGREED,
            Action.AGREE_ACTIONS,
            leaves=Trace.NOTICE,
        ),
        deed(
            "begin_improvement",
            ImprovementState.AGREED,
            ImprovementState.RUNNING,
            Action.OWN_ACTIONS,
        ),
        deed("carry_out_improvement", TO_DO, ImprovementState.CARRIED_OUT, Action.OWN_ACTIONS),
        deed(
            "judge_improvement",
            ImprovementState.CARRIED_OUT,
            ImprovementState.JUDGED,
            Action.PLAN_ACTIONS,
            leaves=Trace.NOTICE,
        ),
        deed(
            "look_again_improvement",
            ImprovementState.JUDGED,
            ImprovementState.CARRIED_OUT,
            Action.PLAN_ACTIONS,
            needs_reason=True,
        ),
        deed(
            "close_improvement",
            ImprovementState.JUDGED,
            ImprovementState.CLOSED,
            Action.PLAN_ACTIONS,
            leaves=Trace.NOTICE,
        ),
        deed(
            "withdraw_improvement",
            (ImprovementState.PROPOSED, *TO_DO),
            ImprovementState.WITHDRAWN,
            Action.PLAN_ACTIONS,
            needs_reason=True,
            leaves=Trace.NOTICE,
        ),
        deed(
            "reopen_improvement",
            ImprovementState.CLOSED,
            ImprovementState.AGREED,
            Action.AGREE_ACTIONS,
            needs_reason=True,
            leaves=Trace.NOTICE,
        ),
    ),
    refusal="This action is in another state by now; somebody else moved it meanwhile.",
    owner="owner_id",
    reopening=frozenset({"reopen_improvement"}),
)
