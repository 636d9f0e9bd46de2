"""What holds for every control chart, whatever the values."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.control import cusum_chart, ewma_chart, individuals_chart, laney_p_chart, p_chart

SAMPLES = st.lists(
    st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=30
)
VALUES = st.lists(st.one_of(st.none(), st.integers(-50, 50)), max_size=30)


@given(SAMPLES)
def test_signals_are_the_points_outside_their_limits(samples):
    counts, sizes = [count for count, _ in samples], [size for _, size in samples]
    for chart in (p_chart(counts, sizes), laney_p_chart(counts, sizes)):
        triples = zip(chart.points, chart.lower, chart.upper, strict=True)
        for position, (point, lower, upper) in enumerate(triples):
            if lower is None:
                assert position not in chart.signals
                continue
            assert 0 <= lower <= chart.center <= upper <= 1
            if lower + 1e-9 < point < upper - 1e-9:
                assert position not in chart.signals
            if point < lower - 1e-9 or point > upper + 1e-9:
                assert position in chart.signals


@given(SAMPLES)
def test_laney_limits_are_the_p_limits_times_sigma_z(samples):
    counts, sizes = [count for count, _ in samples], [size for _, size in samples]
    plain, laney = p_chart(counts, sizes), laney_p_chart(counts, sizes)
    assume(laney.reason is None)
    for wide, narrow in zip(laney.upper, plain.upper, strict=True):
        if wide is not None and wide < 1 and narrow < 1:
            expected = (narrow - plain.center) * laney.sigma_z
            assert wide - laney.center == pytest.approx(expected, abs=1e-12)


@given(VALUES)
def test_turning_the_values_over_turns_the_charts_over(values):
    turned = [None if value is None else -value for value in values]
    up = cusum_chart(values, target=0, k=1, h=5)
    down = cusum_chart(turned, target=0, k=1, h=5)
    assert (up.high, up.low, up.signals) == (down.low, down.high, down.signals)
    assert individuals_chart(values).signals == individuals_chart(turned).signals


@given(VALUES)
def test_ewma_with_all_weight_on_the_newest_is_a_shewhart_chart(values):
    chart = ewma_chart(values, target=3, sigma=2, weight=1, width=3)
    assert chart.points == tuple(values)
    outside = [i for i, value in enumerate(values) if value is not None and abs(value - 3) > 6]
    assert list(chart.signals) == outside
