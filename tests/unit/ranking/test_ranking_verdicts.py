"""One interval per station: what it is compared with, how sure it is, how often it misleads."""

from __future__ import annotations

import os

import numpy as np
import pytest
from scipy import stats

from core.ranking import AgainstNetwork, Comparison, StationVerdict, headline, rank_stations
from core.ranking.verdict import false_discovery_level
from core.sampling import Interval
from tests.support.ranking.planted_worlds import PLANS, Plan, planted, tally

SOAK = bool(os.environ.get("SOAK"))
WORLDS, SHUFFLES = (100, 200) if SOAK else (6, 12)
BY_NAME = {plan.name: plan for plan in PLANS}
BREAKING = ("plain", "days", "drifting inspectors", "everything")


def compared(world, **options) -> Comparison:
    return rank_stations(world.cells(), draws=100, **options).comparison


def world(seed=1, **changes):
    return planted(Plan("test", **changes), np.random.default_rng(seed))


def test_the_reference_is_the_mean_of_all_stations_weighted_by_inspections():
    found = compared(world(), minimum=90)
    counts, values = zip(*((row.n, row.adjusted) for row in found.rows), strict=True)
    assert {row.verdict is AgainstNetwork.TOO_FEW for row in found.rows} == {True, False}
    assert found.reference == pytest.approx(np.average(values, weights=counts))


def test_every_interval_holds_the_difference_of_the_adjusted_value_and_has_a_width():
    for seed in range(5):
        found = compared(world(seed, assignment="local", station_sd=3.0))
        for row in found.rows:
            assert row.difference.lower < row.difference.upper
            gap = row.adjusted - found.reference
            assert row.difference.lower <= gap <= row.difference.upper


def test_the_interval_that_is_drawn_is_the_one_that_is_judged():
    rows = [row for seed in range(5) for row in compared(world(seed, station_sd=3.0)).rows]
    for row in rows:
        low, high = row.difference
        expected = (
            AgainstNetwork.ABOVE
            if low > 0
            else AgainstNetwork.BELOW
            if high < 0
            else AgainstNetwork.CANNOT_TELL
        )
        assert row.verdict is expected
    assert {row.verdict for row in rows} == {
        AgainstNetwork.ABOVE,
        AgainstNetwork.BELOW,
        AgainstNetwork.CANNOT_TELL,
    }


def test_the_level_is_the_one_at_which_benjamini_and_hochberg_reject():
    # 4 stations at .05: steps .0125, .025, .0375, .05; the largest that holds is the second
    assert false_discovery_level(np.array([0.9, 0.001, 0.024, 0.2])) == pytest.approx(1 - 0.025)
    # none holds: as strict as for one of four, so that none of the intervals leaves zero out
    assert false_discovery_level(np.array([0.9, 0.5, 0.013, 0.2])) == pytest.approx(1 - 0.0125)
    assert false_discovery_level(np.array([])) == pytest.approx(0.95)
    rng = np.random.default_rng(2)
    for _ in range(50):
        tails = rng.random(9) ** 3
        rejected = stats.false_discovery_control(tails) <= 0.05
        assert ((tails < 1 - false_discovery_level(tails) + 1e-12) == rejected).all()


def test_a_station_of_two_is_compared_with_both_and_mirrors_the_other():
    found = compared(world(stations=2, station_sd=4.0))
    first, second = found.rows
    # difference to the mean of both, weights n: (1 - w) d against -w d
    share = first.n / (first.n + second.n)
    assert first.difference.lower / (1 - share) == pytest.approx(-second.difference.upper / share)


def test_days_that_go_together_widen_the_interval():
    together = world(3, day_sd=4.0)
    apart = np.random.default_rng(4).permutation(together.day)
    cells = together.cells()
    loose = type(together)(**{**vars(together), "day": apart}).cells()
    wide, narrow = (
        rank_stations(one, draws=100).comparison.rows[0].difference for one in (cells, loose)
    )
    assert wide.upper - wide.lower > 1.1 * (narrow.upper - narrow.lower)


def test_a_station_whose_scores_spread_more_has_a_wider_interval():
    base = world(5)
    noisy = base.station == 0
    noise = np.random.default_rng(6).normal(0, 12, len(base.score)) * noisy
    spread = type(base)(**{**vars(base), "score": base.score + noise})
    before, after = (compared(one).rows[0].difference for one in (base, spread))
    assert after.upper - after.lower > 1.4 * (before.upper - before.lower)


def test_a_station_without_links_counts_for_nothing_and_cannot_be_told():
    base = world(7)
    own = np.where(base.station == 0, 99, base.inspector)
    found = compared(type(base)(**{**vars(base), "inspector": own}))
    alone, *others = found.rows
    assert (alone.adjusted, alone.difference, alone.verdict) == (
        None,
        None,
        AgainstNetwork.CANNOT_TELL,
    )
    counts, values = zip(*((row.n, row.adjusted) for row in others), strict=True)
    assert found.reference == pytest.approx(np.average(values, weights=counts))


def test_few_inspections_give_an_interval_and_no_verdict():
    found = compared(world(8, station_sd=9.0), minimum=80)
    small = [row for row in found.rows if row.n < 80]
    assert small
    assert {row.verdict for row in small} == {AgainstNetwork.TOO_FEW}
    assert all(row.difference is not None for row in small)
    assert found.compared == len(found.rows) - len(small)


def row(verdict, station="A"):
    return StationVerdict(station, 40, 90.0, 90.0, Interval(-1.0, 1.0), verdict)


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        (["too_few"], "There is one station only, and so nothing to compare it with."),
        (["too_few"] * 3, "None of 3 stations has enough inspections to be compared."),
        (
            ["cannot_tell", "cannot_tell", "too_few"],
            "2 of 3 stations compared; none can be told from the network.",
        ),
        (
            ["below", "below", "above", "cannot_tell", "too_few"],
            "4 of 5 stations compared: 2 below the network, 1 above it, 1 cannot be told.",
        ),
    ],
)
def test_the_headline_says_how_many_were_compared(verdicts, sentence):
    assert str(headline([row(AgainstNetwork(verdict)) for verdict in verdicts])) == sentence


def test_two_stations_are_one_comparison():
    rows = [row(AgainstNetwork.BELOW, "A"), row(AgainstNetwork.ABOVE, "B")]
    assert str(headline(rows, name={"A": "Kaohsiung", "B": "Changi"}.__getitem__)) == (
        "One comparison of two stations: Changi is above Kaohsiung."
    )


def upper_bound(wrong: int, of: int) -> float:
    """Upper 90 % bound of a share, one-sided (Clopper & Pearson 1934)."""
    return float(stats.beta.ppf(0.9, wrong + 1, of - wrong)) if wrong < of else 1.0


@pytest.mark.soak
def test_verdicts_are_seldom_on_the_wrong_side_whatever_breaks_the_model():
    wrong = verdicts = 0
    for plan in PLANS if SOAK else PLANS[::3]:
        rng = np.random.default_rng(11)
        found = tally(planted(plan, rng) for _ in range(WORLDS))
        print(plan.name, found, round(upper_bound(found.wrong, found.verdicts), 3))
        assert found.covered >= 0.93 * found.stations, plan
        assert found.wrong <= max(1, 0.05 * found.verdicts), plan
        assert found.error[1] < found.error[0], plan
        wrong, verdicts = wrong + found.wrong, verdicts + found.verdicts
    assert verdicts > 3 * WORLDS
    assert upper_bound(wrong, verdicts) <= 0.07


@pytest.mark.soak
@pytest.mark.parametrize("name", BREAKING if SOAK else BREAKING[::3])
def test_stations_that_are_all_alike_are_seldom_told_apart(name):
    rng = np.random.default_rng(12)
    original = planted(BY_NAME[name], rng)
    shuffled = tally(original.shuffled(rng) for _ in range(SHUFFLES))
    print(name, shuffled)
    assert shuffled.announced <= 0.12 * SHUFFLES + (0 if SOAK else 1)
    alike = Plan(**{**vars(BY_NAME[name]), "station_sd": 1e-6})
    found = tally(planted(alike, rng) for _ in range(SHUFFLES))
    print(name, "alike", found)
    assert found.announced <= 0.12 * SHUFFLES + (0 if SOAK else 1)
