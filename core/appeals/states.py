"""The states of an appeal and who leads it from one to the next."""

from __future__ import annotations

from enum import StrEnum, auto

from core.access import Action
from core.states import States, Trace, deed


class AppealState(StrEnum):
    """Kept: the score stands. Closed: the inspection was replaced before anybody decided."""

    OPEN = auto()
    KEPT = auto()
    CHANGED = auto()
    WITHDRAWN = auto()
    CLOSED = auto()


DECIDED = (AppealState.KEPT, AppealState.CHANGED)
APPEAL = States(
    kind="appeal",
    first=AppealState.OPEN,
    deeds=(
        deed(
            "decide_appeal", AppealState.OPEN, DECIDED, Action.DECIDE_APPEALS, leaves=Trace.NOTICE
        ),
        deed("withdraw_appeal", AppealState.OPEN, AppealState.WITHDRAWN, Action.APPEAL),
        deed("close_appeal", AppealState.OPEN, AppealState.CLOSED, None, leaves=Trace.NOTICE),
    ),
    refusal="This appeal is no longer open: it was decided, withdrawn or closed meanwhile.",
    owner="user_id",
    waits_for=Action.DECIDE_APPEALS,
)
