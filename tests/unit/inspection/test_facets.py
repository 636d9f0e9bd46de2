"""What inspections are told apart by besides checklist, channel and sample."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.inspection.facets import EVERYTHING, SHIFTS, UNRECORDED, Facets, shift_of


@pytest.mark.parametrize(
    "facets",
    [
        EVERYTHING,
        Facets(language="zh-CN"),
        Facets(language=UNRECORDED),
        Facets("a&b=c", "night", "值機 員", ""),
    ],
)
def test_a_code_says_all_of_them(facets):
    """The unrecorded is not the same as all."""
    assert Facets.parse(facets.code) == facets


def test_what_is_no_facet_is_refused():
    with pytest.raises(InvalidInput):
        Facets.parse("region=South")


def test_a_day_has_four_shifts():
    """Midnight, 5, 12 and 18 o'clock each begin one."""
    hours = {shift: [hour for hour in range(24) if shift_of(hour) == shift] for shift in SHIFTS}
    assert [(shift, found[0], len(found)) for shift, found in hours.items()] == [
        ("night", 0, 5),
        ("early", 5, 7),
        ("late", 12, 6),
        ("evening", 18, 6),
    ]
