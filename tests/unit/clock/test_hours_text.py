"""Opening hours and free days as people write them."""

from __future__ import annotations

from datetime import date, time

import pytest

from core.clock import Opening
from core.clock.hours_text import by_weekdays, days_of, days_text, hours_text, openings_of
from core.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("09:00-18:00", [(9, 18)]),
        ("9:00 – 12:00, 13:00–18:00", [(9, 12), (13, 18)]),
        ("09：00至12：00；13：00～18：00", [(9, 12), (13, 18)]),
        ("00:00-24:00", [(0, 0)]),
        ("20:00-00:00", [(20, 0)]),
    ],
)
def test_hours_are_read_in_the_ways_they_are_written(text, spans):
    expected = tuple(Opening(4, time(opens), time(closes)) for opens, closes in spans)
    assert openings_of(4, text) == expected


@pytest.mark.parametrize("text", ["nine to five", "09:00", "9-18", "25:00-26:00", "09:61-10:00"])
def test_what_are_no_hours_is_named(text):
    with pytest.raises(InvalidInput, match="no hours such as"):
        openings_of(0, text)


def test_an_opening_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidInput, match="end before they begin"):
        openings_of(0, "18:00-09:00")


def test_what_is_written_is_read_again():
    for text in ("09:00–12:00, 13:00–18:00", "20:00–24:00"):
        assert hours_text(openings_of(2, text)) == text
    days = frozenset({date(2026, 10, 1), date(2026, 1, 1)})
    assert days_text(days) == "2026-01-01\n2026-10-01"
    assert days_of(days_text(days)) == days


def test_days_in_a_row_with_the_same_hours_stand_together():
    openings = [one for day in (0, 1, 2, 4, 5) for one in openings_of(day, "09:00-18:00")]
    openings += openings_of(3, "09:00-12:00")
    assert by_weekdays(openings) == [
        (0, 2, "09:00–18:00"),
        (3, 3, "09:00–12:00"),
        (4, 5, "09:00–18:00"),
    ]


def test_a_line_that_is_no_date_is_named():
    with pytest.raises(InvalidInput, match="1 Oct is no date"):
        days_of("2026-10-01\n1 Oct")
