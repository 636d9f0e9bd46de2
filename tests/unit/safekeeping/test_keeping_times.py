"""Which time of keeping holds at a station: the nearest one above it."""

from __future__ import annotations

import pytest

from core.safekeeping.retention import months_at

PARENTS = {1: None, 2: 1, 3: 2, 4: 1}
"""The company above a region (2) with a desk (3), and another desk (4)."""


@pytest.mark.parametrize(
    ("own", "months"),
    [
        ({}, {1: 24, 2: 24, 3: 24, 4: 24}),
        ({2: 12}, {1: 24, 2: 12, 3: 12, 4: 24}),
        ({2: 12, 3: 36}, {1: 24, 2: 12, 3: 36, 4: 24}),
        ({1: 6, 2: None}, {1: 6, 2: None, 3: None, 4: 6}),
    ],
)
def test_the_nearest_rule_above_a_station_holds(own, months):
    """24 months are usual; None keeps for good."""
    assert months == {
        station: months_at(station, usual=24, own=own, parents=PARENTS) for station in PARENTS
    }
