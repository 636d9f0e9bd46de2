"""Shares of decided points, which are told only where they say something."""

from __future__ import annotations

import pytest
from statsmodels.stats.proportion import proportion_confint

from core.appeals.deadlines import Outcomes


def test_a_share_of_few_points_is_not_told():
    few = Outcomes("HELLO", kept=1, changed=3)
    assert (few.decided, few.share_changed, few.interval) == (4, None, None)


def test_a_share_has_wilsons_interval():
    """3 of 10 at 90 %: 0.127 to 0.558, as statsmodels' proportion_confint(method="wilson") says."""
    found = Outcomes("HELLO", kept=7, changed=3)
    assert found.share_changed == pytest.approx(0.3)
    assert found.interval == pytest.approx(proportion_confint(3, 10, alpha=0.1, method="wilson"))
    assert found.interval == pytest.approx((0.127, 0.558), abs=0.001)
