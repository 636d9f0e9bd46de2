"""The repeatable draw by strata."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sampling import draw

FRAME = ["north"] * 500 + ["south"] * 30 + ["east"] * 4


def test_draw_keeps_quotas_and_records_probability_and_stratum():
    drawn = draw(FRAME, {"north": 20, "south": 6, "east": 9, "west": 5}, seed=3)
    assert Counter(each.stratum for each in drawn) == {"north": 20, "south": 6, "east": 4}
    assert {each.stratum: each.probability for each in drawn} == {
        "north": 20 / 500,
        "south": 6 / 30,
        "east": 1,
    }
    positions = [each.position for each in drawn]
    assert positions == sorted(set(positions))
    assert all(FRAME[each.position] == each.stratum for each in drawn)


def test_draw_repeats_from_its_record():
    quotas = {"north": 5, "south": 3}
    drawn = draw(FRAME, quotas, seed=3)
    assert drawn == draw(np.array(FRAME), dict(reversed(quotas.items())), seed=3)
    assert drawn != draw(FRAME, quotas, seed=4)
    # Kept from the first run: another numpy or another Python must draw the same rows.
    assert [each.position for each in drawn] == [20, 166, 186, 320, 472, 506, 508, 513]


def test_larger_quota_adds_to_the_draw():
    few = draw(FRAME, {"north": 5}, seed=8)
    more = draw(FRAME, {"north": 9, "south": 2}, seed=8)
    assert {each.position for each in few} < {each.position for each in more}


def test_every_row_is_drawn_as_often_as_its_probability_says():
    # 2,000 draws of 2 in 8: each row 500 times, standard deviation sqrt(2000 * 3/16) = 19.4;
    # each of the 28 pairs 71.4 times, standard deviation 8.3. Five deviations allowed.
    draws = [draw("x" * 8, {"x": 2}, seed=seed) for seed in range(2000)]
    rows = Counter(each.position for drawn in draws for each in drawn)
    pairs = Counter(tuple(each.position for each in drawn) for drawn in draws)
    assert all(abs(rows[row] - 500) < 97 for row in range(8))
    assert len(pairs) == 28
    assert all(abs(count - 71.4) < 42 for count in pairs.values())


def test_drawing_from_a_million_rows_is_quick():
    strata = [f"ST{number:04d}" for number in np.random.default_rng(1).integers(0, 3000, 10**6)]
    started = time.perf_counter()
    drawn = draw(strata, dict.fromkeys(strata, 10), seed=1)
    assert time.perf_counter() - started < 10
    assert len(drawn) == 30_000


def test_draw_of_nothing():
    assert draw([], {"north": 5}, seed=1) == ()
    assert draw(FRAME, {}, seed=1) == ()
    assert draw(FRAME, {"north": 0}, seed=1) == ()


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(0, 10), st.integers(0, 99))
def test_weights_of_a_draw_count_the_frame(frame, quota, seed):
    # The Horvitz-Thompson count of every drawn stratum is its size.
    drawn = draw(frame, dict.fromkeys("abc", quota), seed)
    sizes = Counter(frame)
    for stratum in {each.stratum for each in drawn}:
        weights = [1 / each.probability for each in drawn if each.stratum == stratum]
        assert sum(weights) == pytest.approx(sizes[stratum])
        assert len(weights) == min(quota, sizes[stratum])
