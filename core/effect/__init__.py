"""Whether training worked: the change in scores, less what chance would have brought anyway."""

from core.effect.estimate import training_effect
from core.effect.people import Effect, Estimate, Method, Person, Scores
from core.effect.plan import change_spread, people_needed

__all__ = [
    "Effect",
    "Estimate",
    "Method",
    "Person",
    "Scores",
    "change_spread",
    "people_needed",
    "training_effect",
]
