"""The numbers of an effect in words: what is so much of so many, and what a mean of how many."""

from __future__ import annotations

import pytest

from core.measures import Given, Rate, measure_of
from core.measures.change import BeforeAfter, effect
from core.results.figures import Moments, Proportion
from pages.ui.improvements.action_words import change_text


def scores(n, mean):
    return Moments(n, total=n * mean, squares=n * (mean**2 + 25))


@pytest.mark.parametrize(
    ("key", "sides", "told"),
    [
        (
            "critical_rate",
            BeforeAfter(Proportion(18, 120), Proportion(7, 130)),
            "15.0 % of 120 → 5.4 % of 130, −9.6 (−16.2 to −3.4)",
        ),
        (
            "complaint_rate",
            BeforeAfter(Rate(30, 2000), Rate(10, 2000)),
            "15.0 per 1,000 of 2,000 → 5.0 per 1,000 of 2,000, −10.0 (−15.8 to −4.5)",
        ),
        (
            "score",
            BeforeAfter(scores(40, 70.0), scores(40, 80.0)),
            "70.0 (n = 40) → 80.0 (n = 40), +10.0 (+8.1 to +11.9)",
        ),
        ("service_cost", BeforeAfter(Given(12.0), Given(8.0, 90)), "12.0 → 8.0 (n = 90), −4.0"),
        (
            "critical_rate",
            BeforeAfter(Proportion(18, 120), Proportion(0, 29)),
            "15.0 % of 120 → — of 29, —",
        ),
    ],
)
def test_a_change_says_what_its_figures_are_made_of(key, sides, told):
    """Intervals as in tests/unit/measures; of the rates 15 (10.8 to 20.35) and 5 (2.71 to 8.48):
    5.82 and 5.46 to both sides of -10.
    """
    measure = measure_of(key)
    assert change_text(key, effect(measure, sides).own) == told
