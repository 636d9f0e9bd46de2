"""Whether training worked: the change in scores, less what chance would have brought anyway."""

from core.effect.course_size import change_spread, people_needed
from core.effect.effect_data import Effect, Estimate, Method, Person, Scores
from core.effect.estimate import training_effect

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
