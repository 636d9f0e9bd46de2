"""Who should attend, and which items are lost more often than before."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

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
    # taken as 1: as much as 1 / (1 / 100 + 1 / 600) = 85.7 answers tell. By the binomial
    # distribution 18.93 or more of them are lost with a chance of .00135: 18.93 / 85.7 = .2208
    [rise] = rises({"A": steady(23, 100)})
    assert (rise.usual, rise.size) == (pytest.approx(0.105), pytest.approx(600 / 7))
    assert binom.sf(17, 85, 0.105) > 0.00135 > binom.sf(18, 86, 0.105)
    assert rise.limit == pytest.approx(0.2208, abs=1e-4)
    assert (rise.share, rise.is_signal) == (0.23, True)


def test_a_share_within_its_limit_is_no_signal_but_is_known():
    [rise] = rises({"A": steady(22, 100)})
    assert not rise.is_signal
    assert rise.excess == pytest.approx((0.22 - 0.105) / (rise.limit - 0.105))


def test_the_more_items_are_judged_the_further_the_limit():
    few = rises({str(item): steady(23, 100) for item in range(37)})
    many = rises({str(item): steady(23, 100) for item in range(400)})
    assert {rise.risk for rise in few} == {0.00135}
    assert {rise.risk for rise in many} == {0.05 / 400}
    assert many[0].limit > few[0].limit


@pytest.mark.parametrize(("answers", "share"), [(60, 0.1), (30, 0.1), (300, 0.05)])
def test_by_chance_few_months_tell_of_any_of_two_hundred_items(answers, share):
    worlds = np.random.default_rng(8).binomial(answers, share, size=(60, 200, 13)).tolist()
    told = [
        any_rises([[Counts(lost, answers) for lost in item] for item in world]) for world in worlds
    ]
    # .05 of 60 months are 3; more than 7 come with a chance of under 1 %
    assert sum(told) <= 7


def any_rises(items):
    return any(rise.is_signal for rise in rises(dict(enumerate(items))))


def test_losses_of_one_person_are_no_rise_of_everybody():
    # 60 people with 10 answers each, half of them with one loss; one more loses 39 of 39
    [rise] = rises({"A": steady(69, 639, lost=30, answered=600)})
    people = [(person % 2, 10) for person in range(60)] + [(39, 39)]
    assert rise.is_signal
    # variance 61 / 60 x sum (lost - .108 answered)^2 / 639^2 = .00310; p (1 - p) / .00310 = 15.6
    assert rise.among(people).size == pytest.approx(0.0508 * 0.9492 / 0.0557**2, rel=0.01)
    assert not rise.among(people).is_signal


def test_losses_that_all_share_stay_a_rise():
    [rise] = rises({"A": steady(120, 600, lost=60, answered=600)})
    assert rise.among([(2, 10)] * 60).is_signal
    # at three stations, each 20 losses beyond what is usual there
    assert rise.among([(2, 10)] * 60, [(20, 200)] * 3).is_signal
    assert not rise.among([(2, 10)] * 60, [(60, 200), (0, 200), (0, 200)]).is_signal


def test_one_person_alone_tells_nothing_of_others():
    [rise] = rises({"A": steady(40, 100)})
    assert rise.among([(40, 100)]) is None
    assert rise.among([]) == rise


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
