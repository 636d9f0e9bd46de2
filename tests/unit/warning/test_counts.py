"""Early warning of counts: the worked example, and how often it warns without and with cause."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInput
from core.periods import shift
from core.warning import Alarm, MonthCount, month_signs, tail

FIRST = 202511
USUAL = 800
YEAR = [MonthCount(shift(FIRST, step), 2, USUAL) for step in range(12)]
NOVEMBER = MonthCount(202611, 9, 1150)
DECEMBER = MonthCount(202612, 11, 1190)


def alarms(counts):
    return [sign.alarm for sign in month_signs(counts)]


def test_the_worked_example_is_suspected_and_then_raised():
    """24 in 9,600 before; November 9 in 1,150: p .0065.

    December 11 in 1,190, the base unchanged, as November is suspected: p .0010.
    """
    november, december = month_signs([*YEAR, NOVEMBER, DECEMBER])[-2:]
    assert (november.base_events, november.base_chances) == (24, 9600)
    assert (round(november.p, 4), november.alarm) == (0.0065, Alarm.SUSPECTED)
    assert (december.base_events, december.base_chances) == (24, 9600)
    assert (round(december.p, 4), december.alarm) == (0.0010, Alarm.RAISED)


def test_what_is_suspected_is_no_part_of_what_is_usual_and_what_is_quiet_is():
    """After a quiet December the first month of the base, 2 in 800, has gone for 3 in 900."""
    january = month_signs(
        [*YEAR, NOVEMBER, MonthCount(202612, 3, 900), MonthCount(202701, 9, 1150)]
    )[-1]
    assert (january.base_events, january.base_chances) == (25, 9700)


def test_a_second_suspected_month_in_a_row_raises_and_one_at_once_if_it_is_unlikely_enough():
    again = MonthCount(202612, 9, 1150)
    assert alarms([*YEAR, NOVEMBER, again])[-2:] == [Alarm.SUSPECTED, Alarm.RAISED]
    assert alarms([*YEAR, MonthCount(202611, 20, 1150)])[-1] is Alarm.RAISED
    quiet = MonthCount(202612, 2, 800)
    after = MonthCount(202701, 9, 1150)
    assert alarms([*YEAR, NOVEMBER, quiet, after])[-1] is Alarm.SUSPECTED


def test_a_corrected_month_is_suspected_no_more():
    assert alarms([*YEAR, MonthCount(202611, 5, 1150)])[-1] is Alarm.QUIET


def test_a_month_without_encounters_raises_nothing_and_ends_nothing():
    nothing = MonthCount(202612, 0, 0)
    again = MonthCount(202701, 9, 1150)
    told = month_signs([*YEAR, NOVEMBER, nothing, again])
    assert (told[-2].p, told[-2].alarm) == (None, Alarm.QUIET)
    assert told[-1].alarm is Alarm.RAISED


def test_fewer_than_five_are_never_suspected_however_unlikely():
    none = [MonthCount(shift(FIRST, step), 0, USUAL) for step in range(12)]
    assert alarms([*none, MonthCount(202611, 4, 100)])[-1] is Alarm.QUIET
    assert alarms([*none, MonthCount(202611, 5, 100)])[-1] is Alarm.RAISED


def test_a_first_month_has_nothing_to_be_compared_with():
    [only] = month_signs([NOVEMBER])
    assert (only.p, only.alarm) == (None, Alarm.QUIET)


def raised(times, months, cells=1000, seed=3):
    """The share of cells raised in some months of 1,150 after a usual year of 2.5 in 1,000 of 800.

    Without a change 2.875 complaints are expected a month.
    """
    draws = np.random.default_rng(seed)
    before = draws.poisson(2, size=(cells, 12))
    after = draws.poisson(2.875 * times, size=(cells, months))
    found = 0
    for usual, changed in zip(before, after, strict=True):
        counts = [
            MonthCount(shift(FIRST, step), int(events), USUAL if step < 12 else 1150)
            for step, events in enumerate([*usual, *changed])
        ]
        found += Alarm.RAISED in alarms(counts)[12:]
    return found / cells


def test_hardly_any_cell_is_raised_in_a_year_without_a_change():
    """4.8 % by the specification."""
    assert 0.02 <= raised(1, 12) <= 0.08


@pytest.mark.parametrize(("times", "specified"), [(3, 0.83), (4, 0.98)])
def test_several_times_as_many_are_raised_within_three_months(times, specified):
    """Within three standard errors of 1,000 cells of what the specification says."""
    share = raised(times, 3)
    assert share >= 0.70
    assert abs(share - specified) <= 3 * (specified * (1 - specified) / 1000) ** 0.5


@pytest.mark.parametrize("counts", [[NOVEMBER, NOVEMBER], [DECEMBER, NOVEMBER]])
def test_months_out_of_order_are_refused(counts):
    with pytest.raises(InvalidInput, match="in order, each once"):
        month_signs(counts)


def test_counts_below_none_are_refused():
    with pytest.raises(InvalidInput, match="cannot be negative"):
        tail(-1, 10, 1, 10)
