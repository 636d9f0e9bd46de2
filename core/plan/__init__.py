"""A month's sampling plan, drawn at once or as encounters come: whom to score, who scores it."""

from core.plan.drawing import (
    FrameEncounter,
    Plan,
    SampledEncounter,
    choose,
    must_inspect,
    scored_person,
    stratum_name,
)
from core.plan.sharing import AssignedEncounter, Inspector, components, share_out
from core.plan.standing import StandingPlan
from core.plan.working_days import daily_target, due_day

__all__ = [
    "AssignedEncounter",
    "FrameEncounter",
    "Inspector",
    "Plan",
    "SampledEncounter",
    "StandingPlan",
    "choose",
    "components",
    "daily_target",
    "due_day",
    "must_inspect",
    "scored_person",
    "share_out",
    "stratum_name",
]
