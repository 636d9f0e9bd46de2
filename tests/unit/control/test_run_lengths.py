"""How long a chart at rest or shifted runs until it is first marked: exact, and as published.

A chart with Western Electric's rules is a Markov chain (Champ & Woodall 1987, Technometrics 29):
what a later point can still see of the last seven is a state, `run_rules` itself says which points
end the run, and the mean lengths m solve m = 1 + Q m. `champ_woodall_1987.csv` is table 1 of that
paper as the documentation of R's package spc prints it (xshewhartrunsrules.arl).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from core.control import RunRule, run_rules

TABLE = Path(__file__).parents[2] / "data/published/champ_woodall_1987.csv"
RULES = {
    "limits": frozenset(),
    "two_of_three": frozenset({RunRule.TWO_OF_THREE}),
    "four_of_five": frozenset({RunRule.FOUR_OF_FIVE}),
    "eight_on_a_side": frozenset({RunRule.EIGHT_ON_A_SIDE}),
}
WESTERN = frozenset().union(*RULES.values())
ZONES = {
    side * middle: sorted((side * low, side * (low + 1)))
    for side in (1, -1)
    for middle, low in ((0.5, 0), (1.5, 1), (2.5, 2))
}
AS_PUBLISHED = (0.0,) * 4
"""Points on the centre line before the first: two of three may then be the first two."""


def still_seen(points):
    """Of the newest seven points what rules on two of three, four of five, eight can tell."""
    seen, newest = [], points[-1]
    for age, z in enumerate(reversed(points[-7:]), start=1):
        if age > 4 and z * newest <= 0:
            break
        zone = 2.5 if age <= 2 else 1.5 if age <= 4 else 0.5
        seen.append(max(-zone, min(z, zone)))
    return tuple(reversed(seen))


@cache
def chain(rules, start):
    """The states that can be reached unmarked, counted, and the steps between them by zone."""
    states, to_do, steps = {start: 0}, [start], []
    while to_do:
        state = to_do.pop()
        for zone in ZONES:
            if rules & set(run_rules((*state, zone))[-1]):
                continue
            following = still_seen((*state, zone))
            if following not in states:
                states[following] = len(states)
                to_do.append(following)
            steps.append((states[state], states[following], zone))
    return len(states), steps


def run_length(rules, *, shift=0.0, start=AS_PUBLISHED):
    """The mean number of points up to the first that is marked, points beyond the limits too."""
    size, steps = chain(rules, start)
    below = NormalDist(shift).cdf
    chances = {zone: below(high) - below(low) for zone, (low, high) in ZONES.items()}
    left = np.eye(size)
    for old, new, zone in steps:
        left[old, new] -= chances[zone]
    return np.linalg.solve(left, np.ones(size))[0]


def published():
    with TABLE.open() as file:
        return [(float(row.pop("shift")), row) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("shift", "lengths"), published())
def test_each_rule_marks_a_chart_as_soon_as_published(shift, lengths):
    found = {name: f"{run_length(RULES[name], shift=shift):.2f}" for name in lengths}
    assert found == lengths


def test_all_four_rules_mark_a_chart_at_rest_after_92_points():
    """91.75 where the first two points can be two of three, 91.90 as the portal counts."""
    assert f"{run_length(WESTERN):.2f}" == "91.75"
    assert f"{run_length(WESTERN, start=()):.2f}" == "91.90"


def test_the_chain_is_the_chart():
    """Of 2,000 simulated points the chain says as often as the rules that a run goes on."""
    points = np.random.default_rng(3).normal(size=2000).tolist()
    state, run = (), []
    for z in points:
        run, state = [*run, z], (*state, zone_of(z))
        marked = set(run_rules(tuple(run))[-1])
        assert set(run_rules(state)[-1]) & WESTERN == marked & WESTERN
        if marked & WESTERN or abs(z) > 3:
            run, state = [], ()
        else:
            state = still_seen(state)


def zone_of(z):
    return next((zone for zone, (low, high) in ZONES.items() if low < z <= high), 3.5 * np.sign(z))
