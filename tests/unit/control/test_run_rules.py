"""Western Electric's and Nelson's patterns by hand; `test_run_lengths` says how often by chance."""

from __future__ import annotations

import pytest

from core.control import RunRule, in_deviations, individuals_chart, p_chart, run_rules

BY_HAND = {
    RunRule.TWO_OF_THREE: [2.1, 0.3, 2.2],
    RunRule.FOUR_OF_FIVE: [-1.2, -1.1, 0.4, -1.3, -1.5],
    RunRule.EIGHT_ON_A_SIDE: [0.2, 0.4, 0.1, 0.5, 0.3, 0.6, 0.2, 0.1],
    RunRule.NINE_ON_A_SIDE: [-0.2, -0.4, -0.1, -0.5, -0.3, -0.6, -0.2, -0.1, -0.3],
    RunRule.SIX_STEADILY: [-0.9, -0.4, -0.1, 0.2, 0.3, 0.8],
    RunRule.FOURTEEN_ALTERNATING: [0.4, -0.4] * 7,
    RunRule.FIFTEEN_NEAR: [0.1, -0.2, 0.3, 0.3, -0.6] * 3,
    RunRule.EIGHT_FAR: [1.1, -1.2, 1.3, -1.1, -1.4, 1.2, 1.1, -1.1],
}


@pytest.mark.parametrize("rule", list(RunRule))
def test_a_pattern_is_seen_where_it_ends_and_not_before(rule):
    found = run_rules(tuple(BY_HAND[rule]))
    assert rule in found[-1]
    assert not any(rule in rules for rules in found[:-1])


@pytest.mark.parametrize("rule", list(RunRule))
def test_a_missing_point_ends_a_pattern(rule):
    points = BY_HAND[rule]
    found = run_rules((*points[:-1], None, points[-1]))
    assert not any(rule in rules for rules in found)


def test_two_of_three_lie_on_one_side_and_the_last_is_one_of_them():
    assert not any(run_rules((2.1, 0.3, -2.2)))
    assert not any(run_rules((2.1, 2.2, 0.1))[2:])


def test_points_are_counted_in_deviations_of_their_own_limits():
    """Limits of three deviations; where a share's is cut off at 0 the other side tells."""
    flow = individuals_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    third = (flow.upper - flow.center) / 3
    assert in_deviations(flow)[0] == pytest.approx((49.6 - flow.center) / third)
    shares = p_chart([1, 0, 3, 1], [20, 20, 20, None])
    assert shares.lower[0] == 0
    upper = (shares.upper[0] - shares.center) / 3
    assert in_deviations(shares)[0] == pytest.approx((0.05 - shares.center) / upper)
    assert in_deviations(shares)[3] is None
    assert in_deviations(individuals_chart([5.0, 5.0])) == (None, None)
