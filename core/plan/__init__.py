"""A month's sampling plan: whom to score, and who scores it."""

from core.plan.drawing import Encounter, Plan, SampledEncounter, choose, must_inspect, scored_person
from core.plan.linking import components
from core.plan.sharing import Inspector, Share, share_out

__all__ = [
    "Encounter",
    "Inspector",
    "Plan",
    "SampledEncounter",
    "Share",
    "choose",
    "components",
    "must_inspect",
    "scored_person",
    "share_out",
]
