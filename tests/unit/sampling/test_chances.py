"""Drawing as encounters come: shares drawn equal the chances stored, and means are unbiased."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest

from core.plan.chances import WHOLE, Cell, Seen, completion, rate, start, taken
from core.sampling import draw, hajek_mean

_MONTHS = 1_000
_DAYS = 30
_CELL = Cell(7, 1, "phone")


class Month(NamedTuple):
    """What a cell brings on each day, and how many it was expected to bring."""

    arrivals: Sequence[int]
    expected: float


_AS_EXPECTED = Month([3, 0, 2, 1] * 7 + [1, 2], 45)
_WORLDS = {
    "as expected": _AS_EXPECTED,
    "three times as many": Month([4] * _DAYS, 40),
    "a fifth": Month([0, 0, 1, 0, 0] * 6, 30),
    "fewer than the quota": Month([0] * 10 + [2] + [0] * 18 + [1], 20),
    "all at the end": Month([0] * 29 + [37], 40),
    "most at the start, nothing known": Month([25] + [1] * 29, 0),
}


class Sampled(NamedTuple):
    positions: list[int]
    chances: list[float]


def rates_of(month: Month, quota: int) -> list[int]:
    rates, seen = [], Seen()
    for day, arrived in enumerate(month.arrivals, 1):
        if arrived:
            one = rate(quota, seen, arrived, expected=month.expected, elapsed=day / _DAYS)
            rates += [one] * arrived
            seen = Seen(seen.encounters + arrived, seen.used + one * arrived)
    return rates


def sample(month: Month, quota: int, seed: int) -> Sampled:
    """Night by night, and at the end what lacks."""
    rates, begin = rates_of(month, quota), start(seed, 202606, _CELL)
    drawn, used, at = [], 0, 0
    for arrived in filter(None, month.arrivals):
        tonight = rates[at : at + arrived]
        drawn += [at + n for n, is_drawn in enumerate(taken(begin, used, tonight)) if is_drawn]
        used, at = used + sum(tonight), at + arrived
    rest = sorted(set(range(len(rates))) - set(drawn))
    last = completion(quota, begin, rates)
    more = draw([0] * len(rest), {0: last.lacking}, seed)
    return Sampled(sorted(drawn + [rest[one.position] for one in more]), last.chances)


@pytest.mark.parametrize("world", _WORLDS)
def test_over_a_thousand_months_each_is_drawn_as_often_as_its_chance_says(world):
    month, quota = _WORLDS[world], 4
    months = [sample(month, quota, seed) for seed in range(_MONTHS)]
    chances = np.array(months[0].chances)
    assert all(one.chances == months[0].chances for one in months[1:])  # of the frame alone
    drawn = np.zeros(len(chances))
    for one in months:
        drawn[one.positions] += 1
    noise = np.sqrt(chances * (1 - chances) / _MONTHS)
    assert (np.abs(drawn / _MONTHS - chances) <= 4.5 * noise + 1e-9).all()
    assert (chances > 0).all()


def test_over_a_thousand_months_the_weighted_mean_is_unbiased():
    """Of a station with a person in each of these worlds, whose scores fall through the month.

    A plain mean would err: who comes when a month brings more than expected has a smaller chance.
    Totals are unbiased in each world. The mean is a quotient of two (Hajek), whose own bias goes
    with 1 / drawn: it lies within the noise of the thousand months and a tenth of a point.
    """
    people = list(_WORLDS)
    scores = {
        one: np.linspace(95, 55, sum(_WORLDS[one].arrivals)) - 3 * number
        for number, one in enumerate(people)
    }
    whole = np.concatenate(list(scores.values()))
    totals = {one: np.zeros(_MONTHS) for one in people}
    means, plain = np.zeros(_MONTHS), np.zeros(_MONTHS)
    for seed in range(_MONTHS):
        drawn, weights = [], []
        for number, one in enumerate(people):
            positions, chances = sample(_WORLDS[one], 4, len(people) * seed + number)
            drawn.append(scores[one][positions])
            weights.append(1 / np.array(chances)[positions])
            totals[one][seed] = drawn[-1] @ weights[-1]
        found, weight = np.concatenate(drawn), np.concatenate(weights)
        means[seed], plain[seed] = hajek_mean(found, 1 / weight).mean or 0, found.mean()
    for one in people:
        assert abs(totals[one].mean() - scores[one].sum()) <= 4.5 * _error(totals[one]) + 1e-6
    assert abs(means.mean() - whole.mean()) <= 4 * _error(means) + 0.1
    assert abs(plain.mean() - whole.mean()) > 5 * _error(plain)


def _error(values):
    return np.std(values) / math.sqrt(_MONTHS)


def test_the_quota_is_met_whatever_the_month_brings():
    """4 of 4; of three times as many as expected 4 log(3) / 4 = 1.1 and 1 by rounding more."""
    for seed in range(200):
        assert len(sample(_WORLDS["a fifth"], 4, seed).positions) == 4
        assert len(sample(_WORLDS["fewer than the quota"], 4, seed).positions) == 3
        assert len(sample(_WORLDS["all at the end"], 4, seed).positions) == 4
        assert len(sample(_AS_EXPECTED, 4, seed).positions) in (4, 5)
        assert 4 <= len(sample(_WORLDS["three times as many"], 4, seed).positions) <= 6


def test_what_is_lacking_by_hand():
    """Two of four, rates .5, .25, .25, .25: S = 1.25, so a quarter of the starts draw two.

    Those are the starts from .75 on: .75 + 1.25 = 2. The first is drawn from .5 on, where .25 of
    the starts draw two; so it is missed by the starts below .5, all of which draw one: .5 x 1/3.
    The second, at .25 to .5: missed by the other half of those that draw one, and by all that draw
    two, which then lack nothing: .5 x 1/3. The third the same at 0 to .25. The fourth at .75 to 1:
    missed by all that draw one: .75 x 1/3.
    """
    rates = [WHOLE // 2, WHOLE // 4, WHOLE // 4, WHOLE // 4]
    last = completion(2, 0, rates)
    assert last.lacking == 1
    assert last.chances == pytest.approx([0.5 + 1 / 6, 0.25 + 1 / 6, 0.25 + 1 / 6, 0.25 + 1 / 4])
    assert sum(last.chances) == pytest.approx(2)
    assert completion(2, WHOLE * 3 // 4, rates).lacking == 0
    assert [taken(begin, 0, rates) for begin in (0, WHOLE * 3 // 4)] == [
        [False, False, True, False],
        [True, False, False, True],
    ]


def test_chances_of_a_completed_month_come_to_the_quota():
    for quota in (1, 3, 7):
        rates = rates_of(_WORLDS["a fifth"], quota)
        wanted = min(quota, len(rates))
        assert sum(map(Fraction, completion(quota, 0, rates).chances)) == pytest.approx(wanted)


def test_nothing_is_lacking_where_the_rates_came_to_the_quota():
    rates = [WHOLE // 2] * 6
    assert completion(3, 0, rates) == (0, [0.5] * 6)
    assert completion(2, 0, rates) == (0, [0.5] * 6)
    assert completion(4, 0, []) == (0, [])


def test_rates_spread_what_is_left_over_what_is_to_come():
    """10 tonight, a third of the month over, 45 expected: 10 + 2/3 x 45 = 40 for 4."""
    assert rate(4, Seen(), 10, expected=45, elapsed=1 / 3) == WHOLE // 10
    assert rate(4, Seen(20, 2 * WHOLE), 10, expected=45, elapsed=1) == WHOLE // 5
    assert rate(4, Seen(), 2, expected=0, elapsed=1) == WHOLE
    assert rate(4, Seen(30, 4 * WHOLE), 10, expected=45, elapsed=1) == WHOLE // 40  # 4 / 40 / 4
