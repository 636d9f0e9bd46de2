"""Who should attend, and which items are lost more often than before."""

from __future__ import annotations

import math

import pytest

from core.errors import InvalidInput
from core.training import Counts, LossRecord, Reason, propose, rises

HERE, THERE = 1, 2


def test_three_losses_above_the_usual_share_are_repeated():
    # usual share (3 + 2 + 0) / (6 + 6 + 20) = 5/32; 3 of 6 is above it, 2 of 6 are too few losses
    found = propose(
        [LossRecord(10, HERE, 6, 3), LossRecord(11, HERE, 6, 2), LossRecord(12, HERE, 20, 0)]
    )
    assert [(row.staff, row.reason, row.share) for row in found] == [(10, Reason.REPEATED, 0.5)]


def test_three_losses_in_very_many_inspections_are_no_reason():
    found = propose([LossRecord(10, HERE, 60, 3), LossRecord(11, HERE, 20, 10)])
    assert [row.staff for row in found] == [11]


def test_at_a_station_clearly_below_everybody_one_loss_is_enough():
    weak = [LossRecord(staff, THERE, 10, 2) for staff in range(20, 30)]  # 20 of 100
    good = [LossRecord(staff, HERE, 30, 2) for staff in range(10, 20)]  # 20 of 300
    # Wilson's 90 % interval of 20/100 begins at .142, above the usual 40/400 = .1
    found = propose([*weak, *good, LossRecord(30, THERE, 4, 0)])
    assert {row.staff for row in found} == set(range(20, 30))
    assert {row.reason for row in found} == {Reason.STATION}


def test_those_most_surely_below_come_first_and_repeated_losses_before_stations():
    often, twice, rest = (
        LossRecord(1, HERE, 10, 9),
        LossRecord(2, HERE, 3, 3),
        LossRecord(3, THERE, 200, 5),
    )
    # Wilson's intervals begin at .63 and .53: nine of ten stand before three of three
    assert [row.staff for row in propose([twice, rest, often])] == [1, 2]


def test_without_inspections_nobody_is_proposed():
    assert propose([]) == ()
    assert propose([LossRecord(1, HERE, 0, 0)]) == ()


def test_more_losses_than_inspections_are_refused():
    with pytest.raises(InvalidInput, match="3 of 2 cannot be"):
        propose([LossRecord(1, HERE, 2, 3)])


def steady(*newest, lost=10, answered=100, months=6):
    varied = [Counts(lost + (month % 2), answered) for month in range(months)]
    return [*varied, Counts(*newest)]


def test_a_share_beyond_its_limit_has_risen():
    # six months of 10 and 11 in turn: p = 63/600 = .105; they vary less than chance, so sigma_z is
    # taken as 1 and the limit is .105 + 3 sqrt(.105 x .895 / 100) = .1970
    [rise] = rises({"A": steady(20, 100)})
    assert rise.usual == pytest.approx(0.105)
    assert rise.limit == pytest.approx(0.105 + 3 * math.sqrt(0.105 * 0.895 / 100))
    assert (rise.share, rise.is_signal) == (0.2, True)


def test_a_share_within_its_limit_is_no_signal_but_is_known():
    [rise] = rises({"A": steady(19, 100)})
    assert not rise.is_signal
    assert rise.excess == pytest.approx((0.19 - 0.105) / (rise.limit - 0.105))


def test_few_answers_widen_the_limit():
    [few] = rises({"A": steady(4, 20)})
    assert (few.share, few.is_signal) == (0.2, False)


def test_months_that_vary_more_than_chance_widen_the_limit():
    wild = [Counts(lost, 100) for lost in (2, 20, 3, 22, 1, 21)]
    [rise] = rises({"A": [*wild, Counts(30, 100)]})
    assert not rise.is_signal


def test_the_clearest_rise_comes_first():
    found = rises({"A": steady(20, 100), "B": steady(40, 100), "C": steady(5, 100)})
    assert [rise.item for rise in found] == ["B", "A"]


@pytest.mark.parametrize(
    "counts",
    [
        [],
        steady(20, 100, months=3),
        steady(19, 19),
        steady(5, 100, lost=-1, months=1),
        [*([Counts(0, 100)] * 6), Counts(20, 100)],
        [*([Counts(0, 0)] * 6), Counts(20, 100)],
    ],
)
def test_what_cannot_be_judged_is_left_out(counts):
    assert rises({"A": counts}) == ()
