"""Which item costs a group more: shares within places, stations as units, all judged together."""

from __future__ import annotations

import numpy as np
import pytest

from core.results.figures import Proportion
from core.results.item_fairness import FEWEST_STATIONS, ItemCell, items_apart

STATIONS = FEWEST_STATIONS


def cells(group_lost, others_lost, *, item="HELLO", group="night", others="day", answered=10):
    """One place a station: how many of 10 answers each lost there."""
    for station, (one, other) in enumerate(zip(group_lost, others_lost, strict=True)):
        yield ItemCell(item, group, (station, 7), answered, one)
        yield ItemCell(item, others, (station, 7), answered, other)


def test_the_difference_is_that_within_places():
    """Weights 10 x 10 / 20 = 5 each; differences .4, .5, .6, .5, .5: their mean is .5."""
    [shifts] = items_apart({"shift": cells([5, 6, 7, 6, 6], [1] * STATIONS)})
    [row] = shifts.rows
    assert (row.item, row.group, row.stations) == ("HELLO", "night", 5)
    assert (row.group_lost, row.others_lost) == (Proportion(30, 50), Proportion(5, 50))
    assert row.apart.value == pytest.approx(0.5)
    # Between stations: squares of .1, 0, .1, 0, 0 are .02 in all; variance .02 / 4 / 5 = .001.
    # t with 4 degrees at 95 % is 2.7764: half 2.7764 x .03162 = .0878.
    assert row.apart.low == pytest.approx(0.5 - 0.0878, abs=1e-4)
    assert row.is_clear


def test_a_group_that_works_where_everybody_loses_more_is_not_apart():
    """At two stations nine of ten are lost by all, at three one of ten."""
    rows = [
        ItemCell("HELLO", name, (station,), answered, answered * share // 10)
        for station, share in enumerate([9, 9, 1, 1, 1])
        for name, answered in (("night", 50 if share == 9 else 10), ("day", 10))
    ]
    [shifts] = items_apart({"shift": rows})
    assert shifts.rows[0].apart.value == pytest.approx(0)
    assert shifts.clear == []


def test_of_two_groups_the_one_that_loses_more_stands_there():
    one = cells([1] * STATIONS, [5, 6, 7, 6, 6], group="a", others="b")
    [posts] = items_apart({"post": one})
    assert [(row.group, round(row.apart.value, 6)) for row in posts.rows] == [("b", 0.5)]


def test_of_three_groups_each_is_compared_with_the_others():
    rows = list(cells([5, 6, 7, 6, 6], [1] * STATIONS, others="day"))
    rows += [ItemCell("HELLO", "early", (station, 7), 10, 1) for station in range(STATIONS)]
    [shifts] = items_apart({"shift": rows})
    assert [(row.group, round(row.apart.value, 2)) for row in shifts.rows] == [
        ("night", 0.5),
        ("day", -0.25),
        ("early", -0.25),
    ]


def test_places_with_one_group_alone_tell_nothing():
    rows = [ItemCell("HELLO", "night", (9, 7), 500, 500), *cells([6] * STATIONS, [1] * STATIONS)]
    [shifts] = items_apart({"shift": rows})
    assert shifts.rows[0].group_lost == Proportion(30, 50)


@pytest.mark.parametrize(("stations", "answered"), [(STATIONS - 1, 10), (STATIONS, 5)])
def test_few_stations_or_answers_are_not_compared(stations, answered):
    """Five answers at five stations are 25, of 30 that are asked for."""
    rows = cells([3] * stations, [1] * stations, answered=answered)
    [shifts] = items_apart({"shift": rows})
    assert shifts.rows == ()


def test_more_items_looked_at_make_wider_intervals():
    def half(items):
        rows = [
            row
            for number in range(items)
            for row in cells([5, 6, 7, 6, 6], [1] * STATIONS, item=f"Q{number}")
        ]
        [shifts] = items_apart({"shift": rows})
        row = shifts.rows[0]
        return row.apart.value - row.apart.low

    assert half(1) < half(10) < half(100)


def test_stations_that_are_all_alike_have_no_interval_and_tell_nothing():
    [shifts] = items_apart({"shift": cells([6] * STATIONS, [1] * STATIONS)})
    assert (shifts.rows[0].apart.low, shifts.clear) == (None, [])


def worlds(seed, *, harder=0.0, stations=12, months=6, items=20):
    """Answers of eight people a station, each with items of their own that come hard or easy.

    The second shift, language and post lose item Q0 so much more often. A post is of its people.
    """
    rng = np.random.default_rng(seed)
    for by, groups in (("shift", 3), ("language", 2), ("post", 2)):
        rows = []
        for station in range(stations):
            for item in range(items):
                usual, people = rng.beta(2, 12), rng.normal(0, 0.5, 8)
                for month in range(months):
                    for group in range(groups):
                        n = int(rng.integers(0, 8))
                        who = (
                            rng.integers(0, 4, n) + 4 * group
                            if by == "post"
                            else rng.integers(0, 8, n)
                        )
                        odds = np.exp(np.log(usual / (1 - usual)) + people[who])
                        share = odds / (1 + odds) + (harder if item == 0 and group == 1 else 0)
                        lost = int((rng.random(n) < share).sum())
                        if n:
                            rows.append(ItemCell(f"Q{item}", str(group), (station, month), n, lost))
        yield by, rows


def test_worlds_without_a_difference_hardly_ever_tell_one():
    """One in twenty is allowed: of 16 worlds more than 2 come by chance once in 23 runs."""
    told = sum(
        any(one.clear for one in items_apart(dict(worlds(seed, months=3)))) for seed in range(16)
    )
    assert told <= 2


def test_an_item_that_costs_a_group_more_is_found_and_no_other():
    """30 percentage points, some 250 answers a group: found in shift, language and post alike."""
    clear = [
        (one.by, row.item, row.group)
        for seed in (1, 2, 3)
        for one in items_apart(dict(worlds(seed, harder=0.3)))
        for row in one.clear
    ]
    assert {(item, group) for _, item, group in clear if item == "Q0"} >= {("Q0", "1")}
    found = [by for by, item, group in clear if (item, group) == ("Q0", "1")]
    assert len(found) >= 8
    assert len([item for _, item, _ in clear if item != "Q0"]) <= 1
