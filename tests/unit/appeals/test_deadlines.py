"""Days of appeals at the station, and shares that are told only where they say something."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from statsmodels.stats.proportion import proportion_confint

from core.appeals.deadlines import Outcomes, days_left, last_day

LATE = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)  # 11 June, 04:00 in Taipei


def test_days_are_counted_on_the_stations_calendar():
    assert last_day(LATE, "UTC", 14) == date(2026, 6, 24)
    assert last_day(LATE, "Asia/Taipei", 14) == date(2026, 6, 25)


def test_the_last_day_counts_to_its_end_at_the_station():
    last = last_day(LATE, "Asia/Taipei", 14)
    assert days_left(last, LATE, "Asia/Taipei") == 14
    assert days_left(last, datetime(2026, 6, 25, 15, 59, tzinfo=UTC), "Asia/Taipei") == 0
    assert days_left(last, datetime(2026, 6, 25, 16, 0, tzinfo=UTC), "Asia/Taipei") == -1


def test_a_share_of_few_points_is_not_told():
    few = Outcomes("HELLO", kept=1, changed=3)
    assert (few.decided, few.share_changed, few.interval) == (4, None, None)


def test_a_share_has_wilsons_interval():
    """3 of 10 at 90 %: 0.127 to 0.558, as statsmodels' proportion_confint(method="wilson") says."""
    found = Outcomes("HELLO", kept=7, changed=3)
    assert found.share_changed == pytest.approx(0.3)
    assert found.interval == pytest.approx(proportion_confint(3, 10, alpha=0.1, method="wilson"))
    assert found.interval == pytest.approx((0.127, 0.558), abs=0.001)
