"""A month's sampling plan: whom to score, and who scores it."""

from core.plan.drawing import (
    FrameEncounter,
    Plan,
    SampledEncounter,
    choose,
    must_inspect,
    scored_person,
)
from core.plan.sharing import AssignedEncounter, Inspector, components, share_out

__all__ = [
    "AssignedEncounter",
    "FrameEncounter",
    "Inspector",
    "Plan",
    "SampledEncounter",
    "choose",
    "components",
    "must_inspect",
    "scored_person",
    "share_out",
]
