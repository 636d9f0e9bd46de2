"""Whether training worked: the change in scores, less what chance would have brought anyway."""

from core.effect.course_size import change_spread, people_needed
from core.effect.effect_data import Effect, Estimate, Method, Person, Scores
from core.effect.estimate import told, training_effect
from core.effect.many_runs import EffectsTogether, looked_at_together

__all__ = [
    "Effect",
    "EffectsTogether",
    "Estimate",
    "Method",
    "Person",
    "Scores",
    "change_spread",
    "looked_at_together",
    "people_needed",
    "told",
    "training_effect",
]
