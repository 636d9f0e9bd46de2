"""Numbers in texts, as people write them."""

from __future__ import annotations

import pytest

from pages.ui.kit.messages import _, number, plural


@pytest.mark.parametrize(
    ("value", "shown"),
    [(-24.55, "\u221224.6"), (-0.04, "0.0"), (1234.5, "1,234.5"), (None, "—"), (0.05, "0.1")],
)
def test_a_number_has_a_real_minus_and_no_minus_nought(value, shown):
    assert number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(-0.4, "\u22120.4"), (2.7, "+2.7"), (-0.04, "+0.0"), (0.0, "+0.0")]
)
def test_a_signed_place_of_a_text_too(value, shown):
    assert _("{change:+.1f}", change=value) == shown


def test_other_places_are_left_as_they_are():
    assert _("{code} {share:.0f} %", code="A-1", share=-5.0) == "A-1 \u22125 %"
    assert plural("{count} of {code}", "{count} of {code}", 2, code="A-1") == "2 of A-1"
