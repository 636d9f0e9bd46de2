"""Named figures of stations and periods: which there are, and what their evidence comes to."""

from core.measures.catalogue import (
    MEASURES,
    Form,
    Measure,
    Source,
    Unit,
    item_lost,
    item_of,
    measure_of,
)
from core.measures.figure import Basis, Figure, Given, Rate, figure

__all__ = [
    "MEASURES",
    "Basis",
    "Figure",
    "Form",
    "Given",
    "Measure",
    "Rate",
    "Source",
    "Unit",
    "figure",
    "item_lost",
    "item_of",
    "measure_of",
]
